//! A letter is faxed in the hours in which the contract calls clinics.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use portico_aws::clock;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{Clinic, own_contract_like, put_contract_like},
    people::Person,
    poll,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

const LIKE: &str = "colorado";

/// A function knows a new pack within a minute, and looks at what it holds again after a quarter of an hour, a second a minute here.
const A_PACK_AND_A_HOLD: Duration = Duration::from_secs(60 + 15 + 60);

/// An hour of the day that is not now in the contract's zone, nor soon.
fn another_hour(world: &World) -> Result<Value> {
    let hour = world.contract(LIKE)?.calendar.time_zone.rules().to_datetime(clock::now()).hour();
    let (from, to) = if hour < 12 { ("20:00:00", "21:00:00") } else { ("06:00:00", "07:00:00") };
    Ok(json!({ "from": from, "to": to }))
}

#[test]
fn a_fax_waits_for_the_hours_in_which_clinics_are_called() -> Result<()> {
    let world = World::open()?;
    let hours = another_hour(&world)?;
    let contract = own_contract_like(&world, LIKE, |pack| pack["fax"]["hours"] = hours)?;
    let clinic = Clinic::new(&world, &contract)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, &contract, StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    ann.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    // Mail has no hours. What is faxed waits, and can be read in the portal.
    let case =
        wizard.until("the mail", |case| Ok(case.list("/deliveries")?.iter().any(|one| one["status"] == "mailed")))?;
    let faxed = |case: &[Value]| case.iter().find(|one| one["faxTo"].is_string()).cloned();
    let waiting = faxed(case.list("/deliveries")?).context("a letter by fax")?;
    ensure!(waiting["status"] == "under-way" && waiting["calls"] == json!([]), "{waiting}");
    let letter = waiting["letter"].as_str().context("its letter")?;
    dana.portal.get(format!("/cases/{}/letters/{letter}", wizard.key)).expect(200)?;
    // The hours change, and it goes out.
    put_contract_like(&world, LIKE, &contract, |pack| {
        pack["name"] = format!("Program {contract}").into();
        pack["fax"].as_object_mut().map(|fax| fax.remove("hours"));
    })?;
    let sent = poll::until("the fax", A_PACK_AND_A_HOLD, || {
        let fax = faxed(wizard.look()?.list("/deliveries")?);
        Ok(fax.filter(|fax| fax["status"] == "delivered"))
    })?;
    ensure!(sent["calls"].as_array().is_some_and(|calls| calls.len() == 1), "{sent}");
    Ok(())
}
