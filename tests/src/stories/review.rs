//! What reviewers do at their worklists.

use anyhow::{Context, Result, bail};
use portico_testkit::{
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
};
use serde_json::{Value, json};

/// Finds a case on a worklist, page by page.
pub(super) fn find(reviewer: &Person, queue: &str, contract: &str, key: &str) -> Result<Value> {
    poll::until(&format!("the case on the {queue} worklist"), PATIENCE, || {
        let mut cursor = String::new();
        loop {
            let path = format!("/staff/worklists/{queue}?contract={contract}&limit=50{cursor}");
            let page = reviewer.portal.get(path).expect(200)?;
            let found = page.list("/items")?.iter().find(|item| item["key"] == key);
            if let Some(found) = found {
                return Ok(Some(found.clone()));
            }
            match page.body.get("next").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(None),
            }
        }
    })
}

/// Takes the case's first request.
pub(super) fn claim(reviewer: &Person, key: &str) -> Result<Answer> {
    let claimed = reviewer.portal.post(format!("/staff/cases/{key}/requests/R01/claim"), &json!({})).expect(200)?;
    let by = claimed.text("/claimedBy")?;
    if by != reviewer.username {
        bail!("the request was claimed by {by}, not by {}", reviewer.username);
    }
    Ok(claimed)
}

/// Where decisions on the case's first request go.
pub(super) fn determination(key: &str) -> String {
    format!("/staff/cases/{key}/requests/R01/determination")
}

/// The nurse finds and takes the case, and refers it.
pub(super) fn refer(nurse: &Person, contract: &str, key: &str, note: &str) -> Result<()> {
    find(nurse, "nurse", contract, key)?;
    claim(nurse, key)?;
    let refer = json!({ "decision": "refer", "note": note });
    let referred = nurse.portal.post(determination(key), &refer).expect(200).context("referring")?;
    let status = referred.text("/status")?;
    if status != "physician-review" {
        bail!("after the referral the request is {status}");
    }
    Ok(())
}
