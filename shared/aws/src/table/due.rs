//! What becomes due, and what waits for somebody, in the index `work`: a page of one partition, what is longest due or has waited longest
//! first.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use portico_domain::id::{CaseKey, RequestNumber};
use serde::de::DeserializeOwned;

use super::{Attributes, Error, Table, body, key};

/// A request that waits, or whose time is over; a draft that nobody goes on with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waiting {
    /// The case.
    pub case: CaseKey,
    /// The request.
    pub request: RequestNumber,
    /// Its place in the index: the next page begins after it.
    pub place: String,
}

fn waiting(item: &Attributes) -> Option<Waiting> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let case = text("pk")?.strip_prefix("CASE#")?.parse().ok()?;
    let request = text("sk")?.split_once('#')?.1.parse().ok()?;
    Some(Waiting { case, request, place: text("workDue")?.clone() })
}

impl Table {
    /// A page of what waits in a partition of the index until `until` or before, longest ago first, after a place.
    pub(super) async fn waiting_in(
        &self,
        partition: String,
        after: Option<&str>,
        until: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        Ok(self.due(partition, after, until, limit).await?.iter().filter_map(waiting).collect())
    }

    /// A page of what waits in a partition of the index, each with its place, after a place.
    pub(super) async fn in_line<T: DeserializeOwned>(
        &self,
        partition: String,
        after: Option<&str>,
        limit: u8,
        what: &'static str,
    ) -> Result<Vec<(String, T)>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("work")
            .key_condition_expression("#work = :work AND workDue > :after")
            .expression_attribute_names("#work", "work")
            .expression_attribute_values(":work", AttributeValue::S(partition))
            .expression_attribute_values(":after", AttributeValue::S(after.unwrap_or("0").to_owned()))
            .limit(i32::from(limit));
        let items = query.send().await.map_err(Error::of)?.items.unwrap_or_default();
        let read = |item: Attributes| {
            let place = item.get("workDue").and_then(|due| due.as_s().ok()).cloned().unwrap_or_default();
            Ok((place, body(item, what)?))
        };
        items.into_iter().map(read).collect()
    }

    /// A page of what is due by `now` in a partition of the index, after a place.
    pub(super) async fn due(
        &self,
        partition: String,
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Attributes>, Error> {
        let text = |text: String| AttributeValue::S(text);
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("work")
            .key_condition_expression("#work = :work AND workDue BETWEEN :after AND :now")
            .expression_attribute_names("#work", "work")
            .expression_attribute_values(":work", text(partition))
            // Nothing sorts between a place and the same place with a blank behind it.
            .expression_attribute_values(":after", text(after.map_or_else(|| "0".to_owned(), |at| format!("{at} "))))
            .expression_attribute_values(":now", text(key::due_by(now)))
            .limit(limit);
        Ok(query.send().await.map_err(Error::of)?.items.unwrap_or_default())
    }
}
