//! What is seen of fair hearings: what was asked for and came of it, and until when one may be asked for (ACT-11).

use jiff::{Timestamp, civil::Date};
use portico_domain::cases::{
    Case,
    access::CaseAction,
    heard::HearingError,
    hearing::{AskedBy, Hearing, HearingStage},
    request::Request,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::sight::Sight;
use crate::{form::word, words};

/// A State fair hearing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HearingView {
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The day on which it was asked for, in the contract's zone.
    #[schema(value_type = String, format = Date)]
    asked_on: Date,
    #[schema(value_type = words::HearingAsker)]
    asked_by: &'static str,
    /// Of a representative.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    reason: String,
    #[schema(value_type = words::HearingState)]
    state: &'static str,
    /// When it is, while it is scheduled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    time: Option<Timestamp>,
    /// The day on which it was held, taken back or dismissed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::HearingOutcome>)]
    outcome: Option<String>,
    /// What was ordered, or why it was not held.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    /// The request that carries a reversal out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "R03")]
    carried_out_by: Option<String>,
}

/// Whether a State fair hearing about a decision may be asked for now.
#[derive(Serialize, ToSchema)]
pub(super) struct HearingOfferView {
    /// The last day to ask, in the contract's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Date>,
    /// Why not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::HearingRefusal>)]
    code: Option<&'static str>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl HearingView {
    pub(super) fn of(hearing: &Hearing) -> Self {
        let (asked_by, name) = match &hearing.asked_by {
            AskedBy::Provider => ("provider", None),
            AskedBy::Member => ("member", None),
            AskedBy::Representative { name } => ("representative", Some(name.clone())),
        };
        let view = Self {
            at: hearing.at,
            asked_on: hearing.asked_on,
            asked_by,
            name,
            reason: hearing.reason.clone(),
            state: "requested",
            time: None,
            on: None,
            outcome: None,
            words: None,
            carried_out_by: None,
        };
        match &hearing.stage {
            HearingStage::Requested => view,
            HearingStage::Scheduled { time } => Self { state: "scheduled", time: Some(*time), ..view },
            HearingStage::Ended { on, outcome, words, carried_out_by, .. } => Self {
                state: "ended",
                on: Some(*on),
                outcome: Some(word(outcome)),
                words: Some(words.clone()),
                carried_out_by: carried_out_by.map(|number| number.to_string()),
                ..view
            },
        }
    }
}

impl HearingOfferView {
    /// For whoever may ask or record that somebody asks; none where there is nothing to hear, or no hearing.
    pub(super) fn of(case: &Case, request: &Request, sight: Sight<'_>) -> Option<Self> {
        let asks = [CaseAction::Write, CaseAction::Review].iter().any(|action| sight.caller.may(*action, case).is_ok());
        let today = sight.contract.calendar.time_zone.date_at(sight.now);
        let offer = case.may_be_heard(request.number, sight.contract, today);
        match offer {
            Ok(until) if asks => Some(Self { until: Some(until), code: None, detail: None }),
            Ok(_)
            | Err(
                HearingError::NotOffered
                | HearingError::NoRequest
                | HearingError::NotDecided(_)
                | HearingError::NothingAdverse,
            ) => None,
            Err(why) => asks.then(|| Self { until: None, code: Some(why.code()), detail: Some(why.to_string()) }),
        }
    }
}
