//! The dead letters of each queue: listed by their ids, and sent back (OPS-04). The portal's operators and the operator's program do it
//! by this alone.

use std::collections::BTreeSet;

use futures::future::BoxFuture;
use jiff::Timestamp;
use portico_domain::{
    events::{About, lane::Lane, task::Message},
    id::{CaseKey, EventId, FaxId, Username},
};
use serde::{Deserialize, Serialize};

use crate::{Aws, clock, config::Config, dead_letters::Taken, outbox, queues::QueueError, table};

/// Attributes that a worker adds when it puts a message into the dead letters; they do not go back with it.
const ADDED: [&str; 3] = ["reason", "original", "receives"];

/// The dead letters of a queue, by their addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Where they lie.
    pub dead: String,
    /// Where they go back to.
    pub home: Home,
}

/// Where dead letters go back to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Home {
    /// To the queue of this address.
    Queue(String),
    /// They are keys of events, whose tasks are made anew.
    Events,
    /// Nowhere: schedules that did not start start at their next time.
    Nowhere,
}

impl Config {
    /// The addresses of a queue: all of a stack's begin alike, so that an environment need not hold each of them.
    #[must_use]
    pub fn place(&self, lane: Lane) -> Place {
        let all = self.review_queue.strip_suffix(Lane::Review.name()).unwrap_or_default();
        let home = match lane {
            Lane::Events => Home::Events,
            Lane::Schedules => Home::Nowhere,
            other => Home::Queue(format!("{all}{other}")),
        };
        Place { dead: format!("{all}{lane}-dead-letters"), home }
    }
}

/// A message in the dead letters: ids only.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// The queue's id of it.
    pub message: String,
    /// When it was sent first.
    pub sent: Option<Timestamp>,
    /// The event that it follows from.
    pub event: Option<EventId>,
    /// What was to be done.
    pub task: Option<String>,
    /// The case or user that it is about.
    pub about: Option<String>,
    /// Why a worker put it there. None when the queue did, after the last of its receives: then it is in the worker's log.
    pub reason: Option<String>,
    /// How often it was tried when a worker put it there.
    pub receives: Option<u32>,
}

/// The key of an event that cannot be read, as the router puts it down.
#[derive(Deserialize)]
struct EventKey {
    pk: String,
    sk: EventId,
}

impl EventKey {
    /// Of a message; none of what Lambda itself puts there.
    fn of(taken: &str) -> Option<(About, EventId)> {
        let key = serde_json::from_str::<Self>(taken).ok()?;
        Some((key.about()?, key.sk))
    }

    fn about(&self) -> Option<About> {
        let of = self.pk.strip_prefix("EVENT#")?;
        let user = || of.parse::<Username>().ok().map(About::User);
        let fax = || of.parse::<FaxId>().ok().map(About::Fax);
        of.parse::<CaseKey>().ok().map(About::Case).or_else(fax).or_else(user)
    }
}

/// What Lambda puts down when it gives records of the stream up: where they stood, nothing of what they were.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenUp {
    request_context: Given,
    #[serde(rename = "DDBStreamBatchInfo")]
    place: GivenPlace,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    function_arn: String,
    condition: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GivenPlace {
    batch_size: u32,
    approximate_arrival_of_first_record: Timestamp,
    approximate_arrival_of_last_record: Timestamp,
}

impl GivenUp {
    /// In words.
    fn of(body: &str) -> Option<String> {
        let Self { request_context: given, place } = serde_json::from_str(body).ok()?;
        let function = given.function_arn.split(":function:").nth(1).unwrap_or_default();
        let function = function.split(':').next().unwrap_or_default();
        let (first, last) = (place.approximate_arrival_of_first_record, place.approximate_arrival_of_last_record);
        Some(format!(
            "{} records of {first} to {last} were given up for {function} ({}); no event is named",
            place.batch_size, given.condition
        ))
    }
}

