//! A request within a case: its lines, and the states it goes through.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{authorization::Follows, determination::Decided, hearing::Hearing, more_time::MoreTime, talk::Talk},
    clock::Clock,
    id::{CaseId, DocumentId, EventId, RequestNumber, Username},
    period::Period,
    service::{Line, ReviewKind, Urgency},
    status::{Closed, Queue, Status},
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
    /// Of what is said to go on: whether it was authorized up to the day before. None where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<bool>,
    /// What it follows, where it was asked for after a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
    /// What was added after it was submitted, oldest first (ACT-01).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Added>,
    /// What reviewers asked the provider for, oldest first (REV-06).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pends: Vec<Pend>,
    /// That the time for its decision was extended (42 CFR 438.210(d)(1)(ii)); once for each request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_time: Option<MoreTime>,
    /// Conversations about its decision that the provider asked for, oldest first; a further one after one that was missed
    /// (ACT-04).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub talks: Vec<Talk>,
    /// Fair hearings about its decision, oldest first (ACT-11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hearings: Vec<Hearing>,
    /// The deadline of which its holder was told that it is near (ACT-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Timestamp>,
}

/// What a reviewer asked the provider for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pend {
    /// The reviewer.
    pub by: Username,
    /// When.
    pub at: Timestamp,
    /// What is needed, one thing each.
    pub items: Vec<String>,
    /// The last day to answer, in the contract's zone.
    pub due: Date,
    /// When the request comes back without an answer.
    pub until: Timestamp,
    /// When the provider is told that the time to answer is nearly over; none once that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<PendEnd>,
}

/// How a wait for information ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum PendEnd {
    /// Somebody of a provider's group answered.
    Answered {
        /// When.
        at: Timestamp,
        /// Who.
        by: Username,
    },
    /// Nobody did in time.
    Silent {
        /// When it was noticed.
        at: Timestamp,
    },
    /// The provider took the request back instead.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// What somebody of a provider's group added to a submitted request: a note, documents, or both.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Added {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// The note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<EventId>,
    /// The documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentId>,
    /// Whether it answered what the provider was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub answers: bool,
    /// When a reviewer saw it. What nobody has seen is news to whoever works on the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
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
    /// Waits for information from the provider; the last of its pends says what for.
    Pended {
        /// The decision's time limit.
        clock: Clock,
        /// The worklist that it came from.
        queue: Queue,
    },
    /// Waits until the plan's file covers the member on all days that are asked for (CASE-27).
    AwaitsCoverage {
        /// The decision's time limit, which runs on.
        clock: Clock,
        /// When a person looks at it without.
        until: Timestamp,
    },
    /// Closed by a reviewer without a decision.
    Void {
        /// The decision's time limit, ended.
        clock: Clock,
        /// What was found.
        voided: Voided,
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
        /// The decision's time limit, ended.
        clock: Clock,
        /// When.
        at: Timestamp,
        /// By whom.
        by: Username,
        /// Why, in the provider's words.
        reason: String,
    },
    /// Given up before it was submitted (ACT-06).
    Cancelled {
        /// When.
        at: Timestamp,
        /// By whom; by nobody when its time was over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Username>,
    },
}

/// What a reviewer found who closed a request without a decision.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Voided {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// Why.
    #[serde(default)]
    pub because: Closed,
    /// What was found, as it stands in the letters; may be empty where the rule or the other request says all.
    pub reason: String,
    /// The contract's rule by which what is asked for needs no authorization, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The request that asks for the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicates: Option<Duplicated>,
    /// The days asked for that the plan's file did not cover then; none where it says nothing of coverage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<Period>,
}

/// The other request that asks for the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Duplicated {
    /// Which.
    pub of: Repeated,
    /// Whether the group that asks sees it: of another clinic's case it learns no number.
    pub shown: bool,
}

