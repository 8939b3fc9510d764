//! An import: what became of one file.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FeedFile, Reject};
use crate::id::{EventId, MemberId};

/// Rows of a file by what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words say it")]
pub struct Counts {
    pub read: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub rejected: u64,
}

/// What became of one version of a file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// The file.
    pub file: FeedFile,
    /// Names this version of it: what S3 calls `ETag`, version and sequencer, hashed.
    pub id: String,
    /// What S3 calls this content.
    pub etag: String,
    /// When it arrived; imports are listed by it.
    pub arrived: Timestamp,
    /// When reading began.
    pub began: Timestamp,
    /// Where it stands.
    pub state: ImportState,
    /// The call that reads it, or read it last: what two write that begin at the same instant differs by it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<EventId>,
    /// Its rows so far.
    pub counts: Counts,
    /// How much was seen in rows that were taken.
    #[serde(default)]
    pub remarks: u64,
    /// Stored version of the report of it, where there is any.
    #[serde(default)]
    pub remarks_report: Option<String>,
    /// Its name breaks the rule: it is not read, and shown under a safe name.
    #[serde(default)]
    pub misnamed: bool,
    /// Cases that were given their real member.
    #[serde(default)]
    pub merged: u64,
    /// Temporary members that a person has to look at (CASE-06).
    #[serde(default)]
    pub undecided: Vec<Undecided>,
    /// The last temporary member that was looked up: another call carries on behind it.
    #[serde(default)]
    pub settled: Option<MemberId>,
    /// SHA-256 of the file in hex, once it was read to its end.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Stored version of the report of rejects.
    #[serde(default)]
    pub report: Option<String>,
}

/// Where an import stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum ImportState {
    /// A function reads it, until this time at most.
    Running {
        /// From then on another may carry on.
        until: Timestamp,
    },
    /// Every row was looked at.
    Done {
        /// When.
        at: Timestamp,
    },
    /// The file as a whole was not taken.
    Refused {
        /// When.
        at: Timestamp,
        /// Why; no value of the file.
        reason: String,
    },
}

/// A temporary member that could not be merged by rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Undecided {
    /// Its id.
    pub temporary: MemberId,
    /// Why.
    pub reason: String,
}

/// How far an import came: another run carries on from here. Rows are read from the start again, which finds the same
/// rejects and duplicates; only what the table decided is kept.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Checkpoint {
    /// So many rows from the first on are done.
    pub rows: u64,
    /// Rows that were written or found unchanged.
    pub counts: Counts,
    /// Rejects that the table decided.
    pub refused: Vec<Reject>,
    /// Remarks that the table gave rise to.
    #[serde(default)]
    pub told: Vec<Reject>,
}
