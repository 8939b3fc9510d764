//! Takes a document for a draft: answers a signed form with which the browser brings the file to S3 by itself
//! (CASE-20). What arrives is checked before it counts; until then the document is awaited.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::{clock::new_uuid, table::Transaction};
use portico_domain::{
    cases::{
        MOST_DOCUMENTS, StepError,
        access::CaseAction,
        document::{Document, DocumentState, FileError, FileType},
    },
    contracts::Contract,
    events::{About, Actor, EventKind},
    field::{FieldErrors, Objection},
    id::{DocumentId, RequestNumber},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    once,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(upload_document))
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

/// The document, and how to bring it.
#[derive(Serialize, ToSchema)]
struct AwaitedDocument {
    /// The document's id.
    id: String,
    upload: UploadForm,
}

/// A form to post as multipart/form-data: these fields first, then the content as `file`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UploadForm {
    /// Where to.
    url: String,
    /// Its fields.
    fields: BTreeMap<&'static str, String>,
    /// When it stops working.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
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
    document_type: String,
    file_name: String,
    file_type: FileType,
    bytes: u64,
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
        (status = 409, body = ProblemBody, description = "The case was submitted or cancelled, or has as many documents as a case may have"),
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
    let contract = app.contract(&case.contract).await?;
    let file_type = asked.file_type;
    let kept = match kept {
        Some(kept) => kept,
        None if !case.is_draft() => return Err(StepError::NotDraft(case.status()).into()),
        None => {
            check(&asked, &contract, case.request(asked.request).is_some())?;
            // What failed or was taken out gives its place free, though not without end: all are read together.
            let counted = documents.iter().filter(|document| document.counts(app.now())).count();
            if counted >= MOST_DOCUMENTS || documents.len() >= 2 * MOST_DOCUMENTS {
                let detail = format!("A case has at most {MOST_DOCUMENTS} documents. Put several pages into one file.");
                return Err(Problem::conflict(detail, "full"));
            }
            let by = token.username.clone();
            let document = Document {
                id: DocumentId::new(new_uuid()),
                request: asked.request,
                document_type: asked.document_type,
                file_name: asked.file_name,
                file_type,
                at: app.now(),
                by: by.clone(),
                state: DocumentState::Awaited,
            };
            let mut transaction = Transaction::new();
            transaction.document(app.table(), case.key, &document, 1)?;
            let event = EventKind::DocumentAwaited { document: document.id };
            transaction.event(app.table(), About::Case(case.key), Actor::User(by), event, document.at)?;
            transaction.audit(app.table(), case.key, &opened.access)?;
            app.commit_value(transaction, &key, &Kept { id: document.id }).await?
        }
    };
    let max = contract.document_max_bytes;
    let upload = app.aws.sign_upload(case.key, kept.id, file_type.media_type(), max, app.now());
    let upload = UploadForm { url: upload.url, fields: upload.fields, expires_at: upload.expires_at };
    Ok((StatusCode::CREATED, Answer(AwaitedDocument { id: kept.id.to_string(), upload })).into_response())
}

fn parse(body: &NewDocument) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let request = errors.parse("/request", body.request.as_deref());
    let document_type = errors.parse::<String>("/documentType", body.document_type.as_deref());
    let file_name = body.file_name.as_deref().unwrap_or_default().trim();
    let file_type = errors.keep("/fileName", FileType::of_name(file_name));
    if body.bytes.is_none() {
        errors.add("/bytes", Objection::required());
    }
    let asked = request.zip(document_type).zip(file_type).zip(body.bytes);
    errors.finish(asked.map(|(((request, document_type), file_type), bytes)| Asked {
        request,
        document_type,
        file_name: file_name.to_owned(),
        file_type,
        bytes,
    }))
}

fn check(asked: &Asked, contract: &Contract, request_exists: bool) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::none();
    if !request_exists {
        errors.add("/request", Wrong::NotFound.says("The case has no such request."));
    }
    if contract.document_type(&asked.document_type).is_none() {
        let text = "Choose a document type from the contract's list.";
        errors.add("/documentType", Wrong::NotOffered.says(text));
    }
    if asked.bytes == 0 {
        errors.add("/bytes", Wrong::EmptyFile.says(FileError::Empty));
    } else if asked.bytes > contract.document_max_bytes {
        let megabytes = contract.document_max_bytes / 1_000_000;
        errors.add("/bytes", Wrong::FileTooLarge { megabytes }.says(FileError::Size(megabytes)));
    }
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
