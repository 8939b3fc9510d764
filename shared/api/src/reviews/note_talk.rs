//! Notes what becomes of a peer-to-peer conversation (ACT-04): which of the provider's times is kept, that it was held and what
//! came of it, or that it was missed. No decision changes by it. It stands beside `determine_request`, whose function mounts
//! it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_domain::{
    cases::access::CaseAction,
    field::{FieldErrors, Objection},
    glyphs::clean,
    id::RequestNumber,
    reviews::talk::{self, Noted},
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
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(note_talk))
}

/// What is noted.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct NoteBody {
    /// `scheduled`, `held` or `missed`.
    #[schema(value_type = words::TalkNote, required = true)]
    state: Option<String>,
    /// For `scheduled`: one of the times that the provider offers.
    #[schema(value_type = Option<String>, format = DateTime)]
    time: Option<String>,
    /// For `held`: what came of it, in 1 to 4,000 characters. Whoever sees the case reads it.
    outcome: Option<String>,
}

/// The request with what was noted.
#[derive(Serialize, ToSchema)]
struct NotedTalk {
    request: String,
    #[schema(value_type = words::TalkState)]
    state: &'static str,
    /// Version of the case.
    version: u64,
}

/// Notes what becomes of a peer-to-peer conversation.
#[utoipa::path(
    put, path = "/staff/cases/{id}/requests/{number}/peer-to-peer", tag = "reviews", request_body = NoteBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = NotedTalk, description = "Noted, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only reviewers do this"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "None was asked for, no time is chosen, it is noted already, or as held before its time"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was noted"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn note_talk(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<NoteBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "note-talk").await?.about(number);
    let (noted, state) = parse(&body.value)?;
    let contract = app.contract_for(&opened.found).await?;
    let change = talk::note(opened.found.clone(), number, noted, app.now())?;
    let version = app.saved(change.as_ref(), &contract.calendar, &opened).await?;
    Ok(([etag(version)], Answer(NotedTalk { request: number.to_string(), state, version })).into_response())
}

fn parse(body: &NoteBody) -> Result<(Noted, &'static str), FieldErrors> {
    let mut errors = FieldErrors::none();
    let noted = match body.state.as_deref().map(str::trim) {
        Some("scheduled") => {
            let time: Option<Timestamp> = body.time.as_deref().and_then(|time| time.trim().parse().ok());
            if time.is_none() {
                let wrong = if body.time.is_none() { Objection::required() } else { Objection::not_a_date() };
                errors.add("/time", wrong);
            }
            time.map(|time| (Noted::Scheduled(time), "scheduled"))
        }
        Some("held") => {
            let outcome = errors.keep("/outcome", clean(body.outcome.as_deref().unwrap_or_default()));
            outcome.map(|outcome| (Noted::Held(outcome), "held"))
        }
        Some("missed") => Some((Noted::Missed, "missed")),
        other => {
            let text = "What is noted is one of scheduled, held, missed.";
            errors.add("/state", Wrong::word(other).says(text));
            None
        }
    };
    errors.finish(noted)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_noted_has_what_belongs_to_it() {
        let read = |body: Value| {
            let body = serde_json::from_value(body).unwrap();
            let told = |errors: FieldErrors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect();
            parse(&body).map(|(_, state)| state).map_err(|errors| -> Vec<String> { told(errors) })
        };
        assert_eq!(read(json!({ "state": "scheduled", "time": "2026-05-11T15:30:00Z" })), Ok("scheduled"));
        assert_eq!(read(json!({ "state": "missed" })), Ok("missed"));
        assert_eq!(read(json!({ "state": "held", "outcome": "Agreed." })), Ok("held"));
        for (body, pointer) in [
            (json!({}), "/state"),
            (json!({ "state": "asked" }), "/state"),
            (json!({ "state": "scheduled" }), "/time"),
            (json!({ "state": "scheduled", "time": "soon" }), "/time"),
            (json!({ "state": "held", "outcome": "\u{1F600}" }), "/outcome"),
        ] {
            assert_eq!(read(body), Err(vec![pointer.to_owned()]));
        }
    }
}
