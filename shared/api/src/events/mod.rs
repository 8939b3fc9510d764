//! The queues as operators see them: how much waits, what lies in the dead letters, the way back, and pauses.

mod desk;
mod list_dead_letters;
pub mod list_queues;
pub mod pause_queue;
pub mod redrive_letters;
mod replay_event;

use crate::Action;

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-queues", list_queues::route),
    ("redrive-letters", redrive_letters::route),
    ("pause-queue", pause_queue::route),
];
