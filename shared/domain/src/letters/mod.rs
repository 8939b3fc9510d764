//! Letters as content: one decision record gives the provider letter and the member letter (LTR-01), or the list of
//! everything the letter lacks (LTR-04). The renderer takes a [`Letter`] and has nothing left to decide.

mod compose;
mod content;
mod element;
mod facts;
mod language;
#[cfg(test)]
mod language_tests;
mod plain;
mod reader;
mod reference;
pub mod repair;
mod sections;
mod spanish;
#[cfg(test)]
mod tests;
mod texts;

use serde::{Deserialize, Serialize};

/// What a letter tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// What was decided.
    #[default]
    Determination,
    /// Which information is needed (REV-06).
    Information,
    /// That it was closed without a decision (CASE-27).
    Void,
    /// That it was taken back before it was decided (ACT-06).
    Withdrawal,
    /// That the time for the decision was extended (42 CFR 438.404(c)(4)).
    Extension,
}

pub use compose::compose;
pub use content::{Block, Decision, FixedWords, Letter, Pair, Row, Section, Typed};
pub use element::{Element, MissingElement};
pub use facts::{
    Addressed, Amount, Criterion, Deadline, DeadlineKind, Diagnosis, Facts, FollowKind, Followed, Line, Member,
    Outcome, Provider, Replaces, Reviewer,
};
pub use language::Language;
pub use plain::Reads;
pub use reference::Reference;
pub use texts::{Closings, Letterhead, Openings, PLACEHOLDERS, Rights, Tagline, TextProblem, Texts, Wording};
