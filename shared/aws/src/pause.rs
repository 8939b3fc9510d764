//! Waiting before the next try: ever longer, and by chance, so that those who met do not meet again (full jitter).
//!
//! The one place outside the SDK that waits. A handler waits for a fraction of its time here; what takes longer is left to
//! the queue ([`jitter`] gives how long its message stays hidden).

use std::time::Duration;

/// The waits between the tries of one piece of work.
#[derive(Debug)]
pub struct Pause {
    made: u32,
    most: u32,
    first: Duration,
    longest: Duration,
}

impl Pause {
    /// For somebody who waits for an answer: four more tries within about a second.
    #[must_use]
    pub fn short() -> Self {
        Self { made: 0, most: 4, first: Duration::from_millis(20), longest: Duration::from_millis(400) }
    }

    /// For work that nobody waits for: nine more tries within some seconds.
    #[must_use]
    pub fn patient() -> Self {
        Self { made: 0, most: 9, first: Duration::from_millis(20), longest: Duration::from_millis(1_600) }
    }

    /// Waits, or says that it was the last try.
    pub async fn again(&mut self) -> bool {
        if self.made >= self.most {
            return false;
        }
        wait(jitter(self.first, self.longest, self.made)).await;
        self.made += 1;
        true
    }
}

/// A wait by chance between nothing and `first` doubled `tries` times, at most `longest`.
#[must_use]
pub fn jitter(first: Duration, longest: Duration, tries: u32) -> Duration {
    let most = first.saturating_mul(2_u32.saturating_pow(tries)).min(longest);
    let mut bytes = [0xff; 4];
    // Without randomness everybody waits for as long as may be.
    let _ = getrandom::fill(&mut bytes);
    most.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}

/// Waits for so long.
#[expect(clippy::disallowed_methods, reason = "the one wait between tries and between sends, always bounded")]
pub async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: OPS-10
    #[test]
    fn waits_grow_to_the_longest_and_are_by_chance() {
        let (first, longest) = (Duration::from_secs(30), Duration::from_hours(1));
        let of = |tries| (0..1_000).map(|_| jitter(first, longest, tries)).collect::<Vec<_>>();
        for (tries, most) in [(0, 30), (1, 60), (6, 1_920), (7, 3_600), (99, 3_600)] {
            let (waits, most) = (of(tries), Duration::from_secs(most));
            assert!(waits.iter().all(|wait| *wait <= most));
            assert!(waits.iter().any(|wait| *wait > most / 2) && waits.iter().any(|wait| *wait < most / 2));
        }
        // A hundred receives last longer than a day, whatever chance does.
        let day: Duration = (0..100).map(|tries| jitter(first, longest, tries)).sum();
        assert!(day > Duration::from_hours(24), "{day:?}");
    }

    #[test]
    fn the_last_try_is_said_to_be_the_last() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let mut pause = Pause { made: 0, most: 3, first: Duration::ZERO, longest: Duration::ZERO };
        let more = runtime
            .block_on(async { (pause.again().await, pause.again().await, pause.again().await, pause.again().await) });
        assert_eq!(more, (true, true, true, false));
    }
}
