//! Batches, handled once for all workers: each record by itself, and only what failed is reported and comes again.
//!
//! **What can never be done** (a body that cannot be read, a task of another queue, an order that a carrier refuses) goes
//! to the dead letters at once, with the reason as an attribute, and is done with. What looks like it, but may only have
//! come too early, goes there after a few receives.
//!
//! **What passes** (a carrier, mail or the table that is away or throttled) is hidden for a time that grows with the
//! number of receives, up to an hour, and is by chance, so that a queue full of them does not come back at once. The queue
//! allows a hundred receives: two days. Nothing of an outage ends in the dead letters; how long the oldest waits is a
//! metric (`Waiting`), and one alarm tells it. (The queue's own metric forgets a message after its third receive.)
//!
//! **What an operator holds back** (a queue that is paused) is hidden for a quarter of an hour each time, and sent on afresh before its receives
//! are used up, so that a pause lasts as long as it has to.
//!
//! The reason of every failure stands in the log group of the worker, in one line, with `message` (the queue's id of it),
//! `event` and `receives`.

use std::{ops::AsyncFn, time::Duration};

use futures::future::{LocalBoxFuture, join_all};
use jiff::Timestamp;
use portico_aws::{
    Aws, clock,
    pause::{jitter, wait},
    queues::{Dead, MAX_DELAY_SECONDS, Outgoing},
};
use portico_domain::{events::lane::Lane, id::EventId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tracing::Instrument;

use crate::{
    failure::{Chance, Failure},
    pace::Pace,
};

/// How often a message is received that may have come too early, before it goes to the dead letters.
const DOUBTFUL_RECEIVES: u32 = 5;
/// How long a message of a paused queue is hidden, in minutes: so long it takes at most until all go on.
const HELD_MINUTES: f64 = 15.0;
/// How often a message of a paused queue is received before it is sent on afresh: half of what the queue allows.
const HELD_RECEIVES: u32 = 50;

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
    /// By which the queue knows this receive.
    #[serde(default)]
    pub receipt_handle: String,
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
    /// When it was sent, in milliseconds since 1970.
    #[serde(default)]
    pub sent_timestamp: String,
}

impl Record {
    fn receives(&self) -> u32 {
        self.attributes.approximate_receive_count.parse().unwrap_or(1)
    }

    /// When it was sent.
    fn sent(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.attributes.sent_timestamp.parse().ok()?).ok()
    }

    /// Seconds since it was sent.
    fn age(&self) -> i64 {
        self.sent().map_or(0, |sent| clock::now().duration_since(sent).as_secs().max(0))
    }
}

/// How long the messages of a queue wait for their next try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Waits {
    /// At most so long after the first try, twice as long after the second …
    first: Duration,
    /// … but never longer.
    longest: Duration,
}

impl Waits {
    /// For what may take a day: from half a minute to an hour.
    #[must_use]
    pub fn long(aws: &Aws) -> Self {
        Self { first: minutes(aws, 0.5), longest: minutes(aws, 60.0) }
    }

    /// For what is of no use after five minutes.
    #[must_use]
    pub fn short(aws: &Aws) -> Self {
        Self { first: minutes(aws, 0.1), longest: minutes(aws, 0.5) }
    }
}

