//! Requests that wait for the plan's file to cover their members (CASE-27): an import looks at all of its contract, the sweep at
//! those whose time to wait is over. Each is decided anew from what is stored, so that it goes on once, whoever looks.

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    pause::Pause,
    table::{Guard, Transaction, key::WORK_SHARDS, reviews::Waiting},
};
use portico_domain::{events::Actor, id::ContractId, reviews::eligibility};

use crate::failure::{Chance, Failure, found};

/// What came of a look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Looked {
    /// Requests that went on.
    pub(crate) moved: u32,
    /// Requests that could not be looked at now; another look may well succeed.
    pub(crate) again: usize,
    /// Requests that no look alone will mend.
    pub(crate) broken: usize,
}

/// Requests that are read at once, of one shard.
const PAGE: i32 = 50;

/// Looks at the requests of a contract that wait until `until` or before. One that cannot be looked at
/// holds no other up. Stops at the `deadline`, and goes on with what is left when called again.
///
/// # Errors
/// When the index cannot be read.
pub(crate) async fn look_at_all(
    aws: &Aws,
    contract: &ContractId,
    until: Timestamp,
    deadline: Option<Timestamp>,
) -> Result<Looked, Failure> {
    let (table, mut looked) = (aws.table(), Looked::default());
    for shard in 0..WORK_SHARDS {
        let mut after = None::<String>;
        loop {
            let page = table.awaiting_coverage((contract, shard), after.as_deref(), until, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                if deadline.is_some_and(|deadline| clock::now() >= deadline) {
                    return Ok(looked);
                }
                match look(aws, one).await {
                    Ok(true) => looked.moved += 1,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::error!(case = %one.case, reason = %error, "a request that waits for coverage was not looked at");
                        match error.chance() {
                            Chance::Good => looked.again += 1,
                            Chance::Doubtful | Chance::None => looked.broken += 1,
                        }
                    }
                }
            }
        }
    }
    Ok(looked)
}

/// Whether the request goes on by this.
async fn look(aws: &Aws, one: &Waiting) -> Result<bool, Failure> {
    let (table, mut pause) = (aws.table(), Pause::short());
    loop {
        let (now, case) = (clock::now(), found(table.case(one.case).await?, "case")?);
        let (contract, member) =
            futures::join!(table.contract(&case.contract, now), table.unmerged_member(case.member.id));
        let (contract, member) = (found(contract?, "contract")?, found(member?, "member")?);
        let case = eligibility::known(case, &member);
        let change = eligibility::came(case.clone(), one.request, &contract, now)
            .or_else(|| eligibility::over(case, one.request, &contract, now));
        let Some(change) = change else { return Ok(false) };
        let mut transaction = Transaction::new();
        transaction.case(table, &change, &contract.calendar, &Actor::System)?;
        match table.commit(transaction).await {
            Err(error) if error.refused(Guard::Version) && pause.again().await => {}
            saved => return Ok(saved.map(|()| true)?),
        }
    }
}
