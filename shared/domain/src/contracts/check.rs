//! "Is authorization required?", asked before a case is typed (CASE-16). The answer is made of the contract's rules alone,
//! says which one it follows and under which version, and keeps what was asked: it is printed and looked up by its number.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Caller, StaffRole},
    code::{Modifier, ProcedureCode},
    contracts::{
        Contract,
        code_rule::{Authorization, Cap, CodeRule, Misfit, NoRule, Unlisted, Wanted, rule_for},
    },
    field::FieldErrors,
    id::{CheckNumber, ContractId, GroupId, MemberId, Username},
    service::Setting,
    wrong::Wrong,
};

/// What is asked about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// The procedure code.
    pub code: ProcedureCode,
    /// Its modifiers, in any order.
    pub modifiers: Vec<Modifier>,
    /// Where it is given.
    pub setting: Setting,
    /// Under which of the contract's service types, if that is known.
    pub service_type: Option<String>,
    /// On which day it is given, in the contract's zone.
    pub on: Date,
    /// How many years old the member is then, if that is known.
    pub age: Option<u8>,
}

/// Whether authorization is required.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It must be asked for.
    Required,
    /// It need not be asked for.
    NotRequired,
    /// No rule covers what was asked: support says what holds.
    Call,
}

/// What the rules say.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Whether authorization is required.
    pub verdict: Verdict,
    /// The rule that it follows, in words; none for a code without one.
    pub rule: Option<String>,
    /// Why, and what holds for a request of it, sentence by sentence.
    pub reasons: Vec<String>,
}

/// An answer that was given, as it is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// By which it is quoted and looked up.
    pub number: CheckNumber,
    /// Whose rules were asked.
    pub contract: ContractId,
    /// The version of the pack that holds on the day that was asked about.
    pub version: String,
    /// What was asked.
    pub asked: Asked,
    /// For whom, if anybody was named.
    pub member: Option<MemberId>,
    /// What was answered.
    pub finding: Finding,
    /// Who asked.
    pub by: Username,
    /// The groups that they worked for.
    pub groups: Vec<GroupId>,
    /// When.
    pub at: Timestamp,
    /// What was called how then; none of an answer before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
}

/// What an answer names, as it was called when it was given: a later pack changes nothing of what was printed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Called {
    /// The contract.
    pub contract: String,
    /// The service type that was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_type: Option<String>,
    /// Telephone of its support.
    pub support_phone: String,
}

impl Check {
    /// Whether the caller may look it up: who works for a group of whoever asked, and staff of the contract whose work is
    /// with cases. For all others there is no such answer.
    #[must_use]
    pub fn is_seen_by(&self, caller: &Caller) -> bool {
        match caller {
            Caller::Provider { .. } => caller.groups().iter().any(|group| self.groups.contains(group)),
            Caller::Staff(reviewer) => {
                let runs_machines = matches!(reviewer.role, StaffRole::ContractManager | StaffRole::Operations);
                !runs_machines && reviewer.contracts.contains(&self.contract)
            }
        }
    }
}

impl Contract {
    /// How what is asked is called today.
    #[must_use]
    pub fn called(&self, asked: &Asked) -> Called {
        let service_type = asked.service_type.as_deref();
        let label = |id: &str| self.service_type(id).map_or_else(|| id.to_owned(), |service| service.label.clone());
        Called {
            contract: self.name.clone(),
            service_type: service_type.map(label),
            support_phone: self.support.phone.to_string(),
        }
    }

    /// Whether authorization is required for this.
    #[must_use]
    pub fn check(&self, asked: &Asked) -> Finding {
        let wanted = Wanted {
            setting: Some(asked.setting),
            service_type: asked.service_type.as_deref(),
            age: asked.age,
            ..Wanted::of(&asked.code, &asked.modifiers)
        };
        match rule_for(&self.codes, &wanted) {
            Ok(rule) => self.by_rule(rule, asked, &wanted),
            Err(NoRule::Outside(rule, misfits)) => {
                let reasons = misfits.into_iter().map(|misfit| misfit.sentence(&asked.code)).collect();
                self.call(Some(rule.named(&asked.code)), reasons)
            }
            Err(NoRule::Modifiers(error)) => self.call(None, vec![error.to_string()]),
            Err(NoRule::Unlisted(code)) => self.unlisted(&code),
        }
    }