/// So many minutes, as long as one lasts here.
pub(crate) fn minutes(aws: &Aws, count: f64) -> Duration {
    Duration::from_secs(aws.config().minute_seconds.into()).mul_f64(count)
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
    waits: Waits,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Answer {
    let mut ended = Vec::new();
    for record in batch.records {
        ended.push(one(aws, record, waits, handle).await);
    }
    answer(aws, ended).await
}

/// All messages at the same time, each begun when the pace allows it: for work that waits for others.
pub async fn at_once<T: DeserializeOwned>(
    aws: &Aws,
    batch: Batch,
    waits: Waits,
    pace: &Pace,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Answer {
    let ended = if is_held(aws).await {
        join_all(batch.records.iter().map(|record| hold(aws, record, ("the queue is paused", HELD_RECEIVES)))).await
    } else {
        let paced = async |record: Record| {
            wait(pace.next()).await;
            one(aws, record, waits, handle).await
        };
        join_all(batch.records.into_iter().map(paced)).await
    };
    answer(aws, ended).await
}

/// What became of a message.
struct Ended {
    /// Its id, if it comes again.
    again: Option<String>,
    /// Seconds that it has waited: none for one that was done at its first receive.
    waited: Option<i64>,
    /// When it was sent.
    sent: Option<Timestamp>,
}

/// Whether an operator has paused the queue. Who cannot tell sends nothing: the table is away, and nothing could be sent anyway.
fn is_held(aws: &Aws) -> LocalBoxFuture<'_, bool> {
    Box::pin(async move {
        let Some(lane) = lane(aws).filter(|lane| lane.may_pause()) else { return false };
        match aws.table().paused(lane).await {
            Ok(pause) => pause.is_some(),
            Err(error) => {
                tracing::warn!(reason = %error, "nobody says whether the queue is paused");
                true
            }
        }
    })
}

/// The queue that this function works on.
fn lane(aws: &Aws) -> Option<Lane> {
    Lane::of_address(aws.config().queue_url.as_deref()?)
}

/// Keeps a message that is not to be worked on now; received so often, it begins anew.
async fn hold(aws: &Aws, record: &Record, (why, often): (&str, u32)) -> Ended {
    let afresh = record.receives() >= often && send_on(aws, record).await;
    tracing::info!(message = record.message_id, receives = record.receives(), afresh, why, "held");
    if !afresh {
        hide(aws, record, minutes(aws, HELD_MINUTES)).await;
    }
    let again = (!afresh).then(|| record.message_id.clone());
    Ended { again, waited: Some(record.age()), sent: record.sent() }
}

/// Sends a message once more, to be seen after a while; the one that was received is done with then.
fn send_on<'a>(aws: &'a Aws, record: &'a Record) -> LocalBoxFuture<'a, bool> {
    Box::pin(async move {
        let Some(url) = &aws.config().queue_url else { return false };
        let delay_seconds = u32::try_from(minutes(aws, HELD_MINUTES).as_secs()).unwrap_or(MAX_DELAY_SECONDS);
        let again = Outgoing { body: record.body.clone(), delay_seconds };
        matches!(aws.queues().send(url, &[again]).await, Ok(refused) if refused.is_empty())
    })
}

/// Reports what comes again, and for how long the oldest of it waits: nothing, once none does any more.
async fn answer(aws: &Aws, ended: Vec<Ended>) -> Answer {
    if let Some(oldest) = ended.iter().filter_map(|ended| ended.waited).max() {
        portico_aws::metrics::emit(aws, &[("Waiting", "Seconds", oldest)]);
        let sent = |again: bool| {
            let tried = ended.iter().filter(|one| one.waited.is_some() && one.again.is_some() == again);
            tried.filter_map(|one| one.sent).min()
        };
        // The mark of what is done now was seen at no time any more.
        mark(aws, sent(false), Timestamp::UNIX_EPOCH).await;
        mark(aws, sent(true), clock::now()).await;
    }
    Answer::failed(ended.into_iter().filter_map(|ended| ended.again))
}

/// Notes for operators since when the oldest waits; that it cannot be noted holds nothing up.
fn mark(aws: &Aws, since: Option<Timestamp>, seen: Timestamp) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        let Some((lane, since)) = lane(aws).zip(since) else { return };
        if let Err(error) = aws.table().mark_waiting(lane, since, seen).await {
            tracing::warn!(reason = %error, "since when messages wait could not be noted");
        }
    })
}

