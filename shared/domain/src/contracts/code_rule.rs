//! A contract's rules for procedure codes: which one holds for a line, and what it asks of it (CASE-15).
//!
//! Of the rules that hold, the most specific one counts: that of the fewest codes, then that of the most modifiers, then that of
//! the most conditions. A pack in which two are equally specific is refused.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::pattern::{Diagnoses, Procedures};
use crate::{
    code::{DiagnosisCode, Modifier, ProcedureCode},
    field::{AtField, FieldErrors},
    person::Member,
    service::{Line, Per, Setting},
    wrong::Wrong,
};

/// What a contract says about procedure codes with these modifiers, under these conditions.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CodeRule {
    /// The code, or several.
    pub code: Procedures,
    /// The modifiers that a line must carry, in any order. Beside those of one code no other stands; beside those of several
    /// codes others may.
    #[serde(default)]
    pub modifiers: Vec<Modifier>,
    /// The contract's own words for the service, for letters.
    pub description: String,
    /// What one unit is, e.g. "1 hour".
    pub unit: String,
    /// The service in Spanish, for letters to members who read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_es: Option<String>,
    /// What one unit is, in Spanish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_es: Option<String>,
    /// Whether authorization is needed at all.
    pub authorization: Authorization,
    /// Where it holds; everywhere when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Setting>,
    /// Service types under which it holds; any when empty.
    #[serde(default)]
    pub service_types: Vec<String>,
    /// Places of service at which it holds; any when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// Diagnoses of which the case has one; any when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnoses: Vec<Diagnoses>,
    /// Youngest age in years at the first day of service.
    pub age_from: Option<u8>,
    /// The member must be younger than this at the first day of service.
    pub age_under: Option<u8>,
    /// Cap by day.
    pub max_units_per_day: Option<u32>,
    /// Cap by week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units_per_week: Option<u32>,
    /// Cap by month of 31 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units_per_month: Option<u32>,
    /// Cap by year of 366 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units_per_year: Option<u32>,
    /// Cap by request.
    pub max_units: Option<u32>,
    /// The fewest days of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortest_days: Option<u16>,
    /// The most days of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_days: Option<u16>,
    /// Ids of document types that a request for it needs, beside those of its service type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
}

/// Whether a code needs authorization.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authorization {
    /// It must be asked for.
    Required,
    /// It need not be asked for, and nothing is reviewed.
    NotRequired,
    /// Support says what holds; it cannot be asked for here.
    Call,
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

/// What a rule is looked for. What is not known yet fits every rule.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The code.
    pub code: &'a ProcedureCode,
    /// All that it carries.
    pub modifiers: &'a [Modifier],
    /// With a bed or without.
    pub setting: Option<Setting>,
    /// Id of the service type.
    pub service_type: Option<&'a str>,
    /// Id of the place of service.
    pub place: Option<&'a str>,
    /// Years of the member on the first day of service.
    pub age: Option<u8>,
    /// The diagnoses of the case.
    pub diagnoses: Option<&'a [DiagnosisCode]>,
}

impl<'a> Wanted<'a> {
    /// Of a code alone.
    #[must_use]
    pub fn of(code: &'a ProcedureCode, modifiers: &'a [Modifier]) -> Self {
        Self { code, modifiers, setting: None, service_type: None, place: None, age: None, diagnoses: None }
    }
}

/// Why a rule does not hold for what is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Misfit {
    /// With a bed or without.
    Setting,
    /// Another service type.
    ServiceType,
    /// Another place of service.
    Place,
    /// Other diagnoses.
    Diagnoses,
    /// Younger than this.
    TooYoung(u8),
    /// Not under this age.
    TooOld(u8),
}

/// Why there is no rule.
#[derive(Clone, PartialEq, Debug)]
pub enum NoRule<'a> {
    /// The contract has none for the code.
    Unlisted(ProcedureCode),
    /// There are rules for other modifiers.
    Modifiers(OtherModifiers),
    /// The nearest rule, and why it does not hold.
    Outside(&'a CodeRule, Vec<Misfit>),
}

