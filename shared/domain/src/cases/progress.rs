//! How far each step of a draft is: what is complete, what is missing, and what nothing requires, so that it may be skipped
//! on the way to submit (CASE-19). It is what submit looks at, told before.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        Case,
        questionnaires::{self, Beside},
        submit,
    },
    contracts::Contract,
    field::{FieldError, FieldErrors},
};

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// All that submit asks for is there.
    Complete,
    /// Submit would be refused for it.
    Missing,
    /// Nothing requires it, and nothing was entered.
    NotNeeded,
}

/// A step between the member and submit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Servicing and attending provider, fax number.
    Providers,
    /// Kind, place and admission.
    Service,
    /// The first is primary.
    Diagnoses,
    /// Kind and urgency of the request.
    Request,
    /// What is asked for.
    Procedures,
    /// What the contract asks about the service.
    Questionnaires,
    /// What is attached.
    Documents,
    /// What is said besides.
    Notes,
}

/// The steps in the order of the field.
pub const PARTS: [Part; 8] = [
    Part::Providers,
    Part::Service,
    Part::Diagnoses,
    Part::Request,
    Part::Procedures,
    Part::Questionnaires,
    Part::Documents,
    Part::Notes,
];

/// A step of a draft.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// Which.
    pub part: Part,
    /// How far it is.
    pub standing: Standing,
    /// What is missing, as submit would say it.
    pub missing: Vec<FieldError>,
}

impl Part {
    /// The first word of the pointers that submit has for it.
    fn pointer(self) -> &'static str {
        match self {
            Self::Providers => "providers",
            Self::Service => "service",
            Self::Diagnoses => "diagnoses",
            Self::Request => "request",
            Self::Procedures => "procedures",
            Self::Questionnaires => questionnaires::STEP,
            Self::Documents => "documents",
            Self::Notes => "notes",
        }
    }
}

/// How far each step of the draft is. `notes`: whether there is one; `also`: what is wrong that the domain does not know.
#[must_use]
pub fn progress(
    case: &Case,
    (beside, notes): (Beside<'_>, bool),
    contract: &Contract,
    at: Timestamp,
    also: FieldErrors,
) -> Vec<Progress> {
    let Some(request) = case.requests.last().filter(|_| case.is_draft()) else { return Vec::new() };
    let mut errors = submit::missing(case, request, beside, contract, at);
    errors.nest("", also);
    let asked = !questionnaires::required(case, beside, contract, at).is_empty();
    let of = |part: Part| {
        let missing: Vec<FieldError> = errors
            .as_slice()
            .iter()
            .filter(|error| error.pointer.split('/').nth(1) == Some(part.pointer()))
            .cloned()
            .collect();
        let empty = match part {
            Part::Questionnaires => !asked,
            Part::Documents => !beside.documents.iter().any(|document| document.counts(at)),
            Part::Notes => !notes,
            Part::Providers | Part::Service | Part::Diagnoses | Part::Request | Part::Procedures => false,
        };
        // What is required follows from the service, and from the codes: without them nobody knows.
        let unknown = part == Part::Documents && case.service.is_none()
            || part == Part::Questionnaires && !case.is_known_to_rules();
        let standing = match (missing.is_empty() && !unknown, empty) {
            (false, _) => Standing::Missing,
            (true, true) => Standing::NotNeeded,
            (true, false) => Standing::Complete,
        };
        Progress { part, standing, missing }
    };
    PARTS.into_iter().map(of).collect()
}
