//! The payer's staff, whose Contract Managers look after them, over HTTP on the running engine.

#![cfg(test)]

mod help;
mod posts;
