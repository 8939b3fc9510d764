//! Letters in the portal.

pub mod get_letter;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[("get-letter", get_letter::route)];
