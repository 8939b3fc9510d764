//! Reviewers choose reasons and criteria from the contract's catalogue, and the decision keeps which (REV-05).

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World};
use serde_json::{Value, json};

use super::{CONTRACT, request, waiting};

#[test]
fn what_is_chosen_is_completed_and_the_decision_says_where_it_came_from() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let seen = || physician.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200);
    ensure!(seen()?.body.pointer("/requests/0/catalogue").is_none(), "it is for whoever decides");
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let case = seen()?;
    ensure!(case.at("/requests/0/catalogue/reasonRequired")? == &json!(false), "{}", case.body);
    let ids = |list: &[Value]| list.iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    let reasons = ids(case.list("/requests/0/catalogue/reasons")?);
    ensure!(
        reasons.contains(&json!("less-not-tried")) && !reasons.contains(&json!("lower-level-of-care")),
        "{reasons:?}"
    );
    let criteria = case.list("/requests/0/catalogue/criteria")?;
    let equipment = criteria.iter().find(|one| one["id"] == "equipment").cloned().unwrap_or_default();
    ensure!(equipment["citation"] == "10 CCR 2505-10, section 8.590", "{criteria:?}");

    let reason =
        "The records do not show that a walking aid was tried before, or why it would not meet the member's need.";
    let body = |reason: &str, from: &str, of: &str| {
        json!({
            "decision": "determine",
            "lines": [{ "outcome": "denied", "reason": reason, "catalogue": from }],
            "criteria": [{
                "title": equipment["title"], "citation": equipment["citation"], "text": equipment["text"], "catalogue": of,
            }],
        })
    };
    let path = request(&wizard, "determination");
    let refused = |body: &Value, pointer: &str, code: &str| -> Result<()> {
        physician.portal.post(&path, body).refused(422, "invalid")?.wrong_at(pointer, code).map(drop)
    };
    let blank =
        "The records do not show that [what costs less and may do] was tried before, or why it would not meet it.";
    refused(&body(blank, "less-not-tried", "equipment"), "/lines/0/reason", "not-completed")?;
    refused(&body(reason, "lower-level-of-care", "equipment"), "/lines/0/catalogue", "not-of-the-catalogue")?;
    refused(&body(reason, "less-not-tried", "inpatient-need"), "/criteria/0/catalogue", "not-of-the-catalogue")?;

    // What is typed of it is kept with where it came from.
    let typed = json!({
        "note": "", "criteria": [],
        "lines": [{ "outcome": "denied", "units": "1", "from": "", "to": "", "reason": blank, "catalogue": "less-not-tried" }],
    });
    let sheet = request(&wizard, "worksheet");
    physician.portal.put(&sheet, &typed, "\"0\"").expect(200)?;
    ensure!(physician.portal.get(&sheet).expect(200)?.text("/typed/lines/0/catalogue")? == "less-not-tried");

    physician.portal.post(&path, &body(reason, "less-not-tried", "equipment")).expect(200)?;
    let case = wizard.look()?;
    ensure!(case.text("/requests/0/lines/0/outcome/catalogue")? == "less-not-tried", "{}", case.body);
    ensure!(case.text("/requests/0/determination/criteria/0/catalogue")? == "equipment");
    Ok(())
}
