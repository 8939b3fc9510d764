//! What becomes of drafts that nobody goes on with (CASE-01, CASE-08).

use serde::{Deserialize, Serialize};

/// How long a draft is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DraftRules {
    /// Days after the last change, at the end of which a draft ends; 0 where none does.
    pub days: u32,
    /// Days before that on which its owner is told; one at least.
    pub warning_days: u32,
}

impl DraftRules {
    /// Days after the last change at which its owner is told that it will end; `None` where none does.
    #[must_use]
    pub fn quiet_days(self) -> Option<u32> {
        (self.days > 0).then(|| self.days.saturating_sub(self.warning_days))
    }

    /// What is wrong with them.
    pub(super) fn problems(self) -> Vec<&'static str> {
        let without_warning = self.days > 0 && self.warning_days == 0;
        [
            (without_warning, "drafts: warning-days is 0: nobody would know that a draft ends"),
            (self.days > 0 && self.warning_days >= self.days, "drafts: warning-days are not fewer than days"),
            (self.days == 0 && self.warning_days > 0, "drafts: warning-days go with days after which a draft ends"),
        ]
        .into_iter()
        .filter_map(|(wrong, text)| wrong.then_some(text))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_never_ends_unseen() {
        let rules = |days, warning_days| DraftRules { days, warning_days };
        assert!(DraftRules::default().problems().is_empty());
        assert_eq!((rules(30, 7).quiet_days(), rules(0, 0).quiet_days()), (Some(23), None));
        assert!(rules(30, 7).problems().is_empty());
        for wrong in [rules(30, 0), rules(7, 7), rules(0, 7)] {
            assert_eq!(wrong.problems().len(), 1, "{wrong:?}");
        }
    }
}
