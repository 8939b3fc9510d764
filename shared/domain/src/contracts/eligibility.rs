//! What a contract does with a request on days on which the plan's file does not cover the member (CASE-27): how long it waits
//! for the file, who looks at it then, and what the letters say when it is closed.

use serde::{Deserialize, Serialize};

use crate::status::Queue;

/// How a request waits for coverage.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EligibilityRules {
    /// Days after the one on which it is reviewed, for which it waits; 0 where a reviewer looks at once. It never waits longer
    /// than half of the time for the decision, which runs on.
    pub wait_days: u32,
    /// The worklist that it goes to when the file did not come in time. No value denies.
    pub then: Queue,
    /// Why a request is closed, as both letters say it; the days and what the reviewer found stand after it.
    pub reason: String,
}

/// A contract whose documents say nothing.
impl Default for EligibilityRules {
    fn default() -> Self {
        let reason = "Our records do not show that the member is covered on all days that were asked for. The request can be \
                      sent again when they do.";
        Self { wait_days: 3, then: Queue::Nurse, reason: reason.to_owned() }
    }
}

impl EligibilityRules {
    /// What is wrong with them.
    pub(super) fn problems(&self) -> Vec<&'static str> {
        self.reason.trim().is_empty().then_some("eligibility: reason is empty").into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_words() {
        let of =
            |reason: &str| EligibilityRules { reason: reason.to_owned(), ..EligibilityRules::default() }.problems();
        assert!(EligibilityRules::default().problems().is_empty());
        assert_eq!(of(" "), ["eligibility: reason is empty"]);
    }
}
