//! What is done with events beside routing them: sending again what stayed in the outbox, and keeping copies for good.

pub mod keep_records;
pub mod reconcile_events;