    fn by_rule(&self, rule: &CodeRule, asked: &Asked, wanted: &Wanted<'_>) -> Finding {
        let (code, named) = (&asked.code, rule.named(&asked.code));
        if let Some(outside) = self.not_offered(rule, asked) {
            return self.call(Some(named), vec![outside]);
        }
        let (_, unsure) = rule.fit(wanted);
        let otherwise = self.otherwise(rule, unsure, wanted);
        let free = rule.authorization == Authorization::NotRequired;
        // Nobody is told that nothing is needed where something may be, nor one of several answers by the order of rules.
        if (!otherwise.is_empty() && (free || unsure)) || (free && unsure && rule.asks_for_more()) {
            let begins = format!("Whether {code} needs authorization depends on what was not said.");
            let own = if unsure { self.said(rule) } else { format!("Otherwise {}.", rule.says()) };
            let reasons = std::iter::once(begins).chain(otherwise).chain([own]);
            return self.call(Some(named), reasons.collect());
        }
        let (verdict, said) = match rule.authorization {
            Authorization::Call => {
                return self.call(Some(named), vec![format!("Whether {code} needs authorization, support says.")]);
            }
            Authorization::NotRequired => {
                (Verdict::NotRequired, format!("{code} needs no authorization under this contract."))
            }
            Authorization::Required => (Verdict::Required, format!("{code} must be authorized before it is given.")),
        };
        let mut reasons = vec![said];
        if verdict == Verdict::Required {
            reasons.extend(self.limits(rule, asked));
        }
        reasons.extend(rule.unknown(asked));
        reasons.extend(otherwise);
        Finding { verdict, rule: Some(named), reasons }
    }

    /// What holds for a request.
    fn limits(&self, rule: &CodeRule, asked: &Asked) -> Vec<String> {
        let unit = &rule.unit;
        let of = |cap: Cap| format!("At most {} units a {} may be asked for (1 unit = {unit}).", cap.most, cap.time);
        let mut said: Vec<String> = rule.caps().map(of).collect();
        if let Some(most) = rule.max_units {
            said.push(format!("At most {most} units may be asked for in one request (1 unit = {unit})."));
        }
        match (rule.shortest_days, rule.longest_days) {
            (None, None) => {}
            (least, None) => said.push(format!("It is asked for at least {} days.", least.unwrap_or(1))),
            (least, Some(most)) => said.push(format!("It is asked for {} to {most} days.", least.unwrap_or(1))),
        }
        let documents = self.documents_for(asked.service_type.as_deref(), [rule]);
        let documents: Vec<&str> = documents.iter().map(|choice| choice.label.as_str()).collect();
        if !documents.is_empty() {
            said.push(format!("A request for it needs these documents: {}.", documents.join(", ")));
        }
        said
    }

    /// The rules that may hold instead, where something is so that was not asked about, and say otherwise.
    fn otherwise(&self, rule: &CodeRule, unsure: bool, wanted: &Wanted<'_>) -> Vec<String> {
        let may = |other: &&CodeRule| {
            let (misfits, unknown) = other.fit(wanted);
            let holds = misfits.is_empty() && unknown && other.takes_all(wanted);
            holds && other.authorization != rule.authorization && (unsure || other.rank() > rule.rank())
        };
        self.codes.iter().filter(may).map(|other| self.said(other)).collect()
    }

    /// Under what a rule holds, and what it says then.
    fn said(&self, rule: &CodeRule) -> String {
        format!("Where it is {}, {}.", self.conditions(rule).join(" and "), rule.says())
    }

