//! One line per step; a bar while it lasts, if somebody watches.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A step that may take longer than two seconds.
pub(crate) struct Step {
    bar: ProgressBar,
    began: Instant,
}

impl Step {
    /// Shows the step; without a terminal, as a line of its own.
    pub(crate) fn begin(what: &str) -> Self {
        if !stderr().is_terminal() {
            println!("  … {what}");
        }
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg} [{elapsed}]") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, began: Instant::now() }
    }

    /// Tells how far it is.
    pub(crate) fn at(&self, done: u64, total: u64, what: &str) {
        if self.bar.length() != Some(total) {
            if let Ok(style) = ProgressStyle::with_template("  {spinner} {bar:30} {pos}/{len} {msg} [{elapsed}]") {
                self.bar.set_style(style);
            }
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
        self.bar.set_message(what.to_owned());
    }

    /// Says what it is busy with.
    pub(crate) fn message(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Leaves one line that says what was done, and how long it took if that was noticeable.
    pub(crate) fn end(self, what: &str) {
        self.bar.finish_and_clear();
        let took = self.began.elapsed();
        if took < Duration::from_secs(1) {
            println!("  ✓ {what}");
        } else {
            println!("  ✓ {what} ({:.1} s)", took.as_secs_f64());
        }
    }

    /// Takes the bar away without a word: an error message follows.
    pub(crate) fn abandon(self) {
        self.bar.finish_and_clear();
    }
}
