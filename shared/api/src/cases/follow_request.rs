//! Asks for what follows a decision: another look at it, or a change of what is authorized (ACT-02, ACT-03, ACT-05). It becomes a
//! further request of the case, with a note and documents, and is reviewed and answered by letter as the first one was.
//!
//! All of it is one write, as what is added to a request (`add_information`). It stands beside `upload_document`, whose function
//! mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use portico_aws::{
    clock::new_uuid,
    table::{
        cases::{CaseFile, Note},
        idempotency::IdempotencyKey,
    },
};
use portico_domain::{
    cases::{
        MOST_NOTES,
        access::CaseAction,
        document::Document,
        follow::{FollowError, Said, Wanted},
        note::NoteType,
    },
    contracts::Contract,
    events::{About, Actor, EventKind},
    field::FieldErrors,
    id::{DocumentId, EventId, ProviderId, RequestNumber},
    person::Provider,
    reviews::information::MOST_FILES,
    service::{Line, ReviewKind, Urgency},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    add_information::AddedFile,
    new_file::{AwaitedDocument, NewFile},
    steps::{LineStep, note_text},
};
use crate::{
    Route,
    addition::has_room,
    app::App,
    caller::Token,
    form::{choice, date, fits, list, word},
    json::Json,
    once,
    open::Opened,
    problem::{Kind, Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(follow_request))
}

/// What is asked for after a decision.
#[derive(Deserialize, ToSchema, Default)]
struct FollowUpRequest {
    /// The decided request.
    #[schema(value_type = String, required = true, example = "R01")]
    of: Option<String>,
    #[schema(value_type = words::FollowKind, required = true)]
    kind: Option<String>,
    /// How fast an answer is needed; `standard` where nothing is said.
    #[schema(value_type = Option<words::Urgency>)]
    urgency: Option<String>,
    /// Why, in 1 to 4,000 characters: what was not considered, or what is to change.
    #[schema(value_type = String, required = true)]
    note: Option<String>,
    /// At most 10 files.
    #[serde(default)]
    documents: Vec<AddedFile>,
    /// For an extension: the new last day.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<String>,
    /// For a revision: all lines as they are to be.
    #[serde(default)]
    lines: Vec<RevisedLine>,
    /// For a revision: who is to perform them from now on, from the provider search.
    servicing: Option<String>,
}

/// A line as it is to be.
#[derive(Deserialize, ToSchema, Default)]
struct RevisedLine {
    /// Its place among the lines that are authorized now, from 0; none for a new one.
    line: Option<u32>,
    /// The line.
    #[schema(value_type = LineStep, required = true)]
    wanted: Option<LineStep>,
}

/// What was asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FollowingRequest {
    /// The new request.
    #[schema(example = "R02")]
    request: String,
    /// The one that it follows.
    #[schema(example = "R01")]
    of: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When its decision is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    /// The documents in the order of the files, each with how to bring it within 15 minutes.
    documents: Vec<AwaitedDocument>,
    /// Version of the case.
    version: u64,
}

/// What is kept under the idempotency key: the forms are signed anew for each answer.
#[derive(Serialize, Deserialize)]
struct Kept {
    request: RequestNumber,
    status: String,
    due: Option<Timestamp>,
    version: u64,
    documents: Vec<DocumentId>,
}

/// The same, read.
struct Read {
    of: RequestNumber,
    urgency: Urgency,
    note: String,
    files: Vec<NewFile>,
    wanted: Typed,
}

/// What is wanted; a provider still by id.
#[derive(Clone, Debug)]
enum Typed {
    Reconsideration,
    Appeal,
    Extension(Date),
    Revision { lines: Vec<(Option<usize>, Line)>, servicing: Option<ProviderId> },
}

