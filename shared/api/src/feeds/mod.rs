//! What became of the files of providers and members, for payer staff.

pub mod list_imports;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[("list-imports", list_imports::route)];
