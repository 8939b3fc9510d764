//! Letters.

pub mod write_letter;
