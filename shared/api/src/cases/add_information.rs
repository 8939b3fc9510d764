//! Adds a note, documents or both to a submitted request, of whoever sees the case (ACT-01): its status stays, and whoever
//! reviews it is told. What is added to a decided request is filed with it; what answers a request for information brings the
//! request back to its reviewer (REV-06).
//!
//! All of it is one write (`addition.rs`). It stands beside `upload_document`, whose function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::{clock::new_uuid, table::cases::Note};
use portico_domain::{
    cases::{Case, MOST_NOTES, access::CaseAction, note::NoteType, request::Added},
    contracts::Contract,
    field::FieldErrors,
    id::{DocumentId, EventId, RequestNumber, Username},
    reviews::information::MOST_FILES,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    new_file::{AwaitedDocument, NewFile},
    steps::note_text,
};
use crate::{
    Route,
    addition::{Addition, has_room},
    app::App,
    caller::Token,
    form::{fits, list, word},
    json::Json,
    once,
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(add_information))
}

/// What is added: a note, files, or both.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct NewInformation {
    /// 1 to 4,000 characters.
    note: Option<String>,
    /// At most 10 files.
    #[serde(default)]
    documents: Vec<AddedFile>,
    /// Whether this answers what the provider was asked for: the request goes back to its reviewer.
    answers: Option<bool>,
    /// Whether the note goes with a peer-to-peer review that is asked for.
    peer_to_peer: Option<bool>,
}

/// A file to attach.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AddedFile {
    /// From the contract's list.
    #[schema(value_type = String, required = true)]
    document_type: Option<String>,
    /// Name with its ending.
    #[schema(value_type = String, required = true, example = "progress.pdf")]
    file_name: Option<String>,
    /// Size in bytes.
    #[schema(value_type = u64, required = true)]
    bytes: Option<u64>,
}

impl AddedFile {
    pub(super) fn parse(&self, errors: &mut FieldErrors) -> Option<NewFile> {
        NewFile::parse((&self.document_type, &self.file_name, self.bytes), errors)
    }
}

/// What was added.
#[derive(Serialize, ToSchema)]
struct AddedInformation {
    request: String,
    /// Where the request stands.
    #[schema(value_type = words::Status)]
    status: String,
    /// The documents in the order of the files, each with how to bring it within 15 minutes.
    documents: Vec<AwaitedDocument>,
}

/// What is kept under the idempotency key: the forms are signed anew for each answer.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: String,
    documents: Vec<DocumentId>,
}

/// The same, read.
struct Read {
    note: Option<String>,
    files: Vec<NewFile>,
    answers: bool,
    of: NoteType,
}

/// Adds to a submitted request.
#[utoipa::path(
    post, path = "/cases/{id}/requests/{number}/information", tag = "cases", request_body = NewInformation,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new addition"),
    ),
    responses(
        (status = 201, body = AddedInformation, description = "Added; each document is awaited, post its form within 15 minutes"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "The request is a draft or withdrawn, or the case has as many notes or documents as a case may have"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was added"),
        (status = 422, body = ProblemBody, description = "Nothing is added, or a file cannot be taken, and why"),
    ),
    security(("provider" = []))
)]
async fn add_information(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path((id, number)): Path<(String, String)>,
    body: Json<NewInformation>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let key = key.scoped(token.username.as_str(), "add-information", &format!("{id}\n{number}\n{}", body.raw));
    let read = parse(&body.value);
    let table = app.table();
    let beside = |key| async move {
        let (documents, notes) = futures::join!(table.documents(key), table.count_notes(key));
        Ok((documents?, notes?))
    };
    let (kept, opened) = futures::join!(
        app.replay_value::<Kept>(&key),
        app.open_with(&token, &id, CaseAction::Add, "add-information", beside)
    );
    let (opened, kept) = (opened?.about(number), kept?);
    let read = read?;
    let (case, (documents, notes)) = &opened.found;
    let contract = app.contract_for(case).await?;
    let types: Vec<_> = read.files.iter().map(|file| file.file_type).collect();
    let kept = match kept {
        Some(kept) => kept,
        None => {
            check(&read.files, &contract)?;
            if read.note.is_some() && *notes >= MOST_NOTES {
                let detail = format!("A case has at most {MOST_NOTES} notes. Call support where more has to be said.");
                return Err(Problem::conflict(detail, "full"));
            }
            has_room(documents, read.files.len(), app.now())?;
            let addition = read.added(number, (app.now(), token.username.clone()));
            let documents = addition.added.documents.clone();
            let kept = |case: &Case| Kept { status: status(case, number), documents: documents.clone() };
            addition.save(&app, case.clone(), (&key, &opened.access), &contract, kept).await?
        }
    };
    let forms = kept.documents.iter().zip(types).map(|(id, of)| app.awaited(case.key, *id, of, &contract));
    let answer = AddedInformation { request: number.to_string(), status: kept.status, documents: forms.collect() };
    Ok((StatusCode::CREATED, Answer(answer)).into_response())
}

