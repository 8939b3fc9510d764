//! What Portico decides, and nothing else: cases, requests, lines, clocks, contracts, accounts and who may do what.
//!
//! Pure by rule: no I/O, no clock, no randomness, no environment. Time and ids are arguments; an accepted step gives
//! the next state and what happened ([`events::EventKind`]), which the caller saves in one transaction.
#![deny(clippy::wildcard_enum_match_arm)]

// What rooms share.
pub mod calendar;
pub mod caller;
pub mod clock;
#[cfg(test)]
mod clock_tests;
pub mod code;
pub mod contact;
pub mod factor;
pub mod field;
pub mod glyphs;
pub mod holiday;
pub mod id;
pub mod license;
pub mod name;
pub mod npi;
pub mod period;
pub mod person;
pub mod phone;
pub mod reading;
pub mod service;
pub mod status;
pub mod wrong;

// The rooms; each takes from what stands before it (docs/rooms.md).
pub mod accounts;
pub mod cases;
pub mod contracts;
pub mod delivery;
pub mod events;
pub mod feeds;
pub mod fhir;
pub mod groups;
pub mod letters;
pub mod reports;
pub mod reviews;
pub mod staff;

#[cfg(test)]
mod tests;
