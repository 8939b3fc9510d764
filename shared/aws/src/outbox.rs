//! The outbox: the tasks of events on their way to their queues, at first, again, and when an operator asks for it.
//!
//! An event that gives tasks is written with a marker in the same transaction. Whoever puts the tasks into their queues
//! takes the marker away; a marker that stays tells `reconcile-events` what was not sent. Consumers do a task once however
//! often it comes, so that sending again is always right.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};
use futures::future::{join_all, try_join_all};
use jiff::Timestamp;
use portico_domain::{
    events::{
        About, Event,
        task::{Destination, Message},
    },
    id::EventId,
};

pub use crate::stored::{Stored, read_event};
use crate::{
    Aws,
    pause::Pause,
    queues::{MAX_DELAY_SECONDS, Outgoing},
    stored::read_item,
    table::{
        Attributes, Error, Key, Table, event_of,
        key::{OUTBOX_SHARDS, outbox_before, outbox_partition, outbox_shard},
        sort_key,
    },
};

/// Every queue that tasks go to.
const DESTINATIONS: [Destination; 8] = [
    Destination::Review,
    Destination::Letters,
    Destination::Fax,
    Destination::Mail,
    Destination::Notices,
    Destination::Pins,
    Destination::Received,
    Destination::Subscriptions,
];
/// How long a notice that was sent is known as sent, less a day: an older one is not sent again.
const NOTICES_KNOWN_HOURS: i64 = 29 * 24;

/// A task on its way, with the place of its event among those that are sent together.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Routed {
    pub place: usize,
    pub to: Destination,
    pub message: Outgoing,
}

/// An event whose tasks may not be in their queues.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pending {
    /// Which.
    pub event: EventId,
    /// Where it stands.
    key: Key,
}

/// What became of events that were sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Resent {
    /// Events whose tasks are in their queues.
    pub events: usize,
    /// Tasks that went to a queue.
    pub tasks: usize,
    /// Events whose tasks were not all taken; their markers stay.
    pub unsent: usize,
}

/// The messages of an event. A wait is counted from the event on, by how long a minute lasts, and is never longer than a
/// queue holds a message; a contract with a longer back-off is not applied
/// ([`portico_domain::contracts::fax::MAX_BACK_OFF_MINUTES`]).
///
/// # Errors
/// When a task cannot be written as JSON.
pub fn route(
    place: usize,
    event: &Event,
    minute_seconds: u32,
    now: Timestamp,
) -> Result<Vec<Routed>, serde_json::Error> {
    let passed = u32::try_from(now.duration_since(event.at).as_secs().max(0)).unwrap_or(u32::MAX);
    let routed = event.tasks().into_iter().map(|(task, minutes)| {
        let to = task.destination();
        let delay_seconds = minutes.saturating_mul(minute_seconds).saturating_sub(passed).min(MAX_DELAY_SECONDS);
        let body = serde_json::to_string(&Message { event: event.id, task })?;
        Ok(Routed { place, to, message: Outgoing { body, delay_seconds } })
    });
    routed.collect()
}

/// Sends messages, each queue by itself, ten in one call. Gives the places of the events that some queue did not take, and
/// those queues; every other message is in its queue.
pub async fn send(aws: &Aws, routed: &[Routed], without: &[Destination]) -> (BTreeSet<usize>, Vec<Destination>) {
    let of_queue = async |queue: Destination| {
        let own: Vec<&Routed> = routed.iter().filter(|message| message.to == queue).collect();
        if without.contains(&queue) {
            return (queue, own.iter().map(|message| message.place).collect());
        }
        let mut unsent = BTreeSet::new();
        for ten in own.chunks(10) {
            let messages: Vec<Outgoing> = ten.iter().map(|routed| routed.message.clone()).collect();
            match aws.queues().send(aws.config().queue(queue), &messages).await {
                Ok(refused) => unsent.extend(refused.iter().filter_map(|at| ten.get(*at)).map(|routed| routed.place)),
                Err(error) => {
                    tracing::error!(?queue, reason = error.reason(), "a queue did not take messages");
                    unsent.extend(ten.iter().map(|routed| routed.place));
                }
            }
        }
        (queue, unsent)
    };
    let (mut places, mut queues) = (BTreeSet::new(), Vec::new());
    for (queue, unsent) in join_all(DESTINATIONS.map(of_queue)).await {
        if !unsent.is_empty() {
            queues.push(queue);
        }
        places.extend(unsent);
    }
    (places, queues)
}

