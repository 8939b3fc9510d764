//! Automatic review of a submitted request: approves by the contract's rules or passes it to the nurses, never denies
//! (REV-02). Idempotent on the request's state: what is past automatic review stays as it is.

use portico_aws::{
    Aws, clock,
    table::{Transaction, cases::others::Others},
};
use portico_domain::{
    cases::request::Request,
    events::{
        Actor,
        task::{Message, Task},
    },
    reviews::{self, Known, eligibility},
};

use crate::failure::{Failure, found};

/// Reviews one request. When somebody else changed the case meanwhile, the message comes again and looks anew.
///
/// # Errors
/// When it cannot be loaded or saved.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::Review { case, request } = message.task else { return Err(Failure::WrongQueue) };
    let (table, now) = (aws.table(), clock::now());
    let case = found(table.case(case).await?, "case")?;
    // The rules that held when it was submitted, however late the message comes.
    let submitted = case.request(request).and_then(Request::submitted).unwrap_or(now);
    let (contract, member) =
        futures::join!(table.contract_for(&case, submitted), table.unmerged_member(case.member.id));
    let (contract, member) = (found(contract?, "contract")?, found(member?, "member")?);
    // What the plan's file says today, not what it said when the case was begun.
    let case = eligibility::known(case, &member);
    let lines = case.request(request).map(|request| request.lines.as_slice()).unwrap_or_default();
    let codes = lines.iter().map(|line| &line.code);
    let records = table.records_for_a_rule(&contract, case.requesting.npi, codes).await?;
    let mut change =
        reviews::automatic(case.clone(), request, &contract, Known { others: &[], records: &records }, now);
    let mut others = Others::default();
    // What else was asked for the member is read only where a rule would approve, or rests on it, for to a nurse it goes in any case;
    // and where it is said that a service goes on.
    let goes_on = case.request(request).is_some_and(|request| request.review.is_said_to_go_on());
    let rests = contract.auto_review.iter().any(|rule| rule.authorized_within_days.is_some() && rule.is_about(lines));
    if change.as_ref().is_some_and(|change| change.determination.is_some() || goes_on || rests) {
        others = table.others_for_a_rule(case.member.id, case.key).await?;
        others.records = records;
        change = reviews::automatic(case, request, &contract, others.known(), now);
    }
    let Some(change) = change else {
        tracing::info!("past automatic review");
        return Ok(());
    };
    let mut transaction = Transaction::new();
    transaction.case(table, &change, &contract.calendar, &Actor::System)?;
    transaction.approves(table, &change, &others)?;
    Ok(table.commit(transaction).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{batch::tests::messages, lambda::tests::aws};
    use portico_domain::id::RequestNumber;

    /// REQ: REV-02
    #[test]
    fn a_submitted_case_gives_a_review_of_its_first_request() {
        let message =
            messages::<Message>(include_str!("../../../../events/on-case-submitted/submitted.json")).remove(0);
        assert!(matches!(message.task, Task::Review { request: RequestNumber::FIRST, .. }));
    }

    /// REQ: OPS-06
    #[test]
    fn a_task_of_another_queue_is_refused_before_anything_is_read() {
        let message = messages(include_str!("../../../../events/send-notice/invited.json")).remove(0);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(matches!(runtime.block_on(handle(&aws(), message)), Err(Failure::WrongQueue)));
    }
}
