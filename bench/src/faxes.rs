//! Faxes that come in: one is filed by intake, one opens a case, one is closed.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers::{self, Incoming},
    clinic::Clinic,
    files,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use crate::journey::CONTRACT;

/// Plays it: the carrier's call-backs come to this process, the worker is the stack's own.
pub(crate) fn play(world: &World, clinic: &Clinic, wizard: &mut Wizard<'_>) -> Result<()> {
    let clerk = Person::of_staff(world, CONTRACT, StaffRole::Intake)?;
    let case = wizard.look()?.text("/caseId")?;
    let search = format!("/staff/providers?contract={CONTRACT}&npi={}", clinic.number());
    let requesting = clerk.portal.get(&search).expect(200)?.text("/providers/0/id")?;
    let opened = json!({
        "memberNumber": clinic.member_number(), "birthDate": clinic.member.birth_date, "requesting": requesting,
        "setting": "outpatient", "fax": "501-555-0142",
    });
    for what in ["filing", "case", "closure"] {
        let path = format!("/staff/faxes/{}", arrives(world, &clerk)?);
        clerk.portal.get(&path).expect(200)?;
        clerk.portal.post(format!("{path}/claim"), &Value::Null).expect(200)?;
        clerk.portal.delete(format!("{path}/claim")).expect(200)?;
        clerk.portal.post(format!("{path}/claim"), &Value::Null).expect(200)?;
        let path = format!("{path}/{what}");
        match what {
            "case" => clerk.portal.post(path, &opened).expect(200)?,
            "filing" => put(&clerk, path, &json!({ "caseId": case, "request": "R01" }))?,
            _ => put(&clerk, path, &json!({ "reason": "misdirected" }))?,
        };
    }
    Ok(())
}

fn put(clerk: &Person, path: String, body: &Value) -> Result<Answer> {
    clerk.portal.put(path, body, "").without("If-Match").expect(200)
}

/// A fax of one white page; gives its id once it waits.
fn arrives(world: &World, clerk: &Person) -> Result<String> {
    let contract = world.contract(CONTRACT)?;
    let to = contract.intake.fax_numbers.first().context("a fax number")?.e164();
    let fax = Incoming { to: &to, from: None, pages: &files::white_page(), times: 1, key: None };
    let id = carriers::received_id(&carriers::receive(&world.stack, &fax)?.0);
    poll::until("the fax to be fetched", PATIENCE, || {
        let mut cursor = String::new();
        loop {
            let page = clerk.portal.get(format!("/staff/faxes?limit=50{cursor}")).expect(200)?;
            if page.list("/items")?.iter().any(|item| item["id"] == id.as_str()) {
                return Ok(Some(()));
            }
            let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(None) };
            cursor = format!("&cursor={next}");
        }
    })?;
    Ok(id)
}
