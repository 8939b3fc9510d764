//! "Is authorization required?", asked before a case is typed (CASE-16). The answer is made of the contract's rules alone,
//! says which one it follows and under which version, and keeps what was asked: it is printed and looked up by its number.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Caller, StaffRole},
    code::{Modifier, ProcedureCode},
    contracts::{
        Contract,
        code_rule::{Authorization, CodeRule, CodeRuleError, Unlisted, rule_for},
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
    /// Whether authorization is required for this.
    #[must_use]
    pub fn check(&self, asked: &Asked) -> Finding {
        match rule_for(&self.codes, &asked.code, &asked.modifiers) {
            Ok(rule) => self.by_rule(rule, asked),
            Err(error @ CodeRuleError::Modifiers { .. }) => self.call(None, vec![error.to_string()]),
            Err(CodeRuleError::Unknown(code)) => self.unlisted(&code),
        }
    }

    fn by_rule(&self, rule: &CodeRule, asked: &Asked) -> Finding {
        let (named, outside) = (rule.named(), self.outside(rule, asked));
        if !outside.is_empty() {
            return self.call(Some(named), outside);
        }
        if rule.authorization == Authorization::NotRequired {
            let reasons = vec![format!("{} needs no authorization under this contract.", rule.code)];
            return Finding { verdict: Verdict::NotRequired, rule: Some(named), reasons };
        }
        let mut reasons = vec![format!("{} must be authorized before it is given.", rule.code)];
        if let Some(most) = rule.max_units_per_day {
            reasons.push(format!("At most {most} units a day may be asked for (1 unit = {}).", rule.unit));
        }
        if let Some(most) = rule.max_units {
            reasons.push(format!("At most {most} units may be asked for in one request (1 unit = {}).", rule.unit));
        }
        let ages: Vec<_> = rule.ages().collect();
        if asked.age.is_none() && !ages.is_empty() {
            reasons.push(format!("It is {}.", ages.join(", and ")));
        }
        let service = asked.service_type.as_deref().and_then(|id| self.service_type(id));
        let documents = service.map(|service| service.required_documents.as_slice()).unwrap_or_default();
        let documents: Vec<&str> =
            documents.iter().filter_map(|id| self.document_type(id)).map(|choice| choice.label.as_str()).collect();
        if !documents.is_empty() {
            reasons.push(format!("A request for it needs these documents: {}.", documents.join(", ")));
        }
        Finding { verdict: Verdict::Required, rule: Some(named), reasons }
    }

    /// What was asked and the rule does not cover.
    fn outside(&self, rule: &CodeRule, asked: &Asked) -> Vec<String> {
        let mut outside = Vec::new();
        let offered = |id: &str| self.service_type(id).is_some_and(|service| service.settings.contains(&asked.setting));
        let types: Vec<&str> = rule.service_types.iter().map(String::as_str).collect();
        match asked.service_type.as_deref() {
            Some(id) if !types.is_empty() && !types.contains(&id) => {
                outside.push(format!("{} is not given under the chosen service type.", rule.code));
            }
            Some(id) if !offered(id) => {
                outside.push("The chosen service type is not offered in this setting.".to_owned());
            }
            None if !types.is_empty() && !types.iter().any(|id| offered(id)) => {
                outside.push(format!("The contract's rule for {} is not for this setting.", rule.code));
            }
            _ => {}
        }
        let young = rule.age_from.is_some_and(|from| asked.age.is_some_and(|age| age < from));
        let old = rule.age_under.is_some_and(|under| asked.age.is_some_and(|age| age >= under));
        if young || old {
            outside.push(format!("{} is {}.", rule.code, rule.ages().collect::<Vec<_>>().join(", and ")));
        }
        outside
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
                let text = format!("{} {}", CodeRuleError::Unknown(code.clone()), self.support_sentence());
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
    /// The rule in words: code, modifiers and what the contract calls the service.
    fn named(&self) -> String {
        let modifiers: Vec<_> = self.modifiers.iter().map(ToString::to_string).collect();
        let with = if modifiers.is_empty() { String::new() } else { format!(" with {}", modifiers.join(" and ")) };
        format!("{}{with}: {}", self.code, self.description)
    }

    /// For whom it is, by age.
    fn ages(&self) -> impl Iterator<Item = String> {
        let from = self.age_from.map(|from| format!("for members of {from} years and older"));
        let under = self.age_under.map(|under| format!("for members under {under} years of age"));
        from.into_iter().chain(under)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{caller::Reviewer, contracts::samples::arkansas};

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
