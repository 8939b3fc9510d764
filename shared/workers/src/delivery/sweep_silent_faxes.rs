//! Gives fax calls up of which the carrier says nothing (LTR-05): every quarter of an hour, or whenever it is called.
//!
//! Nothing is scanned: a delivery stands in the index `work` while a report is due, at the time by which it is. What is due is
//! decided anew from what is stored (`Delivery::silent`); a report that comes at the same moment wins or is kept as evidence.

use portico_aws::{
    Aws, clock,
    table::{delivery::Changed, key::FAX_SHARDS},
};
use portico_domain::events::Actor;
use serde::Serialize;

use crate::failure::Failure;

/// Deliveries that are read at once, of one shard.
const PAGE: i32 = 50;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Letters that go by mail now.
    pub given_up: u32,
    /// Calls that were reported of after all.
    pub passed: u32,
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when some delivery could not be changed; the others are done.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let (table, now) = (aws.table(), clock::now());
    let (mut swept, mut failed) = (Swept::default(), 0);
    for shard in 0..FAX_SHARDS {
        let mut after = None::<String>;
        loop {
            let page = table.unreported(shard, after.as_deref(), now, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                let place = (one.case, one.letter);
                match table.change_delivery(place, (Actor::System, now), |delivery| delivery.silent(now)).await {
                    Ok(Changed::Yes) => swept.given_up += 1,
                    Ok(Changed::No | Changed::NoDelivery) => swept.passed += 1,
                    Err(error) => {
                        tracing::error!(letter = %one.letter, reason = %error, "a fax was not looked at");
                        failed += 1;
                    }
                }
            }
        }
    }
    tracing::info!(given_up = swept.given_up, passed = swept.passed, failed, "swept");
    if failed == 0 { Ok(swept) } else { Err(Failure::Unlooked(failed)) }
}