    /// Under what a rule holds, in words.
    fn conditions(&self, rule: &CodeRule) -> Vec<String> {
        let mut all = Vec::new();
        let labels = |ids: &[String], find: &dyn Fn(&str) -> Option<String>| {
            ids.iter().filter_map(|id| find(id)).collect::<Vec<_>>().join(" or ")
        };
        if !rule.service_types.is_empty() {
            let label = |id: &str| self.service_type(id).map(|service| service.label.clone());
            all.push(format!("given as {}", labels(&rule.service_types, &label)));
        }
        if !rule.places.is_empty() {
            let label = |id: &str| self.places_of_service.iter().find(|is| is.id == id).map(|is| is.label.clone());
            all.push(format!("given at {}", labels(&rule.places, &label)));
        }
        if !rule.diagnoses.is_empty() {
            let codes: Vec<_> = rule.diagnoses.iter().map(ToString::to_string).collect();
            all.push(format!("for a diagnosis of {}", codes.join(" or ")));
        }
        all.extend(rule.ages());
        all
    }

    /// What the setting and the service type that were asked about have against the rule.
    fn not_offered(&self, rule: &CodeRule, asked: &Asked) -> Option<String> {
        let offered = |id: &str| self.service_type(id).is_some_and(|service| service.settings.contains(&asked.setting));
        match asked.service_type.as_deref() {
            Some(id) if !offered(id) => Some("The chosen service type is not offered in this setting.".to_owned()),
            None if !rule.service_types.is_empty() && !rule.service_types.iter().any(|id| offered(id)) => {
                Some(Misfit::Setting.sentence(&asked.code))
            }
            _ => None,
        }
    }

    fn unlisted(&self, code: &ProcedureCode) -> Finding {
        let (verdict, reason) = match self.unlisted_codes {
            Unlisted::Call => return self.call(None, vec![format!("The contract has no rule for {code}.")]),
            Unlisted::Reviewed => {
                (Verdict::Required, "The contract has no rule for {code}: a request for it is reviewed as others are.")
            }
            Unlisted::NotRequired => {
                (Verdict::NotRequired, "The contract has no rule for {code}: it needs no authorization.")
            }
        };
        Finding { verdict, rule: None, reasons: vec![reason.replace("{code}", &code.to_string())] }
    }

    /// What is wrong with a line whose code has no rule.
    #[must_use]
    pub fn unlisted_line(&self, code: &ProcedureCode) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let named = code.to_string();
        match self.unlisted_codes {
            Unlisted::Reviewed => {}
            Unlisted::NotRequired => {
                let text = format!("{code} needs no authorization under this contract.");
                errors.add("/code", Wrong::NoAuthorizationNeeded { code: named }.says(text));
            }
            Unlisted::Call => {
                let text = format!("{code} is not a code that this contract reviews. {}", self.support_sentence());
                errors.add("/code", Wrong::NotReviewed { code: named }.says(text));
            }
        }
        errors
    }

    fn call(&self, rule: Option<String>, mut reasons: Vec<String>) -> Finding {
        reasons.push(self.support_sentence());
        Finding { verdict: Verdict::Call, rule, reasons }
    }
}

impl CodeRule {
    /// The rule in words: its codes and, where they are several, the one that was asked about, modifiers, and what the contract
    /// calls the service.
    fn named(&self, code: &ProcedureCode) -> String {
        let of = if self.code.one().is_some() { String::new() } else { format!(" ({})", self.code) };
        let modifiers: Vec<_> = self.modifiers.iter().map(ToString::to_string).collect();
        let with = if modifiers.is_empty() { String::new() } else { format!(" with {}", modifiers.join(" and ")) };
        format!("{code}{of}{with}: {}", self.description)
    }

