//! Call-backs of carriers.

pub mod on_fax_event;

use crate::Route;

/// The actions of this room.
pub(crate) const ACTIONS: &[(&str, fn() -> Route)] = &[("on-fax-event", on_fax_event::route)];
