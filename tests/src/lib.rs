//! The stories that the demo plays and the journey tests run, over the public HTTP API, and what test programs share.

pub mod guide;
pub mod narrator;
pub mod newcomer;
pub mod office;
pub mod stories;
