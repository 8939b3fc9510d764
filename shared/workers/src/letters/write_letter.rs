//! Writes the two letters of a determination, of a request for information, of a closed request, of one that was taken back, or of more time for a
//! decision, from one record: for the provider, and for the member in the language and print that they read (LTR-01).
//!
//! A letter's id comes from the event, so a message that comes twice writes the same letter, and the second is refused.
//! A letter that lacks a required element, or cannot be set, is not issued: it is put on the repair list with the names of
//! what is missing (LTR-04), and an alarm tells it. Whoever has repaired the cause has it written again: that issues it and takes
//! it off the list, or brings up to date what is missing.
//! Files are written first and named by the record with their hash: a record always has its file (LTR-07).

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    files::{letter_pdf, letter_tiff},
    table::{
        Guard, Transaction,
        cases::{
            CaseFile, IssuedLetter, LetterFiles,
            held::{HeldLetter, Tried, WrittenFrom},
        },
    },
};
use portico_domain::{
    cases::{
        Case,
        determination::Determination,
        more_time::MoreTime,
        request::{Pend, Request},
    },
    contact::Phone,
    contracts::Contract,
    delivery::Delivery,
    events::{
        self, Actor, EventKind,
        task::{Message, Task},
    },
    id::{CaseKey, EventId, LetterId, RequestNumber},
    letters::{self, About, Facts, Letter, MissingElement},
    reading::Format,
    reviews::{letter_facts, withdrawal_facts},
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
    #[expect(clippy::wildcard_enum_match_arm, reason = "tasks of other queues")]
    let (case, told) = match message.task {
        Task::WriteLetters { case, request, number } => (case, Told { request, about: About::Determination, number }),
        Task::WriteInformationLetters { case, request, pend } => {
            (case, Told { request, about: About::Information, number: pend })
        }
        Task::WriteVoidLetters { case, request } => (case, Told { request, about: About::Void, number: 1 }),
        Task::WriteWithdrawalLetters { case, request } => (case, Told { request, about: About::Withdrawal, number: 1 }),
        Task::WriteExtensionLetters { case, request } => (case, Told { request, about: About::Extension, number: 1 }),
        Task::WriteLetterAgain { case, letter } => return again(aws, message.event, case, letter).await,
        Task::WriteFaxCode { user, nonce } => return super::fax_code::write(aws, user, nonce).await,
        _ => return Err(Failure::WrongQueue),
    };
    let file = found(aws.table().case_file(case).await?, "case")?;
    // What was asked for in its place has letters of its own.
    if told.about == About::Withdrawal && file.case.is_replaced(told.request) {
        return Ok(());
    }
    let contract = found(aws.table().contract_for(&file.case, told.at(&file)?).await?, "contract")?;
    for (audience, place) in AUDIENCES {
        let id = LetterId::of_event(message.event, place);
        if file.letters.iter().any(|letter| letter.id == id) {
            continue;
        }
        let facts = told.facts(&file, &contract, id, None)?;
        match written(letters::compose(&facts, &contract.letters, audience)) {
            Ok(written) => issue(aws, (&file, None), told, (&contract, &facts), id, written).await?,
            Err(faults) => hold(aws, &file, told, id, audience, faults).await?,
        }
    }
    Ok(())
}

