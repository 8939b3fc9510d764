//! A contract's rules for what is approved at once.

use serde::{Deserialize, Serialize};

use crate::{
    code::{DiagnosisCode, ProcedureCode},
    person::Member,
    service::Line,
};

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
    use crate::{cases::request::samples::line, person::samples::child, service::Per};

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
