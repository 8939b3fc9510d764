//! Has a letter that is held written again (LTR-04): somebody has repaired what it lacked. What comes of it stands in the list of those that are held:
//! the letter is issued and gone from there, or still lacks something. The same letter is issued once, however often it is asked for.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use portico_aws::table::{
    Guard, Transaction,
    cases::held::{HeldLetter, WrittenFrom},
};
use portico_domain::{
    cases::access::CaseAction,
    events::{About, Actor, EventKind},
    id::LetterId,
    letters,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    once,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(ask_letter))
}

/// That it is being written.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AskedLetter {
    id: String,
    /// When it was asked for: a try after that is its outcome.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
}

/// Has a held letter written again.
#[utoipa::path(
    post, path = "/staff/held-letters/{id}/{letter}", tag = "letters",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("letter" = String, Path, description = "Id of the letter"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new try"),
    ),
    responses(
        (status = 202, body = AskedLetter, description = "It is being written; the list of held letters tells what came of it"),
        (status = 403, body = ProblemBody, description = "The caller's role repairs no letters"),
        (status = 404, body = ProblemBody, description = "No such letter, or of another contract"),
        (status = 409, body = ProblemBody, description = "It is issued; what it asks for was answered, is due no more or was decided; or it was held before it was kept what it is written from"),
        (status = 412, body = ProblemBody, description = "It was asked for or written at the same moment"),
        (status = 422, body = ProblemBody, description = "The Idempotency-Key was used for another letter"),
    ),
    security(("staff" = []))
)]
async fn ask_letter(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    Path((id, letter)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let letter: LetterId = letter.parse().map_err(|_| Problem::not_found())?;
    let key = key.scoped(token.username.as_str(), "ask-letter", &format!("{id}\n{letter}"));
    let table = app.table();
    let beside = |case| async move {
        let (held, issued) = futures::join!(table.held_letter(case, letter), table.letter(case, letter));
        Ok((held?, issued?))
    };
    let opened = app.open_with(&token, &id, CaseAction::Repair, "ask-letter", beside);
    let (before, opened) = futures::join!(app.replay(&key), opened);
    let (opened, before) = (opened?.about(letter), before?);
    if let Some(answer) = before.give(&opened) {
        return Ok(answer);
    }
    let (case, (held, issued)) = &opened.found;
    let held = match (held, issued) {
        (Some(held), _) if held.from.is_some() => held,
        (Some(_), _) => {
            let text = "It was held before it was kept what it is written from. Operations sends its event again.";
            return Err(Problem::conflict(text, "held"));
        }
        (None, Some(_)) => return Err(Problem::conflict("This letter is issued.", "issued")),
        (None, None) => return Err(Problem::not_found()),
    };
    let now = app.now();
    if let Some(WrittenFrom { about: letters::About::Information, number, .. }) = &held.from {
        let calendar = &app.contract(&case.contract).await?.calendar;
        if !case
            .request(held.request)
            .is_some_and(|request| request.still_asks(*number, calendar.time_zone.date_at(now)))
        {
            let text =
                "What this letter asks for was answered, is due no more, or the request was decided: it would mislead.";
            return Err(Problem::conflict(text, "over"));
        }
    }
    let asked = HeldLetter { asked: Some(now), ..held.clone() };
    let by = Actor::User(opened.caller.username().clone());
    let event = EventKind::LetterAsked { request: held.request, letter, audience: held.audience };
    let mut transaction = Transaction::new();
    transaction.held_letter_changed(table, case.key, (held, &asked), Guard::Version)?;
    transaction.event(table, About::Case(case.key), by, event, now)?;
    transaction.audit(table, case.key, &opened.access)?;
    let answer = AskedLetter { id: letter.to_string(), asked_at: now };
    app.commit_once(transaction, &key, StatusCode::ACCEPTED, &answer).await
}