/// Writes one that is held once more: what it tells, and its deadlines, by the contract of its time; its texts by the contract in force,
/// and whom it names as the files have them now, for there they are repaired.
async fn again(aws: &Aws, event: EventId, case: CaseKey, letter: LetterId) -> Result<(), Failure> {
    let table = aws.table();
    let mut file = found(table.case_file(case).await?, "case")?;
    // One that is there no more is issued.
    let Some(place) = file.held.iter().position(|held| held.id == letter) else { return Ok(()) };
    let held = file.held.swap_remove(place);
    if held.tried.as_ref().is_some_and(|tried| tried.event == event) {
        return Ok(());
    }
    let from = found(held.from.as_ref(), "what the letter is written from")?;
    let told = Told { request: held.request, about: from.about, number: from.number };
    if file.case.is_overtaken(told.request, told.about, told.number) {
        // What came after it has letters of its own: this one is not sent, and lacks nothing any more.
        let mut transaction = Transaction::new();
        transaction.repaired_letter(table, case, letter);
        return once(table.commit(transaction).await);
    }
    let then = found(table.contract_for(&file.case, told.at(&file)?).await?, "contract")?;
    let now = found(table.contract(&file.case.contract, clock::now()).await?, "contract")?;
    // A notice has the day on which it goes out, and what may follow counts from it.
    let on = clock::now();
    let noticed = match told.about {
        About::Determination => file.case.clone().noticed(told.request, told.number, on),
        About::Information | About::Void | About::Withdrawal | About::Extension => None,
    };
    file.case = recorded(aws, file.case).await?;
    let facts = told.facts(&file, &then, letter, Some(on))?;
    match written(letters::compose(&facts, &now.letters, held.audience)) {
        Ok(written) => issue(aws, (&file, noticed.as_ref()), told, (&now, &facts), letter, written).await,
        Err(faults) => hold_on(aws, case, &held, faults, event).await,
    }
}

async fn recorded(aws: &Aws, case: Case) -> Result<Case, Failure> {
    let ids: Vec<_> = case.providers().map(|provider| provider.id).collect();
    let (member, providers) = futures::join!(aws.table().member(case.member.id), aws.table().providers(&ids));
    Ok(letter_facts::as_recorded(case, member?, &providers?))
}

/// What letters tell of a request: a decision on it, or what is asked for, by number.
#[derive(Clone, Copy, Debug)]
struct Told {
    request: RequestNumber,
    about: About,
    number: u32,
}

impl Told {
    fn determination(self, file: &CaseFile) -> Result<&Determination, Failure> {
        found(file.determination(self.request, self.number), "determination")
    }

    fn pend(self, file: &CaseFile) -> Result<&Pend, Failure> {
        let place = usize::try_from(self.number).unwrap_or(usize::MAX).wrapping_sub(1);
        found(file.case.request(self.request).and_then(|request| request.pends.get(place)), "pend")
    }

    /// When it happened: by the contract of that time it is told.
    fn at(self, file: &CaseFile) -> Result<Timestamp, Failure> {
        match self.about {
            About::Determination => self.determination(file).map(|made| made.at),
            About::Information => self.pend(file).map(|asked| asked.at),
            About::Void => {
                let voided = file.case.request(self.request).and_then(Request::voided);
                found(voided, "closed request").map(|voided| voided.at)
            }
            About::Withdrawal => {
                let withdrawn = file.case.request(self.request).and_then(Request::withdrawn_at);
                found(withdrawn, "withdrawn request")
            }
            About::Extension => self.more_time(file).map(|more| more.at),
        }
    }

    fn more_time(self, file: &CaseFile) -> Result<&MoreTime, Failure> {
        found(file.case.request(self.request).and_then(|request| request.more_time.as_ref()), "extended time")
    }

    /// What it tells; `on` is the time of a notice of a later day.
    fn facts(
        self,
        file: &CaseFile,
        contract: &Contract,
        id: LetterId,
        on: Option<Timestamp>,
    ) -> Result<Facts, Failure> {
        let facts = match self.about {
            About::Determination => {
                let made = self.determination(file)?;
                letter_facts::facts_on(&file.case, made, contract, id, on.unwrap_or(made.at))
            }
            About::Information => letter_facts::asking(&file.case, self.request, self.pend(file)?, contract, id),
            About::Void => letter_facts::voided(&file.case, self.request, contract, id),
            About::Withdrawal => withdrawal_facts::withdrawn(&file.case, self.request, contract, id),
            About::Extension => letter_facts::extended(&file.case, self.request, contract, id),
        };
        let facts = found(facts, "what the letter tells")?;
        Ok(facts.described(|code| portico_codes::icd10cm().get(code).map(|entry| entry.description)))
    }
}

