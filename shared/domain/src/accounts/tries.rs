//! Tries at an account's password or code: counted before they are made, so that many at once cannot pass the limit, and
//! failures beside them, so that only failures lock (ACC-14).
//!
//! Tries from where the user has signed in before count for the account; all others count for the place that they come
//! from. Strangers use up their own tries, never those of the owner.

use jiff::Timestamp;

use crate::contracts::AccountRules;

/// As many places of a user are known; with one more the oldest is forgotten.
pub const MOST_PLACES: usize = 20;
/// A try that was begun and neither failed nor was given back after so long was lost with its function.
const LOST_AFTER_SECONDS: i64 = 60;

/// What is counted, with a try that has just begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tries {
    /// Begun and not given back, this one and those that failed among them.
    pub begun: u32,
    /// Failed since the last success.
    pub failed: u32,
    /// When the one before began.
    pub before: Option<Timestamp>,
}

/// What may be done with a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It may be made.
    Made,
    /// It may be made; others that were begun are lost and count no more.
    MadeAnew,
    /// Others are under way: it is refused, and locks nothing.
    Waits,
    /// Every try has failed.
    UsedUp,
}

impl Tries {
    /// What may be done now with the try that has just begun.
    #[must_use]
    pub fn verdict(&self, rules: &AccountRules, now: Timestamp) -> Verdict {
        let lost = |before: Timestamp| now.duration_since(before).as_secs() >= LOST_AFTER_SECONDS;
        if rules.locks(self.failed) {
            Verdict::UsedUp
        } else if self.begun <= rules.lock_after_failures {
            Verdict::Made
        } else if self.before.is_some_and(lost) {
            Verdict::MadeAnew
        } else {
            Verdict::Waits
        }
    }
}

impl AccountRules {
    /// Whether so many failures since the last success lock (ACC-14).
    #[must_use]
    pub fn locks(&self, failed: u32) -> bool {
        failed >= self.lock_after_failures
    }
}

/// The places of a user with this one as the newest.
#[must_use]
pub fn with_place(places: &[String], place: &str) -> Vec<String> {
    let others = places.iter().filter(|known| known.as_str() != place);
    std::iter::once(place.to_owned()).chain(others.cloned()).take(MOST_PLACES).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounts::samples::rules;

    fn now() -> Timestamp {
        "2026-05-07T15:00:00Z".parse().unwrap()
    }

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(now().as_second() + seconds).unwrap()
    }

    /// A counter with its tries one after the other: what was made, and whether they are used up.
    fn played(rules: &AccountRules, tries: &[bool]) -> (u32, bool) {
        let (mut counted, mut made) = (Tries::default(), 0);
        for right in tries {
            counted.begun += 1;
            match counted.verdict(rules, now()) {
                Verdict::Made => made += 1,
                Verdict::MadeAnew | Verdict::Waits | Verdict::UsedUp => return (made, true),
            }
            if *right {
                counted = Tries::default();
            } else {
                counted.failed += 1;
            }
        }
        (made, rules.locks(counted.failed))
    }

    #[test]
    fn a_try_that_was_lost_holds_nobody_up_for_longer_than_a_minute() {
        let tries = Tries { begun: 4, failed: 2, before: Some(now()) };
        assert_eq!(tries.verdict(&rules(), after(59)), Verdict::Waits);
        assert_eq!(tries.verdict(&rules(), after(60)), Verdict::MadeAnew);
        assert_eq!(Tries { failed: 3, ..tries }.verdict(&rules(), after(60)), Verdict::UsedUp);
    }

    #[test]
    fn the_newest_places_are_known() {
        let places = (0..30).fold(Vec::new(), |known, n| with_place(&known, &format!("p{}", n % 25)));
        assert_eq!(places.len(), MOST_PLACES);
        assert_eq!(places[..6], ["p4", "p3", "p2", "p1", "p0", "p24"].map(ToOwned::to_owned));
    }

    proptest! {
        /// However many come at once, no more are made than the contract allows, and those beyond lock nothing.
        #[test]
        fn right_answers_at_once_never_lock(limit in 1u32..6, at_once in 1u32..20) {
            let rules = AccountRules { lock_after_failures: limit, ..rules() };
            let verdicts = (1..=at_once).map(|begun| Tries { begun, failed: 0, before: Some(now()) }.verdict(&rules, now()));
            let (made, others): (Vec<_>, Vec<_>) = verdicts.partition(|verdict| *verdict == Verdict::Made);
            prop_assert_eq!(made.len(), limit.min(at_once) as usize);
            prop_assert!(others.iter().all(|verdict| *verdict == Verdict::Waits));
        }

        /// Failures lock when so many follow each other, and only then; a success between them begins anew.
        #[test]
        fn only_failures_in_a_row_lock(limit in 1u32..5, tries in prop::collection::vec(any::<bool>(), 0..30)) {
            let rules = AccountRules { lock_after_failures: limit, ..rules() };
            let row = tries.split(|right| *right).map(<[bool]>::len).max().unwrap_or_default();
            let (made, locked) = played(&rules, &tries);
            prop_assert_eq!(locked, row >= limit as usize);
            prop_assert!(locked || made as usize == tries.len());
        }
    }
}
