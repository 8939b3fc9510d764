//! What should be decided by now is counted, and an alarm tells.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    seeding::World,
};
use serde_json::json;

use super::{CONTRACT, listed, request, waiting};

#[test]
fn a_request_whose_time_is_over_is_counted_until_it_is_decided() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let wizard = waiting(&world, &clinic, &dana)?;
    ensure!(listed(&ann, &wizard.key)?.context("it is on the worklist")?["overdue"] == false);
    world.deadline_is_over(&wizard.key)?;
    ensure!(listed(&ann, &wizard.key)?.context("it is on the worklist")?["overdue"] == true);
    // Other stories leave none overdue, but may run one that does beside this.
    ensure!(world.sweep_unanswered_pends()?["overdue"].as_u64().is_some_and(|count| count > 0));
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    // It is while it waits for an answer, on no worklist: after its time, what is asked for may still come.
    let due = clinic::today(&world, CONTRACT)?.tomorrow()?.to_string();
    ann.portal.post(request(&wizard, "pend"), &json!({ "items": ["The plan of care"], "due": due })).expect(200)?;
    ensure!(listed(&ann, &wizard.key)?.is_none(), "it waits");
    ensure!(world.sweep_unanswered_pends()?["overdue"].as_u64().is_some_and(|count| count > 0));
    let answer = json!({ "note": "The plan of care follows by fax.", "answers": true });
    dana.portal.post(format!("/cases/{}/requests/R01/information", wizard.key), &answer).expect(201)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    ensure!(listed(&ann, &wizard.key)?.is_none(), "decided is not waiting");
    Ok(())
}
