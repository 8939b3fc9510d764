//! The house itself: which crate, room and file may take from which (docs/rooms.md).

#![cfg(test)]

mod arrows;
mod rooms;
mod sources;
