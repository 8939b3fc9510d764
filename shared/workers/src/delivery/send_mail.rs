//! Hands a letter to the print-and-mail carrier (LTR-05): the member's letter to the member, a provider's letter that
//! could not be faxed to the requesting provider.
//!
//! The order's key is the letter's id, so a crash before the carrier's id is saved repeats the order, not the letter. A letter
//! that the carrier refuses as it is waits for repair ([decision 115]): somebody mends the address, and it is written again as
//! another letter, whose id comes from what asked for this mailing. An order that is wrong otherwise stays in the queue, then in
//! its dead letters: operations look at the carrier's interface.
//!
//! [decision 115]: ../../../../docs/decisions/0115-mail-that-is-refused-is-repaired.md

use jiff::{Timestamp, civil::Date};
use portico_aws::{
    Aws, clock,
    files::letter_pdf,
    metrics,
    table::{
        Transaction,
        cases::{
            IssuedLetter,
            held::{HeldLetter, RefusedLetter, WrittenFrom},
        },
        delivery::Changed,
    },
};
use portico_domain::{
    cases::Case,
    delivery::Delivery,
    events::{
        Actor,
        task::{Message, Task},
    },
    id::{EventId, LetterId},
    reviews::letter_facts,
};

use crate::{
    delivery::carrier::{
        Reply, file,
        mail::{self, Addressee, Mailpiece},
    },
    failure::{Failure, found},
};

/// Mails the letter, unless the carrier has it.
///
/// # Errors
/// When something cannot be loaded or saved, or the carrier does not take it.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::Mail { case, letter } = message.task else { return Err(Failure::WrongQueue) };
    let (table, config, now) = (aws.table(), aws.config(), clock::now());
    let (stored, delivery, issued) =
        futures::join!(table.case(case), table.delivery(case, letter), table.letter(case, letter));
    let issued = found(issued?, "letter")?;
    let (stored, (delivery, _)) = (found(stored?, "case")?, found(delivery?, "delivery")?);
    if delivery.is_mailed() || delivery.is_refused() {
        return Ok(());
    }
    let contract = found(table.contract(&stored.contract, issued.at).await?, "contract")?;
    let to = match &issued.to {
        Some(to) => Addressee { name: to.name.clone(), lines: to.lines.clone() },
        None => addressee(&stored, &delivery, contract.calendar.time_zone.date_at(issued.at)),
    };
    let piece = Mailpiece {
        to,
        file_url: file(aws, &letter_pdf(letter), issued.files.pdf.as_deref()).await?,
        reference: letter.to_string(),
    };
    let key = aws.secrets().get(&config.mail_secret).await?;
    let id = match mail::send(&config.mail_url, &key, letter.to_string(), &piece).await? {
        Reply::Taken(id) => id,
        Reply::Refused(status) if is_of_the_letter(status) => {
            return repair(aws, message.event, &stored, &issued, status).await;
        }
        Reply::Refused(status) => return Err(Failure::Refused(status)),
    };
    let mailed = |delivery: Delivery| delivery.mailed(id.clone(), now).map(|(delivery, event)| (delivery, vec![event]));
    table.change_delivery((case, letter), (Actor::System, now), mailed).await?;
    tracing::info!(%letter, "mailed");
    Ok(())
}

/// Whether what is wrong is the letter itself: mostly its address. Of others, as one for an address of ours that is wrong, people
/// who repair letters can mend nothing.
fn is_of_the_letter(status: u16) -> bool {
    matches!(status, 400 | 422)
}

