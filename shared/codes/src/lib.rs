//! Code look-up: every ICD-10-CM and HCPCS Level II code, embedded, with no I/O at run time.
//!
//! The importer lays the data out once ([`import::pack`]); at run time an [`Index`] is a handful of slices into that file,
//! so that first use costs a header read and the pages that are touched, not a parse of 98,000 rows.
//!
//! CPT is the property of the AMA: its codes are accepted by form ([`is_cpt_form`]), never described.

mod entry;
mod finder;
mod fold;
pub mod import;
mod index;
mod layout;
mod nearest;
mod query;
mod ranks;
mod release;
mod synonyms;

use std::sync::LazyLock;

pub use entry::{Entry, System};
pub use finder::{Finder, MAX_PAGE};
pub use index::Index;
pub use query::MAX_QUERY;
pub use release::Release;

static ICD10CM: LazyLock<Index> = LazyLock::new(|| Index::open(include_bytes!("../data/icd10cm.bin")));
static HCPCS: LazyLock<Index> = LazyLock::new(|| Index::open(include_bytes!("../data/hcpcs.bin")));
static FIND_ICD10CM: LazyLock<Finder> = LazyLock::new(|| {
    Finder::open(icd10cm(), include_bytes!("../data/icd10cm-words.bin"), include_str!("../data/icd10cm-synonyms.csv"))
});
static FIND_HCPCS: LazyLock<Finder> = LazyLock::new(|| {
    Finder::open(hcpcs(), include_bytes!("../data/hcpcs-words.bin"), include_str!("../data/hcpcs-synonyms.csv"))
});

/// Every ICD-10-CM code and header of the releases in `data/README.md`.
#[must_use]
pub fn icd10cm() -> &'static Index {
    &ICD10CM
}

/// The HCPCS Level II codes of the federal file in `data/README.md`.
#[must_use]
pub fn hcpcs() -> &'static Index {
    &HCPCS
}

/// Search over [`icd10cm`].
#[must_use]
pub fn find_icd10cm() -> &'static Finder {
    &FIND_ICD10CM
}

/// Search over [`hcpcs`].
#[must_use]
pub fn find_hcpcs() -> &'static Finder {
    &FIND_HCPCS
}

/// Whether `code` has the form of a CPT code: five digits, or four digits and `F`, `T`, `U` or `M`.
///
/// The form is all that can be checked: the list itself needs a licence of the AMA.
#[must_use]
pub fn is_cpt_form(code: &str) -> bool {
    matches!(code.as_bytes(), [digits @ .., last]
        if digits.len() == 4
            && digits.iter().all(u8::is_ascii_digit)
            && (last.is_ascii_digit() || b"FTUM".contains(&last.to_ascii_uppercase())))
}
