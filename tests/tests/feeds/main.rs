//! Files of providers and members against the running stack: dropped into the bucket, seen through the public API.

#![cfg(test)]

mod keys;
mod members;
mod names;
mod providers;
mod runs;
