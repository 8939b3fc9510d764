//! Cases, and what hangs on them: documents, letters, deliveries, events, worklist entries.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    calendar::Calendar,
    case::{Case, Change},
    delivery::Delivery,
    document::Document,
    event::{About, Actor, Event},
    id::{CaseId, CaseKey, EventId, LetterId, RequestNumber, Username},
    letter::Audience,
};
use serde::{Deserialize, Serialize};

use super::{
    Error, Guard, Key, Table, Transaction, body, event_of, item, key,
    lists::{CaseSummary, list_keys},
    sort_key,
};

/// A case with everything that hangs on it, read in one call.
#[derive(Clone, PartialEq, Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// Documents, oldest first.
    pub documents: Vec<Document>,
    /// Issued letters.
    pub letters: Vec<IssuedLetter>,
    /// How each letter was brought to its reader.
    pub deliveries: Vec<Delivery>,
    /// Letters that lack elements.
    pub held: Vec<HeldLetter>,
    /// Notes, oldest first.
    pub notes: Vec<Note>,
}

/// A letter as it was issued; never changed (LTR-07).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedLetter {
    /// Opaque id; names the stored files.
    pub id: LetterId,
    /// The request it is about.
    pub request: RequestNumber,
    /// Who reads it.
    pub audience: Audience,
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
}

/// A letter that lacks required elements and waits for repair (LTR-04).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeldLetter {
    /// The id it will have.
    pub id: LetterId,
    /// The request it is about.
    pub request: RequestNumber,
    /// Who would read it.
    pub audience: Audience,
    /// Since when.
    pub at: Timestamp,
    /// The missing elements by name.
    pub missing: Vec<String>,
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
}

impl Transaction {
    /// Saves a changed case with what happened, its worklist entry and its place in the groups' lists. Refused with
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
        let Change { case, events } = change;
        self.put_version(table, item(&Key::case(case.key), "case", case)?, case.version);
        let mut saved = Vec::new();
        for kind in events {
            saved.push(self.event(table, About::Case(case.key), by.clone(), kind.clone(), case.changed_at)?);
        }
        let Some(summary) = CaseSummary::of(case, calendar) else { return Ok(saved) };
        let day = calendar.time_zone.date_at(case.created_at);
        for place in list_keys(case, day) {
            self.put(table, item(&place, "summary", &summary)?);
        }
        if case.submission.is_some() {
            let work = Key::work(case.key, summary.request);
            match summary.queue {
                Some(queue) => {
                    let mut entry = item(&work, "work", &summary)?;
                    let partition = key::work_partition(&case.contract, queue, key::work_shard(case.key));
                    entry.insert("work".to_owned(), AttributeValue::S(partition));
                    let due = key::work_due(summary.due, case.key, summary.request);
                    entry.insert("workDue".to_owned(), AttributeValue::S(due));
                    self.put(table, entry);
                }
                None => self.delete(table, &work),
            }
        }
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

    /// Keeps an issued letter; refused with [`Guard::New`] when it was issued before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn letter(&mut self, table: &Table, case: CaseKey, letter: &IssuedLetter) -> Result<(), Error> {
        self.put_new(table, item(&Key::letter(case, letter.id), "letter", letter)?, Guard::New);
        Ok(())
    }

    /// Takes a letter off the repair list: it is issued in the same transaction.
    pub fn repaired_letter(&mut self, table: &Table, case: CaseKey, letter: LetterId) {
        self.delete(table, &Key::held(case, letter));
    }

    /// Keeps a letter for repair; refused with [`Guard::New`] when it is kept already.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn held_letter(&mut self, table: &Table, case: CaseKey, letter: &HeldLetter) -> Result<(), Error> {
        self.put_new(table, item(&Key::held(case, letter.id), "held", letter)?, Guard::New);
        Ok(())
    }

    /// Saves a delivery; `version` is one more than the one that was read, 1 for a new one.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn delivery(&mut self, table: &Table, case: CaseKey, delivery: &Delivery, version: u64) -> Result<(), Error> {
        self.put_version(table, item(&Key::delivery(case, delivery.letter), "delivery", delivery)?, version);
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
    /// A case with everything that hangs on it.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn case_file(&self, key: CaseKey) -> Result<Option<CaseFile>, Error> {
        let mut case = None;
        let (mut documents, mut letters, mut deliveries, mut held, mut notes) =
            (vec![], vec![], vec![], vec![], vec![]);
        for item in self.partition(&Key::case(key).pk, "CASE").await? {
            match sort_key(&item).split('#').nth(1) {
                None => case = Some(body(item, "case")?),
                Some("DOC") => documents.push(body(item, "document")?),
                Some("LETTER") => letters.push(body(item, "letter")?),
                Some("DELIVERY") => deliveries.push(body(item, "delivery")?),
                Some("HELD") => held.push(body(item, "held")?),
                Some("NOTE") => notes.push(body(item, "note")?),
                Some(_) => {}
            }
        }
        Ok(case.map(|case| CaseFile { case, documents, letters, deliveries, held, notes }))
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

    /// What happened to a case, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn events(&self, about: &About) -> Result<Vec<Event>, Error> {
        self.partition(&key::events_of(about), "evt_").await?.iter().map(event_of).collect()
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
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(Key::sequence(&CaseId::day_prefix(day)).attributes()))
            .update_expression("ADD drawn :one")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(Error::of)?;
        let drawn = answer.attributes.as_ref().and_then(|a| a.get("drawn")).and_then(|n| n.as_n().ok());
        let sequence =
            drawn.and_then(|n| n.parse().ok()).ok_or_else(|| Error::Corrupt("sequence", "no number".into()))?;
        Ok(CaseId::new(day, sequence))
    }
}

