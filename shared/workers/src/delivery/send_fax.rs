//! Hands one call of a letter to the fax carrier (LTR-05).
//!
//! The call is saved as begun, handed over under the key `<letter>-<call>`, and saved with the carrier's id. A crash
//! between two of these repeats the same order, which is one call. A call that the carrier will never take counts as
//! failed: the contract's next call or the mail follows. A carrier that is away is asked again by the queue.

use jiff::Timestamp;
use portico_aws::{Aws, clock, files::letter_tiff, table::delivery::Changed};
use portico_domain::{
    delivery::{CallReference, CallStatus, CallStep, Report},
    events::{
        Actor,
        task::{Message, Task},
    },
};

use crate::{
    delivery::carrier::{Reply, fax, file, sender},
    failure::{Failure, found},
};

/// Makes the call, unless the carrier has it.
///
/// # Errors
/// When something cannot be loaded or saved, or the carrier does not answer now.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "tasks of other queues")]
    let (case, letter, call) = match message.task {
        Task::Fax { case, letter, call } => (case, letter, call),
        Task::FaxCode { user, nonce } => return super::fax_code::send(aws, user, nonce).await,
        _ => return Err(Failure::WrongQueue),
    };
    let (table, config, now) = (aws.table(), aws.config(), clock::now());
    let (stored, delivery, issued) =
        futures::join!(table.case(case), table.delivery(case, letter), table.letter(case, letter));
    let version = found(issued?, "letter")?.files.tiff;
    let (stored, (delivery, _)) = (found(stored?, "case")?, found(delivery?, "delivery")?);
    let contract = found(table.contract(&stored.contract, now).await?, "contract")?;
    let to = found(delivery.fax_to.clone(), "fax number")?;
    if !delivery.may_call(call, &contract.fax, now, &contract.calendar.time_zone) {
        return Err(Failure::AfterHours);
    }
    if delivery.begin_call(call, &contract.fax, now).1 == CallStep::Done {
        return Ok(());
    }
    let (place, system) = ((case, letter), (Actor::System, now));
    table
        .change_delivery(place, system.clone(), |delivery| {
            Some((delivery.begin_call(call, &contract.fax, now).0, Vec::new()))
        })
        .await?;
    let order = fax::Call {
        to: to.e164(),
        from: sender(&contract).e164(),
        media_url: file(aws, &letter_tiff(letter), version.as_deref()).await?,
        callback_url: format!("{}/carriers/fax/events", config.api_url),
        client_reference: CallReference { case, letter, call }.to_string(),
    };
    let key = aws.secrets().get(&config.fax_secret).await?;
    let changed = match fax::call(&config.fax_url, &key, format!("{letter}-{call}"), &order).await? {
        Reply::Taken(id) => {
            let taken = table.change_delivery(place, system, |delivery| {
                delivery.call_accepted(call, id.clone()).map(|(delivery, event)| (delivery, vec![event]))
            });
            taken.await?
        }
        Reply::Refused(status) => {
            tracing::warn!(%letter, call, status, "the carrier refused a call");
            let refusal = refusal(call, status, now);
            table
                .change_delivery(place, system, |delivery| delivery.report(call, refusal.clone(), &contract.fax))
                .await?
        }
    };
    tracing::info!(%letter, call, changed = changed == Changed::Yes, "handed over");
    Ok(())
}

/// The report of a refusal. Its id says which call, so that it counts once.
fn refusal(call: u32, status: u16, at: Timestamp) -> Report {
    let reason = format!("refused by the carrier with status {status}");
    Report { id: format!("refusal-of-call-{call}"), at, says: CallStatus::Failed { at, reason } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;
    use portico_domain::{contracts::fax::FaxRules, delivery::Delivery, events::EventKind};

    /// REQ: LTR-05
    #[test]
    fn a_refused_call_counts_once_and_the_next_one_follows() {
        let message = messages::<Message>(include_str!("../../../../events/send-fax/first-call.json")).remove(0);
        let Task::Fax { letter, call: 1, .. } = message.task else { panic!("{message:?}") };
        let rules = FaxRules { attempts: 2, back_off_minutes: vec![5], report_hours: 24, hours: None };
        let now = Timestamp::UNIX_EPOCH;
        let number = portico_domain::id::RequestNumber::FIRST;
        let begun = Delivery::by_fax(letter, number, "501-555-0123".parse().unwrap(), 2).begin_call(1, &rules, now).0;
        let (failed, events) = begun.report(1, refusal(1, 422, now), &rules).unwrap();
        assert!(matches!(events[..], [EventKind::FaxFailed { .. }, EventKind::FaxCallDue { call: 2, .. }]));
        assert_eq!(failed.report(1, refusal(1, 422, now), &rules), None);
    }
}
