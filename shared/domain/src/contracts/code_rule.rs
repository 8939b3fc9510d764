//! A contract's rules for procedure codes, and for what is approved at once.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    code::{DiagnosisCode, Modifier, ProcedureCode},
    field::{AtField, FieldErrors},
    person::Member,
    service::{Line, Per},
    wrong::Wrong,
};

/// What a contract says about a procedure code with these modifiers (CASE-15).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CodeRule {
    /// The code.
    pub code: ProcedureCode,
    /// The modifiers it must carry, in any order; others are refused.
    #[serde(default)]
    pub modifiers: Vec<Modifier>,
    /// The contract's own words for the service, for letters.
    pub description: String,
    /// What one unit is, e.g. "1 hour".
    pub unit: String,
    /// Whether authorization is needed at all.
    pub authorization: Authorization,
    /// Cap by day.
    pub max_units_per_day: Option<u32>,
    /// Cap by request.
    pub max_units: Option<u32>,
    /// Youngest age in years at the first day of service.
    pub age_from: Option<u8>,
    /// The member must be younger than this at the first day of service.
    pub age_under: Option<u8>,
    /// Service types under which the code may be asked; any when empty.
    #[serde(default)]
    pub service_types: Vec<String>,
}

/// Whether a code needs authorization.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authorization {
    /// It must be asked for.
    Required,
    /// It need not be asked for, and nothing is reviewed.
    NotRequired,
}

/// What a code means that the contract has no rule for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unlisted {
    /// It cannot be asked for here; support says what holds.
    #[default]
    Call,
    /// It is asked for and reviewed as others are, without caps.
    Reviewed,
    /// It needs no authorization.
    NotRequired,
}

/// The rule for this code and these modifiers: that of the exact modifiers, else what is wrong with them.
///
/// # Errors
/// A sentence for the field: code unknown to the contract, or other modifiers needed.
pub fn rule_for<'a>(
    rules: &'a [CodeRule],
    code: &ProcedureCode,
    modifiers: &[Modifier],
) -> Result<&'a CodeRule, CodeRuleError> {
    let of_code: Vec<&CodeRule> = rules.iter().filter(|rule| rule.code == *code).collect();
    let same = |rule: &&&CodeRule| {
        rule.modifiers.len() == modifiers.len() && rule.modifiers.iter().all(|needed| modifiers.contains(needed))
    };
    match (of_code.iter().find(same), of_code.first()) {
        (Some(rule), _) => Ok(rule),
        (None, None) => Err(CodeRuleError::Unknown(code.clone())),
        (None, Some(_)) => Err(CodeRuleError::Modifiers {
            code: code.clone(),
            needed: of_code
                .iter()
                .map(|rule| rule.modifiers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "))
                .map(|words| if words.is_empty() { "none".to_owned() } else { words })
                .collect::<Vec<_>>()
                .join(", or "),
        }),
    }
}

/// A code that the contract has no rule for as given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRuleError {
    /// Not in the contract's list.
    #[error("{0} is not a code that this contract reviews.")]
    Unknown(ProcedureCode),
    /// In the list with other modifiers.
    #[error("{code} is asked for with these modifiers: {needed}.")]
    Modifiers {
        /// The code.
        code: ProcedureCode,
        /// The modifiers that would be right.
        needed: String,
    },
}

impl AtField for CodeRuleError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Unknown(code) => Wrong::NotReviewed { code: code.to_string() },
            Self::Modifiers { code, needed } => {
                Wrong::OtherModifiers { code: code.to_string(), modifiers: needed.clone() }
            }
        }
    }
}

