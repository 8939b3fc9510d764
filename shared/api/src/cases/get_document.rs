//! Gives a document to everybody who may see the case (CASE-20): as an address that works for five minutes, under which a
//! browser saves the file and does not show it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::files::accepted;
use portico_domain::{
    cases::{access::CaseAction, document::DocumentState},
    id::DocumentId,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    problem::{Problem, ProblemBody},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(get_document)))
}

/// Where the document is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DocumentFile {
    /// Fetch it from here, without a token.
    url: String,
    /// When the address stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Name as the uploader had it; it is saved under this name.
    file_name: String,
    media_type: String,
    /// SHA-256 of the file as it was checked, in hex.
    sha256: String,
    bytes: u64,
}

/// Gives a document.
#[utoipa::path(
    get, path = "/cases/{id}/documents/{document}", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("document" = String, Path, description = "Id of the document"),
    ),
    responses(
        (status = 200, body = DocumentFile, description = "An address for five minutes"),
        (status = 404, body = ProblemBody, description = "No such case or document, or not for the caller"),
        (status = 409, body = ProblemBody, description = "It is not checked yet, was refused or taken out, or its case is cancelled"),
    ),
    security(("provider" = []))
)]
async fn get_document(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, document)): Path<(String, String)>,
) -> Result<Answer<DocumentFile>, Problem> {
    let document: DocumentId = document.parse().map_err(|_| Problem::not_found())?;
    let beside = |key| app.table().document(key, document);
    let opened = app.open_with(&token, &id, CaseAction::Read, "get-document", beside).await?.about(document);
    let (case, found) = &opened.found;
    let (document, _) = found.as_ref().ok_or_else(Problem::not_found)?;
    if case.is_cancelled() {
        return Err(Problem::conflict("This case is cancelled; its documents are not given any more.", "cancelled"));
    }
    let (bytes, sha256) = kept(&document.state)?;
    let (bucket, key) = (app.aws.config().documents_bucket.as_str(), accepted(document.id));
    let media_type = document.file_type.media_type();
    let named = Some((document.file_name.as_str(), media_type));
    let (url, expires_at) = app.address_of((bucket, &key, None), named, (case.key, &opened.access)).await?;
    Ok(Answer(DocumentFile {
        url,
        expires_at,
        file_name: document.file_name.clone(),
        media_type: media_type.to_owned(),
        sha256,
        bytes,
    }))
}

/// Size and hash of a document that was kept.
fn kept(state: &DocumentState) -> Result<(u64, String), Problem> {
    match state {
        DocumentState::Accepted { bytes, sha256, .. } => Ok((*bytes, sha256.clone())),
        DocumentState::Awaited => Err(Problem::conflict("This document has not been checked yet.", "awaited")),
        DocumentState::Refused { reason, .. } => Err(Problem::conflict(reason, "refused")),
        DocumentState::Removed { .. } => Err(Problem::conflict("This document was taken out of the case.", "removed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;

    #[test]
    fn only_what_was_checked_and_kept_is_given() {
        let at = Timestamp::UNIX_EPOCH;
        let good = DocumentState::Accepted { at, bytes: 9, sha256: "ab".into(), pages: None };
        assert_eq!(kept(&good).unwrap(), (9, "ab".to_owned()));
        let removed = DocumentState::Removed { at, by: "ann".parse().unwrap() };
        for state in [DocumentState::Awaited, DocumentState::Refused { at, reason: "no".into(), scan: None }, removed] {
            assert_eq!(kept(&state).unwrap_err().kind(), Kind::Conflict);
        }
    }
}
