//! When and how often a fax is tried.

use jiff::{Timestamp, civil::Time};
use serde::{Deserialize, Serialize};

use crate::calendar::Zone;

/// The longest wait between two calls: queues hold a message no longer.
pub const MAX_BACK_OFF_MINUTES: u32 = 15;

/// How a fax is tried before it falls back to mail (LTR-05).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FaxRules {
    /// Calls in all.
    pub attempts: u32,
    /// Minutes between a call that failed and the next; the last value serves for all further ones.
    pub back_off_minutes: Vec<u32>,
    /// Hours after which a call of which the carrier says nothing has failed.
    #[serde(default = "a_day")]
    pub report_hours: u32,
    /// When clinics may be called, on every day; at any time when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<CallingHours>,
}

/// The hours in which a call may begin, as clocks show them in the contract's zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CallingHours {
    /// From then on.
    pub from: Time,
    /// Before then.
    pub to: Time,
}

fn a_day() -> u32 {
    24
}

impl FaxRules {
    /// Minutes to wait after the `failed`-th failed call, `None` when it was the last.
    #[must_use]
    pub fn back_off(&self, failed: u32) -> Option<u32> {
        if failed >= self.attempts {
            return None;
        }
        let place = usize::try_from(failed).unwrap_or(usize::MAX).saturating_sub(1);
        Some(self.back_off_minutes.get(place).or(self.back_off_minutes.last()).copied().unwrap_or(1))
    }

    /// Whether a call may begin now.
    #[must_use]
    pub fn may_call(&self, now: Timestamp, zone: &Zone) -> bool {
        let time = zone.rules().to_datetime(now).time();
        self.hours.is_none_or(|hours| hours.from <= time && time < hours.to)
    }

    /// What is wrong with it.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut say = |wrong: bool, text: &str| problems.extend(wrong.then(|| text.to_owned()));
        say(self.attempts == 0 || self.back_off_minutes.is_empty(), "fax: no attempt or no back-off");
        let too_long = self.back_off_minutes.iter().any(|minutes| *minutes > MAX_BACK_OFF_MINUTES);
        problems.extend(too_long.then(|| format!("fax: a back-off is longer than {MAX_BACK_OFF_MINUTES} minutes")));
        let mut say = |wrong: bool, text: &str| problems.extend(wrong.then(|| text.to_owned()));
        say(self.report_hours == 0, "fax: report-hours is 0");
        say(self.hours.is_some_and(|hours| hours.to <= hours.from), "fax: hours end before they begin");
        problems
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn calls_begin_within_the_hours_of_the_contracts_zone() {
        let always = FaxRules { attempts: 1, back_off_minutes: vec![5], report_hours: 24, hours: None };
        let hours = CallingHours { from: time(7, 0, 0, 0), to: time(21, 0, 0, 0) };
        let rules = FaxRules { hours: Some(hours), ..always.clone() };
        let zone: Zone = "America/Chicago".parse().unwrap();
        for (at, may) in [
            // 6:59 AM and 7:00 AM in summer, 8:59 PM and 9:00 PM, and 7:00 AM in winter.
            ("2026-07-01T11:59:59Z", false),
            ("2026-07-01T12:00:00Z", true),
            ("2026-07-02T01:59:59Z", true),
            ("2026-07-02T02:00:00Z", false),
            ("2026-12-01T12:59:59Z", false),
            ("2026-12-01T13:00:00Z", true),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(rules.may_call(at, &zone), may, "{at}");
            assert!(always.may_call(at, &zone));
        }
        assert_eq!(rules.problems(), Vec::<String>::new());
        let night = CallingHours { from: hours.to, to: hours.from };
        let never = FaxRules { hours: Some(night), ..rules };
        assert_eq!(never.problems(), ["fax: hours end before they begin"]);
    }
}
