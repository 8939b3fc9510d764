//! HL7 FHIR R4 as far as Da Vinci PAS 2.2, DTR and `CDex` need it: what clients send is read leniently, what we answer is written strictly.
//!
//! Plain serde types and nothing of the house ([decision 89](../../docs/decisions/0089-fhir-in-plain-types.md)): no I/O, no
//! clock, no randomness. What a resource means for a case is said where cases are known.

pub mod answer;
pub mod bundle;
pub mod json;
pub mod parameters;
pub mod types;
pub mod url;

#[cfg(test)]
mod samples;

/// The largest body in bytes: what an edge before the API lets through.
pub const MAX_BODY: usize = 999_999;

/// Something that cannot be read, with where it stands.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}: {what}")]
pub struct Fault {
    /// The place as a `FHIRPath`, as `Bundle.entry[0].resource.item[1]`.
    pub path: String,
    /// What is wrong there, in words. Never the value: it may say something of a person.
    pub what: String,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn at(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: what.into() }
    }
}