impl<'a> NoRule<'a> {
    /// The rule that is nearest, where there is one.
    #[must_use]
    pub fn nearest(self) -> Option<&'a CodeRule> {
        if let Self::Outside(rule, _) = self { Some(rule) } else { None }
    }
}

/// A code that the contract has rules for with other modifiers alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} is asked for with these modifiers: {needed}.")]
pub struct OtherModifiers {
    /// The code.
    pub code: ProcedureCode,
    /// The modifiers that would be right.
    pub needed: String,
}

impl AtField for OtherModifiers {
    fn wrong(&self) -> Wrong {
        Wrong::OtherModifiers { code: self.code.to_string(), modifiers: self.needed.clone() }
    }
}

/// The rule that holds. Those that surely hold come before those that may, while something is not known. What is for several codes and
/// does not hold says nothing of this one; where a rule names the code, its modifiers count and lead to no wider rule.
///
/// # Errors
/// Why there is none.
pub fn rule_for<'a>(rules: &'a [CodeRule], wanted: &Wanted<'_>) -> Result<&'a CodeRule, NoRule<'a>> {
    let holds = |rule: &CodeRule| rule.fit(wanted).0.is_empty();
    let is_near = |rule: &&CodeRule| rule.code.one().is_some() || holds(rule);
    let of_code = || rules.iter().filter(|rule| rule.code.contains(wanted.code)).filter(is_near);
    let other_modifiers = |of: &dyn Fn(&&CodeRule) -> bool| {
        let mut needed: Vec<String> = of_code().filter(of).map(CodeRule::needed).collect();
        needed.dedup();
        Err(NoRule::Modifiers(OtherModifiers { code: wanted.code.clone(), needed: needed.join(", or ") }))
    };
    let named = |rule: &&CodeRule| rule.code.one().is_some() && holds(rule);
    if of_code().any(|rule| named(&rule)) && !of_code().any(|rule| named(&rule) && rule.takes(wanted.modifiers)) {
        return other_modifiers(&named);
    }
    let best = of_code().filter(|rule| rule.takes(wanted.modifiers)).max_by_key(|rule| {
        let (misfits, unknown) = rule.fit(wanted);
        (Reverse(misfits.len()), !unknown, rule.rank())
    });
    match best {
        Some(rule) => match rule.fit(wanted) {
            (misfits, _) if misfits.is_empty() => Ok(rule),
            (misfits, _) => Err(NoRule::Outside(rule, misfits)),
        },
        None if of_code().next().is_none() => Err(NoRule::Unlisted(wanted.code.clone())),
        None => other_modifiers(&|_| true),
    }
}

/// A cap by time: at most so many units in so many days.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cap {
    pub(super) most: u32,
    pub(super) days: u32,
    /// Of so many days, in a word.
    pub(super) time: &'static str,
}

impl Cap {
    /// The units that so many days have room for.
    pub(super) fn room(self, days: u32) -> u64 {
        u64::from(self.most) * u64::from(days.div_ceil(self.days))
    }

    /// More than there is room for.
    pub(super) fn exceeded(self, days: u32, unit: &str) -> Wrong {
        let (most, allowed, unit) = (self.most, self.room(days), unit.to_owned());
        match self.days {
            1 => Wrong::TooManyUnitsADay { most, days, allowed, unit },
            7 => Wrong::TooManyUnitsAWeek { most, days, allowed, unit },
            31 => Wrong::TooManyUnitsAMonth { most, days, allowed, unit },
            _ => Wrong::TooManyUnitsAYear { most, days, allowed, unit },
        }
    }
}

impl CodeRule {
    /// Its caps by time.
    pub(super) fn caps(&self) -> impl Iterator<Item = Cap> + use<> {
        let cap = |most: Option<u32>, days, time| most.map(|most| Cap { most, days, time });
        let all = [
            cap(self.max_units_per_day, 1, "day"),
            cap(self.max_units_per_week, 7, "week"),
            cap(self.max_units_per_month, 31, "month"),
            cap(self.max_units_per_year, 366, "year"),
        ];
        all.into_iter().flatten()
    }

