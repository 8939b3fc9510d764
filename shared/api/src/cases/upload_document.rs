//! Takes a document for a draft: answers a signed form with which the browser brings the file to S3 by itself
//! (CASE-20). What arrives is checked before it counts; until then the document is awaited. After submit documents come with
//! what is added to a request (`add_information`) or asked for after its decision (`follow_request`).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::table::Transaction;
use portico_domain::{
    cases::{StepError, access::CaseAction},
    contracts::Contract,
    events::{About, Actor, EventKind},
    field::FieldErrors,
    id::{DocumentId, RequestNumber},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    add_information, follow_request,
    new_file::{AwaitedDocument, NewFile},
};
use crate::{
    Route,
    addition::has_room,
    app::App,
    caller::Token,
    json::Json,
    once,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(upload_document)).merge(add_information::route()).merge(follow_request::route())
}

/// A file to attach.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct NewDocument {
    /// The request that it supports.
    #[schema(value_type = String, required = true, example = "R01")]
    request: Option<String>,
    /// From the contract's list.
    #[schema(value_type = String, required = true)]
    document_type: Option<String>,
    /// Name with its ending.
    #[schema(value_type = String, required = true, example = "history.pdf")]
    file_name: Option<String>,
    /// Size in bytes.
    #[schema(value_type = u64, required = true)]
    bytes: Option<u64>,
}

/// What is kept under the idempotency key: the form is signed anew for each answer.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: DocumentId,
}

/// A document as it was asked for.
#[derive(Debug)]
struct Asked {
    request: RequestNumber,
    file: NewFile,
}

/// Begins an upload.
#[utoipa::path(
    post, path = "/cases/{id}/documents", tag = "cases", request_body = NewDocument,
    params(
        ("id" = String, Path, description = "Opaque key"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new document"),
    ),
    responses(
        (status = 201, body = AwaitedDocument, description = "Awaited; post the form within 15 minutes"),
        (status = 404, body = ProblemBody, description = "No such case"),
        (status = 409, body = ProblemBody, description = "The case was submitted, so that documents are added to its request; or it was cancelled; or it has as many documents as a case may have"),
        (status = 422, body = ProblemBody, description = "The file cannot be taken, and why"),
    ),
    security(("provider" = []))
)]
async fn upload_document(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path(id): Path<String>,
    body: Json<NewDocument>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "upload-document", &format!("{id}\n{}", body.raw));
    let asked = parse(&body.value)?;
    let (kept, opened) = futures::join!(
        app.replay_value::<Kept>(&key),
        app.open_with(&token, &id, CaseAction::Write, "upload-document", |key| app.table().documents(key))
    );
    let (opened, kept) = (opened?, kept?);
    let (case, documents) = &opened.found;
    let contract = app.contract_for(case).await?;
    let file_type = asked.file.file_type;
    let kept = match kept {
        Some(kept) => kept,
        None if !case.is_draft() => return Err(StepError::NotDraft(case.status()).into()),
        None => {
            check(&asked, &contract, case.request(asked.request).is_some())?;
            has_room(documents, 1, app.now())?;
            let document = asked.file.awaited(asked.request, (app.now(), token.username.clone()));
            let mut transaction = Transaction::new();
            transaction.document(app.table(), case.key, &document, 1)?;
            let event = EventKind::DocumentAwaited { document: document.id };
            transaction.event(app.table(), About::Case(case.key), Actor::User(document.by), event, document.at)?;
            transaction.audit(app.table(), case.key, &opened.access)?;
            app.commit_value(transaction, &key, &Kept { id: document.id }).await?
        }
    };
    let awaited = app.awaited(case.key, kept.id, file_type, &contract);
    Ok((StatusCode::CREATED, Answer(awaited)).into_response())
}

fn parse(body: &NewDocument) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let request = errors.parse("/request", body.request.as_deref());
    let file = NewFile::parse((&body.document_type, &body.file_name, body.bytes), &mut errors);
    errors.finish(request.zip(file).map(|(request, file)| Asked { request, file }))
}

fn check(asked: &Asked, contract: &Contract, request_exists: bool) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::none();
    if !request_exists {
        errors.add("/request", Wrong::NotFound.says("The case has no such request."));
    }
    asked.file.check(contract, &mut errors);
    errors.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    use serde_json::json;

    fn pointers(body: serde_json::Value) -> Vec<String> {
        let parsed = parse(&serde_json::from_value(body).unwrap());
        let checked =
            parsed.and_then(|asked| check(&asked, &samples::contract(), asked.request == RequestNumber::FIRST));
        checked.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |()| Vec::new())
    }

    /// REQ: CASE-20
    #[test]
    fn a_file_is_refused_before_it_is_sent_where_that_can_be_told() {
        let good = json!({ "request": "R01", "documentType": "other", "fileName": "dms.PDF", "bytes": 1000 });
        assert!(pointers(good).is_empty());
        let wrong =
            json!({ "request": "R02", "documentType": "x-ray", "fileName": "dms.pdf", "bytes": 10_000_000_000_u64 });
        assert_eq!(pointers(wrong), ["/request", "/documentType", "/bytes"]);
        assert_eq!(pointers(json!({ "fileName": "dms.exe" })), ["/request", "/documentType", "/fileName", "/bytes"]);
    }
}
