//! What may follow a decision under a contract (ACT-02, ACT-03, ACT-05): which kinds of request, and until when.

use serde::{Deserialize, Serialize};

use crate::service::ReviewKind;

/// What may follow a decision.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FollowRules {
    /// The kinds that this contract takes.
    pub kinds: Vec<ReviewKind>,
    /// Days after the last one that is authorized in which an extension may still be asked for.
    #[serde(default)]
    pub extension_days: u32,
}
