//! The way of an event from the table's stream to the queues, what is sent again, and the copies that are kept for good.

pub mod keep_records;
pub mod reconcile_events;
pub mod route_events;
