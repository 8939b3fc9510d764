//! Measures Portico against its budgets: `cargo xtask bench` prints them all, the tests hold those that no machine's
//! speed changes.

pub mod budgets;
pub mod documents;
pub mod door;
pub mod event;
mod faxes;
pub mod feeds;
mod fhir;
pub mod group;
pub mod http;
pub mod journey;
pub mod letters;
pub mod memory;
mod packs;
pub mod report;
pub mod rules;
pub mod runtime_api;
pub mod search;
pub mod startup;
pub mod trips;
