//! When a provider has a gold card for a code: their requests for it were decided by people, and nearly all were approved. A rule of
//! automatic review may rest on it ([`super::auto_rule::AutoRule::gold_card`]). Laws on it: Texas Insurance Code 4201.653 (90 percent,
//! five requests, a year), West Virginia Code 33-25A-8s.

use serde::{Deserialize, Serialize};

/// The longest time that decided requests are kept for it.
pub const MOST_DAYS: u32 = 730;
/// As many decided requests are counted at most: the latest.
pub const MOST_COUNTED: usize = 500;

/// What a gold card of this contract takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GoldCardRules {
    /// Days before today whose decisions count.
    pub days: u32,
    /// As many requests for the code have to be decided by people within them.
    pub least: u16,
    /// As many of a hundred have to be approved as they were asked for.
    pub percent: u8,
    /// As many of a hundred requests of whoever has one go to a person all the same, so that the figure lives on; 0 for none: then
    /// a card ends with the decisions that it rests on.
    #[serde(default)]
    pub sample_percent: u8,
}

impl GoldCardRules {
    /// What is wrong with them.
    pub(super) fn problems(self) -> Vec<String> {
        let wrong = [
            (!(1..=MOST_DAYS).contains(&self.days), format!("gold-card: days is not from 1 to {MOST_DAYS}")),
            (
                !(1..=MOST_COUNTED).contains(&usize::from(self.least)),
                format!("gold-card: least is not from 1 to {MOST_COUNTED}"),
            ),
            (!(1..=100).contains(&self.percent), "gold-card: percent is not from 1 to 100".to_owned()),
            (self.sample_percent > 99, "gold-card: sample-percent leaves no request to a rule".to_owned()),
        ];
        wrong.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_card_takes_is_within_bounds() {
        let of = |days, least, percent, sample_percent| {
            GoldCardRules { days, least, percent, sample_percent }.problems().len()
        };
        assert_eq!(of(365, 5, 90, 10), 0);
        assert_eq!(of(MOST_DAYS, 500, 100, 0), 0);
        assert_eq!(of(0, 0, 0, 100), 4);
        assert_eq!(of(MOST_DAYS + 1, 501, 101, 99), 3);
    }
}
