//! The table: one DynamoDB table, one file per kind of item, every write a transaction.

pub mod accounts;
pub mod audit;
pub mod cases;
pub mod contracts;
pub mod delivery;
mod due;
pub mod feeds;
pub mod groups;
pub mod idempotency;
pub mod kept;
pub mod key;
mod packs;
pub mod people;
pub mod reviews;
mod size;
pub mod staff;

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{query::builders::QueryFluentBuilder, transact_write_items::TransactWriteItemsError},
    types::{AttributeValue, ConditionCheck, Delete, Put, Select, TransactWriteItem},
};
use jiff::{Timestamp, ToSpan};
use portico_domain::events::{About, Actor, Event, EventKind};
use serde::{Serialize, de::DeserializeOwned};

use crate::{clock, pause::Pause};
pub use key::Key;

pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// The table.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) client: Client,
    pub(crate) name: String,
    contracts: packs::Cache,
}

/// Why the table did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A condition did not hold: which, in the order of the transaction.
    #[error("a condition of the write did not hold: {0:?}")]
    Refused(Vec<Guard>),
    /// Too many calls: try again later.
    #[error("the table is throttled")]
    Throttled,
    /// Two transactions touched the same item at the same time: try again.
    #[error("another write was under way")]
    Busy,
    /// More than can be saved in one step, or in one piece: the same again fails again.
    #[error("a write is larger than the table takes: {0}")]
    TooLarge(String),
    /// An item that this version cannot read.
    #[error("the stored {0} cannot be read")]
    Corrupt(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer in time: it may be done or not.
    #[error("the table did not answer in time")]
    Unanswered(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    #[error("the table is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a condition of a transaction guards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guard {
    /// The item is as it was read.
    Version,
    /// The idempotency key is new.
    Idempotency,
    /// The item is new: a username, a registration, a consumer's work.
    New,
    /// Another user is as was read: rights and last Group Admins.
    Rights,
    /// A counted try is there to be taken back; when not, the rest is written all the same.
    Try,
    /// Nothing is guarded.
    Nothing,
}

impl Error {
    /// Whether this guard is one that did not hold.
    #[must_use]
    pub fn refused(&self, guard: Guard) -> bool {
        matches!(self, Self::Refused(guards) if guards.contains(&guard))
    }

    /// Whether the same write may well succeed a moment later: nothing of it was done.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Self::Throttled | Self::Busy)
    }

    /// Whether a slower caller may well succeed: what is idempotent can be written once more.
    #[must_use]
    pub fn asks_for_less(&self) -> bool {
        self.passes() || matches!(self, Self::Unanswered(_))
    }

    pub(crate) fn of<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match error.code() {
            Some("ConditionalCheckFailedException") => Self::Refused(vec![Guard::Nothing]),
            Some("ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded") => {
                Self::Throttled
            }
            Some("TransactionConflictException" | "TransactionInProgressException") => Self::Busy,
            _ if matches!(error, SdkError::TimeoutError(_)) => Self::Unanswered(error.into()),
            _ => Self::Unavailable(error.into()),
        }
    }
}

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

    fn push(&mut self, write: TransactWriteItem, guard: Guard) {
        self.writes.push((write, guard));
    }
}

