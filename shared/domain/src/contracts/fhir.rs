//! What a contract says about requests by FHIR (HL7 Da Vinci PAS): by which numbers it is named as insurer, and which of its
//! service types X12's kinds of service are.

use serde::{Deserialize, Serialize};

use super::code_rule::CodeRule;
use crate::service::Line;

/// How systems of providers name what the contract has.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FhirRules {
    /// Identifiers of the insurer; where there are none, nothing is submitted by FHIR.
    #[serde(default)]
    pub payers: Vec<String>,
    /// X12's kinds of service (data element 1365), each with what it is here.
    #[serde(default)]
    pub services: Vec<KindOfService>,
}

/// A kind of service of X12.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KindOfService {
    /// X12's code.
    pub code: String,
    /// Id of the contract's service type.
    pub service_type: String,
}

impl FhirRules {
    /// The service type of what a system asks for: that of X12's code where one is given, else the one under which alone the
    /// codes of all lines are given.
    #[must_use]
    pub fn service_type_of<'a>(&'a self, code: Option<&str>, lines: &[Line], codes: &'a [CodeRule]) -> Option<&'a str> {
        if let Some(code) = code {
            let found = self.services.iter().find(|service| service.code.eq_ignore_ascii_case(code))?;
            return Some(&found.service_type);
        }
        // What is for several codes says nothing of the kind of one.
        let only = |line: &Line| {
            let of = |rule: &&CodeRule| rule.code.one() == Some(&line.code) && rule.takes(&line.modifiers);
            let mut types = codes.iter().filter(of).map(|rule| rule.service_types.as_slice());
            let [one] = types.next()? else { return None };
            types.all(|other| other == [one.clone()]).then_some(one.as_str())
        };
        let first = only(lines.first()?)?;
        lines.iter().all(|line| only(line) == Some(first)).then_some(first)
    }

    /// What is wrong with the table, in a contract that has these service types.
    pub(super) fn problems(&self, has: impl Fn(&str) -> bool) -> Vec<String> {
        let Self { payers, services } = self;
        let mut problems = Vec::new();
        for (place, payer) in payers.iter().enumerate() {
            if payer.trim() != payer || !(2..=80).contains(&payer.chars().count()) {
                problems.push("fhir: a payer has 2 to 80 characters, without blanks around".to_owned());
            }
            if payers.iter().take(place).any(|earlier| earlier == payer) {
                problems.push(format!("fhir: the payer {payer} stands there twice"));
            }
        }
        for (place, service) in services.iter().enumerate() {
            let code = &service.code;
            if !(1..=2).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
                problems.push(format!("fhir: {code} is no kind of service of X12: one or two capitals and digits"));
            }
            if services.iter().take(place).any(|earlier| earlier.code == *code) {
                problems.push(format!("fhir: the kind of service {code} stands there twice"));
            }
            if !has(&service.service_type) {
                problems.push(format!("fhir: there is no service type {}", service.service_type));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::request::samples::line,
        contracts::{Contract, samples::arkansas},
    };

    fn with(payers: &[&str], services: &[(&str, &str)]) -> Contract {
        let service = |(code, of): &(&str, &str)| KindOfService { code: (*code).into(), service_type: (*of).into() };
        let payers = payers.iter().map(|payer| (*payer).to_owned()).collect();
        let fhir = FhirRules { payers, services: services.iter().map(service).collect() };
        Contract { fhir, ..arkansas() }
    }

    #[test]
    fn a_kind_of_service_is_what_the_pack_says_and_else_what_the_codes_have_in_common() {
        let contract = with(&["ARMEDICAID"], &[("1", "day-habilitative")]);
        let known = |id: &str| contract.service_type(id).is_some();
        assert!(contract.fhir.problems(known).is_empty());
        let of = |code, lines: &[Line]| contract.fhir.service_type_of(code, lines, &contract.codes);
        assert_eq!(of(Some("1"), &[]), Some("day-habilitative"));
        assert_eq!(of(Some("12"), &[]), None);
        let mut known = line("T1015", 30, 150);
        known.modifiers = vec!["U6".parse().unwrap(), "UB".parse().unwrap()];
        assert_eq!(of(None, &[known.clone(), known.clone()]), Some("day-habilitative"));
        assert_eq!(of(None, &[known, line("A0426", 1, 1)]), None);
        assert_eq!(of(None, &[]), None);
    }

    #[test]
    fn what_cannot_be_meant_is_a_problem_of_the_pack() {
        let wrong = with(&["A", " AR", "AR1", "AR1"], &[("1", "day-habilitative"), ("1", "none"), ("x12", "none")]);
        let problems = wrong.fhir.problems(|id| wrong.service_type(id).is_some());
        for word in
            ["2 to 80", "AR1 stands there twice", "1 stands there twice", "x12 is no kind", "no service type none"]
        {
            assert!(problems.iter().any(|problem| problem.contains(word)), "{word}: {problems:?}");
        }
    }
}
