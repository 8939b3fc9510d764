//! Which questionnaires a request has to be asked, by the contract's rules (CASE-18).

use serde::{Deserialize, Serialize};

use crate::{
    code::ProcedureCode,
    contracts::{Contract, code_rule::Unlisted, questionnaire::Questionnaire},
    service::{ReviewKind, Setting},
};

/// Questionnaires of a contract, at most.
pub const MOST_QUESTIONNAIRES: usize = 40;

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
    pub codes: Vec<ProcedureCode>,
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
            && or_any(!self.codes.is_empty(), facts.codes.iter().any(|code| self.codes.contains(code)))
            && or_any(!self.settings.is_empty(), self.settings.contains(&facts.setting))
            && or_any(!self.reviews.is_empty(), self.reviews.contains(&facts.review))
            && self.age_from.is_none_or(|from| facts.age.is_some_and(|age| age >= from))
            && self.age_under.is_none_or(|under| facts.age.is_some_and(|age| age < under))
    }
}

impl Contract {
    /// The questionnaire of this id.
    #[must_use]
    pub fn questionnaire(&self, id: &str) -> Option<&Questionnaire> {
        self.questionnaires.iter().find(|questionnaire| questionnaire.id == id)
    }

    /// The questionnaires that the rules pick, each once, in the order of the rules.
    #[must_use]
    pub fn questionnaires_for(&self, facts: &Facts) -> Vec<&Questionnaire> {
        let mut picked: Vec<&Questionnaire> = Vec::new();
        for rule in self.questionnaire_rules.iter().filter(|rule| rule.when.fits(facts)) {
            let found = self.questionnaire(&rule.questionnaire);
            picked.extend(found.filter(|found| picked.iter().all(|other| other.id != found.id)));
        }
        picked
    }

    /// What is wrong with the questionnaires and their rules as a whole.
    pub(super) fn questionnaire_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let count = self.questionnaires.len();
        if count > MOST_QUESTIONNAIRES {
            problems.push(format!("questionnaires: {count}, at most {MOST_QUESTIONNAIRES} are taken"));
        }
        for rule in &self.questionnaire_rules {
            let (id, when) = (&rule.questionnaire, &rule.when);
            let mut say = |problem: String| problems.push(format!("questionnaire-rules: {id}: {problem}"));
            if self.questionnaire(id).is_none() {
                say("no such questionnaire".to_owned());
            }
            for service in when.service_types.iter().filter(|id| self.service_type(id).is_none()) {
                say(format!("unknown service type {service}"));
            }
            let ruled = |code: &ProcedureCode| self.codes.iter().any(|rule| rule.code == *code);
            for code in when.codes.iter().filter(|code| self.unlisted_codes != Unlisted::Reviewed && !ruled(code)) {
                say(format!("{code} can never be asked for: it has no rule in codes"));
            }
            for review in when.reviews.iter().filter(|review| !ReviewKind::OF_A_NEW_CASE.contains(review)) {
                say(format!("{review} is asked for on a decided request, which has no questionnaires"));
            }
            if when.age_from.zip(when.age_under).is_some_and(|(from, under)| from >= under) {
                say("age-from is not below age-under".to_owned());
            }
        }
        let ruled = |id: &str| self.questionnaire_rules.iter().any(|rule| rule.questionnaire == id);
        let idle = self.questionnaires.iter().filter(|known| !ruled(&known.id));
        problems.extend(idle.map(|idle| format!("questionnaires: no rule asks {}", idle.id)));
        problems
    }
}