impl Read {
    fn added(self, request: RequestNumber, (at, by): (Timestamp, Username)) -> Addition {
        let documents: Vec<_> = self.files.into_iter().map(|file| file.awaited(request, (at, by.clone()))).collect();
        let id = EventId::new(new_uuid());
        let note = self.note.map(|text| Note { id, at, by: by.clone(), text, request: Some(request), of: self.of });
        let ids = documents.iter().map(|document| document.id).collect();
        let note_id = note.as_ref().map(|note| note.id);
        let added = Added { at, by, note: note_id, documents: ids, answers: self.answers, seen: None };
        Addition { request, added, note, documents, answers: Vec::new() }
    }
}

fn status(case: &Case, number: RequestNumber) -> String {
    case.request(number).map(|request| word(&request.status())).unwrap_or_default()
}

fn parse(body: &NewInformation) -> Result<Read, FieldErrors> {
    let mut errors = FieldErrors::none();
    if !fits(&mut errors, "/documents", &body.documents, (MOST_FILES, "files")) {
        return Err(errors);
    }
    let typed = body.note.as_deref().filter(|note| !note.trim().is_empty());
    let note = typed.map(|note| note_text(&mut errors, "/note", note));
    if note.is_none() && body.documents.is_empty() {
        errors.add("/note", Wrong::Missing.says("Write a note, or attach a file."));
    }
    let files = list(&body.documents, |place, file| {
        let mut of_file = FieldErrors::none();
        let parsed = file.parse(&mut of_file);
        errors.nest(&format!("/documents/{place}"), of_file);
        parsed
    });
    let of = if body.peer_to_peer == Some(true) { NoteType::PeerToPeer } else { NoteType::Information };
    errors.finish(files.map(|files| Read { note, files, answers: body.answers.unwrap_or(false), of }))
}

fn check(files: &[NewFile], contract: &Contract) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::none();
    for (place, file) in files.iter().enumerate() {
        let mut of_file = FieldErrors::none();
        file.check(contract, &mut of_file);
        errors.nest(&format!("/documents/{place}"), of_file);
    }
    errors.into_result()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use serde_json::{Value, json};

    fn pointers(body: Value) -> Vec<String> {
        let read = parse(&serde_json::from_value(body).unwrap());
        let checked = read.and_then(|read| check(&read.files, &samples::contract()));
        checked.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |()| Vec::new())
    }

    #[test]
    fn a_note_or_a_file_is_needed_and_each_file_is_told_at_its_place() {
        let file = |name: &str, kind: &str| json!({ "documentType": kind, "fileName": name, "bytes": 1000 });
        assert!(pointers(json!({ "note": "Seen twice a week." })).is_empty());
        assert!(pointers(json!({ "documents": [file("progress.pdf", "other")] })).is_empty());
        assert_eq!(pointers(json!({ "note": " " })), ["/note"]);
        assert_eq!(pointers(json!({ "note": "n".repeat(4001) })), ["/note"]);
        let files = json!({ "documents": [file("a.pdf", "other"), file("b.exe", "other"), {}] });
        assert_eq!(
            pointers(files),
            ["/documents/1/fileName", "/documents/2/documentType", "/documents/2/fileName", "/documents/2/bytes"]
        );
        assert_eq!(pointers(json!({ "documents": [file("a.pdf", "x-ray")] })), ["/documents/0/documentType"]);
        assert_eq!(pointers(json!({ "documents": vec![file("a.pdf", "other"); 11] })), ["/documents"]);
    }
}
