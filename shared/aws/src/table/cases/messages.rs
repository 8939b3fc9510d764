//! Messages of a case, and how far each person has read them (ACT-09).

use aws_sdk_dynamodb::types::AttributeValue;
use portico_domain::{
    calendar::Calendar,
    cases::{Case, message::Message},
    id::{CaseKey, EventId, Username},
    status::Queue,
};

use super::{Earlier, asked, lists::CaseSummary};
use crate::table::{Error, Guard, Key, Table, Transaction, body, item, key};

impl Transaction {
    /// Adds a message.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn message(&mut self, table: &Table, case: CaseKey, message: &Message) -> Result<(), Error> {
        self.put_new(table, item(&Key::message(case, message.id), "message", message)?, Guard::New);
        Ok(())
    }

    /// Keeps that a person has read the messages up to one.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn messages_read(
        &mut self,
        table: &Table,
        (case, by): (CaseKey, &Username),
        up_to: EventId,
    ) -> Result<(), Error> {
        self.put(table, item(&Key::messages_read(case, by), "read", &up_to)?);
        Ok(())
    }

    /// Messages of a case that waits for no reviewer, as of one that is decided, stand on the nurses' worklist until one reads
    /// them; else they stand with the request.
    pub(super) fn messages_on_worklist(
        &mut self,
        table: &Table,
        case: &Case,
        calendar: &Calendar,
    ) -> Result<(), Error> {
        let place = Key::work_of_messages(case.key);
        let waits = case.requests.iter().any(|request| request.queue().is_some());
        let unread = case.unread.filter(|_| !waits && case.submission.is_some());
        let Some((unread, summary)) = unread.zip(CaseSummary::of(case, calendar)) else {
            if case.submission.is_some() {
                self.delete(table, &place);
            }
            return Ok(());
        };
        // No decision is due by it.
        let summary = CaseSummary { due: None, talk: None, ..summary };
        let mut entry = item(&place, "work", &summary)?;
        let partition = key::work_partition(&case.contract, Queue::Nurse, key::work_shard(case.key));
        entry.insert("work".to_owned(), AttributeValue::S(partition));
        let since = key::work_due(Some(unread.since), case.key, summary.request);
        entry.insert("workDue".to_owned(), AttributeValue::S(since));
        self.put(table, entry);
        Ok(())
    }
}

impl Table {
    /// A page of the messages of a case: the last ones before `before`, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn messages_before(
        &self,
        case: CaseKey,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Earlier<Message>, Error> {
        let before = before.map(|id| Key::message(case, id).sk);
        let items = self.page_before_now(&Key::case(case).pk, "MESSAGE#", before.as_deref(), asked(limit)).await?;
        Earlier::of(items, before.as_deref(), limit, |item| body(item, "message").map(Some))
    }

    /// Whether the case has this message.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn has_message(&self, case: CaseKey, id: EventId) -> Result<bool, Error> {
        Ok(self.get_raw(&Key::message(case, id)).await?.is_some())
    }

    /// The last message of a case that a person has read.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn last_message_read(&self, case: CaseKey, by: &Username) -> Result<Option<EventId>, Error> {
        self.get(&Key::messages_read(case, by), "read").await
    }
}