/// A letter as it goes out.
struct Written {
    audience: Audience,
    /// As BCP 47.
    language: String,
    format: Format,
    pages: u32,
    pdf: Vec<u8>,
    /// For the provider.
    fax: Option<Vec<u8>>,
}

/// Sets the letter, or tells everything that has to be repaired before it can be. Setting is of the letter's content alone:
/// what fails once fails always, so it is repaired by people and not by waiting.
fn written(composed: Result<Letter, Vec<MissingElement>>) -> Result<Written, Vec<String>> {
    let letter = composed.map_err(|missing| missing.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    set(&letter).map_err(|error| vec![format!("a letter that can be set: {error}")])
}

fn set(letter: &Letter) -> Result<Written, portico_letters::Error> {
    let document = Document::new(letter)?;
    let fax = if letter.audience == Audience::Provider { Some(document.fax()?) } else { None };
    Ok(Written {
        audience: letter.audience,
        language: letter.language.clone(),
        format: letter.format,
        pages: u32::try_from(document.page_count()).unwrap_or(u32::MAX),
        pdf: document.pdf()?,
        fax,
    })
}

/// Keeps the files, then the record, its delivery and the event that begins it.
async fn issue(
    aws: &Aws,
    (file, noticed): (&CaseFile, Option<&Case>),
    Told { request, about, number }: Told,
    (contract, facts): (&Contract, &Facts),
    id: LetterId,
    Written { audience, language, format, pages, pdf, fax: image }: Written,
) -> Result<(), Failure> {
    let (table, files, bucket, now) = (aws.table(), aws.files(), &aws.config().letters_bucket, clock::now());
    let key = file.case.key;
    let mut versions = LetterFiles::default();
    let (size, sha256) = (u64::try_from(pdf.len()).unwrap_or(u64::MAX), hex::encode(Sha256::digest(&pdf)));
    if let Some(image) = image {
        versions.tiff = files.write(bucket, &letter_tiff(id), "image/tiff", image).await?;
    }
    versions.pdf = files.write(bucket, &letter_pdf(id), "application/pdf", pdf).await?;
    let issued = IssuedLetter {
        id,
        request,
        about,
        number,
        audience,
        language,
        format,
        at: now,
        pages,
        sha256,
        bytes: size,
        contract_version: contract.version.clone(),
        files: versions,
        to: Some(facts.addressed(audience, &contract.letters)),
    };
    let of = found(file.case.request(request), "request")?;
    let fax = found(file.case.fax_of(of), "submission")?;
    let mut transaction = Transaction::new();
    transaction.letter(table, key, &issued)?;
    transaction.delivery(table, key, &delivery(&issued, fax), 1)?;
    transaction.repaired_letter(table, key, id);
    if let Some(case) = noticed {
        transaction.case_alone(table, case)?;
    }
    let event = EventKind::LetterIssued { request, letter: id, audience };
    transaction.event(table, events::About::Case(key), Actor::System, event, now)?;
    once(table.commit(transaction).await)?;
    tracing::info!(letter = %id, pages = issued.pages, "issued");
    Ok(())
}

/// The provider letter goes to the fax number of the user who asked (LTR-03), the member letter by mail.
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
    Told { request, about, number }: Told,
    id: LetterId,
    audience: Audience,
    missing: Vec<String>,
) -> Result<(), Failure> {
    let (table, now, key) = (aws.table(), clock::now(), file.case.key);
    let before = file.held.iter().find(|held| held.id == id);
    if before.is_some_and(|held| held.from.is_some()) {
        return Ok(());
    }
    tracing::warn!(letter = %id, ?missing, "held for repair");
    let case_id = found(file.case.submission.as_ref(), "submission")?.case_id.clone();
    let from = Some(WrittenFrom { contract: file.case.contract.clone(), case: key, case_id, about, number });
    let missed = missing.clone();
    let held = HeldLetter { id, request, audience, at: now, missing, from, asked: None, tried: None, refused: None };
    let mut transaction = Transaction::new();
    match before {
        // It was held before it was kept what it is written from.
        Some(before) => transaction.held_letter_changed(table, key, (before, &held), Guard::New)?,
        None => transaction.held_letter(table, key, &held)?,
    }
    let event = EventKind::LetterHeld { request, audience, missing: missed, again: false };
    transaction.event(table, events::About::Case(key), Actor::System, event, now)?;
    once(table.commit(transaction).await)?;
    // Somebody has to look: the alarm on this number tells it.
    portico_aws::metrics::emit(aws, &[("LettersHeld", "Count", 1)]);
    Ok(())
}

