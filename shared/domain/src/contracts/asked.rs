//! Which questionnaires a contract asks, and whether they and their rules fit each other (CASE-18).

use crate::{
    contracts::{
        Contract, code_rule::Unlisted, pattern::Procedures, questionnaire::Questionnaire, questionnaire_rules::Facts,
    },
    service::ReviewKind,
};

/// Questionnaires of a contract, at most.
const MOST_QUESTIONNAIRES: usize = 40;

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
            let ruled = |codes: &Procedures| self.codes.iter().any(|rule| rule.code.meets(codes));
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
