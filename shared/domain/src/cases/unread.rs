//! What of the messages on a case no reviewer has read (ACT-09).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::EventId;

/// What the provider wrote and no reviewer has read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Unread {
    /// Since when.
    pub since: Timestamp,
    /// The last message.
    pub last: EventId,
}
