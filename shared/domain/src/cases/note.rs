//! What a note goes with: its type, as lists of notes tell it (CASE-22).

use serde::{Deserialize, Serialize};

use crate::service::ReviewKind;

/// The type of a note.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteType {
    /// It was written for itself.
    #[default]
    Note,
    /// Additional information for a request.
    Information,
    /// A peer-to-peer review that is asked for.
    PeerToPeer,
    /// What a reconsideration is asked for.
    Reconsideration,
    /// Why an appeal is made.
    Appeal,
    /// What is to be revised.
    Revision,
    /// Why more time is needed.
    Extension,
}

impl NoteType {
    /// Of the note that a request of this kind is made with.
    #[must_use]
    pub fn asking(kind: ReviewKind) -> Self {
        match kind {
            ReviewKind::Initial | ReviewKind::Concurrent | ReviewKind::Retrospective | ReviewKind::Renewal => {
                Self::Note
            }
            ReviewKind::Reconsideration => Self::Reconsideration,
            ReviewKind::Appeal => Self::Appeal,
            ReviewKind::Revision => Self::Revision,
            ReviewKind::Extension => Self::Extension,
        }
    }
}
