//! Brings requests back that waited for information and got no answer in time (REV-06), or for coverage that no file brought
//! (CASE-27): every quarter of an hour, or whenever it is called. Carries out what follows when the time for a decision is over
//! (REV-09), tells of deadlines that are near (ACT-09), and counts what should be decided by now, for an alarm.
//!
//! Nothing is scanned: a request that waits stands in the index `work`, at the time at which the provider is told that the answer
//! is due, then at that by which it comes back; worklists stand there by when a decision is due. What is to be done is decided
//! anew from what is stored (`pend::unanswered`, `remind`), so that each happens once; an answer at the same moment wins or finds
//! the request back.

use jiff::{Timestamp, ToSpan};
use portico_aws::{
    Aws, clock, metrics,
    table::{contracts::Listed, key::WORK_SHARDS},
};
use portico_domain::{
    cases::{Case, Change},
    contracts::Contract,
    id::{CaseKey, ContractId, RequestNumber},
    reviews::{pend, remind},
    status::Queue,
};
use serde::Serialize;

use super::time_over;
use crate::{
    coverage,
    failure::{Failure, found},
};

/// Requests that are read at once, of one shard.
const PAGE: i32 = 50;
/// Requests of one shard that a sweep brings back, or tells of: the next one goes on with what is left.
const MOST: u32 = 250;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Requests that are back.
    pub returned: u32,
    /// Deadlines that are near, of which somebody was told.
    pub reminded: u32,
    /// Requests that were answered after all.
    pub passed: u32,
    /// Requests whose time was over, of which something followed.
    pub expired: u32,
    /// Requests that should be decided by now, on worklists or while they wait; of very many only some are counted.
    pub overdue: usize,
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when some request could not be changed; the others are done.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let (table, now) = (aws.table(), clock::now());
    let (mut swept, mut failed) = (Swept::default(), 0);
    for shard in 0..WORK_SHARDS {
        let (mut after, mut done) = (None::<String>, 0);
        while done < MOST {
            let page = table.unanswered(shard, after.as_deref(), now, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                let number = one.request;
                let coming = change(aws, one.case, |case, contract, now| {
                    let back = pend::unanswered(case.clone(), number, contract, now).map(|change| (change, true));
                    back.or_else(|| Some((remind::answer_is_near(case, number, now)?, false)))
                });
                match coming.await {
                    Ok(Some(true)) => swept.returned += 1,
                    Ok(Some(false)) => swept.reminded += 1,
                    Ok(None) => {
                        swept.passed += 1;
                        continue;
                    }
                    Err(error) => {
                        failed += not_looked_at(one.case, &error);
                        continue;
                    }
                }
                done += 1;
            }
        }
    }
    // What is back in this moment is among them.
    let (expired, not) = Box::pin(time_over::carry_out(aws, now)).await?;
    (swept.expired, failed) = (expired, failed + not);
    let contracts = table.contracts().await?;
    for listed in &contracts {
        match Box::pin(coverage::look_at_all(aws, &listed.id, now, || false)).await {
            Ok((moved, not)) => {
                swept.returned += moved;
                failed += not;
            }
            Err(error) => failed += contract_passed_over(&listed.id, &error),
        }
    }
    for listed in &contracts {
        let near = nearly_due(aws, listed, now).await;
        for (case, number) in near.unwrap_or_else(|error| {
            failed += contract_passed_over(&listed.id, &error);
            Vec::new()
        }) {
            let tell = |case, contract: &Contract, now| remind::decision_is_near(case, number, contract, now);
            match change(aws, case, |case, contract, now| Some((tell(case, contract, now)?, false))).await {
                Ok(told) => swept.reminded += u32::from(told.is_some()),
                Err(error) => failed += not_looked_at(case, &error),
            }
        }
        match overdue(aws, listed).await {
            Ok(count) => swept.overdue += count,
            Err(error) => failed += contract_passed_over(&listed.id, &error),
        }
    }
    swept.overdue += table.overdue_while_waiting(None, clock::now()).await?;
    let count = i64::try_from(swept.overdue).unwrap_or(i64::MAX);
    metrics::emit(aws, &[("Overdue", "Count", count)]);
    let reminded = swept.reminded;
    let expired = swept.expired;
    tracing::info!(
        returned = swept.returned,
        expired,
        reminded,
        passed = swept.passed,
        overdue = count,
        failed,
        "swept"
    );
    if failed == 0 { Ok(swept) } else { Err(Failure::Unlooked(failed)) }
}

/// How many requests should be decided by now, on the worklists of a contract and of those that wait for its file.
async fn overdue(aws: &Aws, listed: &Listed) -> Result<usize, Failure> {
    let mut count = aws.table().overdue_while_waiting(Some(&listed.id), clock::now()).await?;
    for queue in [Queue::Nurse, Queue::Physician] {
        count += aws.table().overdue(&listed.id, queue, clock::now()).await?;
    }
    Ok(count)
}

/// What is to be decided soon and somebody has, on the worklists of a contract.
async fn nearly_due(aws: &Aws, listed: &Listed, now: Timestamp) -> Result<Vec<(CaseKey, RequestNumber)>, Failure> {
    let (table, mut found) = (aws.table(), Vec::new());
    let Some(contract) = table.contract(&listed.id, now).await? else { return Ok(found) };
    let then = now.checked_add(i64::from(contract.reviews.remind_hours).hours()).unwrap_or(now);
    if then <= now {
        return Ok(found);
    }
    for queue in [Queue::Nurse, Queue::Physician] {
        found.extend(table.nearly_due(&listed.id, queue, (now, then)).await?);
    }
    Ok(found)
}

/// One contract holds no other up.
fn contract_passed_over(contract: &ContractId, error: &Failure) -> usize {
    tracing::error!(%contract, reason = %error, "the requests of a contract were not looked at");
    1
}

fn not_looked_at(case: CaseKey, error: &Failure) -> usize {
    tracing::error!(%case, reason = %error, "a request was not looked at");
    1
}

/// Changes a case as is due by the contract of now.
async fn change<T>(
    aws: &Aws,
    key: CaseKey,
    due: impl Fn(Case, &Contract, Timestamp) -> Option<(Change, T)>,
) -> Result<Option<T>, Failure> {
    let due = async |case: &Case, now| {
        let contract = found(aws.table().contract_for(case, now).await?, "contract")?;
        Ok(due(case.clone(), &contract, now).map(|(change, said)| (change, contract, said)))
    };
    crate::change::change(aws, key, due).await
}
