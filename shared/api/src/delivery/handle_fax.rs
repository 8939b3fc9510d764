//! What intake does with a fax that waits (LTR-08): takes it or gives it back, files it to a request, or closes it with a reason. A case
//! is opened from it in `open_from_fax`. Done again, what the same person has done already is answered alike and changes nothing.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_aws::table::Transaction;
use portico_domain::{
    cases::document,
    delivery::{intake::still_intake, received::CloseReason},
    events::EventKind,
    field::FieldErrors,
    id::{CaseId, RequestNumber},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{held::Held, open_from_fax, view_fax::FaxView};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::choice,
    json::Json,
    problem::{Problem, ProblemBody},
    words,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    let own =
        Route::new().routes(routes!(take_fax, give_fax_back)).routes(routes!(file_fax)).routes(routes!(close_fax));
    own.merge(open_from_fax::route())
}

/// Takes a fax to work on it.
#[utoipa::path(
    post, path = "/staff/faxes/{fax}/claim", tag = "delivery",
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = FaxView, description = "It is the caller's, now or before"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
        (status = 409, body = ProblemBody, description = "Another has it, or it does not wait any more"),
        (status = 412, body = ProblemBody, description = "Another took it at the same moment"),
    ),
    security(("staff" = []))
)]
async fn take_fax(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<FaxView>, Problem> {
    let held = Held::open(&app, &token, &id, "take-fax").await?;
    let works = match held.holder() {
        Some(name) if *name != held.by.username => {
            still_intake(app.table().user(name).await?.as_ref(), &held.contract.id)
        }
        Some(_) | None => true,
    };
    let fax = held.fax.clone().take(&held.by, (&held.contract, works), app.now())?;
    held.save(fax, EventKind::FaxTaken, Transaction::new()).await
}

/// Gives a fax back to those that wait.
#[utoipa::path(
    delete, path = "/staff/faxes/{fax}/claim", tag = "delivery",
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = FaxView, description = "Nobody has it, now or before"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
        (status = 409, body = ProblemBody, description = "Another has it, or it does not wait any more"),
        (status = 412, body = ProblemBody, description = "Another changed it at the same moment"),
    ),
    security(("staff" = []))
)]
async fn give_fax_back(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<FaxView>, Problem> {
    let held = Held::open(&app, &token, &id, "give-fax-back").await?;
    let fax = held.fax.clone().give_back(&held.by, &held.contract)?;
    held.save(fax, EventKind::FaxGivenBack, Transaction::new()).await
}

/// Where a fax is filed.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct Filing {
    /// The case.
    #[schema(value_type = String, required = true, example = "261270001")]
    case_id: Option<String>,
    /// The request, as R01.
    #[schema(value_type = String, required = true, example = "R01")]
    request: Option<String>,
    /// Whether it answers what the provider was asked for: the request goes back to its reviewer.
    answers: Option<bool>,
}

/// Files a fax to a request of a case: it becomes a document of it, as what a provider adds after submit.
#[utoipa::path(
    put, path = "/staff/faxes/{fax}/filing", tag = "delivery", request_body = Filing,
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = FaxView, description = "Filed, now or before"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
        (status = 409, body = ProblemBody, description = "It was not taken, does not wait any more or cannot be read; or the request or case takes nothing more"),
        (status = 412, body = ProblemBody, description = "Somebody changed the fax or the case at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the contract has no such case or request"),
    ),
    security(("staff" = []))
)]
async fn file_fax(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<Filing>,
) -> Result<Answer<FaxView>, Problem> {
    let held = Held::open(&app, &token, &id, "file-fax").await?;
    let (case_id, request) = filing(&body.value)?;
    let (table, now) = (app.table(), app.now());
    let nobody =
        || Problem::invalid_field("/caseId", Wrong::NotFound.says("This contract has no case of this number."));
    let key = table.case_key(&case_id).await?.ok_or_else(nobody)?;
    if held.filed_to(key, request) {
        return held.answer(&held.fax);
    }
    let (case, documents) = futures::join!(table.case(key), table.documents(key));
    let case =
        case?.filter(|case| case.contract == held.contract.id && case.submission.is_some()).ok_or_else(nobody)?;
    if case.request(request).is_none() {
        let text = "This case has no such request.";
        return Err(Problem::invalid_field("/request", Wrong::NotFound.says(text)));
    }
    let answers = body.value.answers.unwrap_or(false);
    let has_room = document::has_room(&documents?, 1, now);
    let (fax, change, document) =
        held.fax.clone().file_by(&held.by, (case, request, answers), (has_room, &held.contract), now)?;
    let mut transaction = Transaction::new();
    held.case(&mut transaction, &change, "file-fax")?;
    transaction.document(table, key, &document, 1)?;
    held.save(Some(fax), EventKind::FaxPlaced { case: key, request }, transaction).await
}