/// Asks for what follows a decision.
#[utoipa::path(
    post, path = "/cases/{id}/requests", tag = "cases", request_body = FollowUpRequest,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new request"),
    ),
    responses(
        (status = 201, body = FollowingRequest, description = "Asked for: the clock runs. Each document is awaited, post its form within 15 minutes", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group asks"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "It may not follow the decision, and why; `state` is one of `not-decided`, `not-offered`, `nothing-adverse`, `second-look`, `window-over`, `already-open`, `superseded`, `not-approved`, `expired`, `nothing-changed`, `full`"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was asked for"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn follow_request(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path(id): Path<String>,
    body: Json<FollowUpRequest>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "follow-request", &format!("{id}\n{}", body.raw));
    let read = parse(&body.value);
    let table = app.table();
    let both = |key| async move {
        let (file, notes) = futures::join!(table.case_file(key), table.count_notes(key));
        Ok(file?.zip(Some(notes?)))
    };
    let (kept, opened) = futures::join!(
        app.replay_value::<Kept>(&key),
        app.open_as(&token, &id, CaseAction::Write, "follow-request", both)
    );
    let (opened, kept) = (opened?, kept?);
    let read = read?;
    let opened = opened.about(read.of);
    let (file, notes) = &opened.found;
    let (contract, wanted) = futures::join!(app.promised(&file.case), wanted(&app, read.wanted.clone()));
    let new = match &read.wanted {
        Typed::Revision { lines, .. } => lines.as_slice(),
        Typed::Reconsideration | Typed::Appeal | Typed::Extension(_) => &[],
    };
    let contract = app.table().with_rules(contract?, new.iter().map(|(_, line)| &line.code)).await?;
    let types: Vec<_> = read.files.iter().map(|file| file.file_type).collect();
    let of = read.of;
    let kept = match kept {
        Some(kept) => kept,
        None => {
            check(&read.files, &contract)?;
            if *notes >= MOST_NOTES {
                let detail = format!("A case has at most {MOST_NOTES} notes. Call support where more has to be said.");
                return Err(Problem::conflict(detail, "full"));
            }
            has_room(&file.documents, read.files.len(), app.now())?;
            save(&app, &opened, &key, (read, wanted?), &contract).await?
        }
    };
    let (key, documents) = (file.case.key, kept.documents.iter().zip(types));
    let answer = FollowingRequest {
        request: kept.request.to_string(),
        of: of.to_string(),
        status: kept.status,
        due: kept.due,
        documents: documents.map(|(id, of)| app.awaited(key, *id, of, &contract)).collect(),
        version: kept.version,
    };
    Ok((StatusCode::CREATED, [etag(kept.version)], Answer(answer)).into_response())
}

/// How often it follows a case that somebody else changes at the same moment.
const TRIES: usize = 3;

async fn save(
    app: &App,
    opened: &Opened<(CaseFile, usize)>,
    key: &IdempotencyKey,
    (read, wanted): (Read, Wanted),
    contract: &Contract,
) -> Result<Kept, Problem> {
    let (at, by, table) = (app.now(), opened.caller.username().clone(), app.table());
    let mut file = opened.found.0.clone();
    let next = file.case.requests.last().map_or(RequestNumber::FIRST, |last| last.number.next());
    let documents: Vec<Document> = read.files.into_iter().map(|file| file.awaited(next, (at, by.clone()))).collect();
    let mut note = Note {
        id: EventId::new(new_uuid()),
        at,
        by: by.clone(),
        text: read.note,
        request: Some(next),
        of: NoteType::Note,
    };
    let said = Said {
        by: by.clone(),
        fax: opened.caller.fax()?,
        urgency: read.urgency,
        note: note.id,
        documents: documents.iter().map(|document| document.id).collect(),
    };
    for _ in 0..TRIES {
        let asked = (wanted.clone(), said.clone());
        let change = file.case.clone().follow(read.of, asked, &file.determinations, contract, at)?;
        let of = change.case.key;
        let Some(request) = change.case.requests.last() else { return Err(Problem::stale()) };
        let mut transaction = app.save(&change, &contract.calendar, opened)?;
        for document in &documents {
            let document = Document { request: request.number, ..document.clone() };
            transaction.document(table, of, &document, 1)?;
            let event = EventKind::DocumentAwaited { document: document.id };
            transaction.event(table, About::Case(of), Actor::User(by.clone()), event, at)?;
        }
        (note.request, note.of) = (Some(request.number), NoteType::asking(request.review));
        transaction.note(table, of, &note)?;
        let kept = Kept {
            request: request.number,
            status: word(&request.status()),
            due: request.clock().and_then(|clock| clock.due(&contract.calendar)),
            version: change.case.version,
            documents: said.documents.clone(),
        };
        match app.commit_value(transaction, key, &kept).await {
            Err(problem) if problem.kind() == Kind::Stale => {
                file = table.case_file(of).await?.ok_or_else(Problem::not_found)?;
            }
            done => return done,
        }
    }
    Err(Problem::stale())
}

/// What is wanted, with its provider from the registry.
async fn wanted(app: &App, typed: Typed) -> Result<Wanted, Problem> {
    let (lines, servicing) = match typed {
        Typed::Reconsideration => return Ok(Wanted::Reconsideration),
        Typed::Appeal => return Ok(Wanted::Appeal),
        Typed::Extension(to) => return Ok(Wanted::Extension { to }),
        Typed::Revision { lines, servicing } => (lines, servicing),
    };
    let servicing: Option<Provider> = match servicing {
        Some(id) => Some(app.table().provider(id).await?.ok_or_else(|| {
            let unknown = "This provider is not in the registry. Choose one from the search.";
            Problem::invalid_field("/servicing", Wrong::NotFound.says(unknown))
        })?),
        None => None,
    };
    Ok(Wanted::Revision { lines, servicing })
}

fn parse(body: &FollowUpRequest) -> Result<Read, FieldErrors> {
    let mut errors = FieldErrors::none();
    if !fits(&mut errors, "/documents", &body.documents, (MOST_FILES, "files"))
        | !fits(&mut errors, "/lines", &body.lines, (50, "lines"))
    {
        return Err(errors);
    }
    let of = errors.parse("/of", body.of.as_deref());
    let known = "Choose reconsideration, appeal, extension or revision.";
    let kind: Option<ReviewKind> = choice(&mut errors, "/kind", body.kind.as_deref(), known);
    let urgency = match body.urgency.as_deref() {
        Some(urgency) => choice(&mut errors, "/urgency", Some(urgency), "Choose standard or expedited."),
        None => Some(Urgency::Standard),
    };
    let note = note_text(&mut errors, "/note", body.note.as_deref().unwrap_or_default());
    let files = list(&body.documents, |place, file| {
        let mut of_file = FieldErrors::none();
        let parsed = file.parse(&mut of_file);
        errors.nest(&format!("/documents/{place}"), of_file);
        parsed
    });
    let wanted = kind.and_then(|kind| typed(kind, body, &mut errors));
    let read = of.zip(urgency).zip(files).zip(wanted);
    errors.finish(read.map(|(((of, urgency), files), wanted)| Read { of, urgency, note, files, wanted }))
}

fn typed(kind: ReviewKind, body: &FollowUpRequest, errors: &mut FieldErrors) -> Option<Typed> {
    let goes_with = |errors: &mut FieldErrors, pointer: &str, sent: bool, right: bool, with: &str| {
        if sent && !right {
            errors.add(pointer, Wrong::NotBoth.says(format!("This goes with {with} only.")));
        }
    };
    let revision = kind == ReviewKind::Revision;
    goes_with(errors, "/to", body.to.is_some(), kind == ReviewKind::Extension, "an extension");
    goes_with(errors, "/lines", !body.lines.is_empty(), revision, "a revision");
    goes_with(errors, "/servicing", body.servicing.is_some(), revision, "a revision");
    match kind {
        ReviewKind::Reconsideration => Some(Typed::Reconsideration),
        ReviewKind::Appeal => Some(Typed::Appeal),
        ReviewKind::Extension => date(errors, "/to", body.to.as_deref()).map(Typed::Extension),
        ReviewKind::Revision => {
            let lines = list(&body.lines, |place, line| {
                let mut of_line = FieldErrors::none();
                let wanted = line.wanted.as_ref().unwrap_or(&LineStep::NONE).parse(&mut of_line);
                errors.nest(&format!("/lines/{place}"), of_line);
                Some((line.line.map(|line| usize::try_from(line).unwrap_or(usize::MAX)), wanted?))
            });
            let servicing = errors.parse_optional("/servicing", body.servicing.as_deref());
            lines.map(|lines| Typed::Revision { lines, servicing })
        }
        ReviewKind::Initial | ReviewKind::Concurrent | ReviewKind::Retrospective | ReviewKind::Renewal => {
            let text = "This is asked for in a new case.";
            errors.add("/kind", Wrong::NotAChoice.says(text));
            None
        }
    }
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

impl From<FollowError> for Problem {
    fn from(error: FollowError) -> Self {
        let code = error.code();
        match error {
            FollowError::NoRequest => Self::not_found(),
            FollowError::Fields(errors) => Self::invalid(errors),
            FollowError::NotDecided(_)
            | FollowError::NotOffered(_)
            | FollowError::NothingAdverse
            | FollowError::SecondLook(_)
            | FollowError::WindowOver { .. }
            | FollowError::Open(_)
            | FollowError::Superseded(_)
            | FollowError::ToBeHeard
            | FollowError::NotApproved
            | FollowError::Expired(_)
            | FollowError::NothingChanged
            | FollowError::Full => Self::conflict(error.to_string(), code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pointers(body: Value) -> Vec<String> {
        let read = parse(&serde_json::from_value(body).unwrap());
        read.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    #[test]
    fn each_kind_has_its_fields_and_all_that_is_wrong_is_told_at_once() {
        let asked = |kind: &str| json!({ "of": "R01", "kind": kind, "note": "Seen again since." });
        assert!(pointers(asked("reconsideration")).is_empty());
        assert!(pointers(asked("appeal")).is_empty());
        assert_eq!(pointers(asked("extension")), ["/to"]);
        assert_eq!(pointers(asked("initial")), ["/kind"]);
        assert_eq!(pointers(json!({})), ["/of", "/kind", "/note"]);
        let mut wrong = asked("reconsideration");
        wrong["to"] = json!("2026-07-01");
        wrong["lines"] = json!([{}]);
        wrong["servicing"] = json!("prv_1");
        wrong["documents"] = json!([{}]);
        wrong["urgency"] = json!("soon");
        assert_eq!(
            pointers(wrong),
            [
                "/urgency",
                "/documents/0/documentType",
                "/documents/0/fileName",
                "/documents/0/bytes",
                "/to",
                "/lines",
                "/servicing"
            ]
        );
        let line =
            json!({ "code": "T1015", "from": "2026-05-11", "to": "2026-06-09", "duration": 30, "quantity": 150 });
        let mut revision = asked("revision");
        revision["lines"] = json!([{ "line": 0, "wanted": line }, { "wanted": { "code": "T1015" } }]);
        assert_eq!(pointers(revision), ["/lines/1/from", "/lines/1/to", "/lines/1/duration", "/lines/1/quantity"]);
    }
}
