//! Call-backs of carriers.

pub mod on_fax_event;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[("on-fax-event", on_fax_event::route)];
