//! A user of several contracts lives by the strictest of their account rules, value by value (ACC-16).

use crate::{contracts::AccountRules, id::ContractId};

/// One value, and the contract that it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Name of the rule, as on the wire.
    pub rule: &'static str,
    /// The value that holds.
    pub value: u32,
    /// Whose it is; of several with the same value the first.
    pub contract: ContractId,
}

type Field = (&'static str, fn(&mut AccountRules) -> &mut u32);

/// Of every value the smaller is the stricter.
const FIELDS: [Field; 5] = [
    ("enrolmentDays", |rules| &mut rules.enrolment_days),
    ("lockAfterFailures", |rules| &mut rules.lock_after_failures),
    ("dormantDays", |rules| &mut rules.dormant_days),
    ("idleMinutes", |rules| &mut rules.idle_minutes),
    ("absoluteHours", |rules| &mut rules.absolute_hours),
];

/// The rules that hold for a user of these contracts, `None` without any.
#[must_use]
pub fn strictest(contracts: &[(ContractId, AccountRules)]) -> Option<(AccountRules, Vec<Source>)> {
    let (_, mut strictest) = contracts.first()?.clone();
    let mut sources = Vec::new();
    for (rule, field) in FIELDS {
        let values = contracts.iter().map(|(contract, rules)| (*field(&mut rules.clone()), contract));
        let (value, contract) = values.min_by_key(|(value, _)| *value)?;
        *field(&mut strictest) = value;
        sources.push(Source { rule, value, contract: contract.clone() });
    }
    // Nobody is warned later than some contract wants, and support alone is stricter than administrators too.
    for (n, days) in strictest.dormancy_warning_days.iter_mut().enumerate() {
        *days = contracts.iter().filter_map(|(_, rules)| rules.dormancy_warning_days.get(n).copied()).max()?;
    }
    // Nor is the time to take a change back shorter than some contract wants.
    strictest.email_undo_days = contracts.iter().map(|(_, rules)| rules.email_undo_days).max()?;
    strictest.reactivated_by = contracts.iter().map(|(_, rules)| rules.reactivated_by).min()?;
    strictest.factors = contracts.iter().fold(strictest.factors, |all, (_, rules)| all.and(rules.factors));
    Some((strictest, sources))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contracts::ReactivatedBy,
        factor::{Allowed, Factor},
    };

    /// REQ: ACC-16
    #[test]
    fn each_value_is_the_strictest_and_says_whose_it_is() {
        let rules = |lock_after_failures, dormant_days, idle_minutes| AccountRules {
            enrolment_days: 2,
            lock_after_failures,
            dormant_days,
            idle_minutes,
            absolute_hours: 12,
            ..crate::accounts::samples::rules()
        };
        let contracts =
            [("arkansas".parse().unwrap(), rules(3, 60, 15)), ("colorado".parse().unwrap(), rules(5, 30, 20))];
        let (held, sources) = strictest(&contracts).unwrap();
        assert_eq!(held, rules(3, 30, 15));
        let from: Vec<_> = sources.iter().map(|s| (s.rule, s.value, s.contract.to_string())).collect();
        assert_eq!(from[2], ("dormantDays", 30, "colorado".to_owned()));
        assert_eq!(from[1], ("lockAfterFailures", 3, "arkansas".to_owned()));
        assert_eq!(strictest(&[]), None);
        let factors = |factors: &[Factor]| AccountRules { factors: factors.to_vec().into(), ..rules(3, 60, 15) };
        let [(one, first), (other, _)] = contracts;
        let second = factors(&[Factor::App, Factor::Voice]);
        let both = strictest(&[(one, first), (other, second)]).unwrap().0.factors;
        assert_eq!(both, Allowed::default());
    }

    #[test]
    fn the_longest_time_to_take_a_new_address_back_holds() {
        let rules = |email_undo_days| AccountRules { email_undo_days, ..crate::accounts::samples::rules() };
        let contracts = [("arkansas".parse().unwrap(), rules(7)), ("colorado".parse().unwrap(), rules(14))];
        assert_eq!(strictest(&contracts).unwrap().0.email_undo_days, 14);
    }

    /// REQ: ACC-15, ACC-16
    #[test]
    fn the_earliest_warning_holds_and_support_alone_is_stricter() {
        let rules = |dormancy_warning_days, reactivated_by| AccountRules {
            dormancy_warning_days,
            reactivated_by,
            ..crate::accounts::samples::rules()
        };
        let contracts = [
            ("arkansas".parse().unwrap(), rules([7, 1], ReactivatedBy::Administrator)),
            ("colorado".parse().unwrap(), rules([14, 0], ReactivatedBy::Support)),
        ];
        assert_eq!(strictest(&contracts).unwrap().0, rules([14, 1], ReactivatedBy::Support));
        assert_eq!(strictest(&contracts[..1]).unwrap().0.reactivated_by, ReactivatedBy::Administrator);
    }
}
