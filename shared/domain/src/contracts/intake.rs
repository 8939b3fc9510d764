//! Which faxes come in for a contract (LTR-08): by the number that was dialled.

use serde::{Deserialize, Serialize};

use crate::contact::Phone;

/// The fax numbers of a contract's forms and letters, and what comes in on them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IntakeRules {
    /// The numbers that providers fax to; none where the contract takes no faxes.
    #[serde(default)]
    pub fax_numbers: Vec<Phone>,
    /// Id of the document type under which a fax is filed.
    #[serde(default)]
    pub document_type: String,
}
