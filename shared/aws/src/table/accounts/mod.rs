//! Accounts in the table: users with their links and sessions, tries, and how an account is used.

pub mod found;
pub mod pending;
mod sessions;
pub mod tries;
pub mod usage;
pub mod users;
