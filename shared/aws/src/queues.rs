//! SQS: what the stream hands to the workers.

use aws_sdk_sqs::{Client, types::SendMessageBatchRequestEntry};
use portico_domain::task::Destination;

use crate::config::Config;

/// The longest time that SQS holds a message back.
pub const MAX_DELAY_SECONDS: u32 = 900;

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
}
