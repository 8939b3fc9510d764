//! Cases, and what hangs on them: documents, letters, deliveries, events, worklist entries.

pub mod drafts;
pub mod held;
pub mod lists;
mod merged;
pub mod messages;
pub mod others;
pub mod temporary;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    calendar::Calendar,
    cases::{
        Case, Change, determination::Determination, document::Document, editing::Editing, note::NoteType,
        questionnaires::Answers,
    },
    delivery::Delivery,
    events::{About, Actor, Event},
    id::{CaseId, CaseKey, EventId, LetterId, RequestNumber, Username},
    letters,
    reading::Format,
    status::{Audience, Queue},
};
use serde::{Deserialize, Serialize};

use crate::{
    stored::{Stored, read_item},
    table::{
        Attributes, Error, Guard, Key, Table, Transaction, body,
        cases::{
            held::HeldLetter,
            lists::{CaseSummary, list_keys},
        },
        event_of, item, key, sort_key,
    },
};

/// A case with what hangs on it, notes aside, read in one call.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// What was decided, request by request, oldest first.
    pub determinations: Vec<Determination>,
    /// Documents, oldest first.
    pub documents: Vec<Document>,
    /// Issued letters.
    pub letters: Vec<IssuedLetter>,
    /// How each letter was brought to its reader.
    pub deliveries: Vec<Delivery>,
    /// Letters that lack elements.
    pub held: Vec<HeldLetter>,
    /// What was answered, by questionnaire.
    pub answers: Vec<Answers>,
    /// Who edits the draft, or did last.
    pub editing: Option<Editing>,
}

impl CaseFile {
    /// A case with nothing that hangs on it.
    #[must_use]
    pub fn of(case: Case) -> Self {
        Self {
            case,
            determinations: Vec::new(),
            documents: Vec::new(),
            letters: Vec::new(),
            deliveries: Vec::new(),
            held: Vec::new(),
            answers: Vec::new(),
            editing: None,
        }
    }

    /// A decision on a request by its number.
    #[must_use]
    pub fn determination(&self, request: RequestNumber, number: u32) -> Option<&Determination> {
        self.determinations.iter().find(|made| made.request == request && made.number == number)
    }
}

fn first() -> u32 {
    1
}

/// A letter as it was issued; never changed (LTR-07).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedLetter {
    /// Opaque id; names the stored files.
    pub id: LetterId,
    /// The request it is about.
    pub request: RequestNumber,
    /// What it tells of it.
    #[serde(default)]
    pub about: letters::About,
    /// Which decision on the request, or which request for information, it tells.
    #[serde(default = "first")]
    pub number: u32,
    /// Who reads it.
    pub audience: Audience,
    /// The language that it is written in, as BCP 47.
    #[serde(default = "english")]
    pub language: String,
    /// Its print.
    #[serde(default)]
    pub format: Format,
    /// When it was issued.
    pub at: Timestamp,
    /// Pages.
    pub pages: u32,
    /// SHA-256 of the PDF in hex.
    pub sha256: String,
    /// Size of the PDF in bytes.
    pub bytes: u64,
    /// Version of the contract whose texts it has.
    pub contract_version: String,
    /// Which versions of its files were issued: links lead to these, whatever is written under their names later.
    #[serde(default)]
    pub files: LetterFiles,
    /// To whom it goes, as it stands on it: what mails it reads this, and not what the case keeps. None of those issued before this
    /// was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<letters::Addressed>,
}

fn english() -> String {
    letters::Language::English.code().to_owned()
}

/// The versions of a letter's files, where the bucket keeps versions.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterFiles {
    /// As people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf: Option<String>,
    /// As a fax machine takes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiff: Option<String>,
}

/// A note on a case (CASE-22).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// Sorts by time.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// What was written.
    pub text: String,
    /// The request that it was added to, where it was after submit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestNumber>,
    /// What it goes with.
    #[serde(default)]
    pub of: NoteType,
}

