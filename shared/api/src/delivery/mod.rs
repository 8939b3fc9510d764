//! Call-backs of carriers, and the faxes that came in by them.

pub mod handle_fax;
pub mod list_faxes;
pub mod on_fax_event;

mod held;
mod on_fax_received;
mod open_from_fax;
mod signature;
mod view_fax;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] =
    &[("on-fax-event", on_fax_event::route), ("list-faxes", list_faxes::route), ("handle-fax", handle_fax::route)];
