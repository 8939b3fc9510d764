//! What a request for information does under a contract (REV-06): how long the provider may take, what the decision's clock
//! does meanwhile, and what silence leads to.

use serde::{Deserialize, Serialize};

/// How a request waits for information.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PendRules {
    /// Days after the one on which it is asked, within which the provider is to answer, at most.
    pub answer_days: u32,
    /// What the decision's clock does meanwhile.
    pub clock: PendClock,
    /// For a clock that is extended: by how many days of the calendar.
    #[serde(default)]
    pub extension_days: u32,
    /// What happens when no answer came in time.
    pub on_silence: OnSilence,
    /// Hours before the answer is due at which the provider is told that it is (ACT-09); 0 where nobody is.
    #[serde(default)]
    pub remind_hours: u32,
}

/// What the decision's clock does while information is awaited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PendClock {
    /// It runs on: the answer is due before the decision is.
    Runs,
    /// It stands still until the request is back.
    Pauses,
    /// It runs on, and the limit grows, once for each request (42 CFR 438.210(d)(1)(ii)).
    Extends,
}

/// What silence leads to. Nothing is denied by it: a person decides on what there is (42 CFR 438.210(b)(3)).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnSilence {
    /// The request goes back to the reviewer who asked.
    Reviewer,
    /// It goes to the physician reviewers, who alone may approve less than was asked for.
    Physician,
}

/// A contract whose documents say nothing: asking moves no limit, and the request comes back to whoever asked.
impl Default for PendRules {
    fn default() -> Self {
        Self {
            answer_days: 7,
            clock: PendClock::Runs,
            extension_days: 0,
            on_silence: OnSilence::Reviewer,
            remind_hours: 0,
        }
    }
}

impl PendRules {
    /// What is wrong with them.
    pub(super) fn problems(&self) -> Vec<&'static str> {
        let extends = self.clock == PendClock::Extends;
        [
            (self.answer_days == 0, "pends: answer-days is 0"),
            (extends && self.extension_days == 0, "pends: the clock is extended by no extension-days"),
            (!extends && self.extension_days > 0, "pends: extension-days go with a clock that extends"),
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
    fn an_extension_goes_with_a_clock_that_extends() {
        let rules = |clock, extension_days| PendRules { clock, extension_days, ..PendRules::default() };
        assert!(PendRules::default().problems().is_empty());
        assert_eq!(rules(PendClock::Extends, 0).problems().len(), 1);
        assert_eq!(rules(PendClock::Pauses, 3).problems().len(), 1);
        assert_eq!(PendRules { answer_days: 0, ..PendRules::default() }.problems(), ["pends: answer-days is 0"]);
        assert!(rules(PendClock::Extends, 14).problems().is_empty());
    }
}
