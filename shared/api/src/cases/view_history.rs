//! What a request went through beside its decision: what it may repeat, what was asked of the provider and added after submit,
//! and how it ended without one.

use jiff::{Timestamp, civil::Date};
use portico_domain::{
    cases::{
        Case,
        request::{Added, Pend, PendEnd, Repeated, Repeats, Request, State},
        talk::{Stage, Talk},
    },
    reviews::last_days::{For, last_days},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::sight::Sight;
use crate::{form::word, words};

/// How something ended without a decision.
#[derive(Serialize, ToSchema)]
pub(super) struct EndView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom; by nobody when a draft ended by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Of a withdrawal.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl EndView {
    pub(super) fn cancelled(request: &Request) -> Option<Self> {
        let State::Cancelled { at, by } = &request.state else { return None };
        Some(Self { at: *at, by: by.as_ref().map(ToString::to_string), reason: None })
    }

    pub(super) fn withdrawn(request: &Request, case: &Case) -> Option<Self> {
        let State::Withdrawn { at, by, reason, .. } = &request.state else { return None };
        Some(Self { at: *at, by: Some(case.name_of(by)), reason: Some(reason.clone()) })
    }
}

/// That a request waits until the plan's file covers the member.
#[derive(Serialize, ToSchema)]
pub(super) struct AwaitedView {
    /// When a reviewer looks at it without.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

impl AwaitedView {
    pub(super) fn of(request: &Request) -> Option<Self> {
        request.awaits_coverage().map(|until| Self { until })
    }
}

/// That a request was closed without a decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VoidView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// For staff: who closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Why.
    #[schema(value_type = words::Closed)]
    because: String,
    /// What was found; empty where the rule or the other request says all.
    reason: String,
    /// The contract's rule by which what was asked for needs no authorization.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// The request that asks for the same, for who may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_of: Option<RepeatedView>,
}

impl VoidView {
    pub(super) fn of(request: &Request, case: &Case, sight: Sight<'_>) -> Option<Self> {
        let voided = request.voided()?;
        let other = voided.duplicates.as_ref();
        // The others on the case may not see what it repeats.
        let other = other.filter(|other| sight.is_staff() || (other.shown && sight.asks_or_reviews(case)));
        Some(Self {
            at: voided.at,
            by: sight.is_staff().then(|| voided.by.to_string()),
            because: word(&voided.because),
            reason: voided.reason.clone(),
            rule: voided.rule.clone(),
            duplicate_of: other.map(|other| RepeatedView::of(&other.of)),
        })
    }
}

/// That the time for a decision was extended.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MoreTimeView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// For staff: by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// By how many days of the calendar.
    days: u32,
    /// When it was due from then on.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    #[schema(value_type = words::AskedForTime)]
    asked_by: String,
    /// Why.
    reason: String,
}

impl MoreTimeView {
    pub(super) fn of(request: &Request, sight: Sight<'_>) -> Option<Self> {
        request.more_time.as_ref().map(|more| Self {
            at: more.at,
            by: sight.is_staff().then(|| more.by.to_string()),
            days: more.days,
            until: more.until,
            asked_by: word(&more.asked_by),
            reason: more.reason.clone(),
        })
    }
}

/// A last day that counts for a request.
#[derive(Serialize, ToSchema)]
pub(super) struct LastDayView {
    /// What for.
    #[schema(value_type = words::DeadlineKind)]
    of: &'static str,
    /// The day, in the contract's zone.
    #[schema(value_type = String, format = Date)]
    until: Date,
    /// It is over.
    over: bool,
    /// Why it is this day, in words.
    #[schema(example = "65 days after the notice of May 7, 2026.")]
    why: String,
}

impl LastDayView {
    pub(super) fn all(case: &Case, request: &Request, sight: Sight<'_>) -> Vec<Self> {
        let of = |of| match of {
            For::Decision => "decision",
            For::Information => "information",
            For::PeerToPeer => "peer-to-peer",
            For::Reconsideration => "reconsideration",
            For::Appeal => "appeal",
            For::Hearing => "hearing",
        };
        let days = last_days(case, request.number, sight.contract, sight.now);
        days.into_iter().map(|day| Self { of: of(day.of), until: day.until, over: day.over, why: day.why }).collect()
    }
}

