//! SQS: what the stream hands to the workers.

use std::time::Duration;

use aws_sdk_sqs::{
    Client,
    types::{MessageAttributeValue, SendMessageBatchRequestEntry},
};
use portico_domain::events::task::Destination;

use crate::config::Config;

/// The longest time that SQS holds a message back.
pub const MAX_DELAY_SECONDS: u32 = 900;

/// The longest time that a message is hidden: SQS allows twelve hours from its receipt on.
const MAX_HIDDEN_SECONDS: u64 = 3_600;

/// What goes to dead letters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dead {
    /// As it was: sent back to its queue, it can be done.
    pub body: String,
    /// Why it could not be done, without PHI.
    pub reason: String,
    /// Id of the message, or place in the stream, that it was.
    pub original: String,
    /// How often it was tried.
    pub receives: u32,
}

/// The queues.
#[derive(Debug)]
pub struct Queues {
    pub(crate) client: Client,
}

/// A message on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outgoing {
    /// Ids only, never PHI (OPS-06).
    pub body: String,
    /// Time until a worker sees it, at most [`MAX_DELAY_SECONDS`].
    pub delay_seconds: u32,
}

/// A queue that did not take messages.
#[derive(Debug, thiserror::Error)]
#[error("a queue is not available")]
pub struct QueueError(#[source] pub(crate) Box<dyn std::error::Error + Send + Sync>);

impl QueueError {
    /// The whole chain of causes; a queue knows ids only.
    #[must_use]
    pub fn reason(&self) -> String {
        let (mut reason, mut source) = (self.to_string(), std::error::Error::source(self));
        while let Some(cause) = source {
            reason.push_str(": ");
            reason.push_str(&cause.to_string());
            source = cause.source();
        }
        reason
    }
}

impl Config {
    /// The address of a destination's queue.
    #[must_use]
    pub fn queue(&self, destination: Destination) -> &str {
        match destination {
            Destination::Review => &self.review_queue,
            Destination::Letters => &self.letters_queue,
            Destination::Fax => &self.fax_queue,
            Destination::Mail => &self.mail_queue,
            Destination::Notices => &self.notices_queue,
            Destination::Pins => &self.pins_queue,
            // Without it, it is a queue that is away: what goes there waits in the outbox.
            Destination::Received => self.received_queue.as_deref().unwrap_or_default(),
            Destination::Subscriptions => self.subscriptions_queue.as_deref().unwrap_or_default(),
        }
    }
}

impl Queues {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Sends up to ten messages in one call. Gives the places of those that the queue did not take.
    ///
    /// # Errors
    /// When none was taken.
    pub async fn send(&self, url: &str, messages: &[Outgoing]) -> Result<Vec<usize>, QueueError> {
        let entries = messages.iter().enumerate().map(|(place, message)| {
            let delay = i32::try_from(message.delay_seconds.min(MAX_DELAY_SECONDS)).unwrap_or_default();
            let entry = SendMessageBatchRequestEntry::builder().id(place.to_string()).delay_seconds(delay);
            entry.message_body(&message.body).build()
        });
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|error| QueueError(error.into()))?;
        let send = self.client.send_message_batch().queue_url(url).set_entries(Some(entries));
        let answer = send.send().await.map_err(|error| QueueError(error.into()))?;
        Ok(answer.failed.iter().filter_map(|failed| failed.id.parse().ok()).collect())
    }

    /// Hides a message that was received for so long from now on.
    ///
    /// # Errors
    /// When the queue does not take it: the message comes again when the queue's own time is over.
    pub async fn hide(&self, url: &str, receipt: &str, time: Duration) -> Result<(), QueueError> {
        let seconds = i32::try_from(time.as_secs().min(MAX_HIDDEN_SECONDS)).unwrap_or_default();
        let change = self.client.change_message_visibility().queue_url(url).receipt_handle(receipt);
        change.visibility_timeout(seconds).send().await.map_err(|error| QueueError(error.into()))?;
        Ok(())
    }

    /// Puts what cannot be done into dead letters, each with its reason and what else is known of it. None is left out:
    /// who takes the originals away knows that all are there.
    ///
    /// # Errors
    /// When not all were taken.
    pub async fn bury(&self, url: &str, dead: &[Dead]) -> Result<(), QueueError> {
        for ten in dead.chunks(10) {
            let entries = ten.iter().enumerate().map(|(place, dead)| {
                let text = |text: &str| MessageAttributeValue::builder().data_type("String").string_value(text).build();
                let entry = SendMessageBatchRequestEntry::builder().id(place.to_string()).message_body(&dead.body);
                let entry = entry.message_attributes("reason", text(&dead.reason)?);
                let entry = entry.message_attributes("original", text(&dead.original)?);
                entry.message_attributes("receives", text(&dead.receives.to_string())?).build()
            });
            let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|error| QueueError(error.into()))?;
            let send = self.client.send_message_batch().queue_url(url).set_entries(Some(entries));
            let answer = send.send().await.map_err(|error| QueueError(error.into()))?;
            if let Some(failed) = answer.failed.first() {
                return Err(QueueError(failed.code.clone().into()));
            }
        }
        Ok(())
    }
}