/// Puts what the carrier refused on the repair list, in one transaction with what its delivery says, and rings an alarm.
async fn repair(aws: &Aws, event: EventId, case: &Case, issued: &IssuedLetter, status: u16) -> Result<(), Failure> {
    let (table, now, letter) = (aws.table(), clock::now(), issued.id);
    let held = in_its_place(event, case, issued, (status, now))?;
    let refused = |delivery: Delivery| {
        delivery.mail_refused(issued.audience, status, now).map(|(delivery, event)| (delivery, vec![event]))
    };
    let beside = |transaction: &mut Transaction| transaction.held_letter(table, case.key, &held);
    let changed = table.change_delivery_with((case.key, letter), (Actor::System, now), refused, beside).await?;
    tracing::warn!(%letter, status, ?changed, "the mail carrier refused it");
    if changed == Changed::Yes {
        metrics::emit(aws, &[("MailRefused", "Count", 1)]);
    }
    Ok(())
}

/// The letter that is to be written in the place of one that was refused. The same mailing gives the same.
fn in_its_place(
    event: EventId,
    case: &Case,
    issued: &IssuedLetter,
    (status, at): (u16, Timestamp),
) -> Result<HeldLetter, Failure> {
    let case_id = found(case.submission.as_ref(), "submission")?.case_id.clone();
    let (contract, about, number) = (case.contract.clone(), issued.about, issued.number);
    Ok(HeldLetter {
        id: LetterId::of_event(event, 0),
        request: issued.request,
        audience: issued.audience,
        at,
        missing: Vec::new(),
        from: Some(WrittenFrom { contract, case: case.key, case_id, about, number }),
        asked: None,
        tried: None,
        refused: Some(RefusedLetter { letter: issued.id, status }),
    })
}

/// Who gets it, as the letter of that day addresses them. A fax number makes it the provider's.
fn addressee(case: &Case, delivery: &Delivery, date: Date) -> Addressee {
    if delivery.fax_to.is_some() {
        let requesting = letter_facts::provider(&case.requesting, None);
        return Addressee { name: requesting.name, lines: requesting.address };
    }
    let member = letter_facts::member(case, date);
    let name = match member.care_of {
        Some(care_of) => format!("{care_of} {}", member.name),
        None => member.name,
    };
    Addressee { name, lines: member.address }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;
    use portico_domain::{
        id::RequestNumber,
        person::{Member, Provider},
        service::Setting,
    };
    use serde_json::json;

    /// REQ: LTR-05
    #[test]
    fn a_childs_letter_goes_to_a_parent_and_a_fallback_to_the_provider() {
        let address = json!({ "line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201" });
        let provider: Provider = serde_json::from_value(json!({
            "id": "prv_00000000000000000000000000000002", "contract": "arkansas", "npi": "1234567893",
            "name": "River Day Clinic", "kind": "facility", "providerType": "Day treatment", "address": address,
        }))
        .unwrap();
        let child: Member = serde_json::from_value(json!({
            "id": "mbr_00000000000000000000000000000001", "contract": "arkansas",
            "firstName": "Ada", "lastName": "Quill", "birthDate": "2022-02-28", "gender": "female", "address": address,
            "standing": { "enrolled": { "number": "0123456789" } }
        }))
        .unwrap();
        let key = "cas_00000000000000000000000000000006".parse().unwrap();
        let by = ("2026-05-07T14:00:00Z".parse().unwrap(), "clerk.cam".parse().unwrap());
        let case = Case::create(key, Setting::Outpatient, child, provider, "501-555-0123".parse().unwrap(), by).case;
        let message = messages::<Message>(include_str!("../../../../events/send-mail/member-letter.json")).remove(0);
        let Task::Mail { letter, .. } = message.task else { panic!("{message:?}") };
        let day = |year| jiff::civil::date(year, 5, 8);
        let mailed = Delivery::by_mail(letter, RequestNumber::FIRST);
        let member = addressee(&case, &mailed, day(2026));
        assert_eq!(member.name, "Parent or guardian of Ada Quill");
        assert_eq!(member.lines, case.member.address.lines());
        assert_eq!(addressee(&case, &mailed, day(2040)).name, "Ada Quill", "grown up, it is their own");
        let faxed = Delivery::by_fax(letter, RequestNumber::FIRST, "501-555-0123".parse().unwrap(), 2);
        assert_eq!(addressee(&case, &faxed, day(2026)).name, "River Day Clinic");
    }
}
