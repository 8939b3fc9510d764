//! The actions behind queues, the stream and triggers, one file each, and what they share.
//!
//! Every message may come twice, late, or after a crash in the middle: an action looks at what is stored, does what is
//! still to do, and saves state and event in one transaction. What fails and may be done later is left in its queue and
//! comes again; what can never be done goes to the dead letters at once ([`batch`]).

// What rooms share.
pub mod batch;
mod change;
mod coverage;
pub mod failure;
pub mod lambda;
pub mod notification;
pub mod pace;
#[cfg(test)]
mod served;

// The rooms (docs/rooms.md).
pub mod accounts;
pub mod cases;
pub mod delivery;
pub mod events;
pub mod feeds;
pub mod fhir;
pub mod letters;
pub mod reviews;
