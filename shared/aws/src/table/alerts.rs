//! News on cases, for each person by themselves (ACT-09).

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use portico_domain::{
    events::news::{Alert, ReadMark},
    id::{EventId, Username},
};

use super::{Error, Guard, Key, Table, Transaction, body, expires, item, sort_key};

/// A page of news, newest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alerts {
    /// The page.
    pub alerts: Vec<Alert>,
    /// Whether there are older ones.
    pub more: bool,
}

impl Transaction {
    /// Keeps news for a person; refused with [`Guard::New`] when they have it already, read or not.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn alert(&mut self, table: &Table, to: &Username, alert: &Alert) -> Result<(), Error> {
        let mut stored = item(&Key::alert(to, alert.event), "alert", alert)?;
        stored.insert("expires".to_owned(), expires(alert.kept_until()));
        self.put_new(table, stored, Guard::New);
        Ok(())
    }
}

impl Table {
    /// A page of a person's news, newest first, before one.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn alerts(
        &self,
        of: &Username,
        before: Option<EventId>,
        (limit, now): (usize, Timestamp),
    ) -> Result<Alerts, Error> {
        let before = before.map(|event| Key::alert(of, event));
        let partition = Key::alerts_read(of).pk;
        let before = before.as_ref().map(|key| key.sk.as_str());
        // One more tells that there are more, and one may be the last of the page before.
        let most = i32::try_from(limit).unwrap_or(i32::MAX - 2) + 2;
        let mut items = self.page_before_now(&partition, "evt_", before, most).await?;
        items.retain(|item| Some(sort_key(item)) != before);
        let alerts = items.into_iter().map(|item| body::<Alert>(item, "alert")).collect::<Result<Vec<_>, _>>()?;
        // The service removes late.
        let mut alerts: Vec<Alert> = alerts.into_iter().filter(|alert| alert.kept_until() > now).collect();
        let more = alerts.len() > limit;
        alerts.truncate(limit);
        Ok(Alerts { alerts, more })
    }

    /// Up to which news a person has read all.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn alerts_read_up_to(&self, of: &Username) -> Result<Option<ReadMark>, Error> {
        self.get(&Key::alerts_read(of), "read").await
    }

    /// Keeps that a person has read news; `false` when they have none of this event.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn read_alert(&self, of: &Username, event: EventId, at: Timestamp) -> Result<bool, Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(Key::alert(of, event).attributes()))
            .condition_expression("attribute_exists(pk)")
            .update_expression("SET body.#read = :at")
            .expression_attribute_names("#read", "read")
            .expression_attribute_values(":at", AttributeValue::S(at.to_string()));
        match update.send().await.map_err(Error::of) {
            Ok(_) => Ok(true),
            Err(Error::Refused(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Keeps that a person has read all news up to one; a mark that is further on stays. `false` when they have none of this event.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn read_alerts(&self, of: &Username, mark: ReadMark) -> Result<bool, Error> {
        if self.get::<Alert>(&Key::alert(of, mark.up_to), "alert").await?.is_none() {
            return Ok(false);
        }
        let put = self.client.put_item().table_name(&self.name);
        let put = put
            .set_item(Some(item(&Key::alerts_read(of), "read", &mark)?))
            .condition_expression("attribute_not_exists(pk) OR body.upTo <= :upTo")
            .expression_attribute_values(":upTo", AttributeValue::S(mark.up_to.to_string()));
        match put.send().await.map_err(Error::of) {
            Ok(_) | Err(Error::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }
}
