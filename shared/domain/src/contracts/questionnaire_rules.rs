//! Which questionnaires a request has to be asked, by the contract's rules (CASE-18).

use serde::{Deserialize, Serialize};

use crate::{
    code::ProcedureCode,
    contracts::pattern::Procedures,
    service::{ReviewKind, Setting},
};

/// When a questionnaire is required.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QuestionnaireRule {
    /// The questionnaire's id.
    pub questionnaire: String,
    /// What has to hold, all of it; for every request, when nothing is named.
    #[serde(default)]
    pub when: When,
}

/// What a rule looks at. Of a list one is enough; what is not named does not matter.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct When {
    /// The service type.
    pub service_types: Vec<String>,
    /// A procedure code of the request.
    pub codes: Vec<Procedures>,
    /// Inpatient or outpatient.
    pub settings: Vec<Setting>,
    /// Why the request is made.
    pub reviews: Vec<ReviewKind>,
    /// Youngest age in years at the first day of service.
    pub age_from: Option<u8>,
    /// The member is younger than this at the first day of service.
    pub age_under: Option<u8>,
}

/// What rules know of a request. Answers are kept with it: when it changes, they are asked for again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The service type, once it is chosen.
    pub service_type: Option<String>,
    /// Inpatient or outpatient.
    pub setting: Setting,
    /// Why the request is made.
    pub review: ReviewKind,
    /// The procedure codes, each once, in their order.
    pub codes: Vec<ProcedureCode>,
    /// The member's age in years at the first day of service.
    pub age: Option<u8>,
}

impl When {
    /// Whether all of it holds.
    #[must_use]
    pub fn fits(&self, facts: &Facts) -> bool {
        let or_any = |named: bool, holds: bool| !named || holds;
        let service = facts.service_type.as_ref();
        or_any(!self.service_types.is_empty(), service.is_some_and(|id| self.service_types.contains(id)))
            && or_any(
                !self.codes.is_empty(),
                facts.codes.iter().any(|code| self.codes.iter().any(|codes| codes.contains(code))),
            )
            && or_any(!self.settings.is_empty(), self.settings.contains(&facts.setting))
            && or_any(!self.reviews.is_empty(), self.reviews.contains(&facts.review))
            && self.age_from.is_none_or(|from| facts.age.is_some_and(|age| age >= from))
            && self.age_under.is_none_or(|under| facts.age.is_some_and(|age| age < under))
    }
}
