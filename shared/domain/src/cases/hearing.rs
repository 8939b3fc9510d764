//! Fair hearings (ACT-11): the State looks at an adverse decision, asked by the member, by somebody who stands for them, or by the
//! provider with the member's written consent (42 CFR 438.402(c)(1)(ii), 431.221).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    events::HearingEnd,
    id::{RequestNumber, Username},
};

/// A hearing about the decision on a request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hearing {
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// The day on which it was asked for, in the contract's zone.
    pub asked_on: Date,
    /// Who asked.
    pub asked_by: AskedBy,
    /// Why, in their words.
    pub reason: String,
    /// What became of it.
    pub stage: HearingStage,
}

impl Hearing {
    /// Whether nothing has come of it yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.stage, HearingStage::Requested | HearingStage::Scheduled { .. })
    }

    /// The request that carries a reversal out.
    #[must_use]
    pub fn carried_out_by(&self) -> Option<RequestNumber> {
        if let HearingStage::Ended { carried_out_by, .. } = &self.stage { *carried_out_by } else { None }
    }
}

/// Who asks for a hearing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum AskedBy {
    /// The provider, with the member's written consent.
    Provider,
    /// The member.
    Member,
    /// Somebody who stands for the member.
    Representative {
        /// Who.
        name: String,
    },
}

/// How far a hearing is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum HearingStage {
    /// It is to be scheduled.
    Requested,
    /// It will be held.
    Scheduled {
        /// When.
        time: Timestamp,
    },
    /// It is over.
    Ended {
        /// When that was recorded.
        at: Timestamp,
        /// The day on which it was held, or taken back or dismissed, in the contract's zone.
        on: Date,
        /// How.
        outcome: HearingOutcome,
        /// What was ordered, or why it was not held.
        words: String,
        /// The request that carries a reversal out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carried_out_by: Option<RequestNumber>,
    },
}

/// How a hearing ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HearingOutcome {
    /// The decision stands.
    Upheld,
    /// All that was asked for is to be approved.
    Reversed,
    /// Some of it is.
    ReversedInPart,
    /// Whoever asked took it back.
    Withdrawn,
    /// It was not heard.
    Dismissed,
}

impl HearingOutcome {
    /// Whether something is to be approved by it.
    #[must_use]
    pub fn reverses(self) -> bool {
        matches!(self, Self::Reversed | Self::ReversedInPart)
    }

    /// Whether the decision was looked at.
    #[must_use]
    pub fn was_held(self) -> bool {
        self.reverses() || self == Self::Upheld
    }
}

impl std::fmt::Display for HearingOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Upheld => "upheld",
            Self::Reversed => "reversed",
            Self::ReversedInPart => "reversed in part",
            Self::Withdrawn => "withdrawn",
            Self::Dismissed => "dismissed",
        })
    }
}

impl From<HearingOutcome> for HearingEnd {
    fn from(outcome: HearingOutcome) -> Self {
        match outcome {
            HearingOutcome::Upheld => Self::Upheld,
            HearingOutcome::Reversed => Self::Reversed,
            HearingOutcome::ReversedInPart => Self::ReversedInPart,
            HearingOutcome::Withdrawn => Self::Withdrawn,
            HearingOutcome::Dismissed => Self::Dismissed,
        }
    }
}
