//! What was attached to a case.

pub mod content;
pub mod on_document_uploaded;
pub mod pages;
pub mod scanned;
pub mod sweep_drafts;
pub mod sweep_uploads;
