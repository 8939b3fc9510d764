//! A contract's rules for what is approved at once.

use serde::{Deserialize, Serialize};

use crate::{
    code::{DiagnosisCode, ProcedureCode},
    events::Lack,
    npi::Npi,
    period::Period,
    person::Member,
    service::{Line, Setting},
};

/// A rule by which a request is approved without a reviewer. A rule can approve, never deny (REV-02): what it does not fit goes to a
/// person, who is told what was lacking.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AutoRule {
    /// Stable name, shown with the decision.
    pub id: String,
    /// Why it approves, in words for the letter.
    pub reason: String,
    /// Every line has one of these codes.
    pub codes: Vec<ProcedureCode>,
    /// At least one diagnosis is one of these; any when there are none.
    #[serde(default)]
    pub diagnoses: Vec<DiagnosisCode>,
    /// Youngest age at the first day of service.
    pub age_from: Option<u8>,
    /// Oldest age at the first day of service.
    pub age_to: Option<u8>,
    /// Most units that all lines of a code may have together.
    pub max_units: u32,
    /// In one of these settings; any when there are none.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Of one of these service types of the contract; any when there are none.
    #[serde(default)]
    pub service_types: Vec<String>,
    /// At one of these places of service of the contract; any when there are none.
    #[serde(default)]
    pub places: Vec<String>,
    /// Asked for by one of these providers; any when there are none.
    #[serde(default)]
    pub providers: Vec<Npi>,
    /// The member was authorized every one of the codes before, up to so many days before the first day of service.
    pub authorized_within_days: Option<u32>,
    /// The provider who asks has a gold card for every one of the codes.
    #[serde(default)]
    pub gold_card: bool,
}

/// What a rule looks at.
#[derive(Clone, PartialEq, Debug)]
pub struct Looked<'a> {
    /// What is asked for.
    pub lines: &'a [Line],
    /// Why.
    pub diagnoses: &'a [DiagnosisCode],
    /// For whom.
    pub member: &'a Member,
    /// With a bed or without.
    pub setting: Setting,
    /// The service type.
    pub service_type: &'a str,
    /// The place of service.
    pub place: &'a str,
    /// Who asks.
    pub provider: Option<Npi>,
    /// What the member was authorized before, in other cases.
    pub authorized: &'a [(ProcedureCode, Period)],
    /// The codes for which the provider has a gold card.
    pub gold: &'a [ProcedureCode],
}

impl AutoRule {
    /// Whether it is about all that is asked for.
    #[must_use]
    pub fn is_about(&self, lines: &[Line]) -> bool {
        !lines.is_empty() && lines.iter().all(|line| self.codes.contains(&line.code))
    }

    /// What a request for its codes lacks; nothing where the rule approves. Its limit holds for all lines of a code together,
    /// whatever their modifiers, and also for what a frequency comes to.
    #[must_use]
    pub fn lacks(&self, of: &Looked<'_>) -> Vec<Lack> {
        let ages = || of.lines.iter().map(|line| of.member.age_on(line.period.from()));
        let within = |age: Option<u8>| {
            age.is_some_and(|age| {
                self.age_from.is_none_or(|from| age >= from) && self.age_to.is_none_or(|to| age <= to)
            })
        };
        let any_age = self.age_from.is_none() && self.age_to.is_none();
        let units = |line: &Line| {
            let of_code = of.lines.iter().filter(|other| other.code == line.code);
            of_code.map(Line::units_in_all).sum::<u64>() <= u64::from(self.max_units)
        };
        let went_before = |line: &Line, days: u32| {
            let since = line.period.from().saturating_sub(jiff::Span::new().days(i64::from(days)));
            of.authorized
                .iter()
                .any(|(code, period)| *code == line.code && period.from() < line.period.from() && period.to() >= since)
        };
        let fits = [
            (
                Lack::Diagnosis,
                self.diagnoses.is_empty() || of.diagnoses.iter().any(|code| self.diagnoses.contains(code)),
            ),
            (Lack::Age, any_age || ages().all(within)),
            (Lack::Units, of.lines.iter().all(units)),
            (Lack::Setting, self.settings.is_empty() || self.settings.contains(&of.setting)),
            (Lack::ServiceType, among(&self.service_types, of.service_type)),
            (Lack::Place, among(&self.places, of.place)),
            (Lack::Provider, self.providers.is_empty() || of.provider.is_some_and(|npi| self.providers.contains(&npi))),
            (
                Lack::Before,
                self.authorized_within_days.is_none_or(|days| of.lines.iter().all(|line| went_before(line, days))),
            ),
            (Lack::GoldCard, !self.gold_card || of.lines.iter().all(|line| of.gold.contains(&line.code))),
        ];
        fits.into_iter().filter(|(_, fits)| !fits).map(|(lack, _)| lack).collect()
    }
}

