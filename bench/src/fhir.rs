//! A system that asks by FHIR, in which every action of that room takes part.

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    fhir::{System, inquiry},
    people::Person,
    seeding::World,
};
use serde_json::json;

const CONTRACT: &str = "arkansas";

/// Plays it.
///
/// # Errors
/// When anything is answered otherwise than expected.
pub(crate) fn play(world: &World) -> Result<()> {
    let manager = Person::of_staff(world, CONTRACT, StaffRole::ContractManager)?;
    let clinic = Clinic::new(world, CONTRACT)?;
    let system = System::registered(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
    let answer = system.inquire(&system.token()?, &inquiry(&clinic))?;
    ensure!(answer.status == 200, "the inquiry: {}", answer.body);
    system.portal.get("/fhir/pas/2.2/metadata").expect(200)?;
    manager.portal.get("/staff/clients").expect(200)?;
    let one = format!("/staff/clients/{}", system.id);
    let etag = manager.portal.get(&one).expect(200)?.header("etag").to_owned();
    manager.portal.patch(&one, &json!({ "end": true }), &etag).expect(200)?;
    Ok(())
}
