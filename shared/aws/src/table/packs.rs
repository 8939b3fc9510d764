//! Contract packs that were read before, kept with the table for a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Instant,
};

use jiff::{Timestamp, tz::Offset};
use portico_domain::{contracts::Contract, id::ContractId};

/// The packs of a contract.
pub(super) type Packs = Arc<Vec<Kept>>;

/// A pack that was read; without its contract if this version of the program cannot read it.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) from: String,
    pub(super) contract: Option<Arc<Contract>>,
}

impl Kept {
    /// Whether it holds at an instant, or did before another one. Without its zone its day begins in the middle of all.
    pub(super) fn has_begun(&self, at: Timestamp) -> bool {
        let there = self.contract.as_ref().map(|contract| contract.calendar.time_zone.date_at(at));
        self.from <= there.unwrap_or_else(|| Offset::UTC.to_datetime(at).date()).to_string()
    }
}

/// Packs read before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(pub(super) Arc<Mutex<HashMap<ContractId, (Instant, Packs)>>>);
