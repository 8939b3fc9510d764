//! What tests and the local set-up share: invented people and places, a person at the portal, the
//! running engine, its mailbox and its carriers. Never a product dependency.

pub mod carriers;
pub mod claims;
pub mod clinic;
mod documented;
pub mod engine;
pub mod feeds;
pub mod fhir;
pub mod files;
pub mod gate;
pub mod held;
pub mod mailbox;
pub mod past;
pub mod people;
pub mod poll;
pub mod portal;
pub mod records;
pub mod seed;
pub mod seeding;
pub mod stack;
pub mod wizard;
