//! Until when a decision may be looked at again, and what is wrong with what a contract says of that. What it says is
//! `follow_ups`, which knows no contract.

use jiff::civil::Date;

use crate::{
    calendar::window_end,
    contracts::Contract,
    service::{Admission, ReviewKind, Setting, Urgency},
};

impl Contract {
    /// The last day on which a decision of this day may be looked at again; none for a kind without a window.
    #[must_use]
    pub fn look_again_until(&self, kind: ReviewKind, decided: Date) -> Option<Date> {
        let days = match kind {
            ReviewKind::Reconsideration => self.windows.reconsideration_days,
            ReviewKind::Appeal => self.windows.appeal_days,
            ReviewKind::Initial
            | ReviewKind::Concurrent
            | ReviewKind::Retrospective
            | ReviewKind::Renewal
            | ReviewKind::Revision
            | ReviewKind::Extension => return None,
        };
        Some(window_end(decided, days))
    }

    /// What is wrong with them: each kind is one that follows a decision, has a window where it needs one, and a time for its
    /// decision in every setting of the contract.
    pub(super) fn follow_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (place, kind) in self.after_decision.kinds.iter().enumerate() {
            let mut say = |wrong: bool, text: &str| {
                if wrong {
                    problems.push(format!("after-decision: {kind} {text}"));
                }
            };
            say(!ReviewKind::AFTER_A_DECISION.contains(kind), "does not follow a decision");
            say(self.after_decision.kinds.iter().take(place).any(|before| before == kind), "stands twice");
            say(self.look_again_until(*kind, Date::ZERO) == Some(Date::ZERO), "has a window of 0 days");
            let settings = [Setting::Inpatient, Setting::Outpatient]
                .into_iter()
                .filter(|setting| self.service_types.iter().any(|service| service.settings.contains(setting)));
            let lacks = |setting| {
                [Admission::Elective, Admission::Emergent]
                    .into_iter()
                    .any(|admission| self.turnaround_for(*kind, setting, Some(admission), Urgency::Standard).is_none())
            };
            say(settings.into_iter().any(lacks), "has no turnaround");
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::samples::arkansas;

    #[test]
    fn a_kind_that_is_taken_has_a_window_and_a_time() {
        let with = |change: &dyn Fn(&mut Contract)| {
            let mut contract = arkansas();
            change(&mut contract);
            contract.follow_problems()
        };
        assert!(with(&|_| ()).is_empty());
        assert_eq!(
            with(&|contract| contract.turnaround.retain(|row| row.review != ReviewKind::Extension)),
            ["after-decision: extension has no turnaround"]
        );
        assert_eq!(
            with(&|contract| contract.windows.reconsideration_days = 0),
            ["after-decision: reconsideration has a window of 0 days"]
        );
        assert_eq!(
            with(&|contract| contract.after_decision.kinds = vec![ReviewKind::Initial]),
            ["after-decision: initial authorization does not follow a decision"]
        );
        assert_eq!(
            with(&|contract| contract.after_decision.kinds.push(ReviewKind::Appeal)),
            ["after-decision: appeal stands twice"]
        );
    }
}
