//! Tells the system that handed a case in that an answer changed: under each of its subscriptions the change gets a number, and
//! the event that has it sent, once. Sending is another queue's, so that a receiver that is away keeps nobody waiting.

use portico_aws::{Aws, clock, table::fhir::subscriptions::Change};
use portico_domain::{
    fhir::subscriptions::{Moment, Status, changes_the_answer},
    id::ClientId,
    status::Side,
};

use super::case_news::Told;
use crate::failure::{Failure, found};

/// Counts the change under every subscription that wants it.
///
/// # Errors
/// When something cannot be loaded or saved; where it has a number it gets no other.
pub(super) async fn count(aws: &Aws, told: Told) -> Result<(), Failure> {
    if told.to != Side::Provider || !changes_the_answer(told.news) {
        return Ok(());
    }
    let table = aws.table();
    let case = found(table.case(told.case).await?, "case")?;
    let handed_in = case.submission.as_ref().map(|submission| submission.by.as_str().parse::<ClientId>());
    let Some(Ok(client)) = handed_in else { return Ok(()) };
    let (client, subscriptions) = futures::join!(table.client(client), table.subscriptions(client));
    let (Some(client), subscriptions) = (client?, subscriptions?) else { return Ok(()) };
    let moment = Moment { now: clock::now(), minute_seconds: aws.config().minute_seconds };
    let change = Change { event: told.event, case: told.case, request: told.request };
    for one in &subscriptions {
        if one.status(moment.now) != Status::Off && one.wants(&client, &case) {
            table.count_change(one, change, moment).await?;
        }
    }
    Ok(())
}
