//! An answer to "is authorization required?", as it is shown and printed (CASE-16).

use jiff::{Timestamp, civil::Date};
use portico_domain::{
    code::{Modifier, ProcedureCode},
    contracts::{Contract, check::Check},
    person::Member,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{form::word, words};

/// An answer with all that it rests on.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckView {
    /// By which it is quoted and looked up.
    #[schema(example = "CK263320001")]
    number: String,
    /// Short name of the contract.
    #[schema(example = "arkansas")]
    contract: String,
    /// What people call it.
    contract_name: String,
    /// Of the contract's pack whose rules were asked.
    version: String,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who asked.
    by: String,
    /// The procedure code.
    #[schema(value_type = String)]
    code: ProcedureCode,
    /// Its modifiers.
    #[schema(value_type = Vec<String>)]
    modifiers: Vec<Modifier>,
    /// Where the service is given.
    #[schema(value_type = words::Setting)]
    setting: String,
    /// The service type, as people read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    service_type: Option<String>,
    /// On which day the service is given or begins.
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// How many years old the member is on that day, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    age: Option<u8>,
    /// For whom, if anybody was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<CheckedMember>,
    /// Whether authorization is required; `call` when no rule covers what was asked.
    #[schema(value_type = words::Verdict)]
    verdict: String,
    /// The rule that it follows, in words; none for a code without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// Why, and what holds for a request of it, sentence by sentence.
    reasons: Vec<String>,
    /// Telephone of the contract's support.
    support_phone: String,
}

/// Whom an answer is for.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckedMember {
    first_name: String,
    last_name: String,
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
}

impl CheckView {
    pub(super) fn of(check: &Check, member: Option<&Member>, contract: &Contract) -> Self {
        let (asked, finding) = (&check.asked, &check.finding);
        let called = check.called.clone().unwrap_or_else(|| contract.called(asked));
        Self {
            number: check.number.to_string(),
            contract: check.contract.to_string(),
            contract_name: called.contract,
            version: check.version.clone(),
            at: check.at,
            by: check.by.to_string(),
            code: asked.code.clone(),
            modifiers: asked.modifiers.clone(),
            setting: word(&asked.setting),
            service_type: called.service_type,
            on: asked.on,
            age: asked.age,
            member: member.map(|member| CheckedMember {
                first_name: member.first_name.to_string(),
                last_name: member.last_name.to_string(),
                birth_date: member.birth_date,
            }),
            verdict: word(&finding.verdict),
            rule: finding.rule.clone(),
            reasons: finding.reasons.clone(),
            support_phone: called.support_phone,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::samples;

    #[test]
    fn an_answer_is_shown_with_the_words_that_it_was_given_with() {
        let contract = samples::contract();
        let service = contract.service_types[0].clone();
        let asked = json!({
            "code": "T1015", "modifiers": [], "setting": "outpatient", "serviceType": service.id, "on": "2026-05-07", "age": null,
        });
        let asked: portico_domain::contracts::check::Asked = serde_json::from_value(asked).unwrap();
        let mut check = Check {
            number: "CK261270001".parse().unwrap(),
            contract: contract.id.clone(),
            version: contract.version.clone(),
            finding: contract.check(&asked),
            called: Some(contract.called(&asked)),
            asked,
            member: None,
            by: "ruth@clinic".parse().unwrap(),
            groups: Vec::new(),
            at: samples::MORNING.parse().unwrap(),
        };
        let mut later = contract.clone();
        later.name = "Renamed".to_owned();
        later.service_types[0].label = "Renamed too".to_owned();
        later.support.phone = "501-555-0199".parse().unwrap();
        let shown = |check: &Check| serde_json::to_value(CheckView::of(check, None, &later)).unwrap();
        let first = serde_json::to_value(CheckView::of(&check, None, &contract)).unwrap();
        assert_eq!(shown(&check), first);
        assert_eq!(first["serviceType"], service.label.as_str());
        check.called = None;
        assert_eq!(
            (&shown(&check)["contractName"], &shown(&check)["serviceType"]),
            (&json!("Renamed"), &json!("Renamed too"))
        );
    }
}
