//! To be written.

/// The actions of this room.
pub(crate) const ACTIONS: &[crate::Action] = &[];
