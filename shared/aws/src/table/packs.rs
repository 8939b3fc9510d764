//! Contract packs that were read before, kept with the table for a minute, and their rules.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::Offset};
use portico_domain::{
    contracts::{Contract, code_rule::CodeRule},
    id::ContractId,
};

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

/// The rules of one shelf.
pub(super) type Rules = Arc<Vec<CodeRule>>;

/// Shelves that are remembered: beyond, all are forgotten.
const MOST_SHELVES: usize = 4000;

/// Packs read before, and rules that are kept apart from them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    packs: Arc<Mutex<HashMap<ContractId, (Instant, Packs)>>>,
    rules: Arc<Mutex<HashMap<String, Rules>>>,
}

impl Cache {
    /// The packs of a contract that were read so short a time ago.
    pub(super) fn packs(&self, id: &ContractId, fresh: Duration) -> Option<Packs> {
        let known = self.packs.lock().ok()?;
        known.get(id).filter(|(read, _)| read.elapsed() < fresh).map(|(_, packs)| packs.clone())
    }

    pub(super) fn keep(&self, id: &ContractId, packs: Packs) {
        if let Ok(mut known) = self.packs.lock() {
            known.insert(id.clone(), (Instant::now(), packs));
        }
    }

    /// The rules of a shelf: under one name they never change.
    pub(super) fn rules(&self, name: &str, shelf: &str) -> Option<Rules> {
        self.rules.lock().ok()?.get(&format!("{name} {shelf}")).cloned()
    }

    pub(super) fn know(&self, name: &str, shelf: &str, rules: Rules) {
        if let Ok(mut known) = self.rules.lock() {
            if known.len() >= MOST_SHELVES {
                known.clear();
            }
            known.insert(format!("{name} {shelf}"), rules);
        }
    }
}
