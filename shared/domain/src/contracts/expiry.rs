//! What it says where the time for a decision was over and the contract has it count as one (REV-09): the words of the law, not of a
//! reviewer.

use serde::{Deserialize, Serialize};

/// The words of decisions that nobody made in time.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExpiryRules {
    /// Why it counts as approved; for a contract with a limit that ends so.
    #[serde(default)]
    pub approved_reason: String,
    /// Why it counts as denied, and by what; for a contract with a limit that ends so.
    #[serde(default)]
    pub denied: Option<DeniedWords>,
}

/// What the notice says of a decision that counts as denied because nobody made it in time (42 CFR 438.404(c)(5)).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DeniedWords {
    /// The reason, for each line.
    pub reason: String,
    /// Name of the rule by which it does.
    pub title: String,
    /// Where it stands.
    pub citation: String,
    /// What it says.
    pub text: String,
}

impl ExpiryRules {
    /// The words of the letters, to be printed.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let denied = self.denied.iter().flat_map(|words| [&words.reason, &words.title, &words.citation, &words.text]);
        std::iter::once(&self.approved_reason).chain(denied).map(String::as_str)
    }
}
