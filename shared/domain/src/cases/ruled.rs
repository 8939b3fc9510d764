//! Which of a contract's rules holds for what a case asks for.

use jiff::civil::Date;

use super::Case;
use crate::{
    code::{Modifier, ProcedureCode},
    contracts::{
        Contract,
        code_rule::{CodeRule, NoRule, Wanted, rule_for},
    },
    service::Line,
};

impl Case {
    /// The codes that it asks for or has authorized.
    pub fn codes(&self) -> impl Iterator<Item = &ProcedureCode> {
        let asked = self.requests.iter().flat_map(|request| &request.lines);
        let held = self.authorizations.iter().flat_map(|authorization| &authorization.lines).map(|held| &held.line);
        asked.chain(held).map(|line| &line.code)
    }

    /// What rules are looked for: a code that is given from a day on, with what is known of the case.
    #[must_use]
    pub fn wanted<'a>(&'a self, code: &'a ProcedureCode, modifiers: &'a [Modifier], on: Date) -> Wanted<'a> {
        Wanted {
            setting: Some(self.setting),
            service_type: self.service.as_ref().map(|service| service.service_type.as_str()),
            place: self.service.as_ref().map(|service| service.place_of_service.as_str()),
            age: self.member.age_on(on),
            diagnoses: Some(self.diagnoses.as_slice()).filter(|known| !known.is_empty()),
            ..Wanted::of(code, modifiers)
        }
    }

    /// The rule that holds for a line.
    ///
    /// # Errors
    /// Why there is none.
    pub fn rule_for<'a>(&self, line: &Line, contract: &'a Contract) -> Result<&'a CodeRule, NoRule<'a>> {
        rule_for(&contract.codes, &self.wanted(&line.code, &line.modifiers, line.period.from()))
    }

    /// The rule by whose words and caps a line goes: the one that holds, or the nearest, as when the member had a birthday.
    #[must_use]
    pub fn rule_of<'a>(&self, line: &Line, contract: &'a Contract) -> Option<&'a CodeRule> {
        self.rule_for(line, contract).map_or_else(NoRule::nearest, Some)
    }
}
