//! People whom no story of the portal makes: a member of staff of each role, enrolled; as JSON on standard output. The
//! stack is seeded.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use anyhow::Result;
use portico_domain::caller::StaffRole;
use portico_testkit::{people::Person, seeding::World};
use serde_json::{Map, json};

const BOTH: &[&str] = &["arkansas", "commercial"];
/// Colorado alone takes temporary members.
const ALL: &[&str] = &["arkansas", "colorado", "commercial"];

const ROLES: [(&str, StaffRole, &[&str]); 6] = [
    ("intake", StaffRole::Intake, ALL),
    ("nurse", StaffRole::Nurse, BOTH),
    ("physician", StaffRole::Physician, BOTH),
    ("support", StaffRole::Support, BOTH),
    ("contractManager", StaffRole::ContractManager, BOTH),
    ("operations", StaffRole::Operations, BOTH),
];

fn main() -> Result<()> {
    let world = World::open()?;
    let mut cast = Map::new();
    for (name, role, contracts) in ROLES {
        let person = Person::of_post(&world, contracts, role)?;
        let credentials = json!({ "username": person.username, "password": person.password, "secret": person.secret });
        cast.insert(name.to_owned(), credentials);
    }
    println!("{}", serde_json::to_string_pretty(&cast)?);
    Ok(())
}
