//! Accounts that nobody uses: warned of, then taken out (ACC-15).
//!
//! Disuse counts from the last sign-in, or from the day on which the account could be used first: enrolment, or the day
//! on which support brought it back. Every rule is the strictest of the user's contracts. The decision is made of what
//! is stored and the time alone, so it does not matter how often or how late a sweep runs: it warns while there is time
//! to sign in, once for all warnings that are due by then, and takes out when the time is over.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{User, UserState},
    contracts::AccountRules,
    events::EventKind,
};

/// How an account is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// From then on disuse counts.
    pub since: Timestamp,
    /// Last sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<Timestamp>,
    /// The warning that was mailed last, by its days before the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warned: Option<u32>,
    /// Hashes of the networks that the user has signed in from, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
}

/// What disuse asks for at an instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// Nothing before this instant.
    Later(Timestamp),
    /// A warning; all that are due by then count as mailed.
    Warning {
        /// The usage with it.
        warned: Usage,
        /// The account is taken out then.
        until: Timestamp,
    },
    /// The time is over.
    End,
}

impl Usage {
    /// An account that can be used from now on, and has not been yet.
    #[must_use]
    pub fn begins(at: Timestamp) -> Self {
        Self { since: at, signed_in: None, warned: None, places: Vec::new() }
    }

    /// After a sign-in.
    #[must_use]
    pub fn signed_in(at: Timestamp) -> Self {
        Self { signed_in: Some(at), ..Self::begins(at) }
    }

    /// After support brought the account back: the time begins anew, the last sign-in stays on record.
    #[must_use]
    pub fn again(&self, at: Timestamp) -> Self {
        Self { since: at, warned: None, ..self.clone() }
    }

    /// With these places.
    #[must_use]
    pub fn from(self, places: Vec<String>) -> Self {
        Self { places, ..self }
    }

    /// When the account is taken out unless somebody signs in.
    #[must_use]
    pub fn end(&self, rules: &AccountRules) -> Timestamp {
        days_after(self.since, i64::from(rules.dormant_days))
    }

    /// Whether the time is over.
    #[must_use]
    pub fn is_over(&self, rules: &AccountRules, now: Timestamp) -> bool {
        now >= self.end(rules)
    }

    /// When something is due next: a warning that was not mailed, or the end.
    #[must_use]
    pub fn next(&self, rules: &AccountRules) -> Timestamp {
        let first = self.to_come(rules).max();
        first.map_or_else(|| self.end(rules), |days| days_after(self.end(rules), -i64::from(days)))
    }

    /// What is due at `now`.
    #[must_use]
    pub fn due(&self, rules: &AccountRules, now: Timestamp) -> Due {
        let end = self.end(rules);
        if now >= end {
            return Due::End;
        }
        let passed = self.to_come(rules).filter(|days| days_after(end, -i64::from(*days)) <= now);
        match passed.min() {
            Some(days) => Due::Warning { warned: Self { warned: Some(days), ..self.clone() }, until: end },
            None => Due::Later(self.next(rules)),
        }
    }

    /// Warnings that were not mailed, by their days before the end. One that would come before the time begins is none.
    fn to_come(&self, rules: &AccountRules) -> impl Iterator<Item = u32> {
        let (warned, dormant) = (self.warned.unwrap_or(u32::MAX), rules.dormant_days);
        rules.dormancy_warning_days.into_iter().filter(move |days| (1..dormant.min(warned)).contains(days))
    }
}

impl User {
    /// The account after nobody used it for too long (ACC-15).
    #[must_use]
    pub fn dormant(mut self, at: Timestamp) -> (Self, EventKind) {
        self.state = UserState::Dormant { since: at };
        self.version += 1;
        (self, EventKind::UserDormant)
    }
}

fn days_after(at: Timestamp, days: i64) -> Timestamp {
    let limit = if days < 0 { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add((days * 24).hours()).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules(dormant_days: u32, dormancy_warning_days: [u32; 2]) -> AccountRules {
        AccountRules { dormant_days, dormancy_warning_days, ..crate::accounts::samples::rules() }
    }

    fn start() -> Timestamp {
        "2026-05-07T15:00:00Z".parse().unwrap()
    }

    fn day(days: i64) -> Timestamp {
        days_after(start(), days)
    }

    /// REQ: ACC-15
    #[test]
    fn an_unused_account_is_warned_of_twice_and_then_taken_out() {
        let rules = rules(30, [7, 1]);
        let used = Usage::signed_in(start());
        assert_eq!((used.next(&rules), used.end(&rules)), (day(23), day(30)));
        assert_eq!(used.due(&rules, day(22)), Due::Later(day(23)));
        let Due::Warning { warned, until } = used.due(&rules, day(23)) else { panic!("no first warning") };
        assert_eq!((warned.warned, until, warned.next(&rules)), (Some(7), day(30), day(29)));
        assert_eq!(warned.due(&rules, day(28)), Due::Later(day(29)));
        let Due::Warning { warned, .. } = warned.due(&rules, day(29)) else { panic!("no last warning") };
        assert_eq!((warned.warned, warned.next(&rules)), (Some(1), day(30)));
        assert_eq!(warned.due(&rules, day(30)), Due::End);
        assert!(warned.is_over(&rules, day(30)) && !warned.is_over(&rules, day(29)));
        assert_eq!(warned.again(day(31)).next(&rules), day(54), "the time begins anew");
    }

    /// REQ: ACC-15
    #[test]
    fn a_late_sweep_warns_once_while_there_is_time_and_takes_out_when_there_is_none() {
        let (rules, used) = (rules(30, [7, 1]), Usage::begins(start()));
        let late = days_after(day(29), 0).checked_add(3.hours()).unwrap();
        let Due::Warning { warned, .. } = used.due(&rules, late) else { panic!("no warning") };
        assert_eq!(warned.warned, Some(1), "both warnings in one");
        assert_eq!(used.due(&rules, day(40)), Due::End);
    }

    /// REQ: ACC-15
    #[test]
    fn a_warning_comes_after_the_beginning_and_none_is_none() {
        assert_eq!(Usage::begins(start()).next(&rules(5, [7, 1])), day(4));
        assert_eq!(Usage::begins(start()).next(&rules(5, [0, 0])), day(5));
        assert_eq!(Usage::begins(start()).next(&rules(5, [1, 1])), day(4));
    }

    proptest! {
        /// Whenever and however often a sweep runs: warnings grow nearer, and none comes twice.
        ///
        /// REQ: ACC-15
        #[test]
        fn a_sweep_at_any_times_warns_of_each_end_at_most_once(
            dormant in 1u32..90, first in 0u32..30, last in 0u32..30, mut runs in prop::collection::vec(0i64..3000, 1..30),
        ) {
            let (rules, mut usage, mut warnings) = (rules(dormant, [first, last]), Usage::begins(start()), Vec::new());
            runs.sort_unstable();
            for hours in runs {
                let now = start().checked_add(hours.hours()).unwrap();
                match usage.due(&rules, now) {
                    Due::Later(next) => prop_assert!(now < next && next <= usage.end(&rules)),
                    Due::Warning { warned, until } => {
                        prop_assert!(now < until);
                        warnings.push(warned.warned);
                        usage = warned;
                    }
                    Due::End => prop_assert!(usage.is_over(&rules, now)),
                }
            }
            prop_assert!(warnings.len() <= 2 && warnings.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}