impl CodeRule {
    /// What is wrong with a line under this rule, at the line's own fields.
    #[must_use]
    pub fn check(&self, line: &Line, member: &Member, service_type: Option<&str>) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let code = || self.code.to_string();
        if self.authorization == Authorization::NotRequired {
            let text = format!("{} needs no authorization under this contract.", self.code);
            errors.add("/code", Wrong::NoAuthorizationNeeded { code: code() }.says(text));
        }
        if service_type.is_some_and(|id| !self.service_types.is_empty() && !self.service_types.iter().any(|s| s == id))
        {
            let text = format!("{} is not given under the chosen service type.", self.code);
            errors.add("/code", Wrong::OtherServiceType { code: code() }.says(text));
        }
        let (units, days) = (u32::from(line.quantity), u32::from(line.duration));
        if let Some(cap) = self.max_units_per_day {
            let cap_words = format!("At most {cap} units a day (1 unit = {})", self.unit);
            if units > cap.saturating_mul(days) {
                let allowed = cap.saturating_mul(days);
                let text = format!("{cap_words}: {days} days allow {allowed} units.");
                errors.add("/quantity", self.too_many_a_day(cap, days, allowed.into()).says(text));
            }
            let most = |per| match per {
                Per::Day => ("day", cap),
                Per::Week => ("week", cap.saturating_mul(7)),
                Per::Month => ("month", cap.saturating_mul(31)),
            };
            let frequency = line.frequency.map(|f| (u32::from(f.units), most(f.per)));
            if let Some((_, (per, most))) = frequency.filter(|(units, (_, most))| units > most) {
                let text = format!("{cap_words}: a {per} allows {most}.");
                errors.add("/frequency", self.too_often(cap).says(text));
            }
        }
        if let Some(cap) = self.max_units.filter(|cap| units > *cap) {
            let text = format!("At most {cap} units in one request (1 unit = {}).", self.unit);
            errors.add("/quantity", self.too_many(cap).says(text));
        }
        self.check_age(member, line.period.from(), &mut errors);
        errors
    }

    /// More than `most` units in a request.
    pub(super) fn too_many(&self, most: u32) -> Wrong {
        Wrong::TooManyUnits { most, unit: self.unit.clone() }
    }

    /// More than the `allowed` units of so many days.
    pub(super) fn too_many_a_day(&self, most: u32, days: u32, allowed: u64) -> Wrong {
        Wrong::TooManyUnitsADay { most, days, allowed, unit: self.unit.clone() }
    }

    /// More often than `most` units a day are.
    pub(super) fn too_often(&self, most: u32) -> Wrong {
        Wrong::TooOften { most, unit: self.unit.clone() }
    }

    fn check_age(&self, member: &Member, day: Date, errors: &mut FieldErrors) {
        let age = member.age_on(day);
        let code = || self.code.to_string();
        if age.is_none() {
            let text = "The service begins before the member's date of birth.";
            errors.add("/from", Wrong::BeforeBirth.says(text));
        }
        if let Some(under) = self.age_under.filter(|under| age.is_some_and(|age| age >= *under)) {
            let text = format!("{} is for members under {under} years of age.", self.code);
            errors.add("/code", Wrong::TooOld { code: code(), under: under.into() }.says(text));
        }
        if let Some(from) = self.age_from.filter(|from| age.is_some_and(|age| age < *from)) {
            let text = format!("{} is for members of {from} years and older.", self.code);
            errors.add("/code", Wrong::TooYoung { code: code(), from: from.into() }.says(text));
        }
    }
}

/// A rule by which a request is approved without a reviewer. A rule can approve, never deny (REV-02).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AutoRule {
    /// Stable name, shown with the decision.
    pub id: String,
    /// Why it approves, in words for the letter.
    pub reason: String,
    /// Every line has one of these codes.
    pub codes: Vec<ProcedureCode>,
    /// At least one diagnosis is one of these.
    pub diagnoses: Vec<DiagnosisCode>,
    /// Youngest age at the first day of service.
    pub age_from: Option<u8>,
    /// Most units that all lines of a code may have together.
    pub max_units: u32,
}

