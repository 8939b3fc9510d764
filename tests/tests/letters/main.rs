//! Letters as they were issued: what is written over their files later is sent to nobody. What can be printed, and what is repaired.

#![cfg(test)]

mod printable;
mod reading;
mod refused;
mod repair;

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers::{self, Script},
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    seeding::World,
    wizard::Wizard,
};
use serde_json::json;
use sha2::{Digest, Sha256};

const CONTRACT: &str = "colorado";

fn sha256(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// The provider's letter lies with a carrier that is away. Somebody writes over its files; then the carrier is back, cannot
/// reach the machine, and the letter is mailed: portal, fax and mail give what was issued.
#[test]
fn whoever_writes_over_an_issued_letter_changes_nothing_of_what_is_shown_and_sent() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let number = clinic.contact.fax.e164();
    carriers::script(&world.stack, &number, &Script { errors: vec![503; 100_000], ..Script::default() })?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    let letters = case.list("/letters")?;
    let id = letters.iter().find(|letter| letter["audience"] == "provider").and_then(|letter| letter["id"].as_str());
    let id = id.context("the provider's letter")?.to_owned();

    let (bucket, pdf, tiff) = (&world.stack.letters_bucket, format!("letters/{id}.pdf"), format!("letters/{id}.tiff"));
    let read = |key: &str| world.stack.object(bucket, key)?.context("a file of the letter");
    let (issued, image) = (read(&pdf)?, read(&tiff)?);
    let place = format!("/cases/{}/letters/{id}", wizard.key);
    ensure!(dana.portal.get(&place).expect(200)?.text("/sha256")? == sha256(&issued));
    world.stack.put_object(bucket, &pdf, b"%PDF-1.7 of somebody else")?;
    world.stack.put_object(bucket, &tiff, b"II*\0 of somebody else")?;
    ensure!(read(&pdf)? != issued && read(&tiff)? != image, "under their names there is something else now");

    // Whoever opens it in the portal, at both doors.
    let doors = [(&dana, place.clone()), (&nurse, format!("/staff{place}"))];
    for (reader, place) in &doors {
        let file = reader.portal.get(place).expect(200)?;
        ensure!(reader.portal.download(&file.text("/url")?)? == issued);
    }

    carriers::script(&world.stack, &number, &Script { outcomes: vec!["invalid-number"], ..Script::default() })?;
    let (faxed, mailed) = poll::until("the letter faxed, and then mailed", 3 * PATIENCE, || {
        let sent = carriers::sent(&world.stack)?;
        let fax = sent.faxes.into_iter().find(|fax| fax.client_reference.contains(&id));
        let mail = sent.letters.into_iter().find(|letter| letter.reference.contains(&id));
        Ok(fax.zip(mail))
    })?;
    ensure!(faxed.sha256 == Some(sha256(&image)), "the fax carrier was given {:?}", faxed.sha256);
    ensure!(mailed.sha256 == sha256(&issued), "the mail carrier was given {}", mailed.sha256);
    Ok(())
}
