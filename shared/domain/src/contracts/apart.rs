//! A contract whose rules for single codes are kept apart from it, and those of some codes with it.

use super::{Contract, code_rule::CodeRule};
use crate::code::ProcedureCode;

/// Rules in all up to which they stand with their pack.
pub const MOST_WITHIN: usize = 300;

/// Where the rules of a code are kept: those of ten codes or so together.
#[must_use]
pub fn shelf(code: &ProcedureCode) -> &str {
    code.as_str().get(..4).unwrap_or(code.as_str())
}

impl Contract {
    /// The contract with rules that are kept apart: what is asked of it about their codes, it answers.
    #[must_use]
    pub fn with_rules<'a>(&self, rules: impl IntoIterator<Item = &'a CodeRule>) -> Self {
        let mut with = self.clone();
        for rule in rules {
            if !with.codes.contains(rule) {
                with.codes.push(rule.clone());
            }
        }
        with
    }
}