impl AutoRule {
    /// Whether the rule approves these lines for this member. Its limit holds for all lines of a code together, whatever
    /// their modifiers, and also for what a frequency comes to. Who a temporary member is, a person has to look at.
    #[must_use]
    pub fn approves(&self, lines: &[Line], diagnoses: &[DiagnosisCode], member: &Member) -> bool {
        let line_fits = |line: &Line| {
            let of_code = lines.iter().filter(|other| other.code == line.code);
            self.codes.contains(&line.code)
                && of_code.map(Line::units_in_all).sum::<u64>() <= u64::from(self.max_units)
                && self.age_from.is_none_or(|from| member.age_on(line.period.from()).is_some_and(|age| age >= from))
        };
        !member.is_temporary()
            && !lines.is_empty()
            && lines.iter().all(line_fits)
            && diagnoses.iter().any(|code| self.diagnoses.contains(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cases::request::samples::line, person::samples::child};

    fn day_habilitative() -> CodeRule {
        CodeRule {
            code: "T1015".parse().unwrap(),
            modifiers: vec!["U6".parse().unwrap(), "UB".parse().unwrap()],
            description: "Habilitative services".into(),
            unit: "1 hour".into(),
            authorization: Authorization::Required,
            max_units_per_day: Some(5),
            max_units: None,
            age_from: None,
            age_under: Some(21),
            service_types: vec!["day-habilitative".into()],
        }
    }

    /// REQ: CASE-15
    #[test]
    fn six_units_a_day_are_refused_with_the_cap_named() {
        let rule = day_habilitative();
        assert!(rule.check(&line("T1015", 30, 150), &child(), Some("day-habilitative")).is_empty());
        let errors = rule.check(&line("T1015", 30, 180), &child(), Some("day-habilitative"));
        assert_eq!(errors.as_slice().len(), 1);
        assert_eq!(errors.as_slice()[0].pointer, "/quantity");
        assert_eq!(
            errors.as_slice()[0].objection.sentence,
            "At most 5 units a day (1 unit = 1 hour): 30 days allow 150 units."
        );
    }

    #[test]
    fn a_frequency_goes_round_no_cap() {
        let often = |units: u32, per| {
            let frequency = Some(crate::service::Frequency { units: units.try_into().unwrap(), per });
            let errors = day_habilitative().check(&Line { frequency, ..line("T1015", 30, 10) }, &child(), None);
            errors.as_slice().first().map(|error| error.objection.sentence.clone())
        };
        for (most, per) in [(5, Per::Day), (35, Per::Week), (155, Per::Month)] {
            assert_eq!(often(most, per), None);
            assert!(often(most + 1, per).is_some());
        }
        assert_eq!(often(50, Per::Week).unwrap(), "At most 5 units a day (1 unit = 1 hour): a week allows 35.");
    }

    /// REQ: CASE-15
    #[test]
    fn twenty_one_is_too_old_and_another_service_type_is_wrong() {
        let mut grown = child();
        grown.birth_date = jiff::civil::date(2005, 5, 7);
        let errors = day_habilitative().check(&line("T1015", 30, 150), &grown, Some("dme"));
        let words: Vec<_> = errors.as_slice().iter().map(|e| e.objection.sentence.as_str()).collect();
        assert!(words.iter().any(|w| w.contains("under 21")), "{words:?}");
        assert!(words.iter().any(|w| w.contains("service type")), "{words:?}");
    }

    /// REQ: CASE-15
    #[test]
    fn modifiers_are_needed_in_any_order() {
        let rules = [day_habilitative()];
        let (u6, ub) = ("U6".parse::<Modifier>().unwrap(), "UB".parse::<Modifier>().unwrap());
        let code = "T1015".parse().unwrap();
        assert!(rule_for(&rules, &code, &[ub, u6.clone()]).is_ok());
        assert_eq!(
            rule_for(&rules, &code, &[u6]).unwrap_err().to_string(),
            "T1015 is asked for with these modifiers: U6 and UB."
        );
        assert!(rule_for(&rules, &"E0601".parse().unwrap(), &[]).unwrap_err().to_string().contains("not a code"));
    }

    /// REQ: REV-02
    #[test]
    fn a_rule_approves_only_what_it_names() {
        let rule = AutoRule {
            id: "cpap-adult".into(),
            reason: "CPAP for obstructive sleep apnea".into(),
            codes: vec!["E0601".parse().unwrap()],
            diagnoses: vec!["G47.33".parse().unwrap()],
            age_from: Some(18),
            max_units: 1,
        };
        let apnea = ["G47.33".parse().unwrap()];
        let mut adult = child();
        adult.birth_date = jiff::civil::date(1970, 1, 1);
        assert!(rule.approves(&[line("E0601", 30, 1)], &apnea, &adult));
        assert!(!rule.approves(&[line("E0601", 30, 2)], &apnea, &adult));
        assert!(!rule.approves(&[line("E0601", 30, 1)], &["F84.0".parse().unwrap()], &adult));
        assert!(!rule.approves(&[line("E0601", 30, 1)], &apnea, &child()));
        assert!(!rule.approves(&[], &apnea, &adult));
        assert!(!rule.approves(&[line("E0601", 30, 1), line("E0601", 30, 1)], &apnea, &adult));
        let often = |units: u32, per| Line {
            frequency: Some(crate::service::Frequency { units: units.try_into().unwrap(), per }),
            ..line("E0601", 30, 1)
        };
        assert!(!rule.approves(&[often(1, Per::Day)], &apnea, &adult), "thirty in thirty days");
        assert!(rule.approves(&[often(1, Per::Month)], &apnea, &adult));
    }
}