async fn one<T: DeserializeOwned>(
    aws: &Aws,
    record: Record,
    waits: Waits,
    handle: &impl AsyncFn(&Aws, T) -> Result<(), Failure>,
) -> Ended {
    let event = serde_json::from_str(&record.body).map(|Named { event }| event.to_string()).unwrap_or_default();
    let receives = record.receives();
    let span = tracing::info_span!("message", message = record.message_id, event, receives);
    let work = async {
        let parsed = serde_json::from_str(&record.body).map_err(|error| Failure::poison(&error));
        let done = match parsed {
            // Boxed: an action's future holds those of whole SDK calls.
            Ok(task) => {
                let work: LocalBoxFuture<'_, _> = Box::pin(handle(aws, task));
                work.await
            }
            Err(poison) => Err(poison),
        };
        let failure = match done {
            Ok(()) => {
                tracing::info!("done");
                return Ended { again: None, waited: (receives > 1).then_some(0), sent: record.sent() };
            }
            // It waits for its hour, which is no delay to be told of.
            Err(Failure::AfterHours) => {
                return Ended { waited: None, ..hold(aws, &record, ("nobody is called at this hour", 0)).await };
            }
            Err(failure) => failure,
        };
        let hopeless = match failure.chance() {
            Chance::None => true,
            Chance::Doubtful => receives >= DOUBTFUL_RECEIVES,
            Chance::Good => false,
        };
        let buried = hopeless && bury(aws, &record, &failure).await;
        if buried {
            return Ended { again: None, waited: (receives > 1).then_some(0), sent: record.sent() };
        }
        let time = jitter(waits.first, waits.longest, receives.saturating_sub(1));
        tracing::warn!(reason = failure.reason(), seconds = time.as_secs(), "failed; it comes again");
        hide(aws, &record, time).await;
        Ended { again: Some(record.message_id.clone()), waited: Some(record.age()), sent: record.sent() }
    };
    work.instrument(span).await
}

/// Puts a message into its dead letters; `false` when that cannot be done, and it comes again.
fn bury<'a>(aws: &'a Aws, record: &'a Record, failure: &'a Failure) -> LocalBoxFuture<'a, bool> {
    Box::pin(bury_now(aws, record, failure))
}

async fn bury_now(aws: &Aws, record: &Record, failure: &Failure) -> bool {
    let Some(url) = &aws.config().dead_letters_url else {
        tracing::error!(reason = failure.reason(), "it can never be done");
        return false;
    };
    let (body, original) = (record.body.clone(), record.message_id.clone());
    let dead = Dead { body, reason: failure.reason(), original, receives: record.receives() };
    match aws.queues().bury(url, &[dead]).await {
        Ok(()) => {
            tracing::error!(reason = failure.reason(), "it can never be done; it lies in the dead letters");
            true
        }
        Err(error) => {
            tracing::error!(reason = failure.reason(), dead_letters = error.reason(), "it can never be done");
            false
        }
    }
}

/// Keeps a message away for a time. When that fails, the queue's own time holds.
fn hide<'a>(aws: &'a Aws, record: &'a Record, time: Duration) -> LocalBoxFuture<'a, ()> {
    Box::pin(async move {
        let Some(url) = &aws.config().queue_url else { return };
        if let Err(error) = aws.queues().hide(url, &record.receipt_handle, time).await {
            tracing::warn!(reason = error.reason(), "the message comes again at the queue's own time");
        }
    })
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
            receipt_handle: String::new(),
            body: (*body).to_owned(),
            attributes: Attributes::default(),
        });
        Batch { records: records.collect() }
    }

    async fn odd_fails(_: &Aws, number: u32) -> Result<(), Failure> {
        if number.is_multiple_of(2) { Ok(()) } else { Err(Failure::Missing("number")) }
    }

    fn run(answer: impl Future<Output = Answer>) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(answer).batch_item_failures.into_iter().map(|failed| failed.item_identifier).collect()
    }

    /// REQ: LTR-05
    #[test]
    fn only_what_failed_comes_again_and_poison_takes_nothing_with_it() {
        let (aws, bodies) = (aws(), ["2", "3", "poison", "", "4"]);
        // Nobody takes the dead letters here: what can never be done is not done with either.
        let waits = Waits::long(&aws);
        assert_eq!(run(in_turn(&aws, batch(&bodies), waits, &odd_fails)), ["b", "c", "d"]);
        assert_eq!(run(at_once(&aws, batch(&bodies), waits, &Pace::default(), &odd_fails)), ["b", "c", "d"]);
    }

    #[test]
    fn the_answer_has_the_form_that_lambda_reads() {
        let answer = serde_json::to_value(Answer::failed(["a".to_owned()])).unwrap();
        assert_eq!(answer, serde_json::json!({"batchItemFailures": [{"itemIdentifier": "a"}]}));
        assert_eq!(serde_json::to_value(Answer::default()).unwrap(), serde_json::json!({"batchItemFailures": []}));
    }
}
