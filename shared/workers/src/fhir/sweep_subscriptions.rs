//! Wakes the subscriptions under which something is to be sent at a time, every five minutes or whenever it is called: those whose
//! receiver is not to be left in silence, and those whose message was lost.
//!
//! Nothing is scanned and nothing written: a subscription stands in the index `work` by that time, and the message that it gets
//! moves it. Where that does not come, the next sweep sends another one.

use jiff::SignedDuration;
use portico_aws::{Aws, clock, queues::Outgoing};
use portico_domain::{
    events::task::{Destination, Message, Task},
    id::EventId,
};
use serde::Serialize;

use crate::{batch::minutes, failure::Failure};

/// Subscriptions that are woken by one call: as many as a queue takes.
const PAGE: i32 = 10;

/// What a sweep did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Subscriptions that have a message now.
    pub woken: usize,
}

/// Sweeps once.
///
/// # Errors
/// When the index cannot be read, or at the end when the queue did not take all messages.
pub async fn handle(aws: &Aws) -> Result<Swept, Failure> {
    // Until the next sweep, nobody else looks.
    let ahead = SignedDuration::try_from(minutes(aws, 5.0)).unwrap_or_default();
    let now = clock::now().checked_add(ahead).unwrap_or_else(|_| clock::now());
    let (mut swept, mut unsent, mut after) = (Swept::default(), 0, None::<String>);
    loop {
        let page = aws.table().subscriptions_due(after.as_deref(), now, PAGE).await?;
        let Some(last) = page.last() else { break };
        let messages = page.iter().map(|due| {
            let task = Task::Notify { client: due.client, subscription: due.subscription };
            let body = serde_json::to_string(&Message { event: EventId::new(clock::new_uuid()), task });
            Ok(Outgoing { body: body.map_err(|error| Failure::poison(&error))?, delay_seconds: 0 })
        });
        let messages = messages.collect::<Result<Vec<_>, Failure>>()?;
        let refused = aws.queues().send(aws.config().queue(Destination::Subscriptions), &messages).await?.len();
        swept.woken += messages.len() - refused;
        unsent += refused;
        after = Some(last.place.clone());
    }
    tracing::info!(woken = swept.woken, unsent, "swept");
    if unsent == 0 { Ok(swept) } else { Err(Failure::Unsent(unsent)) }
}
