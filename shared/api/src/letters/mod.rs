//! Letters in the portal, and those that wait for repair.

pub mod ask_letter;
pub mod get_letter;
pub mod list_held_letters;
mod view_held;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("get-letter", get_letter::route),
    ("list-held-letters", list_held_letters::route),
    ("ask-letter", ask_letter::route),
];