impl Letter {
    fn of(taken: &Taken) -> Self {
        let message = serde_json::from_str::<Message>(&taken.body).ok();
        let key = serde_json::from_str::<EventKey>(&taken.body).ok();
        let task = message.as_ref().and_then(|message| serde_json::to_value(&message.task).ok());
        let part = |name: &str| task.as_ref().and_then(|task| task.get(name)?.as_str().map(ToOwned::to_owned));
        let event = message.as_ref().map(|message| message.event).or(key.as_ref().map(|key| key.sk));
        let about = part("case").or_else(|| part("user")).or_else(|| part("fax")).or_else(|| {
            key.as_ref().and_then(EventKey::about).map(|about| match about {
                About::Case(key) => key.to_string(),
                About::User(name) => name.to_string(),
                About::Fax(fax) => fax.to_string(),
                About::Unknown(hash) => hash,
            })
        });
        Self {
            message: taken.id.clone(),
            sent: taken.sent,
            event,
            task: part("task"),
            about,
            reason: taken.attribute("reason").map(ToOwned::to_owned).or_else(|| GivenUp::of(&taken.body)),
            receives: taken.attribute("receives").and_then(|text| text.parse().ok()),
        }
    }
}

/// How many dead letters there are, about, and up to `limit` of them, the oldest first.
///
/// # Errors
/// When the queue does not answer.
pub async fn list(aws: &Aws, dead: &str, limit: usize) -> Result<(u64, Vec<Letter>), QueueError> {
    let queues = aws.queues();
    let depth = queues.depth(dead).await?;
    let count = depth.waiting + depth.in_flight;
    let mut looked_at = Vec::new();
    if count > 0 {
        let mut seen = BTreeSet::new();
        while looked_at.len() < limit {
            let taken = queues.take(dead).await?;
            if taken.is_empty() {
                break;
            }
            looked_at.extend(taken.into_iter().filter(|one| seen.insert(one.id.clone())));
        }
        for taken in &looked_at {
            queues.give_back(dead, taken).await?;
        }
    }
    let mut letters: Vec<Letter> = looked_at.iter().map(Letter::of).collect();
    letters.sort_by_key(|letter| letter.sent);
    letters.truncate(limit);
    Ok((count, letters))
}

/// Which dead letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which<'a> {
    /// All that lie there now.
    All,
    /// The one with this id.
    Message(&'a str),
}

impl Which<'_> {
    fn has(self, taken: &Taken) -> bool {
        match self {
            Self::All => true,
            Self::Message(id) => taken.id == id,
        }
    }
}

/// What became of those that were to go back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Redriven {
    /// Went back.
    pub redriven: usize,
    /// Stay: nothing tells what is to be made anew, or it cannot be made.
    pub stay: usize,
}

/// What is to be done with dead letters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wish {
    Back,
    Gone,
}

/// What was done with one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Done,
    PassedOver,
}

/// Which dead letters, and how many at most.
pub type Meant<'a> = (Which<'a>, u64);

