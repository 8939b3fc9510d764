//! What no worker could do: looked at, sent back to its queue, or dropped (OPS-04).

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use portico_aws::{dead_letters::Taken, outbox};
use portico_domain::{
    events::About,
    events::task::Message,
    id::{CaseKey, EventId, Username},
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
    fn about(&self) -> Option<About> {
        let of = self.pk.strip_prefix("EVENT#")?;
        let user = || of.parse::<Username>().ok().map(About::User);
        of.parse::<CaseKey>().ok().map(About::Case).or_else(user)
    }
}

impl Letter {
    fn of(taken: &Taken) -> Self {
        let message = serde_json::from_str::<Message>(&taken.body).ok();
        let key = serde_json::from_str::<EventKey>(&taken.body).ok();
        let task = message.as_ref().and_then(|message| serde_json::to_value(&message.task).ok());
        let part = |name: &str| task.as_ref().and_then(|task| task.get(name)?.as_str().map(ToOwned::to_owned));
        let event = message.as_ref().map(|message| message.event).or(key.as_ref().map(|key| key.sk));
        let about = part("case").or_else(|| part("user")).or_else(|| {
            key.as_ref().and_then(EventKey::about).map(|about| match about {
                About::Case(key) => key.to_string(),
                About::User(name) => name.to_string(),
                About::Unknown(hash) => hash,
            })
        });
        Self {
            message: taken.id.clone(),
            sent: taken.sent,
            event,
            task: part("task"),
            about,
            reason: taken.attribute("reason").map(ToOwned::to_owned),
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

/// Sends dead letters back to the queue that they came from. Each is sent before it is removed: when this ends in between,
/// it is in both, and workers do a task once however often it comes. Gives how many went.
///
/// # Errors
/// When there is no such queue or message, or nothing is to be sent again.
pub async fn redrive(operator: &Operator, queue: &str, which: Which<'_>) -> Result<usize> {
    ensure!(
        queue != SCHEDULES,
        "a schedule that did not start is not sent again: it starts at its next time. Look at its function's log, then drop \
         the message"
    );
    url(operator, queue)?;
    let home = operator.stack.queues.get(queue);
    ensure!(queue == EVENTS || home.is_some(), "the stack's record names no queue {queue}");
    each(operator, queue, which, "dead-letters redrive", async |taken| match home {
        Some(home) => Ok(operator.aws.queues().send_on(home, taken, &ADDED).await?),
        None => remake(operator, taken).await,
    })
    .await
}

/// Makes the tasks of an event anew whose key lies in the router's dead letters.
async fn remake(operator: &Operator, taken: &Taken) -> Result<()> {
    let key: EventKey = serde_json::from_str(&taken.body).context("this message is no key of an event")?;
    let about = key.about().context("this message is no key of an event")?;
    let resent = outbox::replay_one(&operator.aws, &about, key.sk, now()).await;
    match resent.with_context(|| format!("the event {} cannot be read by this version", key.sk))? {
        Some(resent) if resent.unsent == 0 => Ok(()),
        Some(_) => bail!("a queue did not take the tasks of the event {}: try again", key.sk),
        None => bail!("there is no event {}", key.sk),
    }
}

/// Takes dead letters away for good. Gives how many went.
///
/// # Errors
/// When there is no such queue or message.
pub async fn drop(operator: &Operator, queue: &str, which: Which<'_>) -> Result<usize> {
    each(operator, queue, which, "dead-letters drop", async |_| Ok(())).await
}

/// Does something with dead letters and removes them; what is not meant, and what it failed with, goes back at once.
async fn each(
    operator: &Operator,
    queue: &str,
    which: Which<'_>,
    operation: &str,
    act: impl AsyncFn(&Taken) -> Result<()>,
) -> Result<usize> {
    let (url, queues) = (url(operator, queue)?, operator.aws.queues());
    let depth = queues.depth(url).await?;
    // What comes back while this runs is not taken again.
    let most = depth.waiting + depth.in_flight;
    let (mut done, mut others, mut seen) = (0, Vec::new(), BTreeSet::new());
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
            let acted = act(&one).await;
            if let Err(error) = acted {
                others.push(one);
                others.extend(meant);
                failed = Err(error.context(format!("{done} went, then one failed")));
                break 'all;
            }
            queues.remove(url, &one).await?;
            done += 1;
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
        Which::Message(_) | Which::All => Ok(done),
    }
}
