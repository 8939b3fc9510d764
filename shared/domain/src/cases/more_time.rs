//! More time for a decision: by how much, why and for whom (42 CFR 438.210(d)(1)(ii)).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::Username;

/// That the time for a decision was extended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MoreTime {
    /// When it was extended.
    pub at: Timestamp,
    /// The reviewer.
    pub by: Username,
    /// By how many days of the calendar.
    pub days: u32,
    /// When the decision is due from then on.
    pub until: Timestamp,
    /// Who asked for it.
    pub asked_by: AskedForTime,
    /// Why, as it stands in the letters.
    pub reason: String,
}

/// Who asked for more time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskedForTime {
    /// The member, or who speaks for them.
    Member,
    /// The provider.
    Provider,
    /// The plan, which needs information.
    Plan,
}
