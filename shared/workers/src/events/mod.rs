//! The way of an event: from the table's stream to the queues.

pub mod route_events;
