//! What is decided about a request, line by line (REV-03 to REV-05, REV-10).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    field::FieldErrors,
    id::{AuthorizationNumber, RequestNumber, Username},
    period::{Period, Units},
    service::Line,
    status::Outcome,
    wrong::{Wrong, is_specific},
};

/// A decision on every line of a request, with all its words. It is kept beside the case and never changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Determination {
    /// The request that is decided.
    pub request: RequestNumber,
    /// Which decision on the request it is: 1 for the first.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// Who or what decided.
    pub by: DecidedBy,
    /// One for each line of the request, in order.
    pub lines: Vec<LineOutcome>,
    /// What the decision rests on; required for an adverse one (42 CFR 431.80).
    pub criteria: Vec<Criterion>,
    /// Given when anything is approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<AuthorizationNumber>,
    /// Version of the contract it was decided under.
    pub contract_version: String,
    /// That it corrects the one before, whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// What of its words came from the contract's catalogue.
    #[serde(default, skip_serializing_if = "Sources::is_empty")]
    pub sources: Sources,
}

/// What a decision corrects, and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    /// The number of the decision whose place it takes.
    pub of: u32,
    /// The day of the letters that it replaces.
    pub replaced: Timestamp,
    /// Why, as it stands in both letters.
    pub reason: String,
    /// Whether less is granted than before: then that is told before it comes (42 CFR 431.211).
    #[serde(default)]
    pub takes: bool,
}

/// The ids of the contract's catalogue that the words of a decision came from.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Sources {
    /// For each line that of its reason.
    pub reasons: Vec<Option<String>>,
    /// For each criterion its own.
    pub criteria: Vec<Option<String>>,
}

impl Sources {
    /// Whether nothing came from it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reasons.iter().chain(&self.criteria).all(Option::is_none)
    }
}

/// A decision in short, as the case itself keeps it: all that lists, worklists and clocks need. Its size does not depend on
/// what was written.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Which decision on the request it is.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// Rolled up from the lines.
    pub outcome: Outcome,
    /// Given when anything is approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<AuthorizationNumber>,
    /// Version of the contract it was decided under.
    pub contract_version: String,
    /// The day of a notice that was held and went out later: what may follow counts from it, as the notice says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noticed: Option<Timestamp>,
}

impl Decided {
    /// From when what may follow counts: the latest notice.
    #[must_use]
    pub fn noticed(&self) -> Timestamp {
        self.noticed.unwrap_or(self.at)
    }
}

/// Who decided.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum DecidedBy {
    /// A contract rule, which names itself (REV-02).
    Rule {
        /// The rule's id.
        rule: String,
        /// Why it approves.
        reason: String,
    },
    /// Nobody within the time for the decision, which counts as a denial (42 CFR 438.404(c)(5)). It is no decision on what was
    /// asked for: no rule denies (REV-02).
    Lapse,
    /// A person.
    Reviewer {
        /// Sign-in name.
        username: Username,
        /// As it stands in letters.
        name: String,
        /// Credential, e.g. "MD".
        credential: String,
        /// Specialty, for physicians.
        specialty: Option<String>,
        /// License state and number, as it was then.
        license: Option<String>,
    },
}

impl DecidedBy {
    /// Whether a person decided.
    #[must_use]
    pub fn is_person(&self) -> bool {
        match self {
            Self::Reviewer { .. } => true,
            Self::Rule { .. } | Self::Lapse => false,
        }
    }

    /// Who or what it was, as the portal shows it. A rule is named here, whatever its pack's author wrote (REV-02).
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Rule { rule, reason } => format!("Rule {rule}: {reason}"),
            Self::Lapse => "Nobody in time, which counts as a denial".to_owned(),
            Self::Reviewer { name, credential, .. } => format!("{name}, {credential}"),
        }
    }
}

/// What a decision rests on.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    /// Name of the policy, manual section or guideline.
    pub title: String,
    /// Where it stands, e.g. "Arkansas Medicaid Manual, section 220.000".
    pub citation: String,
    /// What it says of this request.
    pub text: String,
}

/// The decision on one line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "is")]
pub enum LineOutcome {
    /// As asked.
    Approved,
    /// Less than asked.
    Modified {
        /// Authorized units, fewer than or as many as asked.
        units: Units,
        /// Authorized dates, within those asked.
        period: Period,
        /// The specific reason.
        reason: String,
    },
    /// Nothing.
    Denied {
        /// The specific reason.
        reason: String,
    },
}

impl LineOutcome {
    /// Whether something is authorized.
    #[must_use]
    pub fn grants(&self) -> bool {
        !matches!(self, Self::Denied { .. })
    }
}

/// The roll-up of line outcomes.
#[must_use]
pub fn roll_up(lines: &[LineOutcome]) -> Outcome {
    if lines.iter().all(|line| matches!(line, LineOutcome::Approved)) {
        Outcome::Approved
    } else if !lines.iter().any(LineOutcome::grants) {
        Outcome::Denied
    } else {
        Outcome::Modified
    }
}