impl Table {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name, contracts: packs::Cache::default() }
    }

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

    /// The item of this key, its body read as `T`.
    pub(crate) async fn get<T: DeserializeOwned>(&self, key: &Key, what: &'static str) -> Result<Option<T>, Error> {
        self.get_raw(key).await?.map(|item| body(item, what)).transpose()
    }

    pub(crate) async fn get_raw(&self, key: &Key) -> Result<Option<Attributes>, Error> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key.attributes())).consistent_read(true);
        Ok(get.send().await.map_err(Error::of)?.item)
    }

    /// All items of a partition whose sort key begins so, in order.
    pub(crate) async fn partition(&self, pk: &str, prefix: &str) -> Result<Vec<Attributes>, Error> {
        self.all(Box::new(self.beginning(pk, prefix))).await
    }

    /// All items of a partition from one sort key to another, in order.
    pub(crate) async fn between(&self, pk: &str, (from, to): (&str, &str)) -> Result<Vec<Attributes>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":from", AttributeValue::S(from.to_owned()))
            .expression_attribute_values(":to", AttributeValue::S(to.to_owned()));
        self.all(Box::new(query)).await
    }

    /// How many items of a partition have a sort key that begins so.
    pub(crate) async fn how_many(&self, pk: &str, prefix: &str) -> Result<usize, Error> {
        let (mut count, mut from) = (0, None);
        loop {
            let query = self.beginning(pk, prefix).select(Select::Count).consistent_read(true);
            let page = query.set_exclusive_start_key(from).send().await.map_err(Error::of)?;
            count += usize::try_from(page.count).unwrap_or_default();
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(count);
            }
        }
    }

    fn beginning(&self, pk: &str, prefix: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
    }

    async fn all(&self, query: Box<QueryFluentBuilder>) -> Result<Vec<Attributes>, Error> {
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            // A query that is kept for its next page is large: it does not lie in every future that waits for it.
            let page = Box::pin(query.clone().consistent_read(true).set_exclusive_start_key(from).send()).await;
            let page = page.map_err(Error::of)?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// The first items of a partition whose sort key begins so, at most `limit`.
    pub(crate) async fn first_of(&self, pk: &str, prefix: &str, limit: i32) -> Result<Vec<Attributes>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()))
            .limit(limit);
        Ok(query.send().await.map_err(Error::of)?.items.unwrap_or_default())
    }

    /// A page of a partition, newest first: at most `limit` items before the sort key `before`.
    pub(crate) async fn page_before(
        &self,
        pk: &str,
        prefix: &str,
        before: Option<&str>,
        limit: i32,
    ) -> Result<Vec<Attributes>, Error> {
        let query = self.ending(pk, prefix, before, limit);
        Ok(query.send().await.map_err(Error::of)?.items.unwrap_or_default())
    }

    /// The same, with what was written a moment ago.
    pub(crate) async fn page_before_now(
        &self,
        pk: &str,
        prefix: &str,
        before: Option<&str>,
        limit: i32,
    ) -> Result<Vec<Attributes>, Error> {
        let query = self.ending(pk, prefix, before, limit).consistent_read(true);
        Ok(query.send().await.map_err(Error::of)?.items.unwrap_or_default())
    }

    fn ending(&self, pk: &str, prefix: &str, before: Option<&str>, limit: i32) -> QueryFluentBuilder {
        let upper = before.map_or_else(|| format!("{prefix}~"), ToOwned::to_owned);
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .expression_attribute_values(":low", AttributeValue::S(prefix.to_owned()))
            .expression_attribute_values(":high", AttributeValue::S(upper))
            .scan_index_forward(false)
            .limit(limit)
    }

    /// The builders fail only without a table name or a key, and both are always given.
    fn put_of(&self, item: Attributes, condition: Option<&str>) -> Option<Put> {
        Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .set_condition_expression(condition.map(ToOwned::to_owned))
            .build()
            .ok()
    }

    /// Puts one item under a key that is new by its making: written once, never over anything. When the answer to a try
    /// was lost, the next one finds the item there, which is as good.
    pub(crate) async fn put_once(&self, item: Attributes) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item));
        match put.condition_expression("attribute_not_exists(pk)").send().await.map_err(Error::of) {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Puts one item, no condition, no transaction: for what may be written over.
    pub(crate) async fn put_alone(&self, item: Attributes) -> Result<(), Error> {
        size::check_item(&item)?;
        self.client.put_item().table_name(&self.name).set_item(Some(item)).send().await.map_err(Error::of)?;
        Ok(())
    }
}

/// An item: key, kind, format version and body.
pub(crate) fn item<T: Serialize>(key: &Key, what: &'static str, value: &T) -> Result<Attributes, Error> {
    let corrupt = |error: serde_dynamo::Error| Error::Corrupt(what, error.into());
    let mut item = key.attributes();
    item.insert("entity".to_owned(), AttributeValue::S(what.to_owned()));
    item.insert("v".to_owned(), AttributeValue::N("1".to_owned()));
    item.insert("body".to_owned(), serde_dynamo::to_attribute_value(value).map_err(corrupt)?);
    Ok(item)
}

/// The body of an item that [`item`] made. An item of a later format is an error, not a guess.
pub(crate) fn body<T: DeserializeOwned>(mut item: Attributes, what: &'static str) -> Result<T, Error> {
    if item.get("v").and_then(|v| v.as_n().ok()).is_none_or(|v| v != "1") {
        return Err(Error::Corrupt(what, "format version".into()));
    }
    let body = item.remove("body").ok_or_else(|| Error::Corrupt(what, "no body".into()))?;
    serde_dynamo::from_attribute_value(body).map_err(|error| Error::Corrupt(what, error.into()))
}

/// The event of an item.
pub(crate) fn event_of(item: &Attributes) -> Result<Event, Error> {
    let text = item.get("event").and_then(|event| event.as_s().ok()).map_or("", String::as_str);
    serde_json::from_str(text).map_err(|error| Error::Corrupt("event", error.into()))
}

/// The sort key of an item.
pub(crate) fn sort_key(item: &Attributes) -> &str {
    item.get("sk").and_then(|sk| sk.as_s().ok()).map_or("", String::as_str)
}

/// Seconds since 1970, as the TTL attribute takes it.
pub(crate) fn expires(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_second().to_string())
}

/// Whether an item's TTL has passed: the service deletes late.
pub(crate) fn is_expired(item: &Attributes, now: Timestamp) -> bool {
    let until = item.get("expires").and_then(|n| n.as_n().ok()).and_then(|n| n.parse::<i64>().ok());
    until.is_some_and(|until| until <= now.as_second())
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
