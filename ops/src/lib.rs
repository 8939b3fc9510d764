//! What an operator does with a deployed stack: contract packs, the first Contract Manager, other operators, the carriers' keys, dead
//! letters, pauses, events without effect (OPS-08), and whether the record is as it was written (OPS-05). The program `portico-ops` is this with words around it; tests and the demo
//! call it too, so that there is one way of doing each.

pub mod audit;
mod credentials;
pub mod dead_letters;
pub mod events;
pub mod operator;
pub mod packs;
pub mod pauses;
pub mod secrets;
pub mod stack;
pub mod staff;
pub mod status;
pub mod template;

pub use operator::Operator;