/// The events that were made before `at` and may not have reached their queues, oldest first in each shard: at most
/// `limit` of a shard, after a place.
///
/// # Errors
/// When the table fails.
pub async fn pending(
    aws: &Aws,
    shard: u8,
    at: Timestamp,
    after: Option<EventId>,
    limit: i32,
) -> Result<Vec<Pending>, Error> {
    aws.table().pending(shard, at, after, limit).await
}

/// How many events made before `at` may not have reached their queues, and the oldest of them.
///
/// # Errors
/// When the table fails.
pub async fn waiting(aws: &Aws, at: Timestamp) -> Result<(usize, Option<EventId>), Error> {
    let shards = (0..OUTBOX_SHARDS).map(|shard| async move {
        let (mut count, mut oldest, mut after) = (0, None, None);
        loop {
            let page = aws.table().pending(shard, at, after, 1_000).await?;
            let Some(last) = page.last() else { return Ok::<_, Error>((count, oldest)) };
            after = Some(last.event);
            count += page.len();
            oldest = page.iter().map(|pending| pending.event).chain(oldest).min_by_key(ToString::to_string);
        }
    });
    let found = try_join_all(shards).await?;
    let oldest = found.iter().filter_map(|(_, oldest)| *oldest).min_by_key(ToString::to_string);
    Ok((found.iter().map(|(count, _)| count).sum(), oldest))
}

/// When an event was made: ids of version 7 begin with it.
#[must_use]
pub fn made(id: EventId) -> Option<Timestamp> {
    let text = id.to_string();
    let milliseconds = i64::from_str_radix(text.strip_prefix("evt_")?.get(..12)?, 16).ok()?;
    Timestamp::from_millisecond(milliseconds).ok()
}

/// What a waiting event is about, that was made before `at`: its marker alone says it. None when it does not wait.
///
/// # Errors
/// When the table fails, or the event cannot be read.
pub async fn about_of_waiting(aws: &Aws, id: EventId, at: Timestamp) -> Result<Option<About>, Error> {
    if !aws.table().is_pending(id).await? {
        return Ok(None);
    }
    let mut after = None;
    loop {
        let page = pending(aws, outbox_shard(id), at, after, 1_000).await?;
        let Some(last) = page.last() else { return Ok(None) };
        after = Some(last.event);
        let Some(found) = page.into_iter().find(|pending| pending.event == id) else { continue };
        return match read(aws, &[found]).await?.pop() {
            Some(Stored::Event(event)) => Ok(Some(event.about)),
            _ => Err(Error::Corrupt("event", "it cannot be read by this version".into())),
        };
    }
}

/// The events of markers, in their order.
///
/// # Errors
/// When the table fails.
pub async fn read(aws: &Aws, pending: &[Pending]) -> Result<Vec<Stored>, Error> {
    let keys: Vec<Key> = pending.iter().map(|pending| pending.key.clone()).collect();
    let found = aws.table().get_many(&keys).await?;
    Ok(keys.iter().map(|key| found.get(key).map_or(Stored::Unreadable, read_item)).collect())
}

