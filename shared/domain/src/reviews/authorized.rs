//! What a decision would authorize: the caps of the contract hold for it as for what was asked for.

use crate::{cases::determination::LineOutcome, contracts::caps::Share, service::Line};

/// What the lines would be authorized for: the caps of the contract hold for it too (CASE-15).
pub(super) fn authorized<'a>(asked: &'a [Line], outcomes: &[LineOutcome]) -> Vec<Share<'a>> {
    let share = |(place, (line, outcome)): (usize, (&'a Line, &LineOutcome))| match outcome {
        LineOutcome::Approved => Some(Share::asked(place, line)),
        LineOutcome::Modified { units, period, .. } => {
            Some(Share { place, line, period: *period, units: (*units).into() })
        }
        LineOutcome::Denied { .. } => None,
    };
    asked.iter().zip(outcomes).enumerate().filter_map(share).collect()
}
