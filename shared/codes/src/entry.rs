//! What a look-up returns.

/// A code system with an embedded index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Diagnoses: ICD-10-CM, by NCHS and CMS.
    Icd10Cm,
    /// Procedures, supplies and services: HCPCS Level II, by CMS.
    Hcpcs,
}

/// One code with its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The code system.
    pub system: System,
    /// Canonical form: upper case, without a dot.
    pub code: &'static str,
    /// The long description. Owned, because the index stores descriptions as words.
    pub description: String,
    /// Whether the newest release lets the code be billed. For a date of service ask [`Index::billable_on`](crate::Index::billable_on).
    pub billable: bool,
    /// Label of the newest embedded release that lists the code.
    pub listed: &'static str,
}

impl Entry {
    /// The code as people write it: `G47.33` for the diagnosis `G4733`, other systems unchanged.
    #[must_use]
    pub fn display(&self) -> String {
        match (self.system, self.code.split_at_checked(3)) {
            (System::Icd10Cm, Some((category, rest))) if !rest.is_empty() => format!("{category}.{rest}"),
            _ => self.code.to_owned(),
        }
    }
}
