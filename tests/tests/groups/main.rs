//! A provider group at work, over HTTP on the running engine: further locations, users with different parts, and reports.

#![cfg(test)]

mod journey;
mod reports;
mod users;
mod whole;
