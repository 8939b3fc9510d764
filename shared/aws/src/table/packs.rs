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

/// A pack that was read; without its contract if this version of the program cannot read it.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) from: String,
    pub(super) contract: Option<Arc<Contract>>,
    /// What it says, in short: what says the same is read once.
    pub(super) said: u64,
}

impl Kept {
    /// Whether it holds at an instant, or did before another one. Without its zone its day begins in the middle of all.
    fn has_begun(&self, at: Timestamp) -> bool {
        let there = self.contract.as_ref().map(|contract| contract.calendar.time_zone.date_at(at));
        self.from <= there.unwrap_or_else(|| Offset::UTC.to_datetime(at).date()).to_string()
    }
}

/// The day that nowhere is later at an instant.
pub(super) fn latest_day(at: Timestamp) -> String {
    let day = Offset::UTC.to_datetime(at).date();
    day.tomorrow().unwrap_or(day).to_string()
}

/// Packs of a contract that were read together: all between two days, not those that nobody asked for. A contract has as many as it
/// was ever changed, and mostly one of them is asked for.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// None that begins by this day is newer.
    pub(super) upto: String,
    /// The newest first.
    pub(super) packs: Vec<Kept>,
    /// Whether there is no older one.
    pub(super) all: bool,
}

impl Stretch {
    /// The pack that holds at an instant, or that none does. None where others would have to be read.
    #[expect(clippy::option_option, reason = "it is known that there is none, or not known")]
    pub(super) fn holding(&self, at: Timestamp) -> Option<Option<&Kept>> {
        if latest_day(at) > self.upto {
            return None;
        }
        match self.packs.iter().find(|pack| pack.has_begun(at)) {
            None if !self.all => None,
            found => Some(found),
        }
    }
}

/// Stretches that are remembered of one contract: beyond, its oldest are forgotten.
const MOST_STRETCHES: usize = 40;

/// Those of one contract, each with when it was read.
type Stretches = Vec<(Instant, Stretch)>;

/// The rules of one shelf.
pub(super) type Rules = Arc<Vec<CodeRule>>;

/// Shelves that are remembered: beyond, all are forgotten.
const MOST_SHELVES: usize = 4000;

/// Packs read before, and rules that are kept apart from them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    packs: Arc<Mutex<HashMap<ContractId, Stretches>>>,
    rules: Arc<Mutex<HashMap<String, Rules>>>,
}

impl Cache {
    /// The pack that holds at an instant, or that none does, if that was read so short a time ago.
    #[expect(clippy::option_option, reason = "it is known that there is none, or not known")]
    pub(super) fn holding(&self, id: &ContractId, at: Timestamp, fresh: Duration) -> Option<Option<Kept>> {
        let known = self.packs.lock().ok()?;
        let stretches = known.get(id)?.iter().filter(|(read, _)| read.elapsed() < fresh);
        stretches.map(|(_, stretch)| stretch).find_map(|stretch| Some(stretch.holding(at)?.cloned()))
    }

    /// A contract that was read before from what says the same.
    pub(super) fn same(&self, id: &ContractId, said: u64) -> Option<Arc<Contract>> {
        let known = self.packs.lock().ok()?;
        let mut packs = known.get(id)?.iter().flat_map(|(_, stretch)| &stretch.packs);
        packs.find(|pack| pack.said == said)?.contract.clone()
    }

    pub(super) fn keep(&self, id: &ContractId, stretch: Stretch, fresh: Duration) {
        if let Ok(mut known) = self.packs.lock() {
            let stretches = known.entry(id.clone()).or_default();
            stretches.retain(|(read, _)| read.elapsed() < fresh);
            if stretches.len() >= MOST_STRETCHES {
                stretches.remove(0);
            }
            stretches.push((Instant::now(), stretch));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(upto: &str, from: &[&str], all: bool) -> Stretch {
        // What cannot be read has no zone: its days are those of UTC.
        let pack = |from: &&str| Kept { from: (*from).to_owned(), contract: None, said: 1 };
        Stretch { upto: upto.to_owned(), packs: from.iter().map(pack).collect(), all }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_stretch_says_what_holds_and_where_it_does_not_know() {
        let read = stretch("2026-05-08", &["2026-05-08", "2026-05-01", "2026-04-01"], false);
        let holding =
            |stretch: &Stretch, day: &str| stretch.holding(at(day)).map(|found| found.map(|pack| pack.from.clone()));
        assert_eq!(holding(&read, "2026-05-07"), Some(Some("2026-05-01".to_owned())), "what begins tomorrow does not");
        assert_eq!(holding(&read, "2026-04-01"), Some(Some("2026-04-01".to_owned())));
        assert_eq!(holding(&read, "2026-03-31"), None, "an older one is not read");
        assert_eq!(holding(&read, "2026-05-08"), None, "a newer one may begin");
        let whole = stretch("2026-05-08", &["2026-05-01"], true);
        assert_eq!(holding(&whole, "2026-04-30"), Some(None), "there is none");
        assert_eq!(latest_day("2026-05-07T23:59:59Z".parse().unwrap()), "2026-05-08");
    }

    #[test]
    fn what_was_read_is_asked_for_again_after_a_while() {
        let (cache, id) = (Cache::default(), "arkansas".parse().unwrap());
        let hour = Duration::from_hours(1);
        cache.keep(&id, stretch("2026-05-08", &["2026-05-01"], false), hour);
        cache.keep(&id, stretch("2024-05-08", &["2024-05-01"], false), hour);
        let from = |day: &str, fresh| cache.holding(&id, at(day), fresh).map(|found| found.map(|pack| pack.from));
        assert_eq!(from("2026-05-07", hour), Some(Some("2026-05-01".to_owned())));
        assert_eq!(from("2024-05-07", hour), Some(Some("2024-05-01".to_owned())), "another stretch");
        assert_eq!(from("2025-05-07", hour), None);
        assert_eq!(from("2026-05-07", Duration::ZERO), None);
    }
}
