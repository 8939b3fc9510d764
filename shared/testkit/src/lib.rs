//! What tests and the local set-up share: contract packs, invented people and places. Never a product dependency.

pub mod packs;
pub mod seed;
mod toml_text;
