//! A provider group at work, over HTTP on the running engine: further locations, users with different parts, and what
//! happens to their accounts; and the payer's staff, whose Contract Managers do the same.

mod accounts;
mod dormancy;
mod journey;
mod office;
mod registration;
mod reports;
mod sessions;
mod staff;
mod users;
