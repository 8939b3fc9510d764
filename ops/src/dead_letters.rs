//! What no worker could do: looked at, sent back to its queue, or dropped (OPS-04).

use anyhow::{Context, Result, bail, ensure};
use futures::future::BoxFuture;
use jiff::Timestamp;
use portico_aws::{
    lanes::{self, Home, Letter, Place, Redriven, Stopped, Which},
    table,
};
use serde::Serialize;

use crate::Operator;

/// The dead letters of the router: keys of events, whose tasks are made anew.
const EVENTS: &str = "events";
/// The dead letters of schedules that did not start.
const SCHEDULES: &str = "schedules";

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

fn place(operator: &Operator, queue: &str) -> Result<Place> {
    let known = &operator.stack.dead_letters;
    let dead = known.get(queue).cloned().with_context(|| {
        let names: Vec<&str> = known.keys().map(String::as_str).collect();
        format!("there are no dead letters {queue}. There are: {}", names.join(", "))
    })?;
    let home = match (queue, operator.stack.queues.get(queue)) {
        (_, Some(home)) => Home::Queue(home.clone()),
        (EVENTS, None) => Home::Events,
        (_, None) => Home::Nowhere,
    };
    Ok(Place { dead, home })
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
        let (count, letters) = lanes::list(&operator.aws, &place(operator, &queue)?.dead, limit).await?;
        let oldest = letters.iter().find_map(|letter| letter.sent);
        all.push(Dead { queue, count, oldest, letters });
    }
    Ok(all)
}

/// Sends dead letters back to the queue that they came from.
///
/// # Errors
/// When there is no such queue or message, or nothing is to be sent again.
pub async fn redrive(operator: &Operator, queue: &str, which: Which<'_>) -> Result<Redriven> {
    let place = place(operator, queue)?;
    ensure!(queue == SCHEDULES || place.home != Home::Nowhere, "the stack's record names no queue {queue}");
    let note = |ids| note(operator, "dead-letters redrive", queue, ids);
    found(queue, which, lanes::redrive(&operator.aws, &place, (which, u64::MAX), &note).await)
}

/// Takes dead letters away for good. Gives how many went.
///
/// # Errors
/// When there is no such queue or message.
pub async fn drop(operator: &Operator, queue: &str, which: Which<'_>) -> Result<usize> {
    let place = place(operator, queue)?;
    let note = |ids| note(operator, "dead-letters drop", queue, ids);
    let dropped = lanes::drop(&operator.aws, &place, (which, u64::MAX), &note).await;
    Ok(found(queue, which, dropped)?.redriven)
}

fn note<'a>(
    operator: &'a Operator,
    operation: &'a str,
    queue: &'a str,
    ids: Vec<String>,
) -> BoxFuture<'a, Result<(), table::Error>> {
    let on = [vec![queue.to_owned()], ids].concat();
    Box::pin(async move { operator.table().audit_operation(&operator.operation(operation, on)).await })
}

/// One that was meant was there.
fn found(queue: &str, which: Which<'_>, done: Result<Redriven, Stopped>) -> Result<Redriven> {
    let done = done.map_err(|stopped| match stopped {
        Stopped { done: 0, why } => anyhow::Error::from(why),
        stopped @ Stopped { .. } => anyhow::Error::from(stopped),
    })?;
    match which {
        Which::Message(id) if done == Redriven::default() => {
            bail!("there is no message {id} in the dead letters {queue}")
        }
        Which::Message(_) | Which::All => Ok(done),
    }
}
