//! What became of a call, in words.

use serde::Serialize;

use crate::{Fault, types::CodeableConcept};

/// Why something was not done, or what is to be said beside.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationOutcome {
    resource_type: &'static str,
    issue: Vec<Issue>,
}

#[derive(Clone, Debug, Serialize)]
struct Issue {
    severity: &'static str,
    code: &'static str,
    details: CodeableConcept,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<[String; 1]>,
}

impl Issue {
    fn new(severity: &'static str, code: &'static str, text: String, path: Option<String>) -> Self {
        let details = CodeableConcept { coding: Vec::new(), text: Some(text) };
        Self { severity, code, details, expression: path.map(|path| [path]) }
    }
}

impl OperationOutcome {
    /// An error with a code of FHIR's list of issue types, words, and where it is.
    #[must_use]
    pub fn new(code: &'static str, text: impl Into<String>, path: Option<String>) -> Self {
        Self { resource_type: "OperationOutcome", issue: vec![Issue::new("error", code, text.into(), path)] }
    }

    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self { resource_type: "OperationOutcome", issue: vec![Issue::new("warning", "incomplete", text.into(), None)] }
    }

    /// What could not be given, each a warning.
    #[must_use]
    pub fn warnings(texts: Vec<String>) -> Self {
        let issue = texts.into_iter().map(|text| Issue::new("warning", "not-found", text, None)).collect();
        Self { resource_type: "OperationOutcome", issue }
    }

    /// What was done, with where it was asked for.
    #[must_use]
    pub fn informed(texts: Vec<(String, Option<String>)>) -> Self {
        let of = |(text, path)| Issue::new("information", "informational", text, path);
        Self { resource_type: "OperationOutcome", issue: texts.into_iter().map(of).collect() }
    }
}

impl From<Fault> for OperationOutcome {
    fn from(fault: Fault) -> Self {
        Self::new("invalid", fault.what, Some(fault.path))
    }
}
