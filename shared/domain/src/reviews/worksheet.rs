//! A worksheet: what a reviewer has typed of a decision and not issued. It holds whatever was typed, right or wrong; what is
//! wrong is told when the decision is sent.

use serde::{Deserialize, Serialize};

use crate::{
    cases::{Case, request::Request},
    id::{RequestNumber, Username},
};

/// The worksheet of a request: of whoever has claimed it, and of nobody else.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Worksheet {
    /// Whose it is.
    pub by: Username,
    /// Why a physician should look at it.
    pub note: String,
    /// The outcome of each line, in order.
    pub lines: Vec<TypedOutcome>,
    /// What the decision rests on.
    pub criteria: Vec<TypedCriterion>,
}

/// The outcome of a line as it is typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypedOutcome {
    /// Empty while none is chosen.
    pub outcome: String,
    /// Authorized units.
    pub units: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// The specific reason.
    pub reason: String,
    /// The id of the catalogue that it came from; empty where it is the own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub catalogue: String,
}

/// A criterion as it is typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TypedCriterion {
    /// Name of the policy, manual section or guideline.
    pub title: String,
    /// Where it stands.
    pub citation: String,
    /// What it says of this request.
    pub text: String,
    /// The id of the catalogue that it came from; empty where it is the own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub catalogue: String,
}

/// The requests whose worksheets end when the case becomes `after`: whoever had claimed them has decided, given them back,
/// or lost them to another.
#[must_use]
pub fn ended(before: &Case, after: &Case) -> Vec<RequestNumber> {
    // Whoever asked for information goes on from there when the answer comes.
    let holder = |request: &Request| {
        let claimed = request.queue().and_then(|(_, claim)| claim).map(|claim| &claim.by);
        claimed.or(request.pended().map(|pend| &pend.by)).cloned()
    };
    let ends = |request: &&Request| {
        let (had, has) = (holder(request), after.request(request.number).and_then(holder));
        had.is_some() && had != has
    };
    before.requests.iter().filter(ends).map(|request| request.number).collect()
}
