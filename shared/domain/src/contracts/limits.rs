//! What a pack says of limits that are extended, or over: what its tables say together.

use crate::{
    contracts::{Contract, OnExpiry, pends::PendClock},
    wrong::is_specific,
};

/// The longest extension of a decision that federal rules know (42 CFR 438.210(d)(1)(ii), (d)(2)(ii)).
const LONGEST_DAYS: u32 = 14;

impl Contract {
    /// What is wrong with how it extends the time for decisions.
    pub(super) fn more_time_problems(&self) -> Option<&'static str> {
        let extends = self.pends.clock == PendClock::Extends;
        let says = is_specific(&self.more_time.asked_reason);
        (extends && !says).then_some(
            "more-time: asked-reason lacks what the notice says when a request for information extends the time (42 CFR 438.404(c)(4))",
        )
    }

    /// What is beyond a federal ceiling, and may be right all the same.
    pub(super) fn more_time_warnings(&self) -> impl Iterator<Item = String> + use<> {
        let (by_reviewers, by_pends) = (self.more_time.days, self.pends.extension_days);
        [("more-time", by_reviewers), ("pends", by_pends)]
            .into_iter()
            .filter(|(_, days)| *days > LONGEST_DAYS)
            .map(|(table, days)| format!("{table}: {days} days of extension are beyond 42 CFR 438.210(d)"))
    }

    /// Up to when limits are counted right.
    pub(super) fn calendar_warning(&self) -> Option<String> {
        if self.calendar.holidays.is_empty() {
            return Some("calendar: no day is closed as a holiday".to_owned());
        }
        let last = self.calendar.ends()?.strftime("%B %-d, %Y");
        Some(format!(
            "calendar: the last holiday is {last}, and no later day is closed. A rule holds every year, as \"fourth Thursday of November\""
        ))
    }

    /// What lacks of what its limits end with.
    pub(super) fn expiry_problems(&self) -> Vec<&'static str> {
        let ends = |with| self.turnaround.iter().any(|line| line.on_expiry == with);
        let words = self.expiry.denied.as_ref();
        let told = words.is_some_and(|words| {
            let named = [&words.title, &words.citation, &words.text];
            is_specific(&words.reason) && named.into_iter().all(|text| !text.trim().is_empty())
        });
        [
            (
                ends(OnExpiry::DeemedApproved) && !is_specific(&self.expiry.approved_reason),
                "expiry: approved-reason lacks why what is not decided in time counts as approved",
            ),
            (
                ends(OnExpiry::DeemedDenied) && !told,
                "expiry: denied lacks reason, title, citation or text, without which no denial is noticed (42 CFR 438.404(b)(2))",
            ),
        ]
        .into_iter()
        .filter_map(|(wrong, text)| wrong.then_some(text))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::{expiry::DeniedWords, samples::arkansas};

    #[test]
    fn more_than_the_federal_days_are_warned_of_and_a_pend_that_extends_says_why() {
        let mut contract = arkansas();
        let warnings = contract.warnings().len();
        contract.more_time.days = 14;
        assert_eq!(contract.warnings().len(), warnings);
        contract.more_time.days = 15;
        assert!(contract.warnings().iter().any(|text| text.starts_with("more-time: 15 days")));
        contract.pends.clock = PendClock::Extends;
        contract.pends.extension_days = 15;
        assert!(contract.warnings().iter().any(|text| text.starts_with("pends: 15 days")));
        "Asked.".clone_into(&mut contract.more_time.asked_reason);
        assert!(contract.problems().iter().any(|text| text.starts_with("more-time: asked-reason")));
        "The records that were sent do not show yet what the member needs."
            .clone_into(&mut contract.more_time.asked_reason);
        assert_eq!(contract.problems(), Vec::<String>::new());
    }

    #[test]
    fn a_calendar_that_ends_says_when() {
        let with = |holidays: &[&str]| {
            let mut contract = arkansas();
            contract.calendar.holidays = holidays.iter().map(|text| text.parse().unwrap()).collect();
            contract.calendar_warning()
        };
        assert_eq!(with(&["2026-12-25", "last Monday of May"]), None);
        let ends = with(&["2027-01-01", "2026-12-25"]).unwrap();
        assert!(
            ends.starts_with("calendar: the last holiday is January 1, 2027, and no later day is closed."),
            "{ends}"
        );
        assert!(with(&[]).unwrap().starts_with("calendar: no day is closed"));
    }

    #[test]
    fn a_limit_that_ends_with_a_decision_needs_its_words() {
        let with = |on_expiry| {
            let mut contract = arkansas();
            contract.turnaround[0].on_expiry = on_expiry;
            contract
        };
        assert_eq!(with(OnExpiry::Escalate).expiry_problems(), Vec::<&str>::new());
        let mut approved = with(OnExpiry::DeemedApproved);
        assert!(approved.problems().iter().any(|text| text.starts_with("expiry: approved-reason")));
        "State law approves what is not decided in time.".clone_into(&mut approved.expiry.approved_reason);
        assert_eq!(approved.problems(), Vec::<String>::new());
        let mut denied = with(OnExpiry::DeemedDenied);
        assert!(denied.problems().iter().any(|text| text.starts_with("expiry: denied")));
        let words = |text: &str| DeniedWords {
            reason: "No decision was made within the time that federal rules allow.".into(),
            title: "Untimely decisions".into(),
            citation: "42 CFR 438.404(c)(5)".into(),
            text: text.into(),
        };
        denied.expiry.denied = Some(words(" "));
        assert_eq!(denied.expiry_problems().len(), 1);
        denied.expiry.denied = Some(words("A decision that is not made in time is a denial."));
        assert_eq!(denied.problems(), Vec::<String>::new());
        denied.expiry.denied = Some(words("\u{1F4C4}"));
        assert!(denied.problems().iter().any(|text| text.starts_with("expiry: ")), "what no letter prints");
    }
}
