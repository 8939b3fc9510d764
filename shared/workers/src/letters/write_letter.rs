//! Writes the two letters of a determination from one record: for the provider, and for the member (LTR-01).
//!
//! A letter's id comes from the event, so a message that comes twice writes the same letter, and the second is refused.
//! A letter that lacks a required element is not issued: it is put on the repair list with the elements' names (LTR-04).
//! Once the cause is repaired the same message, sent to the queue again, issues it and takes it off the list.
//! Files are written first and named by the record with their hash: a record always has its file (LTR-07).

use portico_aws::{
    Aws, clock,
    files::{letter_pdf, letter_tiff},
    table::{
        Guard, Transaction,
        cases::{CaseFile, HeldLetter, IssuedLetter},
    },
};
use portico_domain::{
    contact::Phone,
    contracts::Contract,
    delivery::Delivery,
    events::{
        About, Actor, EventKind,
        task::{Message, Task},
    },
    id::{LetterId, RequestNumber},
    letters::{self, Letter, MissingElement},
    reviews::letter_facts,
    status::Audience,
};
use portico_letters::Document;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, found};

/// The letters of a decision, each with its place in [`LetterId::of_event`].
const AUDIENCES: [(Audience, u8); 2] = [(Audience::Provider, 0), (Audience::Member, 1)];

/// Writes what is still to be written.
///
/// # Errors
/// When something cannot be loaded, set or saved.
pub async fn handle(aws: &Aws, message: Message) -> Result<(), Failure> {
    let Task::WriteLetters { case, request, number } = message.task else { return Err(Failure::WrongQueue) };
    let file = found(aws.table().case_file(case).await?, "case")?;
    let determination = found(file.determination(request, number), "determination")?;
    let contract = found(aws.table().contract(&file.case.contract, determination.at).await?, "contract")?;
    for (audience, place) in AUDIENCES {
        let id = LetterId::of_event(message.event, place);
        if file.letters.iter().any(|letter| letter.id == id) {
            continue;
        }
        let facts = found(letter_facts::facts(&file.case, determination, &contract, id), "determination")?;
        match letters::compose(&facts, &contract.letters, audience) {
            Ok(letter) => issue(aws, &file, request, &contract, id, &letter).await?,
            Err(missing) => hold(aws, &file, request, id, audience, &missing).await?,
        }
    }
    Ok(())
}

/// Keeps the files, then the record, its delivery and the event that begins it.
async fn issue(
    aws: &Aws,
    file: &CaseFile,
    request: RequestNumber,
    contract: &Contract,
    id: LetterId,
    letter: &Letter,
) -> Result<(), Failure> {
    let (table, files, bucket, now) = (aws.table(), aws.files(), &aws.config().letters_bucket, clock::now());
    let (key, audience) = (file.case.key, letter.audience);
    let document = Document::new(letter)?;
    let pdf = document.pdf()?;
    let issued = IssuedLetter {
        id,
        request,
        audience,
        at: now,
        pages: u32::try_from(document.page_count()).unwrap_or(u32::MAX),
        sha256: hex::encode(Sha256::digest(&pdf)),
        bytes: u64::try_from(pdf.len()).unwrap_or(u64::MAX),
        contract_version: contract.version.clone(),
    };
    if audience == Audience::Provider {
        files.write(bucket, &letter_tiff(id), "image/tiff", document.fax()?).await?;
    }
    files.write(bucket, &letter_pdf(id), "application/pdf", pdf).await?;
    let fax = &found(file.case.submission.as_ref(), "submission")?.fax;
    let mut transaction = Transaction::new();
    transaction.letter(table, key, &issued)?;
    transaction.delivery(table, key, &delivery(&issued, fax), 1)?;
    transaction.repaired_letter(table, key, id);
    let event = EventKind::LetterIssued { request, letter: id, audience };
    transaction.event(table, About::Case(key), Actor::System, event, now)?;
    once(table.commit(transaction).await)?;
    tracing::info!(letter = %id, pages = issued.pages, "issued");
    Ok(())
}

/// The provider letter goes to the fax number of the user who submitted (LTR-03), the member letter by mail.
fn delivery(letter: &IssuedLetter, submitter: &Phone) -> Delivery {
    match letter.audience {
        Audience::Provider => Delivery::by_fax(letter.id, letter.request, submitter.clone(), letter.pages),
        Audience::Member => Delivery::by_mail(letter.id, letter.request),
    }
}

/// Puts a letter on the repair list.
async fn hold(
    aws: &Aws,
    file: &CaseFile,
    request: RequestNumber,
    id: LetterId,
    audience: Audience,
    missing: &[MissingElement],
) -> Result<(), Failure> {
    let (table, now, key) = (aws.table(), clock::now(), file.case.key);
    if file.held.iter().any(|held| held.id == id) {
        return Ok(());
    }
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    tracing::warn!(letter = %id, ?missing, "held for repair");
    let mut transaction = Transaction::new();
    transaction.held_letter(table, key, &HeldLetter { id, request, audience, at: now, missing: missing.clone() })?;
    let event = EventKind::LetterHeld { request, audience, missing };
    transaction.event(table, About::Case(key), Actor::System, event, now)?;
    once(table.commit(transaction).await)
}

/// Another delivery of the same message was faster: that is as good.
fn once(saved: Result<(), portico_aws::table::Error>) -> Result<(), Failure> {
    match saved {
        Err(error) if error.refused(Guard::New) => Ok(()),
        saved => Ok(saved?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::tests::messages;
    use portico_aws::table::Error;

    /// REQ: LTR-01 LTR-05
    #[test]
    fn both_letters_of_an_event_have_ids_that_are_always_the_same() {
        let read = || messages::<Message>(include_str!("../../../../events/write-letter/determined.json")).remove(0);
        let ids = AUDIENCES.map(|(_, place)| LetterId::of_event(read().event, place));
        assert_eq!(ids[0].to_string(), "ltr_0197a3c2f0c07d0aa1b2c3d4e5f60718");
        assert_eq!(ids[1].to_string(), "ltr_0197a3c2f0c07d0aa1b2c3d4e5f60719");
        assert!(matches!(read().task, Task::WriteLetters { request: RequestNumber::FIRST, number: 1, .. }));
    }

    /// REQ: LTR-03
    #[test]
    fn the_provider_is_faxed_at_the_submitters_number_and_the_member_is_mailed() {
        let submitter = "501-555-0123".parse().unwrap();
        let of = |audience| {
            let letter = IssuedLetter {
                id: LetterId::of_event("evt_0197a3c2f0c07d0aa1b2c3d4e5f60718".parse().unwrap(), 0),
                request: RequestNumber::FIRST,
                audience,
                at: jiff::Timestamp::UNIX_EPOCH,
                pages: 3,
                sha256: String::new(),
                bytes: 9,
                contract_version: "1".into(),
            };
            let way = delivery(&letter, &submitter);
            (way.fax_to, way.pages)
        };
        assert_eq!(of(Audience::Provider), (Some(submitter.clone()), Some(3)), "with as many pages as have to arrive");
        assert_eq!(of(Audience::Member), (None, None));
    }

    /// REQ: LTR-05
    #[test]
    fn a_letter_that_another_delivery_issued_is_done_and_other_refusals_are_not() {
        assert!(once(Err(Error::Refused(vec![Guard::New, Guard::Version]))).is_ok());
        assert!(once(Err(Error::Refused(vec![Guard::Version]))).is_err());
        assert!(once(Err(Error::Throttled)).is_err());
    }
}
