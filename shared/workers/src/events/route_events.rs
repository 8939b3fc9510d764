//! Puts the tasks of each event on their queues: the way out of the table (transactional outbox).
//!
//! A batch is sent queue by queue, ten messages in one call. If a queue does not take one, the whole batch fails and comes
//! again; what was sent goes out twice, and its consumers do it once. (Not from the first unsent event on: an engine that
//! does not read which records of a stream failed would take the rest as done.) An event that cannot be read holds the
//! ones after it for the mapping's number of tries, then goes to the events' dead letters.
//!
//! A wait is `minutes × FAX_RETRY_UNIT_SECONDS`. SQS holds a message for at most 15 minutes; a contract with a longer
//! back-off is not applied ([`portico_domain::contracts::MAX_BACK_OFF_MINUTES`]).

use futures::future::join_all;
use portico_aws::{
    Aws,
    queues::{MAX_DELAY_SECONDS, Outgoing},
};
use portico_domain::events::{
    Event,
    task::{Destination, Message},
};
use serde::Deserialize;

use crate::{batch::Answer, failure::Failure};

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
    /// The item, of which only the event is read.
    #[serde(default)]
    pub new_image: Image,
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

/// A message with the place of its event in the batch.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Routed {
    place: usize,
    to: Destination,
    message: Outgoing,
}

/// Sends the tasks of all events up to the first that cannot be read, which the answer names.
///
/// # Errors
/// When a queue did not take a message.
pub async fn handle(aws: &Aws, batch: Records) -> Result<Answer, Failure> {
    let (routed, unread) = route(&batch, aws.config().fax_retry_unit_seconds);
    let queues = [
        Destination::Review,
        Destination::Letters,
        Destination::Fax,
        Destination::Mail,
        Destination::Notices,
        Destination::Pins,
    ];
    let unsent = join_all(queues.map(|queue| send(aws, queue, &routed))).await;
    if let Some(failure) = unsent.into_iter().flatten().next() {
        return Err(failure);
    }
    let first = unread.and_then(|place| batch.records.get(place));
    Ok(Answer::failed(first.map(|record| record.dynamodb.sequence_number.clone())))
}

/// The messages of a batch up to the first event that cannot be read, and the place of that.
fn route(batch: &Records, unit_seconds: u32) -> (Vec<Routed>, Option<usize>) {
    let mut routed = Vec::new();
    for (place, record) in batch.records.iter().enumerate() {
        match tasks(&record.dynamodb.new_image, unit_seconds) {
            Ok(tasks) => routed.extend(tasks.into_iter().map(|(to, message)| Routed { place, to, message })),
            Err(failure) => {
                let sequence = &record.dynamodb.sequence_number;
                tracing::error!(sequence, reason = failure.reason(), "an event cannot be routed");
                return (routed, Some(place));
            }
        }
    }
    (routed, None)
}

fn tasks(image: &Image, unit_seconds: u32) -> Result<Vec<(Destination, Outgoing)>, Failure> {
    let text = &image.event.as_ref().ok_or(Failure::NoEvent)?.text;
    let event: Event = serde_json::from_str(text).map_err(|error| Failure::poison(&error))?;
    let message = |(task, minutes): (portico_domain::events::task::Task, u32)| {
        let to = task.destination();
        let body =
            serde_json::to_string(&Message { event: event.id, task }).map_err(|error| Failure::poison(&error))?;
        Ok((to, Outgoing { body, delay_seconds: minutes.saturating_mul(unit_seconds).min(MAX_DELAY_SECONDS) }))
    };
    event.tasks().into_iter().map(message).collect()
}

/// Sends what is for one queue; gives why not all of it was taken.
async fn send(aws: &Aws, queue: Destination, routed: &[Routed]) -> Option<Failure> {
    let own: Vec<&Outgoing> =
        routed.iter().filter(|message| message.to == queue).map(|routed| &routed.message).collect();
    for ten in own.chunks(10) {
        let messages: Vec<Outgoing> = ten.iter().copied().cloned().collect();
        match aws.queues().send(aws.config().queue(queue), &messages).await {
            Ok(unsent) if unsent.is_empty() => {}
            Ok(unsent) => return Some(Failure::Unsent(unsent.len())),
            Err(error) => return Some(error.into()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::tests::aws;

    fn batch(text: &str) -> Records {
        serde_json::from_str(text).unwrap()
    }

    /// REQ: LTR-01 LTR-05
    #[test]
    fn a_determination_goes_to_letters_and_notices_with_ids_only() {
        let (routed, unread) =
            route(&batch(include_str!("../../../../events/route-events/request-determined.json")), 60);
        assert_eq!(unread, None);
        let to: Vec<_> = routed.iter().map(|routed| (routed.place, routed.to)).collect();
        assert_eq!(to, [(0, Destination::Letters), (0, Destination::Notices)]);
        let body: serde_json::Value = serde_json::from_str(&routed[0].message.body).unwrap();
        assert_eq!(body["event"], "evt_0197a3c2f0c07d0aa1b2c3d4e5f60718");
        assert_eq!(body["task"], "writeLetters");
        assert_eq!(body.as_object().unwrap().len(), 5, "and which decision it is");
    }

    /// REQ: LTR-05
    #[test]
    fn a_wait_is_minutes_by_the_unit_and_never_longer_than_a_queue_holds() {
        let text = include_str!("../../../../events/route-events/fax-call-due.json");
        let wait = |unit| route(&batch(text), unit).0[0].message.delay_seconds;
        assert_eq!((wait(1), wait(60)), (5, 300));
        assert_eq!((wait(1_000), wait(u32::MAX)), (900, 900));
    }

    #[test]
    fn an_unreadable_event_stops_the_batch_and_what_stood_before_it_is_kept() {
        let batch = batch(include_str!("../../../../events/route-events/unreadable.json"));
        let (routed, unread) = route(&batch, 60);
        assert_eq!((routed.len(), unread), (1, Some(1)));
    }

    /// REQ: LTR-05
    #[test]
    fn when_no_queue_answers_the_batch_comes_again() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let aws = aws();
        let batch = batch(include_str!("../../../../events/route-events/unreadable.json"));
        assert!(matches!(runtime.block_on(handle(&aws, batch)), Err(Failure::Queue(_))));
    }
}
