//! The three packs that ship, each number against its document, and the invented people that the local engine is seeded
//! with.

#![cfg(test)]

use std::path::{Path, PathBuf};

use portico_contracts::Pack;
use portico_domain::contracts::Contract;

mod calendars;
mod letters;
mod numbers;
mod questionnaires;
mod seed;

const NAMES: [&str; 3] = ["arkansas", "colorado", "commercial"];

fn folder(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts")).join(name)
}

fn pack(name: &str) -> Pack {
    portico_contracts::load(&folder(name)).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"))
}

fn contract(name: &str) -> Contract {
    pack(name).contract
}
