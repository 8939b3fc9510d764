//! An authorization: what may be given and claimed under one number. It belongs to the case and not to the request that first
//! got it (CASE-28): a revision, an extension or another look changes what it holds and keeps its number (ACT-05).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{determination::LineOutcome, hearing::HearingOutcome},
    contact::Phone,
    id::{AuthorizationNumber, DocumentId, EventId, RequestNumber, Username},
    period::Units,
    person::Provider,
    service::Line,
};

/// What is authorized under one number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization {
    /// The number, for claims.
    pub number: AuthorizationNumber,
    /// The requests whose decisions gave or changed it, oldest first.
    pub requests: Vec<RequestNumber>,
    /// What it holds now.
    pub lines: Vec<Authorized>,
}

/// A service that is authorized.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorized {
    /// The line of a request that it was authorized for last.
    pub of: LineOf,
    /// As it is authorized: units and days may be fewer than were asked for.
    pub line: Line,
    /// What was billed of it already, as a feed of claims tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub billed: Vec<Billed>,
}

/// A line by its place in a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LineOf {
    /// The request.
    pub request: RequestNumber,
    /// The place, from 0.
    pub line: usize,
}

/// Units that were billed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Billed {
    /// The day of service.
    pub on: Date,
    /// How many.
    pub units: Units,
    /// When it was heard of.
    pub at: Timestamp,
}

/// What a request follows, and what was said with it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Follows {
    /// The decided request.
    pub of: RequestNumber,
    /// Who asked.
    pub by: Username,
    /// Their own fax number: the letters go there (LTR-03).
    pub fax: Phone,
    /// The note that it came with.
    pub note: EventId,
    /// The documents that it came with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DocumentId>,
    /// For each of its lines the one that it stands for; none for a new one.
    pub lines: Vec<Option<LineOf>>,
    /// For each of its lines what is authorized already; none for what is not.
    pub authorized: Vec<Option<Line>>,
    /// What is not to be authorized any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<LineOf>,
    /// The number that an approval has.
    pub authorization: AuthorizationNumber,
    /// Who had a part in the decision: none of them decides about it again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided_by: Vec<Username>,
    /// Who is to perform it from now on, where that is to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub servicing: Option<Provider>,
    /// How the fair hearing ended that it carries out, where it does (ACT-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<HearingOutcome>,
}

impl Authorization {
    /// The last day on which something is authorized.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.lines.iter().map(|authorized| authorized.line.period.to()).max()
    }

    /// Whether a claim was made under it: then the provider and the modifiers stay (ACT-03).
    #[must_use]
    pub fn is_billed(&self) -> bool {
        self.lines.iter().any(|authorized| !authorized.billed.is_empty())
    }
}

impl Authorized {
    /// Units billed so far.
    #[must_use]
    pub fn billed_units(&self) -> u64 {
        self.billed.iter().map(|billed| u64::from(u32::from(billed.units))).sum()
    }
}

/// The line as a decision grants it; `None` when it does not.
#[must_use]
pub fn granted(asked: &Line, outcome: &LineOutcome) -> Option<Line> {
    match outcome {
        LineOutcome::Approved => Some(asked.clone()),
        LineOutcome::Modified { units, period, .. } => Some(Line {
            period: *period,
            duration: period.days().try_into().unwrap_or(asked.duration),
            quantity: *units,
            ..asked.clone()
        }),
        LineOutcome::Denied { .. } => None,
    }
}
