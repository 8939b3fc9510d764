//! Sends the tasks of events that the router has not brought to their queues (OPS-10): every few minutes, or whenever it is
//! called.
//!
//! Nothing is scanned. An event that gives tasks is written with a marker in the outbox, and the router removes the marker
//! once the tasks are in their queues. A marker that is some minutes old stands for an event whose queue was away, whose
//! router died or could not read it, or whose record was lost in the stream. Sending is always right: consumers do a task
//! once. A queue that does not take a message is not asked for the others of the same run.

use portico_aws::{
    Aws, clock,
    outbox::{self, Stored},
    table::key::OUTBOX_SHARDS,
};
use portico_domain::{events::task::Destination, id::EventId};
use serde::Serialize;

use crate::{batch::minutes, failure::Failure};

/// Markers that are read at once, of one shard.
const PAGE: i32 = 100;
/// Pages of one shard that a run reads: the next run reads on, as what was sent is gone from the outbox.
const PAGES: usize = 100;
/// How old a marker is before it is looked at: the router is given so long.
const PATIENCE_MINUTES: f64 = 3.0;

/// What a run did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reconciled {
    /// Events whose tasks are in their queues now.
    pub sent: usize,
    /// Events that some queue did not take; the next run tries again.
    pub waiting: usize,
    /// Events that this version cannot read; a later one does, or an operator looks.
    pub unreadable: usize,
}

/// Looks through the outbox once.
///
/// # Errors
/// When the table fails; what was sent until then is sent.
pub async fn handle(aws: &Aws) -> Result<Reconciled, Failure> {
    let now = clock::now();
    let before = now.checked_sub(minutes(aws, PATIENCE_MINUTES)).unwrap_or(now);
    let (mut done, mut away) = (Reconciled::default(), Vec::<Destination>::new());
    for shard in 0..OUTBOX_SHARDS {
        let mut after = None::<EventId>;
        for _ in 0..PAGES {
            let page = outbox::pending(aws, shard, before, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.event);
            let mut events = Vec::new();
            for (pending, stored) in page.iter().zip(outbox::read(aws, &page).await?) {
                match stored {
                    Stored::Event(event) => events.push(event),
                    Stored::UnknownKind | Stored::Unreadable => {
                        tracing::error!(event = %pending.event, "an event in the outbox cannot be read");
                        done.unreadable += 1;
                    }
                }
            }
            let (resent, refused) = outbox::resend(aws, &events, now, &away).await?;
            done.sent += resent.events;
            done.waiting += resent.unsent;
            away.extend(refused.into_iter().filter(|queue| !away.contains(queue)).collect::<Vec<_>>());
        }
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let left = done.waiting + done.unreadable;
    tracing::info!(sent = done.sent, waiting = done.waiting, unreadable = done.unreadable, "reconciled");
    portico_aws::metrics::emit(
        aws,
        &[("EventsSentAgain", "Count", count(done.sent)), ("EventsLeft", "Count", count(left))],
    );
    Ok(done)
}
