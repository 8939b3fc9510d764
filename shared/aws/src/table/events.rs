//! Queues as the table knows them: which are paused, and since when the oldest message of each is tried.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};
use portico_domain::events::lane::{Lane, Pause};

use super::{Error, Guard, Key, Table, Transaction, body, item};

/// For so long a mark says something: tries of one message lie an hour apart at most, and take a while.
const HOLDS_MINUTES: i64 = 75;

impl Table {
    /// Whether a queue is paused, by whom and since when.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn paused(&self, lane: Lane) -> Result<Option<Pause>, Error> {
        self.get(&Key::pause(lane), "pause").await
    }

    /// The same of several queues.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn all_paused(&self, lanes: &[Lane]) -> Result<HashMap<&'static str, Pause>, Error> {
        let keys: Vec<Key> = lanes.iter().map(|lane| Key::pause(*lane)).collect();
        let mut found = self.get_many(&keys).await?;
        let of = |lane: &Lane| Some((lane.name(), found.remove(&Key::pause(*lane))?));
        lanes.iter().filter_map(of).map(|(name, item)| Ok((name, body(item, "pause")?))).collect()
    }

    /// Notes since when a message waits that is tried again. The longest wait of the last hour stays: a worker sees a batch, not the
    /// queue. Seen in 1970 is what was done: its mark says nothing any more.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn mark_waiting(&self, lane: Lane, since: Timestamp, now: Timestamp) -> Result<(), Error> {
        let milliseconds = |at: Timestamp| AttributeValue::N(at.as_millisecond().to_string());
        let mut marked = Key::waiting(lane).attributes();
        marked.insert("entity".to_owned(), AttributeValue::S("waiting".to_owned()));
        marked.insert("since".to_owned(), milliseconds(since));
        marked.insert("seen".to_owned(), milliseconds(now));
        let put = self.client.put_item().table_name(&self.name).set_item(Some(marked));
        let put = put
            .condition_expression("attribute_not_exists(pk) OR #since >= :since OR #seen < :old")
            .expression_attribute_names("#since", "since")
            .expression_attribute_names("#seen", "seen")
            .expression_attribute_values(":since", milliseconds(since))
            .expression_attribute_values(":old", milliseconds(before(now)));
        match put.send().await.map_err(Error::of) {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Since when the oldest message of each queue waits, of those that were tried in the last hour.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn waiting(&self, lanes: &[Lane], now: Timestamp) -> Result<HashMap<&'static str, Timestamp>, Error> {
        let keys: Vec<Key> = lanes.iter().map(|lane| Key::waiting(*lane)).collect();
        let found = self.get_many(&keys).await?;
        let of = |lane: &Lane| {
            let marked = found.get(&Key::waiting(*lane))?;
            let at = |name: &str| {
                let text = marked.get(name)?.as_n().ok()?;
                Timestamp::from_millisecond(text.parse().ok()?).ok()
            };
            (at("seen")? >= before(now)).then_some((lane.name(), at("since")?))
        };
        Ok(lanes.iter().filter_map(of).collect())
    }
}

fn before(now: Timestamp) -> Timestamp {
    now.checked_sub(HOLDS_MINUTES.minutes()).unwrap_or(Timestamp::MIN)
}

impl Transaction {
    /// Pauses a queue; refused when it is.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pause(&mut self, table: &Table, lane: Lane, pause: &Pause) -> Result<(), Error> {
        self.put_new(table, item(&Key::pause(lane), "pause", pause)?, Guard::New);
        Ok(())
    }

    /// Lets what waits in a queue go on.
    pub fn resume(&mut self, table: &Table, lane: Lane) {
        self.delete(table, &Key::pause(lane));
    }
}