impl Transaction {
    /// Saves a changed case with what happened and what was decided, its worklist entry and its place in the groups' lists. Refused with
    /// [`Guard::Version`] when the stored case is not the one that was changed.
    ///
    /// # Errors
    /// When something cannot be written as an item.
    pub fn case(
        &mut self,
        table: &Table,
        change: &Change,
        calendar: &Calendar,
        by: &Actor,
    ) -> Result<Vec<Event>, Error> {
        let Change { case, events, determination } = change;
        self.put_version(table, item(&Key::case(case.key), "case", case)?, case.version);
        if let Some(made) = determination {
            let key = Key::determination(case.key, made.request, made.number);
            self.put_new(table, item(&key, "determination", made)?, Guard::Version);
        }
        let mut saved = Vec::new();
        for kind in events {
            saved.push(self.event(table, About::Case(case.key), by.clone(), kind.clone(), case.changed_at)?);
        }
        let Some(summary) = CaseSummary::of(case, calendar) else { return Ok(saved) };
        let day = calendar.time_zone.date_at(case.created_at);
        for place in list_keys(case, day) {
            self.put(table, item(&place, "summary", &summary)?);
        }
        if case.submission.is_none() {
            self.draft_in_line(table, case, calendar)?;
        }
        // Several requests of a case may be open: another look at one, and a change of what is authorized.
        for request in case.requests.iter().filter(|_| case.submission.is_some()) {
            let summary = CaseSummary::of_request(case, request, calendar);
            let work = Key::work(case.key, summary.request);
            let shard = key::work_shard(case.key);
            let place = match (summary.queue, summary.waits_until, summary.talk) {
                (Some(queue), ..) => Some((key::work_partition(&case.contract, queue, shard), summary.due)),
                (None, Some(until), _) => {
                    let partition = match request.awaits_coverage() {
                        Some(_) => key::eligibility_partition(&case.contract, shard),
                        None => key::pended_partition(shard),
                    };
                    Some((partition, Some(until)))
                }
                // A conversation is a physician's.
                (None, None, Some(time)) => {
                    Some((key::work_partition(&case.contract, Queue::Physician, shard), Some(time)))
                }
                (None, None, None) => None,
            };
            match place {
                Some((partition, due)) => {
                    let mut entry = item(&work, "work", &summary)?;
                    entry.insert("work".to_owned(), AttributeValue::S(partition));
                    let due = key::work_due(due, case.key, summary.request);
                    entry.insert("workDue".to_owned(), AttributeValue::S(due));
                    self.put(table, entry);
                }
                None => self.delete(table, &work),
            }
            self.expiry(table, case, request, calendar)?;
        }
        self.messages_on_worklist(table, case, calendar)?;
        Ok(saved)
    }

    /// Gives the case its number: refused with [`Guard::New`] if another case had it.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn case_number(&mut self, table: &Table, id: &CaseId, key: CaseKey) -> Result<(), Error> {
        self.put_new(table, item(&Key::number(id), "number", &key)?, Guard::New);
        Ok(())
    }

    /// Saves a document as awaited, or its check: `before` is the state that must still be stored.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn document(&mut self, table: &Table, case: CaseKey, document: &Document, version: u64) -> Result<(), Error> {
        self.put_version(table, item(&Key::document(case, document.id), "document", document)?, version);
        Ok(())
    }

    /// Saves a case in which nothing changed that its lists show. Refused with [`Guard::Version`] when the stored case is not the one that was
    /// changed.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn case_alone(&mut self, table: &Table, case: &Case) -> Result<(), Error> {
        self.put_version(table, item(&Key::case(case.key), "case", case)?, case.version);
        Ok(())
    }

    /// Keeps an issued letter; refused with [`Guard::New`] when it was issued before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn letter(&mut self, table: &Table, case: CaseKey, letter: &IssuedLetter) -> Result<(), Error> {
        self.put_new(table, item(&Key::letter(case, letter.id), "letter", letter)?, Guard::New);
        Ok(())
    }

    /// Saves a delivery; `version` is one more than the one that was read, 1 for a new one.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn delivery(&mut self, table: &Table, case: CaseKey, delivery: &Delivery, version: u64) -> Result<(), Error> {
        let mut stored = item(&Key::delivery(case, delivery.letter), "delivery", delivery)?;
        if let Some(due) = delivery.report_by() {
            let partition = key::fax_partition(key::fax_shard(case));
            stored.insert("work".to_owned(), AttributeValue::S(partition));
            stored.insert("workDue".to_owned(), AttributeValue::S(key::fax_due(due, delivery.letter)));
        }
        self.put_version(table, stored, version);
        Ok(())
    }

    /// Saves the answers to a questionnaire, with the case that they are of.
    ///
    /// # Errors
    /// When they cannot be written as an item.
    pub fn answers(&mut self, table: &Table, case: CaseKey, answers: &Answers) -> Result<(), Error> {
        self.put(table, item(&Key::answers(case, &answers.questionnaire), "answers", answers)?);
        Ok(())
    }

    /// Adds a note.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn note(&mut self, table: &Table, case: CaseKey, note: &Note) -> Result<(), Error> {
        self.put_new(table, item(&Key::note(case, note.id), "note", note)?, Guard::New);
        Ok(())
    }
}

