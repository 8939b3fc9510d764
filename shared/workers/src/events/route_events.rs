//! Puts the tasks of each event on their queues: the way out of the table (transactional outbox).
//!
//! Messages are sent queue by queue, ten in one call; the marker of an event that all its queues have taken is removed
//! from the outbox ([`portico_aws::outbox`]). When a queue does not take one, the answer names the first event of the
//! batch that is not done, and the stream comes again from there on: what stood behind it goes out twice, and its
//! consumers do it once.
//!
//! **A queue that stays away holds nobody else up.** After a minute its events are passed over; their markers stay, and
//! `reconcile-events` sends them when the queue is back.
//!
//! **An event that cannot be read** goes to the events' dead letters at once, as its key, and the ones around it go
//! through. One of a kind that a later version writes is passed over: its marker stays until that version is here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    outbox::{self, Routed, Stored},
    queues::Dead,
};
use portico_domain::id::EventId;
use serde::Deserialize;

use crate::{
    batch::{Answer, minutes},
    failure::Failure,
};

/// What the stream gives the function: as much of it as is read.
#[derive(Clone, Debug, Deserialize)]
pub struct Records {
    /// In the order of the writes.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// A write to the table.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// The write.
    pub dynamodb: Write,
}

/// The item as it was written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Write {
    /// Its place in the stream.
    pub sequence_number: String,
    /// When, in seconds since 1970.
    #[serde(default)]
    pub approximate_creation_date_time: f64,
    /// Its key.
    pub keys: Keys,
    /// The item, of which only the event is read.
    #[serde(default)]
    pub new_image: Image,
}

/// The key of an item: ids only.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "the table's words")]
pub struct Keys {
    pub pk: Text,
    pub sk: Text,
}

/// The item of an event.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Image {
    /// The event as JSON.
    #[serde(default)]
    pub event: Option<Text>,
}

/// A text attribute.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// The text.
    #[serde(rename = "S")]
    pub text: String,
}

/// A batch as it was read.
#[derive(Debug, Default)]
struct Read {
    routed: Vec<Routed>,
    /// Events that gave tasks or cannot be read, each with its place.
    marked: Vec<(usize, EventId)>,
    /// Those that cannot be read.
    poison: Vec<(usize, Dead)>,
}

/// Sends the tasks of all events; the answer names the first one that is not done.
///
/// # Errors
/// Never: what is not done is in the answer.
pub async fn handle(aws: &Aws, batch: Records) -> Result<Answer, Failure> {
    let now = clock::now();
    let read = read(&batch, aws.config().minute_seconds, now);
    let (mut unsent, _) = outbox::send(aws, &read.routed, &[]).await;
    if !read.poison.is_empty() {
        unsent.extend(bury(aws, &read.poison).await);
    }
    let done: Vec<EventId> =
        read.marked.iter().filter(|(place, _)| !unsent.contains(place)).map(|(_, event)| *event).collect();
    if let Err(error) = aws.table().settled(&done).await {
        // Their tasks are in the queues; they go there once more.
        tracing::warn!(reason = Failure::from(error).reason(), events = done.len(), "markers stay in the outbox");
    }
    let patience = minutes(aws, 1.0).as_secs_f64();
    let fresh = |place: &usize| {
        let record = batch.records.get(*place);
        let at = record.map_or(0.0, |record| record.dynamodb.approximate_creation_date_time);
        // Poison has no marker that could bring it back.
        read.poison.iter().any(|(poison, _)| poison == place) || seconds(now) - at < patience
    };
    let (again, left): (BTreeSet<usize>, BTreeSet<usize>) = unsent.into_iter().partition(fresh);
    if !left.is_empty() {
        tracing::error!(events = left.len(), "a queue is away for long; its events wait in the outbox");
    }
    tracing::info!(events = batch.records.len(), done = done.len(), again = again.len(), "routed");
    let first = again.first().and_then(|place| batch.records.get(*place));
    Ok(Answer::failed(first.map(|record| record.dynamodb.sequence_number.clone())))
}

fn seconds(now: Timestamp) -> f64 {
    now.as_duration().as_secs_f64()
}

/// Tells the messages of a batch, and what of it cannot be read.
fn read(batch: &Records, minute_seconds: u32, now: Timestamp) -> Read {
    let mut read = Read::default();
    for (place, record) in batch.records.iter().enumerate() {
        let Write { keys, new_image, sequence_number, .. } = &record.dynamodb;
        let text = new_image.event.as_ref().map_or("", |event| &event.text);
        let routed = match outbox::read_event(text) {
            Stored::Event(event) => outbox::route(place, &event, minute_seconds, now).ok().inspect(|routed| {
                read.marked.extend((!routed.is_empty()).then_some((place, event.id)));
            }),
            Stored::UnknownKind => {
                tracing::warn!(event = keys.sk.text, "an event of a later version is passed over; its marker stays");
                Some(Vec::new())
            }
            Stored::Unreadable => None,
        };
        match routed {
            Some(routed) => read.routed.extend(routed),
            None => {
                tracing::error!(event = keys.sk.text, "an event cannot be read; it lies in the dead letters");
                read.marked.extend(keys.sk.text.parse().ok().map(|event| (place, event)));
                let body = serde_json::json!({ "pk": keys.pk.text, "sk": keys.sk.text }).to_string();
                let reason = "the event cannot be read".to_owned();
                read.poison.push((place, Dead { body, reason, original: sequence_number.clone(), receives: 1 }));
            }
        }
    }
    read
}