impl Determination {
    /// The decision on the whole.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        roll_up(&self.lines)
    }

    /// What the case keeps of it.
    #[must_use]
    pub fn in_short(&self) -> Decided {
        Decided {
            number: self.number,
            at: self.at,
            outcome: self.outcome(),
            authorization: self.authorization.clone(),
            contract_version: self.contract_version.clone(),
            noticed: None,
        }
    }
}

/// What is wrong with proposed outcomes for these lines: one each, never more than asked, reasons and criteria where
/// the outcome is adverse (REV-05).
#[must_use]
pub fn check(lines: &[Line], outcomes: &[LineOutcome], criteria: &[Criterion]) -> FieldErrors {
    let mut errors = FieldErrors::none();
    if lines.len() != outcomes.len() {
        let count = lines.len();
        let text = format!("The request has {count} lines; each needs an outcome.");
        errors.add("/lines", Wrong::OutcomeMissing { lines: count }.says(text));
    }
    for (place, (line, outcome)) in lines.iter().zip(outcomes).enumerate() {
        let reason = match outcome {
            LineOutcome::Approved => continue,
            LineOutcome::Denied { reason } => reason,
            LineOutcome::Modified { units, period, reason } => {
                if units > &line.quantity {
                    let text = "More units than were asked for.";
                    errors.add(format!("/lines/{place}/units"), Wrong::MoreThanAsked.says(text));
                }
                if !line.period.contains(*period) {
                    let text = "Dates outside those asked for.";
                    errors.add(format!("/lines/{place}/from"), Wrong::OutsideAsked.says(text));
                }
                if *units == line.quantity && *period == line.period {
                    let text = "This is all that was asked for: approve the line.";
                    errors.add(format!("/lines/{place}/outcome"), Wrong::AllThatWasAsked.says(text));
                }
                reason
            }
        };
        if !is_specific(reason) {
            let text = "A specific reason of at least 20 characters, in words, is required (42 CFR 431.80).";
            errors.add(format!("/lines/{place}/reason"), Wrong::NotSpecific { least: 20 }.says(text));
        }
    }
    let blank = |c: &Criterion| c.title.trim().is_empty() || c.citation.trim().is_empty() || c.text.trim().is_empty();
    if roll_up(outcomes).is_adverse() && (criteria.is_empty() || criteria.iter().any(blank)) {
        let text = "Name the criteria relied on, each with title, citation and what it says: no adverse letter is issued \
                    without them (42 CFR 431.210(c), 438.404(b)(2)).";
        errors.add("/criteria", Wrong::CriteriaMissing.says(text));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::request::samples::line;

    fn denied() -> LineOutcome {
        LineOutcome::Denied { reason: "The records show no need for this service at home.".into() }
    }

    fn criterion() -> Criterion {
        Criterion { title: "Policy 12".into(), citation: "Manual 12.3".into(), text: "Needs a trial first.".into() }
    }

    /// REQ: REV-04
    #[test]
    fn outcomes_roll_up() {
        assert_eq!(roll_up(&[LineOutcome::Approved, LineOutcome::Approved]), Outcome::Approved);
        assert_eq!(roll_up(&[LineOutcome::Approved, denied()]), Outcome::Modified);
        assert_eq!(roll_up(&[denied(), denied()]), Outcome::Denied);
    }

    /// REQ: REV-05
    #[test]
    fn an_adverse_outcome_needs_reason_and_criteria() {
        let lines = [line("T1015", 30, 150)];
        assert!(check(&lines, &[denied()], &[criterion()]).is_empty());
        assert_eq!(check(&lines, &[denied()], &[]).as_slice()[0].pointer, "/criteria");
        let vague = LineOutcome::Denied { reason: "not needed".into() };
        assert_eq!(check(&lines, &[vague], &[criterion()]).as_slice()[0].pointer, "/lines/0/reason");
        assert!(check(&lines, &[LineOutcome::Approved], &[]).is_empty());
    }

    /// REQ: REV-04
    #[test]
    fn never_more_than_asked() {
        let lines = [line("T1015", 30, 150)];
        let reason = "Fewer hours meet the goals of the plan.".to_owned();
        let with = |units: u32| LineOutcome::Modified {
            units: units.try_into().unwrap(),
            period: lines[0].period,
            reason: reason.clone(),
        };
        assert!(check(&lines, &[with(100)], &[criterion()]).is_empty());
        assert_eq!(check(&lines, &[with(151)], &[criterion()]).as_slice()[0].pointer, "/lines/0/units");
        assert_eq!(check(&lines, &[with(150)], &[criterion()]).as_slice()[0].pointer, "/lines/0/outcome");
        assert_eq!(check(&lines, &[], &[]).as_slice()[0].pointer, "/lines");
    }
}
