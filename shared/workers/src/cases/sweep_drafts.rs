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
    pause::Pause,
    table::{
        Guard, Transaction,
        cases::drafts::{Found, Looked},
        key::WORK_SHARDS,
    },
};
use portico_domain::{
    cases::{Case, Change, document::Document, drafts},
    contracts::Contract,
    events::Actor,
    id::{CaseKey, ContractId},
};
use serde::Serialize;

use crate::failure::{Failure, found};

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
            let near = |case, documents: &[Document], now| drafts::end_is_near(case, documents, &rules, now);
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
    Ok(table.look_at_drafts(id, &Looked { version: rules.version.clone(), at: None }).await?)
}

/// How many drafts of a page changed so.
async fn each(
    aws: &Aws,
    page: &[Found],
    swept: &mut Swept,
    due: impl Fn(Case, &[Document], Timestamp) -> Option<Change>,
) -> u32 {
    let mut changed = 0;
    for one in page {
        let decide = async |case: Case, now| {
            let documents = aws.table().documents(case.key).await?;
            Ok(due(case, &documents, now))
        };
        count(change(aws, one.case, decide).await, one.case, &mut changed, swept);
    }
    changed
}

/// How many owners of a page were told.
async fn again(aws: &Aws, page: &[Found], swept: &mut Swept, rules: &Contract) -> u32 {
    let mut told = 0;
    for one in page {
        // Rules for codes may be kept apart: those of its lines are read with it.
        let decide = async |case: Case, now| {
            let Some(whole) = aws.table().contract_for(&case, now).await? else { return Ok(None) };
            Ok((whole.version == rules.version).then(|| drafts::look_again(case, &whole, now)).flatten())
        };
        count(change(aws, one.case, decide).await, one.case, &mut told, swept);
    }
    told
}

fn count(done: Result<bool, Failure>, case: CaseKey, changed: &mut u32, swept: &mut Swept) {
    match done {
        Ok(done) => *changed += u32::from(done),
        Err(error) => {
            tracing::error!(%case, reason = %error, "a draft was not looked at");
            swept.failed += 1;
        }
    }
}

/// Changes a draft as is due; whether there was anything.
async fn change(
    aws: &Aws,
    key: CaseKey,
    due: impl AsyncFn(Case, Timestamp) -> Result<Option<Change>, Failure>,
) -> Result<bool, Failure> {
    let (table, mut pause) = (aws.table(), Pause::short());
    loop {
        let (now, case) = (clock::now(), found(table.case(key).await?, "case")?);
        let contract = found(table.contract(&case.contract, now).await?, "contract")?;
        let Some(change) = due(case, now).await? else { return Ok(false) };
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
        match table.commit(transaction).await {
            Err(error) if error.refused(Guard::Version) && pause.again().await => {}
            saved => return Ok(saved.map(|()| true)?),
        }
    }
}
