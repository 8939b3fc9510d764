//! What is seen of the files of a case: documents that came in, letters that went out.

use super::sight::Sight;
use crate::{form::word, words};
use jiff::Timestamp;
use portico_aws::table::cases::{IssuedLetter, held::HeldLetter};
use portico_domain::{
    cases::{
        Case,
        document::{Document, DocumentState},
        scan::ScanRefusal,
        submit,
    },
    contracts::{Choice, Contract},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An attached document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DocumentView {
    id: String,
    request: String,
    document_type: String,
    document_type_label: String,
    file_name: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    /// `awaited`, `accepted`, `refused`, `failed` (its upload did not arrive, or was not checked in time) or `removed`.
    #[schema(value_type = words::DocumentState)]
    state: &'static str,
    /// Why it was refused or failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the scan for harmful content found, where it was the scan that refused it.
    #[schema(value_type = Option<words::ScanRefusal>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<ScanRefusal>,
    /// Size, once accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// Pages, where they can be counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u32>,
}

/// A required document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChecklistView {
    document_type: String,
    label: String,
    /// `missing`, `checking` or `attached`.
    #[schema(value_type = words::ChecklistStatus)]
    status: String,
}

/// An issued letter.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LetterView {
    id: String,
    request: String,
    /// What it tells.
    #[schema(value_type = words::LetterAbout)]
    about: String,
    /// `provider` or `member`.
    #[schema(value_type = words::Audience)]
    audience: String,
    /// The language that it is written in, as BCP 47.
    #[schema(example = "es")]
    language: String,
    #[schema(value_type = words::LetterFormat)]
    format: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    pages: u32,
    bytes: u64,
    sha256: String,
}

/// A letter that waits for repair.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct HeldView {
    id: String,
    request: String,
    #[schema(value_type = words::Audience)]
    audience: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The missing elements by name, as the last try found them.
    missing: Vec<String>,
    /// When writing it again was last tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    tried_at: Option<Timestamp>,
    /// Whether it was asked for and that is not done yet.
    being_written: bool,
    /// That it stands in the place of a letter that the mail carrier refused: with which status.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<u16>,
}

/// What is said of an upload that did not arrive, or of which no scan has told.
const NOT_ARRIVED: &str = "The upload did not arrive, or could not be checked in time. Please attach the file again.";

/// The required documents with how far each is.
pub(super) fn checklist(
    case: &Case,
    documents: &[Document],
    contract: &Contract,
    now: Timestamp,
) -> Vec<ChecklistView> {
    submit::checklist(case, documents, contract, now)
        .into_iter()
        .map(|item| ChecklistView {
            document_type: item.document_type.id,
            label: item.document_type.label,
            status: word(&item.status),
        })
        .collect()
}

impl DocumentView {
    pub(super) fn of(document: &Document, case: &Case, Sight { contract, now, .. }: Sight<'_>) -> Self {
        let (state, reason, size, pages) = match &document.state {
            // The documents of a cancelled draft are out with it.
            _ if case.is_cancelled() => ("removed", None, None, None),
            DocumentState::Awaited if document.is_awaited(now) => ("awaited", None, None, None),
            DocumentState::Awaited => ("failed", Some(NOT_ARRIVED.to_owned()), None, None),
            DocumentState::Removed { .. } => ("removed", None, None, None),
            DocumentState::Accepted { bytes, pages, .. } => ("accepted", None, Some(*bytes), *pages),
            DocumentState::Refused { reason, .. } => ("refused", Some(reason.clone()), None, None),
        };
        let scan = match document.state {
            DocumentState::Refused { scan, .. } if state == "refused" => scan,
            _ => None,
        };
        Self {
            id: document.id.to_string(),
            request: document.request.to_string(),
            document_type: document.document_type.clone(),
            document_type_label: label(&contract.document_types, &document.document_type),
            file_name: document.file_name.clone(),
            at: document.at,
            by: case.name_of(&document.by),
            state,
            reason,
            scan,
            bytes: size,
            pages,
        }
    }
}

impl LetterView {
    pub(super) fn of(letter: &IssuedLetter) -> Self {
        Self {
            id: letter.id.to_string(),
            request: letter.request.to_string(),
            about: word(&letter.about),
            audience: word(&letter.audience),
            language: letter.language.clone(),
            format: word(&letter.format),
            at: letter.at,
            pages: letter.pages,
            bytes: letter.bytes,
            sha256: letter.sha256.clone(),
        }
    }
}

impl HeldView {
    pub(super) fn of(held: &HeldLetter) -> Self {
        Self {
            id: held.id.to_string(),
            request: held.request.to_string(),
            audience: word(&held.audience),
            at: held.at,
            missing: held.missing.clone(),
            tried_at: held.tried.as_ref().map(|tried| tried.at),
            being_written: held.is_being_written(),
            refused: held.refused.map(|refused| refused.status),
        }
    }
}

/// What people read of a choice.
pub(super) fn label(choices: &[Choice], id: &str) -> String {
    choices.iter().find(|choice| choice.id == id).map_or_else(|| id.to_owned(), |choice| choice.label.clone())
}
