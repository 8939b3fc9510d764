//! Counted tries: failures of sign-in in a row, and throttles. A try is counted before it is made, so that many at once
//! cannot pass the limit.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, TransactWriteItem, Update};
use jiff::{Timestamp, ToSpan};
use portico_domain::accounts::tries::Tries;

use crate::pause::Pause;
use crate::table::{Attributes, Error, Guard, Key, Table, Transaction, expires};

/// A limit of tries within windows of time that follow each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Throttle {
    /// What is tried.
    pub what: &'static str,
    /// How often within a window.
    pub limit: u32,
    /// How long a window is.
    pub minutes: u32,
}

impl Throttle {
    /// Seconds until the window that is open at `now` ends.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> u32 {
        let left = self.seconds() - now.as_second().rem_euclid(self.seconds());
        u32::try_from(left).unwrap_or(u32::MAX)
    }

    fn seconds(&self) -> i64 {
        i64::from(self.minutes.max(1)) * 60
    }

    fn key(&self, hash: &str, at: Timestamp) -> Key {
        let window = at.as_second().div_euclid(self.seconds());
        Key::tries(self.what, &format!("{hash}#{window}"))
    }
}

impl Table {
    /// Counts a try that begins and gives what is counted with it. Whose limit it is need not be known yet: of many at once
    /// each gets another number, and only those up to the limit may be made. What is counted is forgotten at `until`.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn begin_try(&self, at: &Key, now: Timestamp, until: Option<Timestamp>) -> Result<Tries, Error> {
        let keep = if until.is_some() { ", expires = :until" } else { "" };
        let mut update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(at.attributes()))
            .update_expression(format!("SET #before = if_not_exists(#at, :now), #at = :now{keep} ADD tries :one"))
            .expression_attribute_names("#before", "before")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllNew);
        if let Some(until) = until {
            update = update.expression_attribute_values(":until", expires(until));
        }
        update.send().await.map_err(Error::of).map(|answer| counted(&answer.attributes.unwrap_or_default()))
    }

    /// Counts a failure; gives how many there are now.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn fail_try(&self, at: &Key) -> Result<u32, Error> {
        let update = self.client.update_item().table_name(&self.name).set_key(Some(at.attributes()));
        let update = update.update_expression("ADD failed :one").return_values(ReturnValue::AllNew);
        let update = update.expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        let answer = update.send().await.map_err(Error::of)?;
        Ok(counted(&answer.attributes.unwrap_or_default()).failed)
    }

    /// Forgets tries that were begun and lost: what is left are the failures and the one that has just begun.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn begin_anew(&self, at: &Key, failed: u32) -> Result<(), Error> {
        let update = self.client.update_item().table_name(&self.name).set_key(Some(at.attributes()));
        let begun = AttributeValue::N(failed.saturating_add(1).to_string());
        let update = update.update_expression("SET tries = :begun").expression_attribute_values(":begun", begun);
        update.send().await.map_err(Error::of)?;
        Ok(())
    }

    /// Counts a try within the window that is open now.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn count_try_within(
        &self,
        throttle: &Throttle,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<u32>, Error> {
        let until = now.checked_add((throttle.seconds() * 2).seconds()).unwrap_or(now);
        self.count(&throttle.key(hash, now), throttle.limit, Some(until)).await
    }

    /// Takes back a try counted in the window that was open at `counted`.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn give_back_try_within(&self, throttle: &Throttle, hash: &str, counted: Timestamp) -> Result<(), Error> {
        self.give_back(&throttle.key(hash, counted)).await
    }

    /// Forgets the tries of a name that nobody has.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn forget_tries(&self, at: &Key) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.name).set_key(Some(at.attributes()));
        delete.send().await.map_err(Error::of)?;
        Ok(())
    }

    /// Takes back a counted try that was none, by itself.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn give_back_try(&self, at: &Key) -> Result<(), Error> {
        let mut pause = Pause::short();
        loop {
            match self.give_back(at).await {
                // Of many at once some meet the transaction of another.
                Err(error) if error.passes() && pause.again().await => {}
                done => return done,
            }
        }
    }

    async fn give_back(&self, key: &Key) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.attributes()))
            .condition_expression("tries > :none")
            .update_expression("ADD tries :less")
            .expression_attribute_values(":none", AttributeValue::N("0".to_owned()))
            .expression_attribute_values(":less", AttributeValue::N("-1".to_owned()));
        match update.send().await.map_err(Error::of) {
            // Somebody has forgotten the tries meanwhile: nothing is left to take back.
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
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

impl Transaction {
    /// Takes back a counted try that turned out to be none, with what it led to. When somebody has forgotten the tries
    /// meanwhile, nothing is left to take back, and the rest is written without it.
    pub fn give_back_try(&mut self, table: &Table, at: &Key) {
        let update = Update::builder()
            .table_name(&table.name)
            .set_key(Some(at.attributes()))
            .condition_expression("tries > :none")
            .update_expression("ADD tries :less")
            .expression_attribute_values(":none", AttributeValue::N("0".to_owned()))
            .expression_attribute_values(":less", AttributeValue::N("-1".to_owned()))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_update(update).build(), Guard::Try);
    }

    /// Forgets counted tries: the last one succeeded, or support lifted the lock.
    pub fn forget_tries(&mut self, table: &Table, at: &Key) {
        self.delete(table, at);
    }
}

fn counted(item: &Attributes) -> Tries {
    let number = |name: &str| item.get(name).and_then(|n| n.as_n().ok()?.parse::<i64>().ok());
    let count = |name: &str| number(name).and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
    let before = number("before").and_then(|at| Timestamp::from_second(at).ok());
    Tries { begun: count("tries"), failed: count("failed"), before }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-02
    #[test]
    fn a_window_ends_when_the_wait_is_over() {
        let throttle = Throttle { what: "pair", limit: 10, minutes: 10 };
        let now: Timestamp = "2026-05-07T15:03:20Z".parse().unwrap();
        let after = now.checked_add(i64::from(throttle.wait(now)).seconds()).unwrap();
        assert_eq!(throttle.wait(now), 400);
        assert_ne!(throttle.key("h", now), throttle.key("h", after));
        assert_eq!(throttle.key("h", after), throttle.key("h", after.checked_add(599.seconds()).unwrap()));
    }
}
