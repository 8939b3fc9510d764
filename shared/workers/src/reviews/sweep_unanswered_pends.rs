//! Brings requests back that waited for information and got no answer in time (REV-06), or for coverage that no file brought
//! (CASE-27): every quarter of an hour, or whenever it is called. Then counts what should be decided by now, for an alarm.
//!
//! Nothing is scanned: a request that waits stands in the index `work`, at the time by which it comes back. What is due is
//! decided anew from what is stored (`pend::unanswered`), so that each comes back once; an answer at the same moment wins or
//! finds the request back.

use portico_aws::{
    Aws, clock, metrics,
    pause::Pause,
    table::{Guard, Transaction, contracts::Listed, key::WORK_SHARDS, reviews::Waiting},
};
use portico_domain::{
    events::Actor,
    reviews::{pend, worksheet},
    status::Queue,
};
use serde::Serialize;

use crate::{
    coverage,
    failure::{Failure, found},
};

/// Requests that are read at once, of one shard.
const PAGE: i32 = 50;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Requests that are back.
    pub returned: u32,
    /// Requests that were answered after all.
    pub passed: u32,
    /// Requests on worklists that should be decided by now; of very many only some are counted.
    pub overdue: usize,
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when some request could not be changed; the others are done.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let (table, now) = (aws.table(), clock::now());
    let (mut swept, mut failed) = (Swept::default(), 0_usize);
    for shard in 0..WORK_SHARDS {
        let mut after = None::<String>;
        loop {
            let page = table.unanswered(shard, after.as_deref(), now, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                match bring_back(aws, one).await {
                    Ok(true) => swept.returned += 1,
                    Ok(false) => swept.passed += 1,
                    Err(error) => {
                        tracing::error!(case = %one.case, reason = %error, "a request that waits was not looked at");
                        failed += 1;
                    }
                }
            }
        }
    }
    let contracts = table.contracts().await?;
    for listed in &contracts {
        let (moved, not) = coverage::look_at_all(aws, &listed.id, now, None).await?;
        swept.returned += moved;
        failed += not;
    }
    swept.overdue = overdue(aws, &contracts).await?;
    let count = i64::try_from(swept.overdue).unwrap_or(i64::MAX);
    metrics::emit(aws, &[("Overdue", "Count", count)]);
    tracing::info!(returned = swept.returned, passed = swept.passed, overdue = count, failed, "swept");
    if failed == 0 { Ok(swept) } else { Err(Failure::Unlooked(failed)) }
}

/// How many requests should be decided by now, on all worklists.
async fn overdue(aws: &Aws, contracts: &[Listed]) -> Result<usize, Failure> {
    let (table, mut count) = (aws.table(), 0);
    for listed in contracts {
        for queue in [Queue::Nurse, Queue::Physician] {
            count += table.overdue(&listed.id, queue, clock::now()).await?;
        }
    }
    Ok(count)
}

/// Whether the request is back by this.
async fn bring_back(aws: &Aws, one: &Waiting) -> Result<bool, Failure> {
    let (table, mut pause) = (aws.table(), Pause::short());
    loop {
        let (now, case) = (clock::now(), found(table.case(one.case).await?, "case")?);
        let contract = found(table.contract(&case.contract, now).await?, "contract")?;
        let Some(change) = pend::unanswered(case.clone(), one.request, &contract, now) else { return Ok(false) };
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
        for request in worksheet::ended(&case, &change.case) {
            transaction.end_worksheet(table, case.key, request);
        }
        match table.commit(transaction).await {
            Err(error) if error.refused(Guard::Version) && pause.again().await => {}
            saved => return Ok(saved.map(|()| true)?),
        }
    }
}