    /// How specific it is: the greater, the more.
    #[must_use]
    pub fn rank(&self) -> (Reverse<u64>, usize, usize) {
        let Self { settings, service_types, places, diagnoses, age_from, age_under, .. } = self;
        let conditions = [
            !settings.is_empty(),
            !service_types.is_empty(),
            !places.is_empty(),
            !diagnoses.is_empty(),
            age_from.is_some() || age_under.is_some(),
        ];
        (Reverse(self.code.width()), self.modifiers.len(), conditions.iter().filter(|asked| **asked).count())
    }

    /// Whether a line may carry these modifiers under it.
    pub(super) fn takes(&self, carried: &[Modifier]) -> bool {
        let all = self.modifiers.iter().all(|needed| carried.contains(needed));
        all && (self.code.one().is_none() || carried.len() == self.modifiers.len())
    }

    /// Whether it is of what is wanted, by code and modifiers.
    pub(super) fn takes_all(&self, wanted: &Wanted<'_>) -> bool {
        self.code.contains(wanted.code) && self.takes(wanted.modifiers)
    }

    fn needed(&self) -> String {
        let words = self.modifiers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
        if words.is_empty() { "none".to_owned() } else { words }
    }

    /// Why it does not hold; and whether something has to be known to say that it does.
    pub(super) fn fit(&self, wanted: &Wanted<'_>) -> (Vec<Misfit>, bool) {
        let mut misfits = Vec::new();
        let mut unknown = false;
        let mut see = |asked: bool, holds: Option<bool>, misfit: Misfit| match holds {
            Some(false) if asked => misfits.push(misfit),
            None if asked => unknown = true,
            _ => {}
        };
        let among = |list: &[String], id: &str| list.iter().any(|known| known == id);
        let setting = wanted.setting.map(|setting| self.settings.contains(&setting));
        see(!self.settings.is_empty(), setting, Misfit::Setting);
        let service = wanted.service_type.map(|id| among(&self.service_types, id));
        see(!self.service_types.is_empty(), service, Misfit::ServiceType);
        see(!self.places.is_empty(), wanted.place.map(|id| among(&self.places, id)), Misfit::Place);
        let one_of = |codes: &[DiagnosisCode]| codes.iter().any(|code| self.diagnoses.iter().any(|d| d.contains(code)));
        see(!self.diagnoses.is_empty(), wanted.diagnoses.map(one_of), Misfit::Diagnoses);
        if let Some(from) = self.age_from {
            see(true, wanted.age.map(|age| age >= from), Misfit::TooYoung(from));
        }
        if let Some(under) = self.age_under {
            see(true, wanted.age.map(|age| age < under), Misfit::TooOld(under));
        }
        (misfits, unknown)
    }

    /// What is wrong with a line for which the rule does not hold.
    #[must_use]
    pub fn outside(&self, misfits: &[Misfit], code: &ProcedureCode) -> FieldErrors {
        let mut errors = FieldErrors::none();
        for misfit in misfits {
            let named = code.to_string();
            let wrong = match misfit {
                Misfit::Setting => Wrong::OtherSetting,
                Misfit::ServiceType => Wrong::OtherServiceType { code: named },
                Misfit::Place => Wrong::OtherPlace { code: named },
                Misfit::Diagnoses => Wrong::OtherDiagnoses { code: named },
                Misfit::TooYoung(from) => Wrong::TooYoung { code: named, from: (*from).into() },
                Misfit::TooOld(under) => Wrong::TooOld { code: named, under: (*under).into() },
            };
            errors.add("/code", wrong.says(misfit.sentence(code)));
        }
        errors
    }

