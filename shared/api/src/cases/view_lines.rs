//! What is seen of the lines of a request, each with what was decided on it.

use jiff::civil::Date;
use portico_domain::{
    cases::{
        Case,
        determination::{Determination, LineOutcome},
        request::{Request, State},
    },
    contracts::Contract,
    service::Line,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{form::word, words};

/// A procedure line: what was asked for beside what was authorized.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineView {
    code: String,
    /// `cpt`, `hcpcs` or `revenue`.
    #[schema(value_type = words::CodeType)]
    code_type: String,
    modifiers: Vec<String>,
    /// The contract's words for the service.
    description: Option<String>,
    /// What one unit is.
    unit: Option<String>,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Requested duration in days.
    duration: u32,
    /// Requested quantity in units.
    quantity: u32,
    frequency: Option<FrequencyView>,
    /// What was decided.
    outcome: Option<OutcomeView>,
    /// Until it is decided: the days on which the plan's file does not cover the member, as far as it says anything of coverage.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    uncovered: Vec<DaysView>,
}

/// From the first day to the last.
#[derive(Serialize, ToSchema)]
struct DaysView {
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
}

/// So many units in a time.
#[derive(Serialize, ToSchema)]
struct FrequencyView {
    units: u32,
    /// `day`, `week` or `month`.
    #[schema(value_type = words::Per)]
    per: String,
}

/// The decision on a line.
#[derive(Serialize, ToSchema)]
pub(super) struct OutcomeView {
    /// `approved`, `modified` or `denied`.
    #[schema(value_type = words::Outcome)]
    outcome: &'static str,
    /// What was authorized; none when denied.
    authorized: Option<AuthorizedView>,
    /// The specific reason for less than was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The id of the contract's catalogue that the reason came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue: Option<String>,
}

/// Authorized units and dates.
#[derive(Serialize, ToSchema)]
struct AuthorizedView {
    units: u32,
    #[schema(value_type = String, format = Date)]
    from: Date,
    #[schema(value_type = String, format = Date)]
    to: Date,
}

impl LineView {
    /// The lines of a request with what was decided.
    pub(super) fn all(
        request: &Request,
        determination: Option<&Determination>,
        (contract, case): (&Contract, &Case),
    ) -> Vec<Self> {
        let decided = determination.map_or(&[][..], |determination| &determination.lines);
        let open = request.is_undecided() || matches!(request.state, State::Draft);
        let line = |(place, line): (usize, &Line)| {
            let uncovered = if open { case.member.uncovered(line.period) } else { Vec::new() };
            let uncovered = uncovered.iter().map(|days| DaysView { from: days.from(), to: days.to() }).collect();
            let view = Self::of(line, decided.get(place), (contract, case));
            let outcome = view.outcome.zip(determination).map(|(view, made)| view.with_source(made, place));
            Self { outcome, uncovered, ..view }
        };
        request.lines.iter().enumerate().map(line).collect()
    }

    pub(super) fn of(line: &Line, outcome: Option<&LineOutcome>, (contract, case): (&Contract, &Case)) -> Self {
        let rule = case.rule_of(line, contract);
        let hcpcs = || portico_codes::hcpcs().get(line.code.as_str()).map(|entry| entry.description);
        Self {
            code: line.code.to_string(),
            code_type: word(&line.code.code_type()),
            modifiers: line.modifiers.iter().map(ToString::to_string).collect(),
            description: rule.map(|rule| rule.description.clone()).or_else(hcpcs),
            unit: rule.map(|rule| rule.unit.clone()),
            from: line.period.from(),
            to: line.period.to(),
            duration: line.duration.into(),
            quantity: line.quantity.into(),
            frequency: line.frequency.map(|f| FrequencyView { units: f.units.into(), per: word(&f.per) }),
            outcome: outcome.map(|outcome| OutcomeView::of(outcome, line)),
            uncovered: Vec::new(),
        }
    }
}

impl OutcomeView {
    /// What was decided on each line of a request.
    pub(super) fn all(request: &Request, made: &Determination) -> Vec<Self> {
        let lines = request.lines.iter().zip(&made.lines).enumerate();
        lines.map(|(place, (line, outcome))| Self::with_source(Self::of(outcome, line), made, place)).collect()
    }

    fn with_source(self, made: &Determination, place: usize) -> Self {
        Self { catalogue: made.sources.reasons.get(place).cloned().flatten(), ..self }
    }

    fn of(outcome: &LineOutcome, line: &Line) -> Self {
        match outcome {
            LineOutcome::Approved => {
                let (units, period) = (line.quantity.into(), line.period);
                let authorized = Some(AuthorizedView { units, from: period.from(), to: period.to() });
                Self { outcome: "approved", authorized, reason: None, catalogue: None }
            }
            LineOutcome::Modified { units, period, reason } => {
                let authorized = Some(AuthorizedView { units: (*units).into(), from: period.from(), to: period.to() });
                Self { outcome: "modified", authorized, reason: Some(reason.clone()), catalogue: None }
            }
            LineOutcome::Denied { reason } => {
                Self { outcome: "denied", authorized: None, reason: Some(reason.clone()), catalogue: None }
            }
        }
    }
}
