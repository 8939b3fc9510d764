//! That a draft will end, and who has one before them.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::id::Username;

/// That a draft will end, as its owner was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ending {
    /// When that was told.
    pub told: Timestamp,
    /// When it ends.
    pub at: Timestamp,
}

/// Who has a draft before them, so that others know it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Editing {
    /// Who.
    pub by: Username,
    /// Since when.
    pub since: Timestamp,
    /// When they last opened a step.
    pub seen: Timestamp,
}

/// So long after the last step somebody still edits a draft.
const EDITS_FOR_MINUTES: i64 = 10;

impl Editing {
    /// Whether they still do.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.seen.checked_add(EDITS_FOR_MINUTES.minutes()).is_ok_and(|until| now < until)
    }

    /// What is kept when somebody opens a step: somebody else stays who edits, unless they are taken over from.
    #[must_use]
    pub fn opened(before: Option<&Self>, by: &Username, takes_over: bool, now: Timestamp) -> Option<Self> {
        let begins = || Self { by: by.clone(), since: now, seen: now };
        match before.filter(|before| before.lasts(now)) {
            Some(own) if own.by == *by => Some(Self { seen: now, ..own.clone() }),
            Some(_) if !takes_over => None,
            Some(_) | None => Some(begins()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::at;

    #[test]
    fn somebody_edits_until_they_are_taken_over_from_or_gone() {
        let (ann, bob): (Username, Username) = ("ann.lee".parse().unwrap(), "bob.ray".parse().unwrap());
        let minutes = |count: i64| at().checked_add(count.minutes()).unwrap();
        let first = Editing::opened(None, &ann, false, at()).unwrap();
        let later = Editing::opened(Some(&first), &ann, false, minutes(9)).unwrap();
        assert_eq!((later.since, later.seen), (at(), minutes(9)));
        assert_eq!(Editing::opened(Some(&later), &bob, false, minutes(18)), None, "Ann does");
        let taken = Editing::opened(Some(&later), &bob, true, minutes(18)).unwrap();
        assert_eq!((&taken.by, taken.since), (&bob, minutes(18)));
        let gone = Editing::opened(Some(&later), &bob, false, minutes(19)).unwrap();
        assert_eq!(gone.by, bob);
        assert!(!taken.lasts(minutes(28)) && taken.lasts(minutes(27)));
    }
}
