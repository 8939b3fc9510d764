//! The house itself: which crate, room and file may take from which (docs/rooms.md).

#![cfg(test)]

mod advisories;
mod arrows;
mod codes;
mod one_build;
mod rooms;
mod sources;
