//! From the start of a function's process to its first poll, as a multiple of what a bare runtime needs.
//!
//! Only the ratio says something: the machine is never alone.

use std::{path::PathBuf, time::Duration};

use anyhow::Result;

use crate::runtime_api::Function;

/// Times `rounds` starts of each binary, taking turns, so that a busy moment meets all of them. The answer is the median of each.
///
/// # Errors
/// When a binary does not start.
pub fn medians(binaries: &[PathBuf], environment: &[(String, String)], rounds: usize) -> Result<Vec<Duration>> {
    let mut times = vec![Vec::with_capacity(rounds); binaries.len()];
    for round in 0..=rounds {
        for (binary, times) in binaries.iter().zip(&mut times) {
            let start = Function::start(binary, environment.iter().cloned())?.start;
            // The first round brings the files into memory.
            if round > 0 {
                times.push(start);
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// The middle one.
#[must_use]
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
