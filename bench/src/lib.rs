//! Measures Portico against its budgets.

pub mod runtime_api;
pub mod startup;
