//! What no worker could do: looked at, sent back to its queue, or dropped (OPS-04).

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use portico_aws::{dead_letters::Taken, outbox};
use portico_domain::{
    events::About,
    events::task::Message,
    id::{CaseKey, EventId, FaxId, Username},
};
use serde::{Deserialize, Serialize};

use crate::{Operator, operator::now};

/// Attributes that a worker adds when it puts a message into the dead letters; they do not go back with it.
const ADDED: [&str; 2] = ["reason", "original"];

/// The dead letters of the router: keys of events, whose tasks are made anew.
const EVENTS: &str = "events";
/// The dead letters of schedules that did not start.
const SCHEDULES: &str = "schedules";

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
}

/// The dead letters of a queue.
#[derive(Clone, Debug, Serialize)]
pub struct Dead {
    /// The queue.
    pub queue: String,
    /// How many there are, about.
    pub count: u64,
    /// When the oldest of those that were looked at was sent first.
    pub oldest: Option<Timestamp>,
    /// Those that were looked at.
    pub letters: Vec<Letter>,
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
    place: Place,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    function_arn: String,
    condition: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
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
        }
    }
}

fn url<'a>(operator: &'a Operator, queue: &str) -> Result<&'a str> {
    let known = &operator.stack.dead_letters;
    known.get(queue).map(String::as_str).with_context(|| {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        format!("there are no dead letters {queue}. There are: {}", names.join(", "))
    })
}

/// What lies in the dead letters of one queue, or of all, `limit` of each looked at.
///
/// # Errors
/// When there is no such queue, or it does not answer.
pub async fn list(operator: &Operator, queue: Option<&str>, limit: usize) -> Result<Vec<Dead>> {
    let names: Vec<String> = match queue {
        Some(name) => vec![name.to_owned()],
        None => operator.stack.dead_letters.keys().cloned().collect(),
    };
    let mut all = Vec::new();
    for queue in names {
        let (url, queues) = (url(operator, &queue)?, operator.aws.queues());
        let depth = queues.depth(url).await?;
        let count = depth.waiting + depth.in_flight;
        let mut looked_at = Vec::new();
        if count > 0 {
            let mut seen = BTreeSet::new();
            while looked_at.len() < limit {
                let taken = queues.take(url).await?;
                if taken.is_empty() {
                    break;
                }
                looked_at.extend(taken.into_iter().filter(|one| seen.insert(one.id.clone())));
            }
            for taken in &looked_at {
                queues.give_back(url, taken).await?;
            }
        }
        let mut letters: Vec<Letter> = looked_at.iter().map(Letter::of).collect();
        letters.sort_by_key(|letter| letter.sent);
        letters.truncate(limit);
        let oldest = letters.iter().find_map(|letter| letter.sent);
        all.push(Dead { queue, count, oldest, letters });
    }
    Ok(all)
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
    /// Stay: nothing tells what is to be made anew.
    pub stay: usize,
}

/// What was done with one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
    Done,
    PassedOver,
}

/// Sends dead letters back to the queue that they came from. Each is sent before it is removed: when this ends in between,
/// it is in both, and workers do a task once however often it comes. Of those of events, what is no key of an event is passed
/// over: the others behind it go.
///
/// # Errors
/// When there is no such queue or message, or nothing is to be sent again.
pub async fn redrive(operator: &Operator, queue: &str, which: Which<'_>) -> Result<Redriven> {
    ensure!(
        queue != SCHEDULES,
        "a schedule that did not start is not sent again: it starts at its next time. Look at its function's log, then drop \
         the message"
    );
    url(operator, queue)?;
    let home = operator.stack.queues.get(queue);
    ensure!(queue == EVENTS || home.is_some(), "the stack's record names no queue {queue}");
    each(operator, queue, which, "dead-letters redrive", async |taken| match home {
        Some(home) => {
            operator.aws.queues().send_on(home, taken, &ADDED).await?;
            Ok(Act::Done)
        }
        None => match EventKey::of(&taken.body) {
            Some((about, event)) => remake(operator, &about, event).await,
            None if which == Which::All => Ok(Act::PassedOver),
            None => bail!("this message is no key of an event: {}", GivenUp::of(&taken.body).unwrap_or_default()),
        },
    })
    .await
}

/// Makes the tasks of an event anew whose key lies in the router's dead letters.
async fn remake(operator: &Operator, about: &About, event: EventId) -> Result<Act> {
    let resent = outbox::replay_one(&operator.aws, about, event, now()).await;
    match resent.with_context(|| format!("the event {event} cannot be read by this version"))? {
        Some(resent) if resent.unsent == 0 => Ok(Act::Done),
        Some(_) => bail!("a queue did not take the tasks of the event {event}: try again"),
        None => bail!("there is no event {event}"),
    }
}

/// Takes dead letters away for good. Gives how many went.
///
/// # Errors
/// When there is no such queue or message.
pub async fn drop(operator: &Operator, queue: &str, which: Which<'_>) -> Result<usize> {
    Ok(each(operator, queue, which, "dead-letters drop", async |_| Ok(Act::Done)).await?.redriven)
}

/// Does something with dead letters and removes them; what is not meant, and what it failed with, goes back at once.
async fn each(
    operator: &Operator,
    queue: &str,
    which: Which<'_>,
    operation: &str,
    act: impl AsyncFn(&Taken) -> Result<Act>,
) -> Result<Redriven> {
    let (url, queues) = (url(operator, queue)?, operator.aws.queues());
    let depth = queues.depth(url).await?;
    // What comes back while this runs is not taken again.
    let most = depth.waiting + depth.in_flight;
    let (mut done, mut stay, mut others, mut seen) = (0, 0, Vec::new(), BTreeSet::new());
    let mut failed = Ok(());
    'all: while (seen.len() as u64) < most {
        let taken = queues.take(url).await?;
        if taken.is_empty() {
            break;
        }
        let (meant, not): (Vec<_>, Vec<_>) = taken.into_iter().partition(|one| which.has(one));
        seen.extend(meant.iter().chain(&not).map(|one| one.id.clone()));
        others.extend(not);
        if !meant.is_empty() {
            let mut on = vec![queue.to_owned()];
            on.extend(meant.iter().map(|one| one.id.clone()));
            operator.note(operation, on).await?;
        }
        let mut meant = meant.into_iter();
        while let Some(one) = meant.next() {
            match act(&one).await {
                Ok(Act::Done) => {
                    queues.remove(url, &one).await?;
                    done += 1;
                }
                Ok(Act::PassedOver) => {
                    others.push(one);
                    stay += 1;
                }
                Err(error) => {
                    others.push(one);
                    others.extend(meant);
                    failed = Err(error.context(format!("{done} went, then one failed")));
                    break 'all;
                }
            }
        }
        if done > 0 && which != Which::All {
            break;
        }
    }
    for one in &others {
        queues.give_back(url, one).await?;
    }
    failed?;
    match which {
        Which::Message(id) if done == 0 => bail!("there is no message {id} in the dead letters {queue}"),
        Which::Message(_) | Which::All => Ok(Redriven { redriven: done, stay }),
    }
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
}
