//! What systems are told by themselves: notifications under their subscriptions.

mod hook;
pub mod notify_client;
pub mod sweep_subscriptions;
