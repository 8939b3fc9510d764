//! The stories that the demo plays and the journey tests run, over the public HTTP API.

pub mod narrator;
pub mod stories;