    /// What it says of authorization.
    fn says(&self) -> &'static str {
        match self.authorization {
            Authorization::Required => "it must be authorized",
            Authorization::NotRequired => "it needs no authorization",
            Authorization::Call => "support says what holds",
        }
    }

    /// Whether it looks at what this question never says.
    fn asks_for_more(&self) -> bool {
        !self.places.is_empty() || !self.diagnoses.is_empty()
    }

    /// For whom it is, by age.
    fn ages(&self) -> impl Iterator<Item = String> + use<> {
        let from = self.age_from.map(|from| format!("for members of {from} years and older"));
        let under = self.age_under.map(|under| format!("for members under {under} years of age"));
        from.into_iter().chain(under)
    }

    /// Conditions that were not asked about.
    fn unknown(&self, asked: &Asked) -> Vec<String> {
        let ages: Vec<_> = self.ages().collect();
        let mut said = Vec::new();
        if asked.age.is_none() && !ages.is_empty() {
            said.push(format!("It is {}.", ages.join(", and ")));
        }
        if !self.diagnoses.is_empty() {
            let codes: Vec<_> = self.diagnoses.iter().map(ToString::to_string).collect();
            said.push(format!("It is for these diagnoses: {}.", codes.join(", ")));
        }
        if !self.places.is_empty() {
            said.push("It is for some places of service alone.".to_owned());
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        caller::Reviewer,
        contracts::samples::{arkansas, rule},
    };

    fn asked(code: &str, modifiers: &[&str]) -> Asked {
        Asked {
            code: code.parse().unwrap(),
            modifiers: modifiers.iter().map(|text| text.parse().unwrap()).collect(),
            setting: Setting::Outpatient,
            service_type: None,
            on: date(2026, 5, 7),
            age: None,
        }
    }

    #[test]
    fn a_rule_is_named_with_what_holds_for_a_request() {
        let contract = arkansas();
        let habilitative = Asked { service_type: Some("day-habilitative".to_owned()), ..asked("T1015", &["UB", "U6"]) };
        let found = contract.check(&habilitative);
        assert_eq!(found.verdict, Verdict::Required);
        assert!(found.rule.unwrap().starts_with("T1015 with U6 and UB: "));
        let words = found.reasons.join(" ");
        assert!(words.contains("At most 5 units a day may be asked for (1 unit = 1 hour)."), "{words}");
        assert!(words.contains("for members under 21 years of age"), "{words}");
        assert!(words.contains("needs these documents"), "{words}");
    }

    #[test]
    fn what_no_rule_covers_is_not_answered_by_one() {
        let contract = arkansas();
        let call = |asked: &Asked, reason: &str| {
            let found = contract.check(asked);
            assert_eq!(found.verdict, Verdict::Call, "{asked:?}");
            let words = found.reasons.join(" ");
            assert!(words.contains(reason) && words.contains(&contract.support.phone.to_string()), "{words}");
        };
        call(&asked("T1015", &["U6"]), "with these modifiers");
        call(&Asked { age: Some(21), ..asked("T1015", &["U6", "UB"]) }, "under 21 years");
        call(&Asked { setting: Setting::Inpatient, ..asked("T1015", &["U6", "UB"]) }, "not for this setting");
        call(&Asked { service_type: Some("dme".to_owned()), ..asked("T1015", &["U6", "UB"]) }, "service type");
        call(&asked("99499", &[]), "no rule for 99499");
    }

    #[test]
    fn where_it_would_be_otherwise_is_said_and_nobody_is_told_that_nothing_is_needed_where_something_may_be() {
        let mut contract = arkansas();
        let of = |types: &[&str], authorization| CodeRule {
            service_types: types.iter().map(|id| (*id).to_owned()).collect(),
            ..rule("97010-97799", authorization)
        };
        let one = Asked { service_type: Some("day-habilitative".to_owned()), ..asked("97110", &[]) };
        contract.codes = vec![of(&[], Authorization::Required), of(&["day-habilitative"], Authorization::NotRequired)];
        let found = contract.check(&asked("97110", &["GP"]));
        assert_eq!(
            (found.verdict, found.rule.as_deref()),
            (Verdict::Required, Some("97110 (97010-97799): Habilitative services"))
        );
        let label = contract.service_type("day-habilitative").unwrap().label.clone();
        assert_eq!(found.reasons.last(), Some(&format!("Where it is given as {label}, it needs no authorization.")));
        assert_eq!(contract.check(&one).verdict, Verdict::NotRequired);

        contract.codes = vec![of(&[], Authorization::NotRequired), of(&["day-habilitative"], Authorization::Required)];
        let found = contract.check(&asked("97110", &[]));
        assert_eq!(found.verdict, Verdict::Call);
        assert_eq!(
            found.reasons[..3],
            [
                "Whether 97110 needs authorization depends on what was not said.".to_owned(),
                format!("Where it is given as {label}, it must be authorized."),
                "Otherwise it needs no authorization.".to_owned(),
            ]
        );
        assert_eq!(contract.check(&one).verdict, Verdict::Required);

        // Of two that may hold none counts because it stands last; nor does one alone that looks at more.
        let at =
            |place: &str, authorization| CodeRule { places: vec![place.to_owned()], ..rule("97110", authorization) };
        let (free, bound) = (at("11", Authorization::NotRequired), at("12", Authorization::Required));
        for codes in [vec![free.clone(), bound.clone()], vec![bound.clone(), free.clone()], vec![free]] {
            contract.codes = codes;
            assert_eq!(contract.check(&asked("97110", &[])).verdict, Verdict::Call);
        }
        contract.codes = vec![bound];
        assert_eq!(contract.check(&asked("97110", &[])).verdict, Verdict::Required);
        assert_eq!(contract.check(&asked("0120", &[])).reasons[0], "The contract has no rule for 0120.");
    }

    #[test]
    fn what_a_code_without_a_rule_means_is_the_contracts() {
        let mut contract = arkansas();
        for (unlisted, verdict) in
            [(Unlisted::Reviewed, Verdict::Required), (Unlisted::NotRequired, Verdict::NotRequired)]
        {
            contract.unlisted_codes = unlisted;
            let found = contract.check(&asked("99499", &[]));
            assert_eq!((found.verdict, found.rule), (verdict, None));
            assert!(found.reasons[0].contains("99499"));
        }
    }

    #[test]
    fn an_answer_is_seen_by_the_groups_of_who_asked_and_by_the_contracts_reviewers() {
        let (contract, group) = (arkansas(), GroupId::new(uuid::Uuid::from_u128(1)));
        let asked = asked("T1015", &["U6", "UB"]);
        let check = Check {
            number: CheckNumber::new(date(2026, 5, 7), 1),
            contract: contract.id.clone(),
            version: contract.version.clone(),
            finding: contract.check(&asked),
            asked,
            member: None,
            by: "ruth@clinic".parse().unwrap(),
            groups: vec![group],
            at: "2026-05-07T15:00:00Z".parse().unwrap(),
            called: None,
        };
        let provider = |group: u128| {
            let role = crate::caller::RoleAt {
                provider: crate::id::ProviderId::new(uuid::Uuid::from_u128(9)),
                group: GroupId::new(uuid::Uuid::from_u128(group)),
                contract: contract.id.clone(),
                role: crate::caller::ProviderRole::Staff,
            };
            let fax = "501-555-0100".parse().unwrap();
            Caller::Provider { username: "eve@clinic".parse().unwrap(), fax, roles: vec![role] }
        };
        assert!(check.is_seen_by(&provider(1)) && !check.is_seen_by(&provider(2)));
        let staff = |role, of: &str| {
            Caller::Staff(Reviewer {
                username: "nora@state".parse().unwrap(),
                name: "Nora".to_owned(),
                role,
                credential: "RN".to_owned(),
                specialty: None,
                license: None,
                lead: false,
                contracts: vec![of.parse().unwrap()],
            })
        };
        assert!(check.is_seen_by(&staff(StaffRole::Nurse, "arkansas")));
        assert!(check.is_seen_by(&staff(StaffRole::Support, "arkansas")));
        assert!(!check.is_seen_by(&staff(StaffRole::Nurse, "colorado")));
        assert!(!check.is_seen_by(&staff(StaffRole::ContractManager, "arkansas")));
        assert!(!check.is_seen_by(&staff(StaffRole::Operations, "arkansas")));
    }
}
