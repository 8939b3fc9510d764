//! Takes a document out of a draft (CASE-20): it counts no more and is given to nobody, and its file is kept. Taking it out
//! again changes nothing.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use portico_domain::{
    cases::{
        StepError,
        access::CaseAction,
        document::{Document, DocumentState},
    },
    id::DocumentId,
};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(remove_document))
}

/// Takes a document out.
#[utoipa::path(
    delete, path = "/cases/{id}/documents/{document}", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque key"),
        ("document" = String, Path, description = "Id of the document"),
    ),
    responses(
        (status = 204, description = "It is out, now or before"),
        (status = 404, body = ProblemBody, description = "No such case or document, or not for the caller"),
        (status = 409, body = ProblemBody, description = "The case was submitted or cancelled"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case or the document at the same moment"),
    ),
    security(("provider" = []))
)]
async fn remove_document(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, document)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let document: DocumentId = document.parse().map_err(|_| Problem::not_found())?;
    let beside = |key| app.table().document(key, document);
    let opened = app.open_with(&token, &id, CaseAction::Write, "remove-document", beside).await?.about(document);
    let (case, found) = &opened.found;
    if !case.is_draft() {
        return Err(StepError::NotDraft(case.status()).into());
    }
    let (document, version) = found.as_ref().ok_or_else(Problem::not_found)?;
    if matches!(document.state, DocumentState::Removed { .. }) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let contract = app.contract_for(case).await?;
    let change = case.clone().without_document(document.id, app.now())?;
    let state = DocumentState::Removed { at: app.now(), by: opened.caller.username().clone() };
    let removed = Document { state, ..document.clone() };
    let mut transaction = app.save(&change, &contract.calendar, &opened)?;
    transaction.document(app.table(), case.key, &removed, version + 1)?;
    app.table().commit(transaction).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use portico_domain::events::EventKind;

    use super::*;
    use crate::samples;

    #[test]
    fn a_document_leaves_a_draft_and_nothing_that_was_submitted() {
        let (id, at) = ("doc_00000000000000000000000000000007".parse().unwrap(), samples::MORNING.parse().unwrap());
        let draft = samples::draft();
        let change = draft.clone().without_document(id, at).unwrap();
        assert_eq!(change.case.version, draft.version + 1, "who submits at the same moment is refused");
        assert_eq!(change.events, [EventKind::DocumentRemoved { document: id }]);
        assert!(matches!(samples::submitted().without_document(id, at), Err(StepError::NotDraft(_))));
    }
}
