//! Requests that wait for the plan's file to cover their members (CASE-27): an import looks at all of its contract, the sweep at
//! those whose time to wait is over. Each is decided anew from what is stored, so that it goes on once, whoever looks.

use std::sync::Arc;

use jiff::Timestamp;
use portico_aws::{
    Aws,
    table::{due::Waiting, key::WORK_SHARDS},
};
use portico_domain::{
    cases::{Case, request::Request},
    contracts::Contract,
    id::{ContractId, RequestNumber},
    reviews::eligibility,
};

use crate::{
    change::change,
    failure::{Failure, found},
};

/// Requests that are read at once, of one shard.
const PAGE: i32 = 50;

/// Looks at the requests of a contract that wait until `until` or before. Gives how many went on, and how many could
/// not be looked at: those hold no other up. Stops once it is `late`, and goes on with what is left when called again.
///
/// # Errors
/// When the index cannot be read, or the table has too much to do.
pub(crate) async fn look_at_all(
    aws: &Aws,
    contract: &ContractId,
    until: Timestamp,
    late: impl Fn() -> bool,
) -> Result<(u32, usize), Failure> {
    let (table, mut moved, mut failed) = (aws.table(), 0, 0);
    for shard in 0..WORK_SHARDS {
        let mut after = None::<String>;
        loop {
            let page = table.awaiting_coverage((contract, shard), after.as_deref(), until, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.place.clone());
            for one in &page {
                if late() {
                    return Ok((moved, failed));
                }
                match Box::pin(look(aws, one)).await {
                    Ok(true) => moved += 1,
                    Ok(false) => {}
                    Err(Failure::Table(error)) if error.asks_for_less() => return Err(error.into()),
                    Err(error) => {
                        tracing::error!(case = %one.case, reason = %error, "a request that waits for coverage was not looked at");
                        failed += 1;
                    }
                }
            }
        }
    }
    Ok((moved, failed))
}

/// Whether the request goes on by this.
async fn look(aws: &Aws, one: &Waiting) -> Result<bool, Failure> {
    let due = async |case: &Case, now| {
        let (contract, known) = by_rules_and_file(aws, case, one.request, now).await?;
        let change = eligibility::came(known.clone(), one.request, &contract, now)
            .or_else(|| eligibility::over(known, one.request, &contract, now));
        Ok(change.map(|change| (change, contract, ())))
    };
    Ok(change(aws, one.case, due).await?.is_some())
}

/// The contract under which a request was submitted, and the case with what the plan's file says of its member now.
pub(crate) async fn by_rules_and_file(
    aws: &Aws,
    case: &Case,
    request: RequestNumber,
    now: Timestamp,
) -> Result<(Arc<Contract>, Case), Failure> {
    let submitted = case.request(request).and_then(Request::submitted).unwrap_or(now);
    let table = aws.table();
    let (contract, member) = futures::join!(table.contract_for(case, submitted), table.unmerged_member(case.member.id));
    let contract = found(contract?, "contract")?;
    let known = member?.map_or_else(|| case.clone(), |member| eligibility::known(case.clone(), &member));
    Ok((contract, known))
}
