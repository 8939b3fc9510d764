//! What is wrong with a contract's rules for codes as a whole.

use std::collections::BTreeMap;

use super::{Contract, code_rule::CodeRule, pattern::Procedures};
use crate::service::Setting;

/// Rules for several codes, at most: each is looked at for each code that none names.
const MOST_WIDE: usize = 500;

impl Contract {
    /// Ids that are none of the contract's, conditions that nothing meets, and rules of which none is the more specific.
    pub(super) fn code_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut of_one: BTreeMap<&str, Vec<&CodeRule>> = BTreeMap::new();
        let mut wide = Vec::new();
        for (place, rule) in self.codes.iter().enumerate() {
            self.check_rule(place, rule, &mut problems);
            match &rule.code {
                Procedures::One(code) => of_one.entry(code.as_str()).or_default().push(rule),
                Procedures::Range(..) | Procedures::Beginning(_) | Procedures::All => wide.push(rule),
            }
        }
        if wide.len() > MOST_WIDE {
            problems.push(format!("codes: {} rules for several codes, at most {MOST_WIDE} are taken", wide.len()));
            wide.truncate(MOST_WIDE);
        }
        for rules in of_one.values().chain([&wide]) {
            for (place, one) in rules.iter().enumerate() {
                for other in rules.iter().skip(place + 1).filter(|other| self.are_equal(one, other)) {
                    problems.push(self.equal(one, other));
                }
            }
        }
        problems
    }

    fn check_rule(&self, place: usize, rule: &CodeRule, problems: &mut Vec<String>) {
        let mut say = |problem: String| problems.push(format!("codes[{place}]: {} {problem}", rule.code));
        for service in rule.service_types.iter().filter(|id| self.service_type(id).is_none()) {
            say(format!("names the unknown service type {service}"));
        }
        for known in rule.places.iter().filter(|id| self.places_of_service.iter().all(|is| is.id != **id)) {
            say(format!("names the unknown place of service {known}"));
        }
        for document in rule.documents.iter().filter(|id| self.document_type(id).is_none()) {
            say(format!("needs the unknown document type {document}"));
        }
        if rule.age_from.zip(rule.age_under).is_some_and(|(from, under)| from >= under) {
            say("is for nobody: age-from is not below age-under".to_owned());
        }
        if rule.shortest_days.zip(rule.longest_days).is_some_and(|(least, most)| least > most) {
            say("has a shortest-days above its longest-days".to_owned());
        }
        let known = rule.service_types.iter().all(|id| self.service_type(id).is_some());
        if known && self.settings_of(rule).is_empty() {
            say("can never be asked for: none of its service types is offered in its settings".to_owned());
        }
    }

    /// Where a rule holds, by its own settings and those of its service types.
    fn settings_of(&self, rule: &CodeRule) -> Vec<Setting> {
        let offered = |setting: &Setting| {
            let types = &rule.service_types;
            let offers = |id: &String| self.service_type(id).is_some_and(|service| service.settings.contains(setting));
            types.is_empty() || types.iter().any(offers)
        };
        let named = |setting: &Setting| rule.settings.is_empty() || rule.settings.contains(setting);
        [Setting::Inpatient, Setting::Outpatient].into_iter().filter(|is| named(is) && offered(is)).collect()
    }

    /// Whether both can hold for one line, and none is the more specific.
    fn are_equal(&self, one: &CodeRule, other: &CodeRule) -> bool {
        fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
            one.is_empty() || other.is_empty() || one.iter().any(|item| other.contains(item))
        }
        let modifiers = one.modifiers.iter().all(|is| other.modifiers.contains(is)) || one.code.one().is_none();
        let diagnoses = one.diagnoses.is_empty()
            || other.diagnoses.is_empty()
            || one.diagnoses.iter().any(|is| other.diagnoses.iter().any(|that| is.meets(that)));
        let under = |rule: &CodeRule| rule.age_under.unwrap_or(u8::MAX);
        let ages = one.age_from.unwrap_or(0) < under(other) && other.age_from.unwrap_or(0) < under(one);
        one.rank() == other.rank()
            && one.code.meets(&other.code)
            && modifiers
            && share(&one.service_types, &other.service_types)
            && share(&one.places, &other.places)
            && share(&self.settings_of(one), &self.settings_of(other))
            && diagnoses
            && ages
    }

    fn equal(&self, one: &CodeRule, other: &CodeRule) -> String {
        let place = |rule: &CodeRule| self.codes.iter().position(|known| std::ptr::eq(known, rule)).unwrap_or_default();
        format!(
            "codes[{}]: {} and codes[{}]: {} hold for the same line, and none is the more specific",
            place(one),
            one.code,
            place(other),
            other.code
        )
    }
}
