//! Where a request stands and what came of it, in words that events, letters, cases and reviews share.

use serde::{Deserialize, Serialize};

/// What people read about a request; derived, never stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Saved but not submitted.
    Draft,
    /// Submitted, in automatic review.
    Submitted,
    /// With a nurse reviewer.
    NurseReview,
    /// With a physician reviewer.
    PhysicianReview,
    /// Waits for information from the provider.
    Pended,
    /// Waits until the plan's file says that the member is covered (CASE-27).
    PendedEligibility,
    /// All lines approved as asked.
    Approved,
    /// Some lines reduced or denied.
    Modified,
    /// All lines denied.
    Denied,
    /// Closed without a decision: the member is not eligible.
    Void,
    /// Taken back.
    Withdrawn,
    /// Given up before it was submitted.
    Cancelled,
}

/// A side of the conversation on a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// Users of the groups of the case's providers.
    #[default]
    Provider,
    /// The payer's review team.
    Staff,
}

impl Side {
    /// The side that it speaks to.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Provider => Self::Staff,
            Self::Staff => Self::Provider,
        }
    }
}

/// A worklist (REV-01).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Nurse reviewers'.
    Nurse,
    /// Physician reviewers'.
    Physician,
}

impl std::fmt::Display for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nurse => "nurse",
            Self::Physician => "physician",
        })
    }
}

impl std::str::FromStr for Queue {
    type Err = crate::id::WordError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "nurse" => Ok(Self::Nurse),
            "physician" => Ok(Self::Physician),
            _ => Err(crate::id::WordError("a worklist: nurse or physician")),
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Draft => "saved but not submitted",
            Self::Submitted => "submitted",
            Self::NurseReview => "with a nurse reviewer",
            Self::PhysicianReview => "with a physician reviewer",
            Self::Pended => "waiting for information from the provider",
            Self::PendedEligibility => "waiting for the member's eligibility",
            Self::Void => "closed without a decision",
            Self::Approved => "approved",
            Self::Modified => "approved in part",
            Self::Denied => "denied",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
        })
    }
}

/// The decision on the whole request, rolled up from the lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every line as asked.
    Approved,
    /// Something less than asked.
    Modified,
    /// Nothing.
    Denied,
}

/// Why a request was closed without a decision (REV-04).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Closed {
    /// The member is not eligible on the days asked for (CASE-27).
    #[default]
    NotEligible,
    /// What is asked for needs no authorization.
    NotRequired,
    /// Another request asks for the same.
    Duplicate,
}

/// Who reads the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Audience {
    /// The `RequestingProvider`: codes, criteria, physician to physician.
    Provider,
    /// The Member: plain language (42 CFR 431.206(e), 438.10), no procedure codes.
    Member,
}

impl From<Outcome> for Status {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Approved => Self::Approved,
            Outcome::Modified => Self::Modified,
            Outcome::Denied => Self::Denied,
        }
    }
}

impl Outcome {
    /// Whether the member gets less than was asked: then notice and appeal rights are due (42 CFR 438.400(b)).
    #[must_use]
    pub fn is_adverse(self) -> bool {
        self != Self::Approved
    }
}
