//! Reports of a contract: what came in, how long it took, what came of it, what waits, who has how much, and how letters
//! arrived; and the yearly metrics of CMS-0057-F.
//!
//! All of them are folds over [`fact::Fact`]s, and a fact is a fold over the events of its case: the same log gives the
//! same figures, however often and in whatever order its events arrived (decision 87).

pub mod ageing;
pub mod delivery;
pub mod fact;
pub mod metrics;
pub mod numbers;
pub mod outcomes;
pub mod reach;
pub mod reviewers;
#[cfg(test)]
pub(crate) mod samples;
pub mod services;
pub mod sheet;
#[cfg(test)]
mod tests;
pub mod turnaround;
pub mod volumes;
