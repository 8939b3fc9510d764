//! A request within a case: its lines, and the states it goes through.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cases::determination::Decided,
    clock::Clock,
    id::{CaseId, RequestNumber, Username},
    period::Period,
    service::{Line, ReviewKind, Urgency},
    status::{Queue, Status},
};

/// A request: R01 of a new case, later ones for what follows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Its place in the case.
    pub number: RequestNumber,
    /// Why it is made; chosen in the wizard.
    pub review: ReviewKind,
    /// How fast an answer is needed.
    pub urgency: Urgency,
    /// What is asked for.
    pub lines: Vec<Line>,
    /// Where it stands.
    pub state: State,
    /// What was decided before, oldest first, where it was taken up again after a decision.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Decided>,
    /// Why nurses referred it to a physician, oldest first: what an appeal asks for first, whatever was decided after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referrals: Vec<Referral>,
    /// That it was submitted although it may repeat another one (CASE-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
}

/// A nurse's reasons for referring a request to a physician.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Referral {
    /// The nurse.
    pub by: Username,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub note: String,
}

/// That a request was submitted although another one asks for the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Repeats {
    /// The other requests that its submitter was shown.
    pub of: Vec<Repeated>,
    /// Why, in the submitter's words.
    pub reason: String,
}

/// A request that may be repeated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Repeated {
    /// Its case.
    pub case: CaseId,
    /// Its number there.
    pub request: RequestNumber,
}

/// Where a request stands, with what is only true there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum State {
    /// Being written.
    Draft,
    /// Handed in; automatic review looks at it next.
    Submitted {
        /// The decision's time limit.
        clock: Clock,
    },
    /// Waits for, or is with, a nurse reviewer.
    NurseReview {
        /// The decision's time limit.
        clock: Clock,
        /// Who works on it.
        claimed: Option<Claim>,
    },
    /// Waits for, or is with, a physician reviewer.
    PhysicianReview {
        /// The decision's time limit.
        clock: Clock,
        /// Who works on it.
        claimed: Option<Claim>,
    },
    /// Decided.
    Determined {
        /// The decision's time limit, ended.
        clock: Clock,
        /// What was decided, in short.
        decided: Decided,
    },
    /// Taken back by the provider before a decision (ACT-06).
    Withdrawn {
        /// When.
        at: Timestamp,
        /// By whom.
        by: Username,
    },
}

/// Who took a request from the worklist.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The reviewer.
    pub by: Username,
    /// Since when.
    pub at: Timestamp,
}

/// A step that the request's state does not allow: says where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The request is {status}; this cannot be done now.")]
pub struct StateError {
    /// Where the request stands.
    pub status: Status,
}

impl Request {
    /// The request that a new case starts with.
    #[must_use]
    pub fn first() -> Self {
        Self {
            number: RequestNumber::FIRST,
            review: ReviewKind::Initial,
            urgency: Urgency::Standard,
            lines: Vec::new(),
            state: State::Draft,
            earlier: Vec::new(),
            referrals: Vec::new(),
            repeats: None,
        }
    }

    /// From the first day of its lines to the last.
    #[must_use]
    pub fn days(&self) -> Option<Period> {
        let from = self.lines.iter().map(|line| line.period.from()).min();
        let to = self.lines.iter().map(|line| line.period.to()).max();
        from.zip(to).and_then(|(from, to)| Period::new(from, to).ok())
    }

    /// What people read.
    #[must_use]
    pub fn status(&self) -> Status {
        match &self.state {
            State::Draft => Status::Draft,
            State::Submitted { .. } => Status::Submitted,
            State::NurseReview { .. } => Status::NurseReview,
            State::PhysicianReview { .. } => Status::PhysicianReview,
            State::Determined { decided, .. } => decided.outcome.into(),
            State::Withdrawn { .. } => Status::Withdrawn,
        }
    }

    /// Its time limit, once submitted.
    #[must_use]
    pub fn clock(&self) -> Option<&Clock> {
        match &self.state {
            State::Submitted { clock }
            | State::NurseReview { clock, .. }
            | State::PhysicianReview { clock, .. }
            | State::Determined { clock, .. } => Some(clock),
            State::Draft | State::Withdrawn { .. } => None,
        }
    }

    /// The worklist it is on, and who has claimed it there.
    #[must_use]
    pub fn queue(&self) -> Option<(Queue, Option<&Claim>)> {
        match &self.state {
            State::NurseReview { claimed, .. } => Some((Queue::Nurse, claimed.as_ref())),
            State::PhysicianReview { claimed, .. } => Some((Queue::Physician, claimed.as_ref())),
            State::Draft | State::Submitted { .. } | State::Determined { .. } | State::Withdrawn { .. } => None,
        }
    }

    /// What is decided, if it is.
    #[must_use]
    pub fn decided(&self) -> Option<&Decided> {
        match &self.state {
            State::Determined { decided, .. } => Some(decided),
            State::Draft
            | State::Submitted { .. }
            | State::NurseReview { .. }
            | State::PhysicianReview { .. }
            | State::Withdrawn { .. } => None,
        }
    }

    /// Which decision on the request the next one is.
    #[must_use]
    pub fn next_decision(&self) -> u32 {
        let before = self.earlier.iter().chain(self.decided()).map(|decided| decided.number).max();
        before.unwrap_or_default() + 1
    }

    /// The error for a step that cannot be taken now.
    #[must_use]
    pub fn not_now(&self) -> StateError {
        StateError { status: self.status() }
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use jiff::civil::date;

    use crate::{period::Period, service::Line};

    pub(crate) fn line(code: &str, days: u32, units: u32) -> Line {
        Line {
            code: code.parse().unwrap(),
            modifiers: Vec::new(),
            period: Period::new(date(2026, 5, 11), date(2026, 6, 9)).unwrap(),
            duration: days.try_into().unwrap(),
            quantity: units.try_into().unwrap(),
            frequency: None,
        }
    }
}
