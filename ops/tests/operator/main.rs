//! The operator's program as an operator runs it, against the running stack.

#![cfg(test)]

mod audit;
mod dead_letters;
mod events;
mod packs;
mod program;
mod queues;
mod secrets;
mod staff;
mod status;