fn among(ids: &[String], id: &str) -> bool {
    ids.is_empty() || ids.iter().any(|one| one == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cases::request::samples::line, person::samples::child, service::Per};

    fn cpap() -> AutoRule {
        AutoRule {
            id: "cpap-adult".into(),
            reason: "CPAP for obstructive sleep apnea".into(),
            codes: vec!["E0601".parse().unwrap()],
            diagnoses: vec!["G47.33".parse().unwrap()],
            age_from: Some(18),
            max_units: 1,
            ..AutoRule::default()
        }
    }

    fn adult() -> Member {
        Member { birth_date: jiff::civil::date(1970, 1, 1), ..child() }
    }

    /// What the rule lacks of a request for an adult with sleep apnea, changed as said.
    fn lacks(rule: &AutoRule, lines: &[Line], change: impl FnOnce(&mut Looked<'_>)) -> Vec<Lack> {
        let (apnea, adult) = (["G47.33".parse().unwrap()], adult());
        let mut looked = Looked {
            lines,
            diagnoses: &apnea,
            member: &adult,
            setting: Setting::Outpatient,
            service_type: "day",
            place: "home",
            provider: Some("1234567893".parse().unwrap()),
            authorized: &[],
            gold: &[],
        };
        change(&mut looked);
        rule.lacks(&looked)
    }

    #[test]
    fn a_rule_approves_only_what_it_names() {
        let rule = cpap();
        let nothing = |_: &mut Looked<'_>| {};
        assert_eq!(lacks(&rule, &[line("E0601", 30, 1)], nothing), []);
        assert_eq!(lacks(&rule, &[line("E0601", 30, 2)], nothing), [Lack::Units]);
        let autism = ["F84.0".parse().unwrap()];
        let (minor, other) = (child(), AutoRule { diagnoses: Vec::new(), ..cpap() });
        let lacks_of = |rule: &AutoRule, member: &Member| {
            rule.lacks(&Looked {
                lines: &[line("E0601", 30, 1)],
                diagnoses: &autism,
                member,
                setting: Setting::Outpatient,
                service_type: "day",
                place: "home",
                provider: None,
                authorized: &[],
                gold: &[],
            })
        };
        assert_eq!(lacks_of(&rule, &minor), [Lack::Diagnosis, Lack::Age]);
        assert_eq!(lacks_of(&other, &adult()), [], "any diagnosis");
        assert!(!rule.is_about(&[]) && !rule.is_about(&[line("E0601", 30, 1), line("T1015", 30, 1)]));
        assert!(rule.is_about(&[line("E0601", 30, 1)]));
        assert_eq!(lacks(&rule, &[line("E0601", 30, 1), line("E0601", 30, 1)], nothing), [Lack::Units]);
        let often = |units: u32, per| Line {
            frequency: Some(crate::service::Frequency { units: units.try_into().unwrap(), per }),
            ..line("E0601", 30, 1)
        };
        assert_eq!(lacks(&rule, &[often(1, Per::Day)], nothing), [Lack::Units], "thirty in thirty days");
        assert_eq!(lacks(&rule, &[often(1, Per::Month)], nothing), []);
    }

    #[test]
    fn each_condition_keeps_what_it_does_not_name_from_being_approved() {
        let line = [line("E0601", 30, 1)];
        let npi: Npi = "1234567893".parse().unwrap();
        let other: Npi = "1245319599".parse().unwrap();
        let rule = AutoRule {
            age_to: Some(40),
            settings: vec![Setting::Inpatient],
            service_types: vec!["night".into()],
            places: vec!["office".into()],
            providers: vec![other],
            authorized_within_days: Some(60),
            gold_card: true,
            ..cpap()
        };
        let all =
            [Lack::Age, Lack::Setting, Lack::ServiceType, Lack::Place, Lack::Provider, Lack::Before, Lack::GoldCard];
        assert_eq!(lacks(&rule, &line, |_| {}), all);
        let wider = AutoRule {
            age_to: Some(80),
            settings: vec![Setting::Inpatient, Setting::Outpatient],
            service_types: vec!["day".into()],
            places: vec!["office".into(), "home".into()],
            providers: vec![other, npi],
            ..rule
        };
        let begins = line[0].period.from();
        let of = |before: i64, length: i64| {
            let to = begins.saturating_sub(jiff::Span::new().days(before));
            Period::new(to.saturating_sub(jiff::Span::new().days(length)), to).unwrap()
        };
        let gold = ["E0601".parse().unwrap()];
        let with = |code: &str, period: Period| {
            let authorized = [(code.parse().unwrap(), period)];
            let member = adult();
            let apnea = ["G47.33".parse().unwrap()];
            wider.lacks(&Looked {
                lines: &line,
                diagnoses: &apnea,
                member: &member,
                setting: Setting::Outpatient,
                service_type: "day",
                place: "home",
                provider: Some(npi),
                authorized: &authorized,
                gold: &gold,
            })
        };
        assert_eq!(with("E0601", of(60, 30)), []);
        assert_eq!(with("E0601", of(-3, 30)), [], "it overlaps, and went before");
        assert_eq!(with("E0601", of(61, 30)), [Lack::Before], "too long ago");
        assert_eq!(with("T1015", of(10, 30)), [Lack::Before], "another service");
        assert_eq!(with("E0601", of(-40, 10)), [Lack::Before], "it begins later");
    }
}
