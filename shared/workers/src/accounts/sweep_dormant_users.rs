//! Warns of accounts that nobody uses and takes them out when their time is over (ACC-15): once a day, or whenever it is
//! called.
//!
//! What is due is decided anew from what is stored (`portico_domain::accounts::dormancy`), and each step is held to what was read:
//! of two sweeps at once one warns, and whoever signs in meanwhile stays. Nothing is scanned: an account stands in the
//! index `work` at the time at which something is due, and every sign-in moves it.

use std::ops::AddAssign;

use futures::{StreamExt, stream};
use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    table::{Guard, Table, Transaction, key::DORMANCY_SHARDS},
};
use portico_domain::{
    accounts::dormancy::Due,
    events::{About, Actor, EventKind},
    id::Username,
};
use serde::Serialize;

use crate::failure::Failure;

/// Accounts that are read at once, of one shard.
const PAGE: i32 = 50;
/// Accounts that are looked at beside each other, of one shard.
const AT_ONCE: usize = 8;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Accounts whose users were warned.
    pub warned: u32,
    /// Accounts that were taken out.
    pub taken_out: u32,
    /// Accounts of which nothing was due after all, or that somebody else changed at the same moment.
    pub passed: u32,
}

impl AddAssign for Swept {
    fn add_assign(&mut self, other: Self) {
        self.warned += other.warned;
        self.taken_out += other.taken_out;
        self.passed += other.passed;
    }
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when some account could not be looked at; the others are done.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    let now = clock::now();
    let shards = (0..DORMANCY_SHARDS).map(|shard| sweep(aws.table(), shard, now));
    let (mut swept, mut failed) = (Swept::default(), 0);
    for done in futures::future::join_all(shards).await {
        let (done, not_done) = done?;
        swept += done;
        failed += not_done;
    }
    tracing::info!(warned = swept.warned, taken_out = swept.taken_out, passed = swept.passed, failed, "swept");
    if failed == 0 { Ok(swept) } else { Err(Failure::Unswept(failed)) }
}

/// Sweeps one shard, page by page; gives what was done, and how many accounts could not be looked at.
async fn sweep(table: &Table, shard: u8, now: Timestamp) -> Result<(Swept, usize), Failure> {
    let (mut swept, mut failed, mut after) = (Swept::default(), 0, None::<String>);
    loop {
        let page = table.disused(shard, after.as_deref(), now, PAGE).await?;
        let Some(last) = page.last() else { return Ok((swept, failed)) };
        after = Some(last.place.clone());
        let mut looks = stream::iter(page).map(|one| look(table, one.user, now)).buffer_unordered(AT_ONCE);
        while let Some(look) = looks.next().await {
            match look {
                Ok(done) => swept += done,
                Err(failure) => {
                    tracing::error!(reason = failure.reason(), "an account was not looked at; the next sweep does");
                    failed += 1;
                }
            }
        }
    }
}

/// Does what is due of one account.
async fn look(table: &Table, name: Username, now: Timestamp) -> Result<Swept, Failure> {
    let passed = Swept { passed: 1, ..Swept::default() };
    let Some(file) = table.user_file(&name).await? else { return Ok(passed) };
    let (user, Some(usage)) = (&file.user, &file.usage) else { return Ok(passed) };
    let mut transaction = Transaction::new();
    let done = if user.is_active() {
        match usage.due(&user.rules, now) {
            Due::Later(_) => {
                transaction.usage_after(table, user, usage, usage)?;
                passed
            }
            Due::Warning { warned, until } => {
                transaction.usage_after(table, user, usage, &warned)?;
                let warning = EventKind::DormancyWarned { until };
                transaction.event(table, About::User(name), Actor::System, warning, now)?;
                Swept { warned: 1, ..Swept::default() }
            }
            Due::End => {
                let (user, dormant) = user.clone().dormant(now);
                transaction.user(table, &user, &Actor::System, vec![dormant], now)?;
                transaction.usage_rests(table, &name, usage)?;
                transaction.end_sessions(table, &name, &table.to_end(&name, &file.sessions, now).await?);
                Swept { taken_out: 1, ..Swept::default() }
            }
        }
    } else {
        // Locked or taken out: the time begins anew when somebody brings the account back.
        transaction.usage_rests(table, &name, usage)?;
        passed
    };
    match table.commit(transaction).await {
        Ok(()) => Ok(done),
        Err(error) if error.refused(Guard::Rights) || error.refused(Guard::Version) => Ok(passed),
        Err(error) => Err(error.into()),
    }
}
