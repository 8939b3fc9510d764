//! Faxes that come in: filed by their bars, or dealt with by intake.

#![cfg(test)]

mod filed;
mod hours;
mod intake;
mod paper;

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers::{self, Incoming},
    clinic::{self, Clinic},
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

/// A contract that takes faxes, and another one.
const CONTRACT: &str = "commercial";
const ELSEWHERE: &str = "arkansas";
/// Where a clinic faxes from.
const SENDER: &str = "+15015550142";

/// The number that providers of a contract fax to.
fn number(world: &World, contract: &str) -> Result<String> {
    let contract = world.contract(contract)?;
    Ok(contract.intake.fax_numbers.first().context("a fax number")?.e164())
}

/// Somebody faxes this; our id of it.
fn arrives(world: &World, contract: &str, pages: &[u8]) -> Result<String> {
    let to = number(world, contract)?;
    let fax = Incoming { to: &to, from: Some(SENDER), pages, times: 1, key: None };
    Ok(carriers::received_id(&carriers::receive(&world.stack, &fax)?.0))
}

/// Waits until intake can look at a fax.
fn with_intake(clerk: &Person, fax: &str) -> Result<Answer> {
    poll::until("the fax to be fetched", PATIENCE, || {
        let answer = clerk.portal.get(format!("/staff/faxes/{fax}")).send()?;
        Ok((answer.status == 200).then_some(answer))
    })
}

/// A request that waits with the nurses.
fn waiting<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "inpatient")?;
    let from = clinic::today(world, CONTRACT)?;
    let stay = json!({ "admission": "elective", "admitted": from });
    wizard.save("service", &json!({ "serviceType": "acute-inpatient", "placeOfService": "21", "stay": stay }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["M17.11"] }))?;
    let line = Entry { code: "0120", modifiers: &[], from, days: 2, units: 2 };
    wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

fn nurse(world: &World) -> Result<Person> {
    Person::of_staff(world, CONTRACT, StaffRole::Nurse)
}

/// The letter to the provider as it was faxed.
fn faxed_letter(world: &World, wizard: &mut Wizard<'_>) -> Result<Vec<u8>> {
    let case = wizard
        .until("the letter", |case| Ok(case.list("/letters")?.iter().any(|one| one["audience"] == "provider")))?;
    let letters = case.list("/letters")?;
    let letter = letters.iter().find(|one| one["audience"] == "provider").and_then(|one| one["id"].as_str());
    let letter = letter.context("the provider's letter")?.to_owned();
    let file = poll::until("the fax", PATIENCE, || {
        let sent = carriers::sent(&world.stack)?.faxes;
        Ok(sent.into_iter().find(|fax| fax.client_reference.contains(&letter)).and_then(|fax| fax.file))
    })?;
    Ok(std::fs::read(file)?)
}

/// The documents of a case that came by fax.
fn by_fax(case: &Answer) -> Result<Vec<Value>> {
    let is_fax = |one: &&Value| one["fileName"].as_str().is_some_and(|name| name.starts_with("fax-"));
    Ok(case.list("/documents")?.iter().filter(is_fax).cloned().collect())
}
