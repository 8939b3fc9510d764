//! What the chains of a case are over.

use std::fmt;

use portico_domain::id::CaseKey;
use serde::{Deserialize, Serialize};

/// What a chain is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Who looked at a case or changed it.
    Audit,
    /// What happened to it.
    Event,
}

impl Over {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Audit, Self::Event];

    /// The case on whose record what stands in this partition is, and in which chain.
    #[must_use]
    pub fn of(partition: &str) -> Option<(CaseKey, Self)> {
        let (kind, id) = partition.split_once('#')?;
        let over = Self::ALL.into_iter().find(|over| over.to_string() == kind)?;
        Some((id.parse().ok()?, over))
    }
}

/// As partitions begin.
impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Audit => "AUDIT",
            Self::Event => "EVENT",
        })
    }
}
