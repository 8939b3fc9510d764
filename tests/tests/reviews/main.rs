//! Reviewers at work over HTTP on the running engine: what they look at before they decide, and what is kept of it.

#![cfg(test)]

mod billing;
mod catalogue;
mod claim;
mod clocks;
mod closing;
mod correct;
mod eligibility;
mod follow;
mod gold_card;
mod hearing;
mod information;
mod messages;
mod overdue;
mod pend;
mod preview;
mod talk;
mod worklist;
mod worksheet;

use anyhow::Result;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World, wizard::Wizard};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";

/// A wheelchair that waits with the nurses.
fn waiting<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

fn request(wizard: &Wizard<'_>, what: &str) -> String {
    format!("/staff/cases/{}/requests/R01/{what}", wizard.key)
}

/// A case as it stands on the nurses' worklist of its contract, which is read to its end.
fn listed(by: &Person, key: &str) -> Result<Option<Value>> {
    let mut cursor = String::new();
    loop {
        let page = by.portal.get(format!("/staff/worklists/nurse?contract={CONTRACT}&limit=50{cursor}")).expect(200)?;
        if let Some(found) = page.list("/items")?.iter().find(|item| item["key"] == key) {
            return Ok(Some(found.clone()));
        }
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(None) };
        cursor = format!("&cursor={next}");
    }
}

fn denied(reason: &str) -> Value {
    json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": reason }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    })
}