/// Leaves a letter on the repair list, with what it lacks now. Whoever asked looks there: no alarm rings.
async fn hold_on(
    aws: &Aws,
    key: CaseKey,
    held: &HeldLetter,
    missing: Vec<String>,
    event: EventId,
) -> Result<(), Failure> {
    let (table, at) = (aws.table(), clock::now());
    tracing::warn!(letter = %held.id, ?missing, "still held for repair");
    let kind =
        EventKind::LetterHeld { request: held.request, audience: held.audience, missing: missing.clone(), again: true };
    let now = HeldLetter { missing, tried: Some(Tried { at, event }), ..held.clone() };
    let mut transaction = Transaction::new();
    // Who asked meanwhile has it tried anew.
    transaction.held_letter_changed(table, key, (held, &now), Guard::New)?;
    transaction.event(table, events::About::Case(key), Actor::System, kind, at)?;
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

    #[test]
    fn what_is_asked_for_is_told_by_its_number() {
        let message = messages::<Message>(include_str!("../../../../events/write-letter/asked.json")).remove(0);
        assert!(matches!(message.task, Task::WriteInformationLetters { request: RequestNumber::FIRST, pend: 1, .. }));
    }

    #[test]
    fn a_letter_that_is_written_again_is_told_by_its_id() {
        let message = messages::<Message>(include_str!("../../../../events/write-letter/again.json")).remove(0);
        let first = LetterId::of_event("evt_0197a3c2f0c07d0aa1b2c3d4e5f60718".parse().unwrap(), 1);
        assert!(matches!(message.task, Task::WriteLetterAgain { letter, .. } if letter == first));
    }

    #[test]
    fn a_letter_that_cannot_be_set_is_told_as_what_is_to_be_repaired() {
        let facts = include_str!("../../../domain/src/letters/fixtures/modified.json");
        let facts: letters::Facts = serde_json::from_str(facts).unwrap();
        let texts = toml::from_str(include_str!("../../../domain/src/letters/fixtures/texts.toml")).unwrap();
        let of = |facts: &letters::Facts| {
            written(letters::compose(facts, &texts, Audience::Provider))
                .map(|written| (written.pages, written.fax.is_some()))
        };
        assert!(matches!(of(&facts), Ok((1.., true))));
        let mut odd = facts.clone();
        "Ada 😀 Sample".clone_into(&mut odd.member.name);
        assert_eq!(of(&odd).unwrap_err(), ["printable character for U+1F600"]);
        let mut long = facts;
        long.request = "R".repeat(200);
        let faults = of(&long).unwrap_err();
        assert!(faults[0].starts_with("a letter that can be set: the reference"), "{faults:?}");
    }

    /// REQ: LTR-03
    #[test]
    fn the_provider_is_faxed_at_the_submitters_number_and_the_member_is_mailed() {
        let submitter = "501-555-0123".parse().unwrap();
        let of = |audience| {
            let letter = IssuedLetter {
                id: LetterId::of_event("evt_0197a3c2f0c07d0aa1b2c3d4e5f60718".parse().unwrap(), 0),
                request: RequestNumber::FIRST,
                about: About::Determination,
                number: 1,
                audience,
                language: "en".to_owned(),
                format: Format::Standard,
                at: jiff::Timestamp::UNIX_EPOCH,
                pages: 3,
                sha256: String::new(),
                bytes: 9,
                contract_version: "1".into(),
                files: LetterFiles::default(),
                to: None,
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
