//! By how much the time for a decision may be extended, once for each request (42 CFR 438.210(d)(1)(ii), (d)(2)(ii)).

use serde::{Deserialize, Serialize};

/// How the time for a decision is extended.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MoreTimeRules {
    /// Days of the calendar by which a reviewer may extend it, at most; 0 where nobody may.
    pub days: u32,
    /// For a contract whose requests for information extend it: why, in the notice of that.
    #[serde(default)]
    pub asked_reason: String,
}
