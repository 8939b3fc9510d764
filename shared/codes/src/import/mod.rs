//! From the federal files to the embedded ones. Runs when a release is imported, never in a function.
//!
//! `cargo run -p portico-codes --example import -- --help` is the command.

mod hcpcs;
mod icd10cm;
mod pack;
mod tabular;
mod terms;
mod words;

use std::collections::HashSet;

pub use hcpcs::import_hcpcs;
pub use icd10cm::{import_icd10cm, import_icd10cm_addenda};
pub use pack::{PackError, pack};
pub use tabular::{TabularError, inclusion_terms};
pub use terms::{Term, TermError, common_terms, inclusion};
pub use words::pack_words;

/// One accepted line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Canonical code: upper case, undotted.
    pub code: String,
    /// Long description.
    pub description: String,
    /// Whether the code can be billed, or only groups others.
    pub billable: bool,
    /// Label of the release that lists it.
    pub listed: String,
}

/// One refused line. It names the line and not its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line of the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: Reason,
}

/// Why a line is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Input ended or is not text.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The columns are not those of the file; nothing else of it is read.
    #[error("the first line must be code,short_description,long_description,listed")]
    Header,
    /// Fields are missing or too many.
    #[error("not the columns of this file")]
    Columns,
    /// HCPCS Level I, which needs a licence.
    #[error("CPT: codes and descriptions belong to the AMA")]
    Cpt,
    /// Dental codes, which need a licence.
    #[error("CDT: codes and descriptions belong to the ADA")]
    Cdt,
    /// Not a code of this system.
    #[error("not a code of this system")]
    Code,
    /// A code without words cannot be found or shown.
    #[error("no description")]
    Description,
    /// Not a year, month or fiscal year.
    #[error("not the label of a release")]
    Label,
    /// The file has the code already.
    #[error("code seen before")]
    Duplicate,
    /// The addenda change a line that the release before does not have.
    #[error("the release before has no such line")]
    Unknown,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Accepted lines.
    pub codes: Vec<Row>,
    /// Refused lines.
    pub rejects: Vec<Reject>,
}

impl Imported {
    fn add(&mut self, seen: &mut HashSet<String>, line: u64, row: Result<Row, Reason>) {
        match row {
            Ok(row) if seen.insert(row.code.clone()) => self.codes.push(row),
            Ok(_) => self.reject(line, Reason::Duplicate),
            Err(reason) => self.reject(line, reason),
        }
    }

    fn reject(&mut self, line: u64, reason: Reason) {
        self.rejects.push(Reject { line, reason });
    }
}
