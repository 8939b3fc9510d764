//! Counted tries: failures of sign-in in a row, and throttles. A try is counted before it is made, so that many at once
//! cannot pass the limit.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::{Timestamp, ToSpan};

use super::{Error, Key, Table, expires};

impl Table {
    /// Counts a try and gives how many there are now, `None` when `limit` was reached before.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn count_try(&self, what: &str, hash: &str, limit: u32) -> Result<Option<u32>, Error> {
        self.count(&Key::tries(what, hash), limit, None).await
    }

    /// Counts a try within a window of time that begins every `minutes`.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn count_try_within(
        &self,
        what: &str,
        hash: &str,
        limit: u32,
        minutes: u32,
        now: Timestamp,
    ) -> Result<Option<u32>, Error> {
        let seconds = i64::from(minutes.max(1)) * 60;
        let window = now.as_second().div_euclid(seconds);
        let until = now.checked_add((seconds * 2).seconds()).unwrap_or(now);
        self.count(&Key::tries(what, &format!("{hash}#{window}")), limit, Some(until)).await
    }

    /// Forgets the tries: the last one succeeded.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn forget_tries(&self, what: &str, hash: &str) -> Result<(), Error> {
        let key = Key::tries(what, hash).attributes();
        self.client.delete_item().table_name(&self.name).set_key(Some(key)).send().await.map_err(Error::of)?;
        Ok(())
    }

    async fn count(&self, key: &Key, limit: u32, until: Option<Timestamp>) -> Result<Option<u32>, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .condition_expression("attribute_not_exists(tries) OR tries < :limit")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":limit", AttributeValue::N(limit.to_string()))
            .return_values(ReturnValue::UpdatedNew);
        update = match until {
            Some(until) => update
                .update_expression("ADD tries :one SET expires = :until")
                .expression_attribute_values(":until", expires(until)),
            None => update.update_expression("ADD tries :one"),
        };
        match update.send().await.map_err(Error::of) {
            Ok(answer) => {
                let tries = answer.attributes.as_ref().and_then(|a| a.get("tries")).and_then(|n| n.as_n().ok());
                Ok(tries.and_then(|n| n.parse().ok()))
            }
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
