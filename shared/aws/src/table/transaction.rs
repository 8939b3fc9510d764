//! Writes that happen together or not at all.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem},
};
use jiff::{Timestamp, ToSpan};
use portico_domain::events::{About, Actor, Event, EventKind};

use crate::{
    clock,
    pause::Pause,
    table::{Attributes, Error, Guard, Key, Table, expires, key, size},
};

/// Writes that happen together or not at all.
#[derive(Debug, Default)]
pub struct Transaction {
    writes: Vec<(TransactWriteItem, Guard)>,
}

impl Transaction {
    /// No writes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.writes.len()
    }

    /// Takes over the writes of another.
    pub(crate) fn append(&mut self, other: Self) {
        self.writes.extend(other.writes);
    }

    /// Puts an item in place of one whose body is `before`; `None`: in place of none.
    pub(crate) fn put_over(&mut self, table: &Table, item: Attributes, before: Option<AttributeValue>, guard: Guard) {
        let Some(before) = before else { return self.put_new(table, item, guard) };
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(item))
            .condition_expression("body = :before")
            .expression_attribute_values(":before", before)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_put(put).build(), guard);
    }

    pub(crate) fn put(&mut self, table: &Table, item: Attributes) {
        self.push(TransactWriteItem::builder().set_put(table.put_of(item, None)).build(), Guard::Nothing);
    }

    pub(crate) fn put_new(&mut self, table: &Table, item: Attributes, guard: Guard) {
        let put = table.put_of(item, Some("attribute_not_exists(pk)"));
        self.push(TransactWriteItem::builder().set_put(put).build(), guard);
    }

    /// Puts an item whose stored version must be one less than `version`; version 1 must be new.
    pub(crate) fn put_version(&mut self, table: &Table, mut item: Attributes, version: u64) {
        item.insert("version".to_owned(), AttributeValue::N(version.to_string()));
        let put = if version <= 1 {
            table.put_of(item, Some("attribute_not_exists(pk)"))
        } else {
            Put::builder()
                .table_name(&table.name)
                .set_item(Some(item))
                .condition_expression("version = :before")
                .expression_attribute_values(":before", AttributeValue::N((version - 1).to_string()))
                .build()
                .ok()
        };
        self.push(TransactWriteItem::builder().set_put(put).build(), Guard::Version);
    }

    pub(crate) fn delete(&mut self, table: &Table, key: &Key) {
        let delete = Delete::builder().table_name(&table.name).set_key(Some(key.attributes())).build().ok();
        self.push(TransactWriteItem::builder().set_delete(delete).build(), Guard::Nothing);
    }

    pub(crate) fn check_exists(&mut self, table: &Table, key: &Key) {
        let check = ConditionCheck::builder()
            .table_name(&table.name)
            .set_key(Some(key.attributes()))
            .condition_expression("attribute_exists(pk)")
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_condition_check(check).build(), Guard::New);
    }

    /// What happened: reaches the queues from the stream. An event that gives tasks stands in the outbox until they are in
    /// their queues.
    ///
    /// # Errors
    /// When the event cannot be written as JSON.
    pub fn event(
        &mut self,
        table: &Table,
        about: About,
        by: Actor,
        kind: EventKind,
        at: Timestamp,
    ) -> Result<Event, Error> {
        let event = Event { id: portico_domain::id::EventId::new(clock::new_uuid()), at, by, about, kind };
        let text = serde_json::to_string(&event).map_err(|error| Error::Corrupt("event", error.into()))?;
        let place = Key::event(&event.about, event.id);
        let mut item = place.attributes();
        item.insert("entity".to_owned(), AttributeValue::S("event".to_owned()));
        item.insert("event".to_owned(), AttributeValue::S(text));
        if let Some(until) = event.kind.kept_for().and_then(|hours| at.checked_add(hours.hours()).ok()) {
            item.insert("expires".to_owned(), expires(until));
        }
        self.put_new(table, item, Guard::New);
        if !event.tasks().is_empty() {
            self.put_new(table, key::outbox_marker(&place, event.id), Guard::New);
        }
        Ok(event)
    }

    pub(super) fn push(&mut self, write: TransactWriteItem, guard: Guard) {
        self.writes.push((write, guard));
    }
}

impl Table {
    /// Writes all or nothing. A transaction that meets another one or is throttled is tried again a few times.
    ///
    /// # Errors
    /// [`Error::TooLarge`] before anything is sent, when it is more than the service takes.
    /// [`Error::Refused`] names the guards that did not hold.
    pub async fn commit(&self, transaction: Transaction) -> Result<(), Error> {
        size::check(transaction.writes.iter().map(|(write, _)| write))?;
        let (mut items, mut guards): (Vec<_>, Vec<_>) = transaction.writes.into_iter().unzip();
        let mut pause = Pause::short();
        loop {
            let error = match self.client.transact_write_items().set_transact_items(Some(items.clone())).send().await {
                Ok(_) => return Ok(()),
                Err(error) => refusal(error, &guards),
            };
            if matches!(&error, Error::Refused(refused) if refused.iter().all(|guard| *guard == Guard::Try)) {
                (items, guards) = items.into_iter().zip(guards).filter(|(_, guard)| *guard != Guard::Try).unzip();
                if items.is_empty() {
                    return Ok(());
                }
                continue;
            }
            if !error.passes() || !pause.again().await {
                return Err(error);
            }
        }
    }

    /// The builders fail only without a table name or a key, and both are always given.
    pub(super) fn put_of(&self, item: Attributes, condition: Option<&str>) -> Option<Put> {
        Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .set_condition_expression(condition.map(ToOwned::to_owned))
            .build()
            .ok()
    }
}

fn refusal<R: std::fmt::Debug + Send + Sync + 'static>(
    error: SdkError<TransactWriteItemsError, R>,
    guards: &[Guard],
) -> Error {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return Error::of(error);
    };
    let codes: Vec<&str> =
        cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None")).collect();
    let refused: Vec<Guard> = codes
        .iter()
        .zip(guards)
        .filter(|(code, _)| **code == "ConditionalCheckFailed")
        .map(|(_, guard)| *guard)
        .collect();
    if !refused.is_empty() {
        Error::Refused(refused)
    } else if codes.contains(&"TransactionConflict") {
        Error::Busy
    } else if codes.iter().any(|code| code.contains("Throttl") || code.contains("ThroughputExceeded")) {
        Error::Throttled
    } else {
        Error::Unavailable(error.into())
    }
}
