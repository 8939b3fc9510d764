//! Review without people.

pub mod on_case_submitted;
pub mod sweep_unanswered_pends;
mod time_over;