impl Voided {
    /// Why it was closed, for whoever asked.
    #[must_use]
    pub fn in_words(&self) -> String {
        let why = match self.because {
            Closed::NotEligible => String::new(),
            Closed::NotRequired => "Authorization is not required.".to_owned(),
            Closed::Duplicate => match self.shown_duplicate() {
                Some(of) => format!("It repeats request {} of case {}.", of.request, of.case),
                None => "It repeats another request for the member.".to_owned(),
            },
        };
        let rule = self.rule.as_ref().map(|rule| format!("Rule: {rule}."));
        let said = [why].into_iter().chain(rule).chain([self.reason.clone()]);
        said.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The other request, where the group that asks sees it.
    #[must_use]
    pub fn shown_duplicate(&self) -> Option<&Repeated> {
        self.duplicates.as_ref().filter(|other| other.shown).map(|other| &other.of)
    }
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
            added: Vec::new(),
            pends: Vec::new(),
            more_time: None,
            talks: Vec::new(),
            hearings: Vec::new(),
            reminded: None,
            repeats: None,
            continues: None,
            follows: None,
        }
    }

    /// When it was handed in.
    #[must_use]
    pub fn asked_at(&self) -> Option<Timestamp> {
        self.clock().and_then(|clock| clock.ledger.first()).map(|entry| entry.at)
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
            State::Pended { .. } => Status::Pended,
            State::AwaitsCoverage { .. } => Status::PendedEligibility,
            State::Void { .. } => Status::Void,
            State::Determined { decided, .. } => decided.outcome.into(),
            State::Withdrawn { .. } => Status::Withdrawn,
            State::Cancelled { .. } => Status::Cancelled,
        }
    }

    /// When it was submitted: the rules that held then decide it.
    #[must_use]
    pub fn submitted(&self) -> Option<Timestamp> {
        self.clock().and_then(Clock::started)
    }

    /// Its time limit, once submitted.
    #[must_use]
    pub fn clock(&self) -> Option<&Clock> {
        match &self.state {
            State::Submitted { clock }
            | State::NurseReview { clock, .. }
            | State::PhysicianReview { clock, .. }
            | State::Pended { clock, .. }
            | State::AwaitsCoverage { clock, .. }
            | State::Void { clock, .. }
            | State::Determined { clock, .. }
            | State::Withdrawn { clock, .. } => Some(clock),
            State::Draft | State::Cancelled { .. } => None,
        }
    }

    /// The same request with its time limit as it is from now on.
    #[must_use]
    pub(crate) fn with_clock(mut self, now: Clock) -> Self {
        match &mut self.state {
            State::Submitted { clock }
            | State::NurseReview { clock, .. }
            | State::PhysicianReview { clock, .. }
            | State::Pended { clock, .. }
            | State::AwaitsCoverage { clock, .. }
            | State::Void { clock, .. }
            | State::Determined { clock, .. }
            | State::Withdrawn { clock, .. } => *clock = now,
            State::Draft | State::Cancelled { .. } => {}
        }
        self
    }

    /// The worklist it is on, and who has claimed it there.
    #[must_use]
    pub fn queue(&self) -> Option<(Queue, Option<&Claim>)> {
        match &self.state {
            State::NurseReview { claimed, .. } => Some((Queue::Nurse, claimed.as_ref())),
            State::PhysicianReview { claimed, .. } => Some((Queue::Physician, claimed.as_ref())),
            State::Draft
            | State::Submitted { .. }
            | State::Pended { .. }
            | State::AwaitsCoverage { .. }
            | State::Void { .. }
            | State::Determined { .. }
            | State::Withdrawn { .. }
            | State::Cancelled { .. } => None,
        }
    }

    /// What it waits for, while it does.
    #[must_use]
    pub fn pended(&self) -> Option<&Pend> {
        self.pends.last().filter(|_| matches!(self.state, State::Pended { .. }))
    }

    /// When a person looks at it, while it waits for the plan's file to cover the member.
    #[must_use]
    pub fn awaits_coverage(&self) -> Option<Timestamp> {
        let State::AwaitsCoverage { until, .. } = &self.state else { return None };
        Some(*until)
    }

    /// Why and what was found, where it was closed without a decision.
    #[must_use]
    pub fn voided(&self) -> Option<&Voided> {
        let State::Void { voided, .. } = &self.state else { return None };
        Some(voided)
    }

    /// Whether what was asked for by this number is still waited for on a day in the contract's zone.
    #[must_use]
    pub fn still_asks(&self, number: u32, today: Date) -> bool {
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let pend = place.and_then(|place| self.pends.get(place));
        matches!(self.state, State::Pended { .. }) && pend.is_some_and(|pend| pend.ended.is_none() && today <= pend.due)
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
            | State::Pended { .. }
            | State::AwaitsCoverage { .. }
            | State::Void { .. }
            | State::Withdrawn { .. }
            | State::Cancelled { .. } => None,
        }
    }

    /// Whether it carries out what a State fair hearing ordered.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.follows.as_ref().is_some_and(|follows| follows.ordered.is_some())
    }

    /// Whether it was submitted and nothing is decided.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        match &self.state {
            State::Submitted { .. }
            | State::NurseReview { .. }
            | State::PhysicianReview { .. }
            | State::AwaitsCoverage { .. }
            | State::Pended { .. } => true,
            State::Draft
            | State::Determined { .. }
            | State::Void { .. }
            | State::Withdrawn { .. }
            | State::Cancelled { .. } => false,
        }
    }

    /// Since when there is something that no reviewer has seen. What was added to a request that is decided or
    /// taken back is only filed (ACT-01).
    #[must_use]
    pub fn news(&self) -> Option<Timestamp> {
        let open = self.is_undecided();
        self.added.iter().filter(|added| open && added.seen.is_none()).map(|added| added.at).min()
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
