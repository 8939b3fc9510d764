//! Cases: from search to submit, and what can be seen of them after.

pub mod create_case;

use crate::Route;

/// The actions of this room.
pub(crate) const ACTIONS: &[(&str, fn() -> Route)] = &[("create-case", create_case::route)];
