//! Cases over HTTP on the running engine, and as the table keeps them.

#![cfg(test)]

mod accesses;
mod drafts;
mod duplicates;
mod earlier;
mod ends;
mod growth;
mod like;
mod limits;
mod lists;
mod questionnaires;
mod record;
mod scans;
mod search;

use anyhow::Result;
use portico_domain::caller::ProviderRole;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World};

/// Somebody else of the same clinic.
fn colleague(world: &World, clinic: &Clinic, of: &Person) -> Result<Person> {
    let me = of.portal.get("/me").expect(200)?;
    Person::of_group(world, &clinic.part(&me.text("/roles/0/group")?, ProviderRole::Staff)?)
}
