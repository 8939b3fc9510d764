//! The items and services that need authorization: the first of the yearly metrics (42 CFR 438.210(f)(1)).

use super::sheet::{Row, Sheet};
use crate::contracts::{
    Contract,
    code_rule::{Authorization, CodeRule, Unlisted},
};

/// The contract's rules that ask for authorization, in the order of their codes. Drugs are left out; what stands for several codes is
/// shown as the contract writes it.
fn required(contract: &Contract) -> Vec<&CodeRule> {
    let asks =
        |rule: &&CodeRule| rule.authorization == Authorization::Required && !contract.reports.is_drug(&rule.code);
    let mut rules: Vec<&CodeRule> = contract.codes.iter().filter(asks).collect();
    rules.sort_by_key(|rule| (rule.code.to_string(), modifiers(rule)));
    rules
}

fn modifiers(rule: &CodeRule) -> String {
    rule.modifiers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// What needs authorization now. Where codes without a rule are reviewed too, the last row says so.
#[must_use]
pub fn services(contract: &Contract) -> Sheet {
    let row = |rule: &&CodeRule| {
        let code = rule.code.to_string();
        Row::new([code.as_str(), modifiers(rule).as_str(), rule.description.as_str()], Vec::new())
    };
    let mut rows: Vec<Row> = required(contract).iter().map(row).collect();
    if contract.unlisted_codes == Unlisted::Reviewed {
        rows.push(Row::new(["other-codes", "", ""], Vec::new()));
    }
    Sheet { names: &["code", "modifiers", "service"], measures: &[], rows }
}