/// Notes what is about to be done, by the queue's ids of messages.
pub type Note<'a> = &'a (dyn Fn(Vec<String>) -> BoxFuture<'a, Result<(), table::Error>> + Send + Sync);

/// Why dead letters were not dealt with.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the texts say it")]
pub enum Failed {
    #[error(transparent)]
    Queue(#[from] QueueError),
    #[error("the change could not be noted, so it was not made")]
    Unnoted(#[source] table::Error),
    #[error(
        "a schedule that did not start is not sent again: it starts at its next time. Look at its function's log, then drop \
         the message"
    )]
    Schedule,
    #[error("this message is no key of an event: {0}")]
    NoKey(String),
    #[error("there is no event {0}")]
    NoEvent(EventId),
    #[error("the event {0} cannot be read by this version")]
    Unreadable(EventId, #[source] table::Error),
    #[error("a queue did not take the tasks of the event {0}: try again")]
    Untaken(EventId),
}

/// Some were dealt with, then one was not.
#[derive(Debug, thiserror::Error)]
#[error("{done} went, then one failed")]
pub struct Stopped {
    /// Those that were dealt with.
    pub done: usize,
    /// Why the next one was not.
    #[source]
    pub why: Failed,
}

impl From<Failed> for Stopped {
    fn from(why: Failed) -> Self {
        Self { done: 0, why }
    }
}

/// Sends dead letters back to the queue that they came from. Each is sent before it is removed: when this ends in between,
/// it is in both, and workers do a task once however often it comes. Of those of events, what is no key of an event,
/// or cannot be made anew, is passed over: the others behind it go. What is about to go is noted first.
///
/// # Errors
/// When a queue or the table does not answer, or one cannot be sent again; those before it went.
pub async fn redrive(aws: &Aws, place: &Place, meant: Meant<'_>, note: Note<'_>) -> Result<Redriven, Stopped> {
    if place.home == Home::Nowhere {
        return Err(Failed::Schedule.into());
    }
    each(aws, place, meant, note, Wish::Back).await
}

/// Takes dead letters away for good; noted first.
///
/// # Errors
/// When a queue or the table does not answer; those before it went.
pub async fn drop(aws: &Aws, place: &Place, meant: Meant<'_>, note: Note<'_>) -> Result<Redriven, Stopped> {
    each(aws, place, meant, note, Wish::Gone).await
}

/// Sends one back.
async fn back(aws: &Aws, place: &Place, which: Which<'_>, taken: &Taken) -> Result<Act, Failed> {
    match &place.home {
        Home::Queue(home) => {
            aws.queues().send_on(home, taken, &ADDED).await?;
            Ok(Act::Done)
        }
        Home::Events | Home::Nowhere => match EventKey::of(&taken.body) {
            Some((about, event)) => remake(aws, &about, event).await,
            None if which == Which::All => Ok(Act::PassedOver),
            None => Err(Failed::NoKey(GivenUp::of(&taken.body).unwrap_or_default())),
        },
    }
}

/// Makes the tasks of an event anew whose key lies in the router's dead letters.
async fn remake(aws: &Aws, about: &About, event: EventId) -> Result<Act, Failed> {
    match outbox::replay_one(aws, about, event, clock::now()).await.map_err(|error| Failed::Unreadable(event, error))? {
        Some(resent) if resent.unsent == 0 => Ok(Act::Done),
        Some(_) => Err(Failed::Untaken(event)),
        None => Err(Failed::NoEvent(event)),
    }
}

/// Does something with dead letters and removes them; what is not meant, and what it failed with, goes back at once.
async fn each(
    aws: &Aws,
    place: &Place,
    (which, most): Meant<'_>,
    note: Note<'_>,
    wish: Wish,
) -> Result<Redriven, Stopped> {
    let dead = place.dead.as_str();
    let queues = aws.queues();
    let depth = queues.depth(dead).await.map_err(Failed::from)?;
    let lie = depth.waiting + depth.in_flight;
    // What comes back while this runs is not taken again; one that is meant is looked for among all.
    let most = if which == Which::All { lie.min(most) } else { lie };
    let (mut done, mut stay, mut others, mut seen) = (0, 0, Vec::new(), BTreeSet::new());
    let mut failed = Ok(());
    'all: while (seen.len() as u64) < most {
        let taken = match queues.take(dead).await {
            Ok(taken) if taken.is_empty() => break,
            Ok(taken) => taken,
            Err(error) => {
                failed = Err(error.into());
                break;
            }
        };
        let (meant, not): (Vec<_>, Vec<_>) = taken.into_iter().partition(|one| which.has(one));
        seen.extend(meant.iter().chain(&not).map(|one| one.id.clone()));
        others.extend(not);
        if !meant.is_empty()
            && let Err(error) = note(meant.iter().map(|one| one.id.clone()).collect()).await
        {
            others.extend(meant);
            failed = Err(Failed::Unnoted(error));
            break;
        }
        let mut meant = meant.into_iter();
        while let Some(one) = meant.next() {
            let acted = async {
                let acted = match wish {
                    Wish::Back => back(aws, place, which, &one).await?,
                    Wish::Gone => Act::Done,
                };
                if acted == Act::Done {
                    queues.remove(dead, &one).await?;
                }
                Ok(acted)
            };
            match acted.await {
                Ok(Act::Done) => done += 1,
                Ok(Act::PassedOver) => {
                    others.push(one);
                    stay += 1;
                }
                // One that cannot be made anew keeps no other.
                Err(Failed::NoEvent(_) | Failed::Unreadable(..) | Failed::Untaken(_)) if which == Which::All => {
                    others.push(one);
                    stay += 1;
                }
                Err(error) => {
                    others.push(one);
                    others.extend(meant);
                    failed = Err(error);
                    break 'all;
                }
            }
        }
        if done > 0 && which != Which::All {
            break;
        }
    }
    for one in &others {
        // What is not given back shows again by itself after a minute.
        if let Err(error) = queues.give_back(dead, one).await {
            failed = failed.and(Err(error.into()));
        }
    }
    failed.map(|()| Redriven { redriven: done, stay }).map_err(|why| Stopped { done, why })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As AWS documents the record of a batch that is given up.
    const GIVEN_UP: &str = r#"{
        "requestContext": {"requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
            "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:portico-route-events:live",
            "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 1},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0", "timestamp": "2019-11-14T00:13:49.717Z",
        "DDBStreamBatchInfo": {"shardId": "shardId-00000001573689847184-864758bb",
            "startSequenceNumber": "800000000003126276362", "endSequenceNumber": "800000000003126276362",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:13:19Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:13:19Z", "batchSize": 1,
            "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:04:06.388"}}"#;

    #[test]
    fn only_keys_of_events_are_made_anew() {
        let event = "evt_019e03f5c68070008000000000000001";
        let event: EventId = event.parse().unwrap();
        let key = |pk: &str| format!(r#"{{"pk": "{pk}", "sk": "{event}"}}"#);
        assert_eq!(EventKey::of(&key("EVENT#ana.lee")).unwrap(), (About::User("ana.lee".parse().unwrap()), event));
        for other in [GIVEN_UP, &key("CASE#ana.lee"), r#"{"pk": "EVENT#ana.lee", "sk": "x"}"#, "", "[]"] {
            assert!(EventKey::of(other).is_none(), "{other}");
        }
    }

    #[test]
    fn what_lambda_gave_up_says_of_which_function_and_when() {
        assert_eq!(
            GivenUp::of(GIVEN_UP).unwrap(),
            "1 records of 2019-11-14T00:13:19Z to 2019-11-14T00:13:19Z were given up for portico-route-events \
             (RetryAttemptsExhausted); no event is named"
        );
        assert_eq!(GivenUp::of(r#"{"pk": "EVENT#a", "sk": "x"}"#), None);
    }

    /// Every queue of a stack is reached by the address of one.
    #[test]
    fn addresses_of_queues_begin_alike() {
        let at = "https://sqs.us-east-1.amazonaws.com/123456789012/portico-";
        let value = |name: &str| if name == "REVIEW_QUEUE" { format!("{at}review") } else { "1".to_owned() };
        let config = Config::read(|name| Some(value(name))).unwrap();
        let fax = config.place(Lane::Fax);
        assert_eq!(fax.home, Home::Queue(format!("{at}fax")));
        assert_eq!(fax.dead, format!("{at}fax-dead-letters"));
        assert_eq!(config.place(Lane::Events), Place { dead: format!("{at}events-dead-letters"), home: Home::Events });
        assert_eq!(config.place(Lane::Schedules).home, Home::Nowhere);
        assert_eq!(config.place(Lane::Review).home, Home::Queue(format!("{at}review")));
    }
}
