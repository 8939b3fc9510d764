//! People whom no story of the portal makes: a member of staff of each role, enrolled; as JSON on standard output. The
//! stack is seeded.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use anyhow::Result;
use portico_domain::caller::StaffRole;
use portico_testkit::{people::Person, seeding::World};
use serde_json::{Map, json};

const ROLES: [(&str, StaffRole); 6] = [
    ("intake", StaffRole::Intake),
    ("nurse", StaffRole::Nurse),
    ("physician", StaffRole::Physician),
    ("support", StaffRole::Support),
    ("contractManager", StaffRole::ContractManager),
    ("operations", StaffRole::Operations),
];

fn main() -> Result<()> {
    let world = World::open()?;
    let mut cast = Map::new();
    for (name, role) in ROLES {
        let person = Person::of_post(&world, &["arkansas", "commercial"], role)?;
        let credentials = json!({ "username": person.username, "password": person.password, "secret": person.secret });
        cast.insert(name.to_owned(), credentials);
    }
    println!("{}", serde_json::to_string_pretty(&cast)?);
    Ok(())
}
