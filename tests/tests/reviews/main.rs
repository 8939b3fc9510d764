//! Reviewers at work over HTTP on the running engine: what they look at before they decide, and what is kept of it.

#![cfg(test)]

mod preview;
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

fn denied(reason: &str) -> Value {
    json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": reason }],
        "criteria": [{ "title": "Wheelchairs", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    })
}