/// Puts the tasks of events into their queues, without the queues named, and takes the markers of those away that all
/// queues took. A notice so old that nobody knows whether it was sent is not sent again.
///
/// # Errors
/// When a task cannot be written as JSON, or the table fails.
pub async fn resend(
    aws: &Aws,
    events: &[Event],
    now: Timestamp,
    without: &[Destination],
) -> Result<(Resent, Vec<Destination>), Error> {
    let mut routed = Vec::new();
    for (place, event) in events.iter().enumerate() {
        let tasks = route(place, event, aws.config().minute_seconds, now);
        let forgotten = now.duration_since(event.at).as_hours() > NOTICES_KNOWN_HOURS;
        let tasks = tasks.map_err(|error| Error::Corrupt("event", error.into()))?.into_iter();
        routed.extend(tasks.filter(|task| !(forgotten && task.to == Destination::Notices)));
    }
    let (unsent, refused) = send(aws, &routed, without).await;
    let done: Vec<EventId> =
        events.iter().enumerate().filter(|(place, _)| !unsent.contains(place)).map(|(_, event)| event.id).collect();
    aws.table().settled(&done).await?;
    let tasks = routed.iter().filter(|task| !unsent.contains(&task.place)).count();
    Ok((Resent { events: done.len(), tasks, unsent: unsent.len() }, refused))
}

/// Sends the tasks of everything that happened to a case or a user again.
///
/// # Errors
/// When the table fails, or an event cannot be read.
pub async fn replay(aws: &Aws, about: &About, now: Timestamp) -> Result<Resent, Error> {
    let events: Vec<Event> =
        aws.table().events(about).await?.into_iter().filter(|event| !event.tasks().is_empty()).collect();
    resend(aws, &events, now, &[]).await.map(|(resent, _)| resent)
}

/// Sends the tasks of one event again; `None` when there is no such event.
///
/// # Errors
/// When the table fails, or the event cannot be read.
pub async fn replay_one(aws: &Aws, about: &About, id: EventId, now: Timestamp) -> Result<Option<Resent>, Error> {
    let Some(item) = aws.table().get_raw(&Key::event(about, id)).await? else { return Ok(None) };
    resend(aws, &[event_of(&item)?], now, &[]).await.map(|(resent, _)| Some(resent))
}

impl Table {
    async fn pending(
        &self,
        shard: u8,
        at: Timestamp,
        after: Option<EventId>,
        limit: i32,
    ) -> Result<Vec<Pending>, Error> {
        let text = |text: String| AttributeValue::S(text);
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :after AND :before")
            .expression_attribute_values(":pk", text(outbox_partition(shard)))
            // Nothing sorts between an id and the same id with a blank behind it.
            .expression_attribute_values(":after", text(after.map_or_else(|| "evt_".to_owned(), |id| format!("{id} "))))
            .expression_attribute_values(":before", text(outbox_before(at)))
            .limit(limit);
        let items = query.send().await.map_err(Error::of)?.items.unwrap_or_default();
        let read = |item: &Attributes| {
            let sk = sort_key(item).to_owned();
            let pk = item.get("of").and_then(|of| of.as_s().ok())?.clone();
            Some(Pending { event: sk.parse().ok()?, key: Key { pk, sk } })
        };
        items.iter().map(|item| read(item).ok_or_else(|| Error::Corrupt("outbox", "no event".into()))).collect()
    }

    /// Whether an event may not have reached its queues.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn is_pending(&self, event: EventId) -> Result<bool, Error> {
        Ok(self.get_raw(&Key::outbox(event)).await?.is_some())
    }

    /// The tasks of these events are in their queues.
    ///
    /// # Errors
    /// When the table fails; their tasks go out again then, which does nothing twice.
    pub async fn settled(&self, events: &[EventId]) -> Result<(), Error> {
        for block in events.chunks(25) {
            let delete = |id: &EventId| {
                let delete = DeleteRequest::builder().set_key(Some(Key::outbox(*id).attributes())).build();
                delete.map(|delete| WriteRequest::builder().delete_request(delete).build())
            };
            let mut left = block.iter().map(delete).collect::<Result<Vec<_>, _>>();
            let mut pause = Pause::short();
            loop {
                let wanted = left.map_err(|error| Error::Unavailable(error.into()))?;
                let write = self.client.batch_write_item().request_items(&self.name, wanted);
                let answer = write.send().await.map_err(Error::of)?;
                let unprocessed = answer.unprocessed_items.unwrap_or_default().into_values().flatten();
                left = Ok(unprocessed.collect());
                if left.as_ref().is_ok_and(Vec::is_empty) {
                    break;
                }
                if !pause.again().await {
                    return Err(Error::Throttled);
                }
            }
        }
        Ok(())
    }
}
