//! What is wrong with a contract's rules of automatic review.

use crate::contracts::{Contract, gold_card::GoldCardRules};

impl Contract {
    /// What is wrong with its rules of automatic review.
    pub(super) fn auto_problems(&self) -> Vec<String> {
        let mut problems = self.gold_card.map(GoldCardRules::problems).unwrap_or_default();
        for (place, rule) in self.auto_review.iter().enumerate() {
            let mut say = |what: String| problems.push(format!("auto-review: {}: {what}", rule.id));
            if self.auto_review.iter().take(place).any(|other| other.id == rule.id) {
                say("another rule has this id".to_owned());
            }
            if rule.codes.is_empty() {
                say("codes names none".to_owned());
            }
            if rule.max_units == 0 {
                say("max-units is 0, so it approves nothing".to_owned());
            }
            if rule.age_from.zip(rule.age_to).is_some_and(|(from, to)| from > to) {
                say("age-from is above age-to".to_owned());
            }
            for id in rule.service_types.iter().filter(|id| self.service_type(id).is_none()) {
                say(format!("the contract has no service type {id}"));
            }
            for id in rule.places.iter().filter(|id| !self.places_of_service.iter().any(|place| place.id == **id)) {
                say(format!("the contract has no place of service {id}"));
            }
            if rule.gold_card && self.gold_card.is_none() {
                say("gold-card needs a table gold-card, which says what one takes".to_owned());
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::{auto_rule::AutoRule, samples::arkansas};

    fn cpap() -> AutoRule {
        AutoRule {
            id: "cpap-adult".into(),
            reason: "CPAP for obstructive sleep apnea".into(),
            codes: vec!["E0601".parse().unwrap()],
            age_from: Some(18),
            max_units: 1,
            ..AutoRule::default()
        }
    }

    #[test]
    fn a_rule_that_could_never_approve_or_names_what_is_not_there_is_told() {
        let mut contract = arkansas();
        contract.auto_review = vec![
            AutoRule { age_to: Some(80), ..cpap() },
            AutoRule {
                codes: Vec::new(),
                max_units: 0,
                age_from: Some(9),
                age_to: Some(8),
                service_types: vec!["moon".into()],
                places: vec!["mars".into()],
                gold_card: true,
                ..cpap()
            },
        ];
        let told = contract.auto_problems();
        assert_eq!(
            told,
            [
                "auto-review: cpap-adult: another rule has this id",
                "auto-review: cpap-adult: codes names none",
                "auto-review: cpap-adult: max-units is 0, so it approves nothing",
                "auto-review: cpap-adult: age-from is above age-to",
                "auto-review: cpap-adult: the contract has no service type moon",
                "auto-review: cpap-adult: the contract has no place of service mars",
                "auto-review: cpap-adult: gold-card needs a table gold-card, which says what one takes",
            ]
        );
        contract.auto_review.truncate(1);
        contract.gold_card = Some(GoldCardRules { days: 365, least: 5, percent: 90, sample_percent: 0 });
        assert!(contract.auto_problems().is_empty() && contract.problems().is_empty());
    }
}
