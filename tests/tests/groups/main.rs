//! A provider group at work, over HTTP on the running engine: further locations, users with different parts, and what
//! happens to their accounts.

mod accounts;
mod office;
mod users;
