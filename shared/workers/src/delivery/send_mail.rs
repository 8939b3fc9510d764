//! Hands a letter to the print-and-mail carrier (LTR-05): the member's letter to the member, a provider's letter that
//! could not be faxed to the requesting provider.
//!
//! The order's key is the letter's id, so a crash before the carrier's id is saved repeats the order, not the letter. An
//! order that the carrier refuses stays in the queue, then in its dead letters: somebody has to look at the address.

use portico_aws::{Aws, clock, files::letter_pdf};
use portico_domain::{
    delivery::Delivery,
    events::{
        Actor,
        task::{Message, Task},
    },
    letters::Facts,
    reviews::letter_facts,
};

use crate::{
    delivery::carrier::{
        FILE_LINK_VALID, Reply,
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
    let (stored, delivery) = futures::join!(table.case(case), table.delivery(case, letter));
    let (stored, (delivery, _)) = (found(stored?, "case")?, found(delivery?, "delivery")?);
    if delivery.is_mailed() {
        return Ok(());
    }
    let decided = stored.request(delivery.request).and_then(|request| request.determination());
    let contract = found(table.contract(&stored.contract, found(decided, "determination")?.at).await?, "contract")?;
    let facts = found(letter_facts::facts(&stored, delivery.request, &contract, letter), "determination")?;
    let piece = Mailpiece {
        to: addressee(facts, &delivery),
        file_url: aws.files().link(&config.letters_bucket, &letter_pdf(letter), FILE_LINK_VALID).await?,
        reference: letter.to_string(),
    };
    let key = aws.secrets().get(&config.mail_secret).await?;
    let id = match mail::send(&config.mail_url, &key, letter.to_string(), &piece).await? {
        Reply::Taken(id) => id,
        Reply::Refused(status) => return Err(Failure::Refused(status)),
    };
    let mailed = |delivery: Delivery| delivery.mailed(id.clone(), now).map(|(delivery, event)| (delivery, vec![event]));
    table.change_delivery((case, letter), (Actor::System, now), mailed).await?;
    tracing::info!(%letter, "mailed");
    Ok(())
}

/// Who gets it, from the record that the letter itself was written from. A fax number makes it the provider's.
fn addressee(facts: Facts, delivery: &Delivery) -> Addressee {
    if delivery.fax_to.is_some() {
        return Addressee { name: facts.requesting.name, lines: facts.requesting.address };
    }
    let name = match facts.member.care_of {
        Some(care_of) => format!("{care_of} {}", facts.member.name),
        None => facts.member.name,
    };
    Addressee { name, lines: facts.member.address }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;
    use portico_domain::id::RequestNumber;

    /// REQ: LTR-05
    #[test]
    fn a_childs_letter_goes_to_a_parent_and_a_fallback_to_the_provider() {
        let facts: Facts =
            serde_json::from_str(include_str!("../../../domain/src/letters/fixtures/modified.json")).unwrap();
        let message = messages::<Message>(include_str!("../../../../events/send-mail/member-letter.json")).remove(0);
        let Task::Mail { letter, .. } = message.task else { panic!("{message:?}") };
        let member = addressee(facts.clone(), &Delivery::by_mail(letter, RequestNumber::FIRST));
        assert_eq!(member.name, format!("To the parent or guardian of {}", facts.member.name));
        assert_eq!(member.lines, facts.member.address);
        let faxed = Delivery::by_fax(letter, RequestNumber::FIRST, "501-555-0123".parse().unwrap());
        assert_eq!(addressee(facts.clone(), &faxed).name, facts.requesting.name);
    }
}
