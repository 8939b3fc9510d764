//! What a reviewer sends of a decision: the outcome of each line and what it rests on, each with the words that stand in letters and where
//! they came from.

use jiff::civil::Date;
use portico_domain::{
    cases::determination::{Criterion, LineOutcome, Sources},
    field::FieldErrors,
    glyphs::clean,
    period::{Period, Units},
    service::Line,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    form::{count, fits, list},
    words,
};

/// The outcome of a line.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct OutcomeBody {
    /// `approved`, `modified` or `denied`.
    #[schema(value_type = words::Outcome, required = true)]
    outcome: Option<String>,
    /// For `modified`: authorized units; those asked for when absent.
    units: Option<i64>,
    /// For `modified`: first day; as asked for when absent.
    from: Option<String>,
    /// For `modified`: last day; as asked for when absent.
    to: Option<String>,
    /// For `modified` and `denied`: the specific reason.
    reason: Option<String>,
    /// The id of the contract's catalogue that the reason came from, if any.
    catalogue: Option<String>,
}

/// What a decision rests on.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
pub(super) struct CriterionBody {
    /// Name of the policy, manual section or guideline.
    title: Option<String>,
    /// Where it stands.
    citation: Option<String>,
    /// What it says of this request.
    text: Option<String>,
    /// The id of the contract's catalogue that it came from, if any.
    catalogue: Option<String>,
}

/// The outcomes of all lines, and what they rest on.
pub(super) fn parse(
    (lines, criteria): (&[OutcomeBody], &[CriterionBody]),
    asked: &[Line],
    errors: &mut FieldErrors,
) -> Option<(Vec<LineOutcome>, Vec<Criterion>)> {
    if !fits(errors, "/lines", lines, (50, "lines")) || !fits(errors, "/criteria", criteria, (20, "criteria")) {
        return None;
    }
    let lines = list(lines, |place, outcome| {
        let mut of_line = FieldErrors::none();
        let parsed = outcome.parse(asked.get(place), &mut of_line);
        errors.nest(&format!("/lines/{place}"), of_line);
        parsed
    });
    let criteria = self::criteria(criteria, errors);
    lines.map(|lines| (lines, criteria))
}

/// The ids of the contract's catalogue that the words came from.
pub(super) fn sources(lines: &[OutcomeBody], criteria: &[CriterionBody]) -> Sources {
    let of = |id: &Option<String>| id.as_deref().map(str::trim).filter(|id| !id.is_empty()).map(ToOwned::to_owned);
    Sources {
        reasons: lines
            .iter()
            .map(|line| of(&line.catalogue).filter(|_| line.outcome.as_deref() != Some("approved")))
            .collect(),
        criteria: criteria.iter().map(|criterion| of(&criterion.catalogue)).collect(),
    }
}

impl OutcomeBody {
    fn parse(&self, asked: Option<&Line>, errors: &mut FieldErrors) -> Option<LineOutcome> {
        let Some(asked) = asked else {
            errors.add("", Wrong::NotFound.says("The request has no such line."));
            return None;
        };
        let reason = text(errors, "/reason", self.reason.as_deref());
        if reason.chars().count() > 4000 {
            errors.add("/reason", Wrong::TooLong { most: 4000 }.says("A reason has at most 4,000 characters."));
        }
        match self.outcome.as_deref() {
            Some("approved") => {
                self.no_part(errors);
                Some(LineOutcome::Approved)
            }
            Some("denied") => {
                self.no_part(errors);
                Some(LineOutcome::Denied { reason })
            }
            Some("modified") => {
                let units: Option<Units> = match self.units {
                    Some(units) => count(errors, "/units", Some(units)),
                    None => Some(asked.quantity),
                };
                let from = day(errors, "/from", self.from.as_deref(), asked.period.from());
                let to = day(errors, "/to", self.to.as_deref(), asked.period.to());
                let period = from.zip(to).and_then(|(from, to)| errors.keep("/to", Period::new(from, to)));
                units.zip(period).map(|(units, period)| LineOutcome::Modified { units, period, reason })
            }
            _ => {
                let wrong = Wrong::word(self.outcome.as_deref());
                errors.add("/outcome", wrong.says("Choose approved, modified or denied."));
                None
            }
        }
    }

    /// Units and dates say that less is meant than the outcome says.
    fn no_part(&self, errors: &mut FieldErrors) {
        if self.units.is_some() || self.from.is_some() || self.to.is_some() {
            let text = "Units and dates go with modified: approved is all that was asked for, denied is nothing.";
            errors.add("/outcome", Wrong::OnlyWithModified.says(text));
        }
    }
}

fn day(errors: &mut FieldErrors, pointer: &str, given: Option<&str>, asked: Date) -> Option<Date> {
    match given {
        Some(_) => crate::form::date(errors, pointer, given),
        None => Some(asked),
    }
}

fn criteria(given: &[CriterionBody], errors: &mut FieldErrors) -> Vec<Criterion> {
    let mut all = Vec::new();
    for (place, criterion) in given.iter().enumerate() {
        let mut part = |field: &str, given: &Option<String>, most| {
            let pointer = format!("/criteria/{place}/{field}");
            let part = text(errors, &pointer, given.as_deref());
            if !(1..=most).contains(&part.chars().count()) {
                errors.add(pointer, Wrong::length(&part, most).says(format!("Enter 1 to {most} characters.")));
            }
            part
        };
        all.push(Criterion {
            title: part("title", &criterion.title, 200),
            citation: part("citation", &criterion.citation, 200),
            text: part("text", &criterion.text, 4000),
        });
    }
    all
}

/// What stands in a letter: as it can be printed (LTR-09).
pub(super) fn text(errors: &mut FieldErrors, pointer: &str, given: Option<&str>) -> String {
    let given = given.unwrap_or_default();
    // What is refused is kept, so that it is not called missing too.
    let printed = errors.keep(pointer, clean(given)).unwrap_or_else(|| given.to_owned());
    printed.trim().to_owned()
}