/// What a request may repeat.
#[derive(Serialize, ToSchema)]
pub(super) struct RepeatsView {
    /// The requests that its submitter was shown.
    of: Vec<RepeatedView>,
    /// Why the submitter asked again.
    reason: String,
}

/// A request that may be repeated.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RepeatedView {
    #[schema(example = "261270001")]
    case_id: String,
    #[schema(example = "R01")]
    request: String,
}

/// What was added to a submitted request.
#[derive(Serialize, ToSchema)]
pub(super) struct AddedView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    /// Id of the note, which stands among those of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Ids of the documents, which stand among those of the case.
    documents: Vec<String>,
    /// It answered what the provider was asked for.
    answers: bool,
    /// For staff: no reviewer has seen it, or the reviewer who has the request saw it first with this claim.
    new: bool,
}

/// What the provider was asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct PendView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// For staff: who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// What is needed.
    items: Vec<String>,
    /// The last day to answer, in the contract's zone.
    #[schema(value_type = String, format = Date)]
    due: Date,
    /// When the request goes back to its reviewer without an answer.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// `waiting`, `answered` or `silent`.
    #[schema(value_type = words::PendState)]
    state: &'static str,
}

impl PendView {
    pub(super) fn of(pend: &Pend, sight: Sight<'_>) -> Self {
        Self {
            at: pend.at,
            by: sight.is_staff().then(|| pend.by.to_string()),
            items: pend.items.clone(),
            due: pend.due,
            until: pend.until,
            state: match pend.ended {
                None => "waiting",
                Some(PendEnd::Answered { .. }) => "answered",
                Some(PendEnd::Silent { .. }) => "silent",
                Some(PendEnd::Withdrawn { .. }) => "withdrawn",
            },
        }
    }
}

/// A peer-to-peer conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct TalkView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    /// The ordering provider.
    provider: String,
    phone: String,
    /// The three times that the provider offers, in order.
    #[schema(value_type = Vec<String>, format = DateTime)]
    times: Vec<Timestamp>,
    /// `asked`, `scheduled`, `held` or `missed`.
    #[schema(value_type = words::TalkState)]
    state: &'static str,
    /// The chosen time, while it is scheduled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    time: Option<Timestamp>,
    /// What came of it, when it was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<String>,
}

impl TalkView {
    pub(super) fn of(talk: &Talk) -> Self {
        let (state, time, outcome) = match &talk.stage {
            Stage::Asked => ("asked", None, None),
            Stage::Scheduled { time } => ("scheduled", Some(*time), None),
            Stage::Held { outcome, .. } => ("held", None, Some(outcome.clone())),
            Stage::Missed { .. } => ("missed", None, None),
        };
        Self {
            at: talk.at,
            by: talk.by.to_string(),
            provider: talk.provider.clone(),
            phone: talk.phone.to_string(),
            times: talk.times.clone(),
            state,
            time,
            outcome,
        }
    }
}

impl AddedView {
    pub(super) fn of(added: &Added, (request, case): (&Request, &Case), sight: Sight<'_>) -> Self {
        Self {
            at: added.at,
            by: case.name_of(&added.by),
            note: added.note.map(|note| note.to_string()),
            documents: added.documents.iter().map(ToString::to_string).collect(),
            answers: added.answers,
            new: sight.is_staff() && request.is_new(added),
        }
    }
}

impl RepeatsView {
    pub(super) fn of(repeats: &Repeats) -> Self {
        Self { of: repeats.of.iter().map(RepeatedView::of).collect(), reason: repeats.reason.clone() }
    }
}

impl RepeatedView {
    fn of(other: &Repeated) -> Self {
        Self { case_id: other.case.to_string(), request: other.request.to_string() }
    }
}