/// Puts the keys of events that cannot be read into the dead letters; gives their places if that cannot be done.
async fn bury(aws: &Aws, poison: &[(usize, Dead)]) -> Vec<usize> {
    let dead: Vec<Dead> = poison.iter().map(|(_, dead)| dead.clone()).collect();
    let reason = match &aws.config().dead_letters_url {
        None => "there is no queue for it".to_owned(),
        Some(url) => match aws.queues().bury(url, &dead).await {
            Ok(()) => return Vec::new(),
            Err(error) => error.reason(),
        },
    };
    tracing::error!(reason, "what cannot be read is not in the dead letters yet");
    poison.iter().map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::tests::aws;
    use portico_domain::events::task::Destination;

    fn batch(text: &str) -> Records {
        serde_json::from_str(text).unwrap()
    }

    /// As the batch's first event was written.
    fn routed(text: &str, minute_seconds: u32, later: i64) -> Read {
        let batch = batch(text);
        let text = &batch.records[0].dynamodb.new_image.event.as_ref().unwrap().text;
        let Stored::Event(event) = outbox::read_event(text) else { panic!("{text}") };
        read(&batch, minute_seconds, event.at + jiff::SignedDuration::from_secs(later))
    }

    /// REQ: LTR-01 LTR-05
    #[test]
    fn a_determination_goes_to_letters_and_notices_with_ids_only() {
        let read = routed(include_str!("../../../../events/route-events/request-determined.json"), 60, 0);
        assert!(read.poison.is_empty());
        let to: Vec<_> = read.routed.iter().map(|routed| (routed.place, routed.to)).collect();
        assert_eq!(to, [(0, Destination::Letters), (0, Destination::Notices)]);
        assert_eq!(read.marked.len(), 1);
        let body: serde_json::Value = serde_json::from_str(&read.routed[0].message.body).unwrap();
        assert_eq!(body["event"], "evt_0197a3c2f0c07d0aa1b2c3d4e5f60718");
        assert_eq!(body["task"], "writeLetters");
        assert_eq!(body.as_object().unwrap().len(), 5, "and which decision it is");
    }

    /// REQ: LTR-05
    #[test]
    fn a_wait_is_counted_from_the_event_and_never_longer_than_a_queue_holds() {
        let text = include_str!("../../../../events/route-events/fax-call-due.json");
        let wait = |minute, later| routed(text, minute, later).routed[0].message.delay_seconds;
        assert_eq!((wait(1, 0), wait(60, 0)), (5, 300));
        assert_eq!((wait(60, 100), wait(60, 301)), (200, 0));
        assert_eq!((wait(1_000, 0), wait(u32::MAX, 0)), (900, 900));
    }

    /// REQ: OPS-10
    #[test]
    fn an_event_that_cannot_be_read_is_named_by_its_key_and_the_ones_around_it_go_through() {
        let batch = batch(include_str!("../../../../events/route-events/unreadable.json"));
        let read = read(&batch, 60, clock::now());
        let places: Vec<usize> = read.routed.iter().map(|routed| routed.place).collect();
        assert_eq!(places, [0, 2, 2], "a determination wakes letters and the notice");
        let [(1, dead)] = &read.poison[..] else { panic!("{:?}", read.poison) };
        let keys = &batch.records[1].dynamodb.keys;
        assert_eq!(dead.body, serde_json::json!({ "pk": keys.pk.text, "sk": keys.sk.text }).to_string());
        assert_eq!(dead.original, batch.records[1].dynamodb.sequence_number);
    }

    /// REQ: OPS-10
    #[test]
    fn an_event_of_a_later_version_is_passed_over_and_keeps_its_marker() {
        let mut batch = batch(include_str!("../../../../events/route-events/request-determined.json"));
        let event = batch.records[0].dynamodb.new_image.event.as_mut().unwrap();
        event.text = event.text.replace("requestDetermined", "requestAppealed");
        let read = read(&batch, 60, clock::now());
        assert_eq!((read.routed.len(), read.marked.len(), read.poison.len()), (0, 0, 0));
    }

    /// REQ: LTR-05, OPS-10
    #[test]
    fn when_no_queue_answers_the_stream_comes_again_from_the_first_event_that_is_not_done() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (aws, mut batch) = (aws(), batch(include_str!("../../../../events/route-events/unreadable.json")));
        let quiet = r#"{"id":"evt_0197a3c2f0c07d0aa1b2c3d4e5f60718","at":"2026-05-07T15:00:00Z","by":"system","about":{"case":"cas_0197a3c2f0c07d0aa1b2c3d4e5f60718"},"kind":"caseCreated"}"#;
        let mut nothing_to_do = batch.records[0].clone();
        nothing_to_do.dynamodb.new_image.event = Some(Text { text: quiet.to_owned() });
        batch.records.insert(0, nothing_to_do);
        for record in &mut batch.records {
            record.dynamodb.approximate_creation_date_time = seconds(clock::now());
        }
        let first = batch.records[1].dynamodb.sequence_number.clone();
        let answer = runtime.block_on(handle(&aws, batch.clone())).unwrap();
        assert_eq!(answer, Answer::failed([first]));
        // An hour later only what has no marker holds the stream.
        for record in &mut batch.records {
            record.dynamodb.approximate_creation_date_time -= 3_600.0;
        }
        let poison = batch.records[2].dynamodb.sequence_number.clone();
        assert_eq!(runtime.block_on(handle(&aws, batch)).unwrap(), Answer::failed([poison]));
    }
}
