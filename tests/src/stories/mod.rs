//! The stories: each a function that plays one prior authorization from registration to the delivered letter. Numbers come
//! from the contract packs. What is not as expected ends the story with a sentence that says so.

pub mod arkansas;
pub mod colorado;
pub mod commercial;
mod expect;
mod reading;
mod review;

use std::path::PathBuf;

use anyhow::Result;
use portico_testkit::{clinic::Clinic, people::Person, seeding::World};
use serde_json::Value;

use crate::narrator::Narrator;

/// What is left of a story that was played.
#[derive(Debug)]
pub struct Played {
    /// Whose case it was.
    pub clinic: Clinic,
    /// Who took part, with what they are.
    pub people: Vec<(&'static str, Person)>,
    /// The case as the provider sees it at the end.
    pub case: Value,
    /// The letters as PDF, each with a name.
    pub letters: Vec<(String, Vec<u8>)>,
    /// The faxes as the carrier received them.
    pub faxes: Vec<PathBuf>,
}

/// A story.
pub type Story = fn(&World, &mut Narrator<'_>) -> Result<Played>;

/// All stories in the order of telling: file name, title, story.
pub const ALL: [(&str, &str, Story); 3] = [
    ("arkansas", "Arkansas: day services for a child, approved in part", arkansas::play),
    ("colorado", "Colorado: a CPAP device, approved at once by a rule", colorado::play),
    ("commercial", "Commercial plan: an elective stay, denied", commercial::play),
];
