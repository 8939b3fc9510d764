//! Files of providers and members against the running stack: dropped into the bucket, seen through the public API.

mod members;
mod providers;
mod runs;
