//! Who tells a story while it is played: step by step, what happened.

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// A step that was played.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its place in the story, from 1.
    pub number: u32,
    /// What was to be done.
    pub what: String,
    /// What happened.
    pub happened: String,
    /// How long it took.
    pub took: Duration,
}

/// Tells each step as it ends.
pub struct Narrator<'a> {
    tell: Box<dyn FnMut(&Step) + 'a>,
    told: u32,
}

impl fmt::Debug for Narrator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Narrator").field("told", &self.told).finish_non_exhaustive()
    }
}

impl<'a> Narrator<'a> {
    /// Tells each step by this function.
    pub fn new(tell: impl FnMut(&Step) + 'a) -> Self {
        Self { tell: Box::new(tell), told: 0 }
    }

    /// Tells nothing; a step that fails is in the error.
    #[must_use]
    pub fn silent() -> Self {
        Self::new(|_| {})
    }

    /// Plays a step: `act` gives what is needed later and one sentence that says what happened.
    ///
    /// # Errors
    /// What went otherwise than expected, with the step's number and words.
    pub fn step<T>(&mut self, what: &str, act: impl FnOnce() -> Result<(T, String)>) -> Result<T> {
        let number = self.told + 1;
        let began = Instant::now();
        let (value, happened) = act().with_context(|| format!("step {number}, {what}"))?;
        self.told = number;
        (self.tell)(&Step { number, what: what.to_owned(), happened, took: began.elapsed() });
        Ok(value)
    }
}
