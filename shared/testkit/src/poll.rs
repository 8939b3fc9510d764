//! Waiting for what happens elsewhere: always with a deadline, never a bare sleep.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long to wait for what usually takes a second.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until `look` finds something.
///
/// # Errors
/// When it is not there in time, naming `what`, or when `look` fails.
pub fn until<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + patience;
    let mut pause = Duration::from_millis(20);
    loop {
        if let Some(found) = look().with_context(|| format!("while waiting for {what}"))? {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("waited {} s in vain for {what}", patience.as_secs());
        }
        wait(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(250));
    }
}

#[expect(clippy::disallowed_methods, reason = "the pause of a poll with a deadline: the one place that sleeps")]
fn wait(pause: Duration) {
    std::thread::sleep(pause);
}
