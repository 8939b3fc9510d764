//! To be written.
pub mod letter;
