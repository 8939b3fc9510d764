//! What becomes due, in the index `work`: a sweep reads a page of one partition, longest due first.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::{Attributes, Error, Table, key};

impl Table {
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
