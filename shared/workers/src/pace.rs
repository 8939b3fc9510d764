//! How fast this copy of a function sends: `SENDS_PER_SECOND` of its environment. With the most copies that its mapping
//! allows, it keeps what is sent below what a carrier or the mail service takes.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The pace of one copy; without a rate there is none.
#[derive(Debug, Default)]
pub struct Pace {
    every: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// So many in a second, evenly.
    #[must_use]
    pub fn per_second(rate: Option<u32>) -> Self {
        let every = rate.filter(|rate| *rate > 0).map_or(Duration::ZERO, |rate| Duration::from_secs(1) / rate);
        Self { every, next: Mutex::default() }
    }

    /// How long to wait before the next one; each call takes a place.
    #[must_use]
    pub fn next(&self) -> Duration {
        if self.every.is_zero() {
            return Duration::ZERO;
        }
        let (now, mut next) = (Instant::now(), self.next.lock().unwrap_or_else(PoisonError::into_inner));
        let begins = next.filter(|begins| *begins > now).unwrap_or(now);
        *next = Some(begins + self.every);
        begins.duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: OPS-04
    #[test]
    fn a_copy_begins_no_more_than_its_rate() {
        let pace = Pace::per_second(Some(5));
        let waits: Vec<_> = (0..10).map(|_| pace.next()).collect();
        assert!(waits[0].is_zero());
        assert!(waits[9] > Duration::from_millis(1_700) && waits[9] <= Duration::from_millis(1_800), "{waits:?}");
        assert!((0..10).all(|_| Pace::default().next().is_zero()));
    }
}
