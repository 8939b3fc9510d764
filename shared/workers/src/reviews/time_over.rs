//! Carries out what follows when the time for a decision is over (REV-09): `portico_domain::reviews::expiry`.
//!
//! Nothing is scanned: a request whose time runs stands in the index `work` at the time at which it is over, until that was seen to.
//! What was escalated stands there no more, so that it holds no other up. Each is decided anew from what is stored and saved under
//! the version that was read: of several sweeps, and of a reviewer who decides at that moment, one wins.

use jiff::Timestamp;
use portico_aws::{
    Aws,
    table::{due::Waiting, key::WORK_SHARDS},
};
use portico_domain::{cases::Case, reviews::expiry};

use crate::{change::change, coverage::by_rules_and_file, failure::Failure};

/// Requests that are read at once, of one shard.
const PAGE: i32 = 50;
/// Requests of one shard that are seen to by one sweep: the next one goes on with what is left.
const MOST: u32 = 250;

/// Looks at the requests whose time was over by `now`. Gives of how many something followed, and how many could not be looked at: those
/// hold no other up.
///
/// # Errors
/// When the index cannot be read.
pub(super) async fn carry_out(aws: &Aws, now: Timestamp) -> Result<(u32, usize), Failure> {
    let (table, mut all, mut failed) = (aws.table(), 0, 0);
    for shard in 0..WORK_SHARDS {
        let (mut after, mut done) = (None::<String>, 0);
        while done < MOST {
            let page = table.over(shard, after.as_deref(), now, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                match Box::pin(look(aws, one)).await {
                    Ok(true) => done += 1,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::error!(case = %one.case, reason = %error, "a request whose time is over was not looked at");
                        failed += 1;
                    }
                }
            }
        }
        all += done;
    }
    Ok((all, failed))
}

/// Whether something followed by this.
async fn look(aws: &Aws, one: &Waiting) -> Result<bool, Failure> {
    let due = async |case: &Case, now| {
        let (contract, known) = by_rules_and_file(aws, case, one.request, now).await?;
        Ok(expiry::over(known, one.request, &contract, now).map(|change| (change, contract, ())))
    };
    Ok(change(aws, one.case, due).await?.is_some())
}
