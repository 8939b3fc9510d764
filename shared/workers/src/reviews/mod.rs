//! Review without people.

pub mod on_case_submitted;
