//! Peer-to-peer conversations of a request (ACT-04).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{id::Username, phone::Phone};

/// A peer-to-peer conversation: the ordering provider with a physician of the payer, about an adverse decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Talk {
    /// When it was asked for.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// The ordering provider.
    pub provider: String,
    /// Whom to call.
    pub phone: Phone,
    /// When the provider can be reached, in order.
    pub times: Vec<Timestamp>,
    /// What became of it.
    pub stage: Stage,
}

/// How far a conversation is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Stage {
    /// One of the times is to be chosen.
    Asked,
    /// It will be held.
    Scheduled {
        /// At one of the times.
        time: Timestamp,
    },
    /// It was.
    Held {
        /// When it was noted.
        at: Timestamp,
        /// What came of it; the decision stands until another is made.
        outcome: String,
    },
    /// It was not.
    Missed {
        /// When it was noted.
        at: Timestamp,
    },
}
