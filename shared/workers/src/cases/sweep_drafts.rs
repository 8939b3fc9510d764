//! Ends drafts that nobody goes on with, days after their owner was told, and tells whoever has one that new rules of the contract
//! leave something of it to correct (CASE-08): every hour, or whenever it is called.
//!
//! Nothing is scanned: drafts stand in the index `work`, by when they were last changed, then by when they end. New rules are the one
//! reason to look at all of a contract, once for each version; how far that is stands in the table, so that a sweep that is cut off
//! goes on. What is to be done is decided anew from what is stored, so that each happens once.

use std::time::Duration;

use jiff::{Timestamp, ToSpan};
use portico_aws::{
    Aws, clock,
    table::{cases::drafts::Looked, due::Waiting, key::WORK_SHARDS},
};
use portico_domain::{
    cases::{Case, Change, drafts},
    contracts::Contract,
    id::{CaseKey, ContractId},
};
use serde::Serialize;

use crate::{
    change::change,
    failure::{Failure, found},
};

/// Drafts that are read at once, of one shard.
const PAGE: i32 = 50;
/// A sweep looks no further after so long: the next one goes on.
const ENOUGH: Duration = Duration::from_secs(200);

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Drafts whose owner was told that they end.
    pub warned: u32,
    /// Drafts that ended.
    pub ended: u32,
    /// Drafts whose owner was told that something is to be corrected.
    pub told: u32,
    /// Drafts that could not be looked at; they hold no other up.
    pub failed: usize,
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when some draft could not be looked at; the others are done.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let (began, mut swept) = (std::time::Instant::now(), Swept::default());
    let late = || began.elapsed() > ENOUGH;
    for listed in aws.table().contracts().await? {
        if let Err(error) = contract(aws, &listed.id, &mut swept, late).await {
            tracing::error!(contract = %listed.id, reason = %error, "the drafts of a contract were not looked at");
            swept.failed += 1;
        }
    }
    tracing::info!(warned = swept.warned, ended = swept.ended, told = swept.told, failed = swept.failed, "swept");
    if swept.failed == 0 { Ok(swept) } else { Err(Failure::Unlooked(swept.failed)) }
}

async fn contract(aws: &Aws, id: &ContractId, swept: &mut Swept, late: impl Fn() -> bool) -> Result<(), Failure> {
    let (table, now) = (aws.table(), clock::now());
    let Some(rules) = table.contract(id, now).await? else { return Ok(()) };
    for shard in 0..WORK_SHARDS {
        let mut after = None::<String>;
        while !late() {
            let page = table.ending_drafts((id, shard), after.as_deref(), now, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            swept.ended += each(aws, &page, swept, drafts::end).await;
        }
        let quiet = rules.drafts.quiet_days().and_then(|days| now.checked_sub((24 * i64::from(days)).hours()).ok());
        let mut after = None::<String>;
        while let (Some(until), false) = (quiet, late()) {
            let page = table.quiet_drafts((id, shard), after.as_deref(), until, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            let near = |case, beside, now| drafts::end_is_near(case, beside, &rules, now);
            swept.warned += each(aws, &page, swept, near).await;
        }
    }
    look_again(aws, &rules, swept, late).await
}

/// Looks at all drafts of a contract under rules under which they were not looked at yet.
async fn look_again(aws: &Aws, rules: &Contract, swept: &mut Swept, late: impl Fn() -> bool) -> Result<(), Failure> {
    let (table, id) = (aws.table(), &rules.id);
    let before = table.drafts_looked_at(id).await?;
    let (first, mut after) = match before {
        Some(Looked { version, at: None }) if version == rules.version => return Ok(()),
        Some(Looked { version, at: Some((shard, place)) }) if version == rules.version => (shard, Some(place)),
        _ => (0, None),
    };
    let failed = swept.failed;
    for shard in first..WORK_SHARDS {
        while !late() {
            // Of those that will end their owner is told anyhow, and looks.
            let page = table.quiet_drafts((id, shard), after.as_deref(), clock::now(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            swept.told += again(aws, &page, swept, rules).await;
            let at = after.clone().map(|place| (shard, place));
            table.look_at_drafts(id, &Looked { version: rules.version.clone(), at }).await?;
        }
        if late() {
            return Ok(());
        }
        after = None;
    }
    // What could not be looked at is looked at again, from the first one on: nobody is told twice.
    let at = (swept.failed > failed).then(|| (0, String::from("0")));
    Ok(table.look_at_drafts(id, &Looked { version: rules.version.clone(), at }).await?)
}

/// How many drafts of a page changed so.
async fn each(
    aws: &Aws,
    page: &[Waiting],
    swept: &mut Swept,
    due: impl Fn(Case, Option<Timestamp>, Timestamp) -> Option<Change>,
) -> u32 {
    let mut changed = 0;
    for one in page {
        let decide = async |case: &Case, now| {
            let table = aws.table();
            let (documents, notes) = futures::join!(table.documents(case.key), table.notes_before(case.key, None, 1));
            let documents = documents?.iter().map(|document| document.at).max();
            let beside = notes?.items.last().map(|note| note.at).max(documents);
            let contract = found(table.contract(&case.contract, now).await?, "contract")?;
            Ok(due(case.clone(), beside, now).map(|change| (change, contract, ())))
        };
        count(change(aws, one.case, decide).await, one.case, &mut changed, swept);
    }
    changed
}

/// How many owners of a page were told.
async fn again(aws: &Aws, page: &[Waiting], swept: &mut Swept, rules: &Contract) -> u32 {
    let mut told = 0;
    for one in page {
        // Rules for codes may be kept apart: those of its lines are read with it.
        let decide = async |case: &Case, now| {
            let table = aws.table();
            let (before, whole) =
                futures::try_join!(table.contract_for(case, case.changed_at), table.contract_for(case, now))?;
            let both = before.zip(whole).filter(|(_, whole)| whole.version == rules.version);
            Ok(both
                .and_then(|(before, whole)| Some((drafts::look_again(case.clone(), &before, &whole, now)?, whole, ()))))
        };
        count(change(aws, one.case, decide).await, one.case, &mut told, swept);
    }
    told
}

fn count(done: Result<Option<()>, Failure>, case: CaseKey, changed: &mut u32, swept: &mut Swept) {
    match done {
        Ok(done) => *changed += u32::from(done.is_some()),
        Err(error) => {
            tracing::error!(%case, reason = %error, "a draft was not looked at");
            swept.failed += 1;
        }
    }
}
