//! What Portico decides, and nothing else: cases, requests, lines, clocks, contracts, accounts and who may do what.
//!
//! Pure by rule: no I/O, no clock, no randomness, no environment. Time and ids are arguments; an accepted step gives
//! the next state and what happened ([`event::EventKind`]), which the caller saves in one transaction.
#![deny(clippy::wildcard_enum_match_arm)]

pub mod access;
pub mod account;
pub mod calendar;
pub mod case;
pub mod clock;
pub mod code;
pub mod code_rule;
pub mod contact;
pub mod contract;
pub mod delivery;
pub mod determination;
pub mod document;
pub mod dormancy;
pub mod event;
pub mod factor;
pub mod feed;
pub mod field;
pub mod groups;
pub mod id;
pub mod letter;
pub mod letter_facts;
pub mod npi;
pub mod period;
pub mod person;
pub mod registration;
pub mod reports;
pub mod request;
pub mod review;
pub mod roles;
pub mod session;
pub mod staff;
pub mod strictest;
pub mod submit;
pub mod task;
pub mod temporary;

#[cfg(test)]
mod tests;