    /// What is wrong with a line under this rule, at the line's own fields. `support` says whom to ask.
    #[must_use]
    pub fn check(&self, line: &Line, member: &Member, support: &str) -> FieldErrors {
        let mut errors = self.check_bounds(line, member);
        let (code, named) = (&line.code, line.code.to_string());
        match self.authorization {
            Authorization::Required => {}
            Authorization::NotRequired => {
                let text = format!("{code} needs no authorization under this contract.");
                errors.add("/code", Wrong::NoAuthorizationNeeded { code: named }.says(text));
            }
            Authorization::Call => {
                let text = format!("{code} cannot be asked for here. {support}");
                errors.add("/code", Wrong::NotReviewed { code: named }.says(text));
            }
        }
        errors
    }

    /// What is too much or too long under this rule, whether authorization is needed or not.
    #[must_use]
    pub fn check_bounds(&self, line: &Line, member: &Member) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let code = &line.code;
        for cap in self.caps() {
            self.check_cap(cap, line, &mut errors);
        }
        let units = u32::from(line.quantity);
        if let Some(cap) = self.max_units.filter(|cap| units > *cap) {
            let text = format!("At most {cap} units in one request (1 unit = {}).", self.unit);
            errors.add("/quantity", self.too_many(cap).says(text));
        }
        let (days, least, most) = (u32::from(line.duration), self.shortest_days, self.longest_days);
        if least.is_some_and(|least| days < u32::from(least)) || most.is_some_and(|most| days > u32::from(most)) {
            let (least, most) = (least.unwrap_or(1), most.unwrap_or(u16::MAX));
            let text = match most {
                u16::MAX => format!("{code} is asked for at least {least} days."),
                most => format!("{code} is asked for {least} to {most} days."),
            };
            errors.add("/duration", Wrong::OutOfRange { least: least.into(), most: most.into() }.says(text));
        }
        if member.age_on(line.period.from()).is_none() {
            let text = "The service begins before the member's date of birth.";
            errors.add("/from", Wrong::BeforeBirth.says(text));
        }
        errors
    }

    fn check_cap(&self, cap: Cap, line: &Line, errors: &mut FieldErrors) {
        let (days, words) = (u32::from(line.duration), self.cap_words(cap));
        let allowed = cap.room(days);
        let too_much = || format!("{words}: {days} days allow {allowed} units.");
        if u64::from(u32::from(line.quantity)) > allowed {
            errors.add("/quantity", cap.exceeded(days, &self.unit).says(too_much()));
        }
        let Some(frequency) = line.frequency else { return };
        if cap.days > 1 {
            if line.units_in_all() > allowed.max(u32::from(line.quantity).into()) {
                errors.add("/frequency", cap.exceeded(days, &self.unit).says(too_much()));
            }
            return;
        }
        let (per, most) = match frequency.per {
            Per::Day => ("day", cap.most),
            Per::Week => ("week", cap.most.saturating_mul(7)),
            Per::Month => ("month", cap.most.saturating_mul(31)),
        };
        if u32::from(frequency.units) > most {
            let text = format!("{words}: a {per} allows {most}.");
            errors.add("/frequency", self.too_often(cap.most).says(text));
        }
    }

    /// A cap as a sentence begins.
    pub(super) fn cap_words(&self, cap: Cap) -> String {
        format!("At most {} units a {} (1 unit = {})", cap.most, cap.time, self.unit)
    }

    /// More than `most` units in a request.
    pub(super) fn too_many(&self, most: u32) -> Wrong {
        Wrong::TooManyUnits { most, unit: self.unit.clone() }
    }

    /// More often than `most` units a day are.
    pub(super) fn too_often(&self, most: u32) -> Wrong {
        Wrong::TooOften { most, unit: self.unit.clone() }
    }
}

impl Misfit {
    /// What it means for a code.
    pub(super) fn sentence(self, code: &ProcedureCode) -> String {
        match self {
            Self::Setting => format!("The contract's rule for {code} is not for this setting."),
            Self::ServiceType => format!("{code} is not given under the chosen service type."),
            Self::Place => format!("{code} is not given at the chosen place of service."),
            Self::Diagnoses => format!("The contract's rule for {code} is for other diagnoses."),
            Self::TooYoung(from) => format!("{code} is for members of {from} years and older."),
            Self::TooOld(under) => format!("{code} is for members under {under} years of age."),
        }
    }
}
