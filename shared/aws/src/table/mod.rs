//! The table: one DynamoDB table, one file per kind of item, every write a transaction.

pub mod accounts;
pub mod alerts;
pub mod audit;
pub mod cases;
pub mod chain;
pub mod contracts;
pub mod delivery;
pub mod due;
pub mod events;
pub mod feeds;
pub mod fhir;
pub mod groups;
pub mod idempotency;
pub mod kept;
pub mod key;
mod over;
mod packs;
pub mod people;
pub mod reports;
pub mod reviews;
mod size;
pub mod staff;
mod transaction;

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::query::builders::QueryFluentBuilder,
    types::{AttributeValue, Select},
};
use jiff::Timestamp;
use portico_domain::events::Event;
use serde::{Serialize, de::DeserializeOwned};

pub use key::Key;
pub use transaction::Transaction;

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

impl Table {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name, contracts: packs::Cache::default() }
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

    /// A page of a partition in its order: at most `limit` items of those whose sort keys are between two, after the sort key `after`.
    pub(crate) async fn page_after(
        &self,
        pk: &str,
        (from, to): (&str, &str),
        after: Option<&str>,
        limit: i32,
    ) -> Result<Vec<Attributes>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            // The next text after one is that with the lowest character behind it.
            .expression_attribute_values(
                ":low",
                AttributeValue::S(after.map_or_else(|| from.to_owned(), |after| format!("{after} "))),
            )
            .expression_attribute_values(":high", AttributeValue::S(to.to_owned()))
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
