//! Batches, handled once for all workers: each record by itself, and only what failed is reported and comes again.
//!
//! A record that cannot be read fails like any other: nothing else of its batch is lost, and after the queue's number
//! of receives it lies in the dead letters. **Its reason** stands in the log group of the worker, in one line of level
//! `ERROR` for every receive, with `message` (the id that the message keeps in the dead letters), `event` and `receives`.
//! The function does not move messages itself: the queue does, also when the function never came to run.

use std::ops::AsyncFn;

use futures::future::join_all;
use portico_aws::Aws;
use portico_domain::id::EventId;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tracing::Instrument;

use crate::failure::Failure;

/// What SQS gives a function: as much of it as a worker reads.
#[derive(Clone, Debug, Deserialize)]
pub struct Batch {
    /// The messages.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// A message of a batch.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The queue's id of it.
    pub message_id: String,
    /// What was sent.
    #[serde(default)]
    pub body: String,
    /// What the queue knows of it.
    #[serde(default)]
    pub attributes: Attributes,
}

/// What a queue knows of a message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attributes {
    /// How often it was received, this time included.
    #[serde(default)]
    pub approximate_receive_count: String,
}

/// What failed, for the queue or the stream.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Empty when all was done.
    pub batch_item_failures: Vec<Failed>,
}

/// A record that failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    /// Message id, or sequence number in a stream.
    pub item_identifier: String,
}

impl Answer {
    /// The answer that these failed.
    #[must_use]
    pub fn failed(ids: impl IntoIterator<Item = String>) -> Self {
        let failed = ids.into_iter().map(|item_identifier| Failed { item_identifier });
        Self { batch_item_failures: failed.collect() }
    }
}

/// One message after the other: for work that fills processor or memory.
pub async fn in_turn<T: DeserializeOwned>(
    aws: &Aws,
    batch: Batch,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Answer {
    let mut failed = Vec::new();
    for record in batch.records {
        failed.extend(one(aws, record, handle).await);
    }
    Answer::failed(failed)
}

/// All messages at the same time: for work that waits for others.
pub async fn at_once<T: DeserializeOwned>(
    aws: &Aws,
    batch: Batch,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Answer {
    let all = join_all(batch.records.into_iter().map(|record| one(aws, record, handle))).await;
    Answer::failed(all.into_iter().flatten())
}

/// Handles a message; gives its id if it failed.
async fn one<T: DeserializeOwned>(
    aws: &Aws,
    record: Record,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Option<String> {
    let event = serde_json::from_str(&record.body).map(|Named { event }| event.to_string()).unwrap_or_default();
    let receives = &record.attributes.approximate_receive_count;
    let span = tracing::info_span!("message", message = record.message_id, event, receives);
    let work = async {
        let parsed = serde_json::from_str(&record.body).map_err(|error| Failure::poison(&error));
        let done = match parsed {
            // Boxed: an action's future holds those of whole SDK calls.
            Ok(task) => Box::pin(handle(aws, task)).await,
            Err(poison) => Err(poison),
        };
        match done {
            Ok(()) => tracing::info!("done"),
            Err(failure) => {
                tracing::error!(reason = failure.reason(), "failed; it comes again or goes to the dead letters");
                return true;
            }
        }
        false
    };
    work.instrument(span).await.then_some(record.message_id)
}

/// The event that a message names, for the log; anything but an id stays out of it.
#[derive(Deserialize)]
struct Named {
    event: EventId,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::lambda::tests::aws;

    /// The messages of a batch as SQS gives it.
    pub(crate) fn messages<T: DeserializeOwned>(batch: &str) -> Vec<T> {
        let batch: Batch = serde_json::from_str(batch).unwrap();
        batch.records.iter().map(|record| serde_json::from_str(&record.body).unwrap()).collect()
    }

    fn batch(bodies: &[&str]) -> Batch {
        let records = bodies.iter().zip('a'..).map(|(body, id)| Record {
            message_id: id.to_string(),
            body: (*body).to_owned(),
            attributes: Attributes::default(),
        });
        Batch { records: records.collect() }
    }

    async fn odd_fails(_: &Aws, number: u32) -> Result<(), Failure> {
        if number.is_multiple_of(2) { Ok(()) } else { Err(Failure::Missing("number")) }
    }

    fn run(answer: impl Future<Output = Answer>) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(answer).batch_item_failures.into_iter().map(|failed| failed.item_identifier).collect()
    }

    /// REQ: LTR-05
    #[test]
    fn only_what_failed_comes_again_and_poison_takes_nothing_with_it() {
        let aws = aws();
        let bodies = ["2", "3", "poison", "", "4"];
        assert_eq!(run(in_turn(&aws, batch(&bodies), &odd_fails)), ["b", "c", "d"]);
        assert_eq!(run(at_once(&aws, batch(&bodies), &odd_fails)), ["b", "c", "d"]);
    }

    #[test]
    fn the_answer_has_the_form_that_lambda_reads() {
        let answer = serde_json::to_value(Answer::failed(["a".to_owned()])).unwrap();
        assert_eq!(answer, serde_json::json!({"batchItemFailures": [{"itemIdentifier": "a"}]}));
        assert_eq!(serde_json::to_value(Answer::default()).unwrap(), serde_json::json!({"batchItemFailures": []}));
    }
}