impl Table {
    /// A case with what hangs on it, notes aside: for whoever shows it, or writes its letters. An action that changes it
    /// reads [`Table::case`] and no more than it needs beside.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn case_file(&self, key: CaseKey) -> Result<Option<CaseFile>, Error> {
        let mut case = None;
        let (mut determinations, mut documents, mut letters) = (Vec::<Determination>::new(), vec![], vec![]);
        let (mut deliveries, mut held, mut answers, mut editing) = (vec![], vec![], vec![], None);
        // Notes sort behind everything else, and are read page by page.
        for item in self.between(&Key::case(key).pk, ("CASE", "CASE#M")).await? {
            match sort_key(&item).split('#').nth(1) {
                None => case = Some(body(item, "case")?),
                Some("DETERMINATION") => determinations.push(body(item, "determination")?),
                Some("DOC") => documents.push(body(item, "document")?),
                Some("LETTER") => letters.push(body(item, "letter")?),
                Some("DELIVERY") => deliveries.push(body(item, "delivery")?),
                Some("ANSWERS") => answers.push(body(item, "answers")?),
                Some("EDITING") => editing = Some(body(item, "editing")?),
                Some("HELD") => held.push(body(item, "held")?),
                Some(_) => {}
            }
        }
        determinations.sort_by_key(|made| (made.request, made.number));
        Ok(case.map(|case| CaseFile { case, determinations, documents, letters, deliveries, held, answers, editing }))
    }

    /// The documents of a case, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn documents(&self, key: CaseKey) -> Result<Vec<Document>, Error> {
        self.partition(&Key::case(key).pk, "CASE#DOC#").await?.into_iter().map(|item| body(item, "document")).collect()
    }

    /// The documents of a case and what was answered: all that stands beside it and that a submit looks at.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn beside(&self, key: CaseKey) -> Result<(Vec<Document>, Vec<Answers>), Error> {
        let pk = Key::case(key).pk;
        let (documents, answers) = futures::join!(self.documents(key), self.partition(&pk, "CASE#ANSWERS#"));
        let answers = answers?.into_iter().map(|item| body(item, "answers")).collect::<Result<_, _>>()?;
        Ok((documents?, answers))
    }

    /// The letters of a case, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn letters(&self, key: CaseKey) -> Result<Vec<IssuedLetter>, Error> {
        let items = self.partition(&Key::case(key).pk, "CASE#LETTER#").await?;
        let mut letters: Vec<IssuedLetter> =
            items.into_iter().map(|item| body(item, "letter")).collect::<Result<_, _>>()?;
        letters.sort_by_key(|letter| letter.at);
        Ok(letters)
    }

    /// A letter of a case.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn letter(&self, key: CaseKey, id: LetterId) -> Result<Option<IssuedLetter>, Error> {
        self.get(&Key::letter(key, id), "letter").await
    }

    /// How many notes a case has.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn count_notes(&self, key: CaseKey) -> Result<usize, Error> {
        self.how_many(&Key::case(key).pk, "CASE#NOTE#").await
    }

    /// A page of the notes of a case: the last ones before `before`, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn notes_before(
        &self,
        key: CaseKey,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Earlier<Note>, Error> {
        let before = before.map(|id| Key::note(key, id).sk);
        let items = self.page_before_now(&Key::case(key).pk, "CASE#NOTE#", before.as_deref(), asked(limit)).await?;
        Earlier::of(items, before.as_deref(), limit, |item| body(item, "note").map(Some))
    }

    /// The case of this number, by which people track it (CASE-24).
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn case_key(&self, id: &CaseId) -> Result<Option<CaseKey>, Error> {
        self.get(&Key::number(id), "number").await
    }

    /// A case by itself.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn case(&self, key: CaseKey) -> Result<Option<Case>, Error> {
        self.get(&Key::case(key), "case").await
    }

    /// What happened to a case or a user, oldest first. What a later release has written, while this one still runs, is
    /// left out.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn events(&self, about: &About) -> Result<Vec<Event>, Error> {
        let items = self.partition(&key::events_of(about), "evt_").await?;
        items.iter().filter(|item| read_item(item) != Stored::UnknownKind).map(event_of).collect()
    }

    /// A page of what happened: the last events before `before`, oldest first. What a later release has written is left out.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn events_before(
        &self,
        about: &About,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Earlier<Event>, Error> {
        let before = before.map(|id| Key::event(about, id).sk);
        let items = self.page_before_now(&key::events_of(about), "evt_", before.as_deref(), asked(limit)).await?;
        let read = |item| (read_item(&item) != Stored::UnknownKind).then(|| event_of(&item)).transpose();
        Earlier::of(items, before.as_deref(), limit, read)
    }

    /// A document with the version that a change of it must follow.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn document(
        &self,
        key: CaseKey,
        id: portico_domain::id::DocumentId,
    ) -> Result<Option<(Document, u64)>, Error> {
        self.versioned(&Key::document(key, id), "document").await
    }

    /// A delivery with the version that a change of it must follow.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn delivery(&self, key: CaseKey, letter: LetterId) -> Result<Option<(Delivery, u64)>, Error> {
        self.versioned(&Key::delivery(key, letter), "delivery").await
    }

    pub(super) async fn versioned<T: serde::de::DeserializeOwned>(
        &self,
        key: &Key,
        what: &'static str,
    ) -> Result<Option<(T, u64)>, Error> {
        let Some(item) = self.get_raw(key).await? else { return Ok(None) };
        let version = item.get("version").and_then(|n| n.as_n().ok()).and_then(|n| n.parse().ok()).unwrap_or(0);
        Ok(Some((body(item, what)?, version)))
    }

    /// The next number of a day's Case IDs. A number that is drawn is never drawn again, also when its submit then loses
    /// a race: that leaves a gap, never a double.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn draw_case_id(&self, day: Date) -> Result<CaseId, Error> {
        Ok(CaseId::new(day, self.draw(&CaseId::day_prefix(day)).await?))
    }

    /// The next number of a counter.
    pub(super) async fn draw(&self, counter: &str) -> Result<u64, Error> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(Key::sequence(counter).attributes()))
            .update_expression("ADD drawn :one")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(Error::of)?;
        let drawn = answer.attributes.as_ref().and_then(|a| a.get("drawn")).and_then(|n| n.as_n().ok());
        drawn.and_then(|n| n.parse().ok()).ok_or_else(|| Error::Corrupt("sequence", "no number".into()))
    }
}

/// Part of something that is read from its end, oldest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Earlier<T> {
    /// The part.
    pub items: Vec<T>,
    /// Whether there is more before it.
    pub more: bool,
}

impl<T> Earlier<T> {
    /// What was read from its end, as [`Table::page_before`] gives it; the item `before` itself may be among it.
    fn of(
        items: Vec<Attributes>,
        before: Option<&str>,
        limit: usize,
        read: impl Fn(Attributes) -> Result<Option<T>, Error>,
    ) -> Result<Self, Error> {
        let mut items: Vec<Attributes> = items.into_iter().filter(|item| Some(sort_key(item)) != before).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        items.reverse();
        Ok(Self { items: items.into_iter().filter_map(|item| read(item).transpose()).collect::<Result<_, _>>()?, more })
    }
}

/// How many items are asked for to show `limit`: one more tells that there are more, and one may be the last of the page
/// before.
fn asked(limit: usize) -> i32 {
    i32::try_from(limit).unwrap_or(i32::MAX - 2) + 2
}
