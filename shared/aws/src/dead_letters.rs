//! Queues as an operator sees them: how much waits, what lies in the dead letters, and the way back.

use std::collections::HashMap;

use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName};
use jiff::Timestamp;

use crate::queues::{QueueError, Queues};

/// How long a message that is looked at is hidden from others, in seconds.
const LOOKED_AT: i32 = 60;

/// How much is in a queue, about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Depth {
    /// Waits for a worker.
    pub waiting: u64,
    /// Is with a worker.
    pub in_flight: u64,
    /// Is held back until its time.
    pub delayed: u64,
}

/// A message that was taken to be looked at: nobody else sees it for a minute, unless it is given back.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The queue's id of it.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// When it was sent first.
    pub sent: Option<Timestamp>,
    attributes: HashMap<String, MessageAttributeValue>,
    receipt: String,
}

impl Taken {
    /// A text attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(MessageAttributeValue::string_value)
    }
}

impl Queues {
    /// How much is in a queue.
    ///
    /// # Errors
    /// When the queue does not say.
    pub async fn depth(&self, url: &str) -> Result<Depth, QueueError> {
        let asked = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let ask = self.client.get_queue_attributes().queue_url(url).set_attribute_names(Some(asked.to_vec()));
        let found = ask.send().await.map_err(|error| QueueError(error.into()))?.attributes.unwrap_or_default();
        let [waiting, in_flight, delayed] =
            asked.map(|name| found.get(&name).and_then(|text| text.parse().ok()).unwrap_or_default());
        Ok(Depth { waiting, in_flight, delayed })
    }

    /// Takes up to ten messages to look at.
    ///
    /// # Errors
    /// When the queue does not give them.
    pub async fn take(&self, url: &str) -> Result<Vec<Taken>, QueueError> {
        let take = self
            .client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .visibility_timeout(LOOKED_AT)
            // Asks all servers of the queue: a short answer of a single one may be empty.
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = take.send().await.map_err(|error| QueueError(error.into()))?;
        let taken = answer.messages.unwrap_or_default().into_iter().map(|message| {
            let sent = message.attributes.as_ref().and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp));
            Taken {
                id: message.message_id.unwrap_or_default(),
                body: message.body.unwrap_or_default(),
                sent: sent.and_then(|text| text.parse().ok()).and_then(|ms| Timestamp::from_millisecond(ms).ok()),
                attributes: message.message_attributes.unwrap_or_default(),
                receipt: message.receipt_handle.unwrap_or_default(),
            }
        });
        Ok(taken.collect())
    }

    /// Lets others see a message again at once.
    ///
    /// # Errors
    /// When the queue does not answer; it does so by itself after a minute.
    pub async fn give_back(&self, url: &str, taken: &Taken) -> Result<(), QueueError> {
        let call = self.client.change_message_visibility().queue_url(url).receipt_handle(&taken.receipt);
        call.visibility_timeout(0).send().await.map_err(|error| QueueError(error.into()))?;
        Ok(())
    }

    /// Sends what was taken to another queue, as it was sent first: without the attributes in `without`.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub async fn send_on(&self, url: &str, taken: &Taken, without: &[&str]) -> Result<(), QueueError> {
        let mut attributes = taken.attributes.clone();
        attributes.retain(|name, _| !without.contains(&name.as_str()));
        let send = self.client.send_message().queue_url(url).message_body(&taken.body);
        let attributes = Some(attributes).filter(|all| !all.is_empty());
        send.set_message_attributes(attributes).send().await.map_err(|error| QueueError(error.into()))?;
        Ok(())
    }

    /// Takes a message out of its queue for good.
    ///
    /// # Errors
    /// When the queue does not answer.
    pub async fn remove(&self, url: &str, taken: &Taken) -> Result<(), QueueError> {
        let call = self.client.delete_message().queue_url(url).receipt_handle(&taken.receipt);
        call.send().await.map_err(|error| QueueError(error.into()))?;
        Ok(())
    }
}