fn filing(body: &Filing) -> Result<(CaseId, RequestNumber), FieldErrors> {
    let mut errors = FieldErrors::none();
    let case_id = errors.parse("/caseId", body.case_id.as_deref());
    let request = errors.parse("/request", body.request.as_deref());
    errors.finish(case_id.zip(request))
}

/// Why a fax belongs to no case.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct Closure {
    /// The kind of reason.
    #[schema(value_type = words::FaxCloseReason, required = true)]
    reason: Option<String>,
    /// In words, up to 1,000 characters; needed for another reason.
    note: Option<String>,
}

/// Closes a fax without a case.
#[utoipa::path(
    put, path = "/staff/faxes/{fax}/closure", tag = "delivery", request_body = Closure,
    params(("fax" = String, Path, description = "Id of the fax")),
    responses(
        (status = 200, body = FaxView, description = "Closed, now or before"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "No such fax, or of another contract"),
        (status = 409, body = ProblemBody, description = "It was not taken, or does not wait any more"),
        (status = 412, body = ProblemBody, description = "Somebody changed it at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn close_fax(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    body: Json<Closure>,
) -> Result<Answer<FaxView>, Problem> {
    let held = Held::open(&app, &token, &id, "close-fax").await?;
    let why = closure(&body.value)?;
    if held.closed_by_caller(&why) {
        return held.answer(&held.fax);
    }
    let fax = held.fax.clone().close_by(&held.by, why, &held.contract, app.now())?;
    held.save(Some(fax), EventKind::FaxClosed, Transaction::new()).await
}

/// As long as a note may be.
const LONGEST_NOTE: usize = 1000;

fn closure(body: &Closure) -> Result<(CloseReason, String), FieldErrors> {
    let mut errors = FieldErrors::none();
    let known = "Say whether it was misdirected, unreadable, repeated, returned or other.";
    let reason = choice(&mut errors, "/reason", body.reason.as_deref(), known);
    let note = body.note.as_deref().unwrap_or_default().trim().to_owned();
    if note.chars().count() > LONGEST_NOTE {
        let wrong = Wrong::TooLong { most: LONGEST_NOTE };
        errors.add("/note", wrong.says("Say it in at most 1,000 characters."));
    } else if reason == Some(CloseReason::Other) && note.is_empty() {
        errors.add("/note", Wrong::Missing.says("Say in words why it is closed."));
    }
    errors.finish(reason.map(|reason| (reason, note)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers<T>(read: Result<T, FieldErrors>) -> Vec<String> {
        read.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(pointers(filing(&Filing::default())), ["/caseId", "/request"]);
        let right = Filing { case_id: text("261270001"), request: text("R01"), answers: None };
        assert!(filing(&right).is_ok());
        assert_eq!(pointers(closure(&Closure::default())), ["/reason"]);
        assert_eq!(pointers(closure(&Closure { reason: text("lost"), note: None })), ["/reason"]);
        assert_eq!(pointers(closure(&Closure { reason: text("other"), note: text(" ") })), ["/note"]);
        assert_eq!(pointers(closure(&Closure { reason: text("repeated"), note: Some("n".repeat(1001)) })), ["/note"]);
        assert!(closure(&Closure { reason: text("misdirected"), note: None }).is_ok());
    }
}
