//! Records that a State fair hearing about a decision is asked for (ACT-11), by the requesting provider's group with the member's
//! written consent. The same sent once more finds what the first one did. It stands beside `edit_case`, whose function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_domain::{
    cases::{
        access::CaseAction,
        heard::{self, AskedHearing},
        hearing::AskedBy,
    },
    field::FieldErrors,
    glyphs::clean,
    id::RequestNumber,
    status::Side,
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
    Route::new().routes(routes!(ask_hearing))
}

/// What is asked for.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct HearingBody {
    /// The member has agreed to it in writing.
    #[schema(value_type = bool, required = true)]
    consent: Option<bool>,
    /// Why the decision is to be heard, in 1 to 4,000 characters.
    #[schema(value_type = String, required = true)]
    reason: Option<String>,
}

/// The request with the hearing that was asked for.
#[derive(Serialize, ToSchema)]
struct AskedForHearing {
    request: String,
    #[schema(value_type = words::HearingState)]
    state: &'static str,
    /// Version of the case.
    version: u64,
}

/// Records that a State fair hearing is asked for.
#[utoipa::path(
    put, path = "/cases/{id}/requests/{number}/hearing", tag = "cases", request_body = HearingBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = AskedForHearing, description = "Asked for, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group asks"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "There is no adverse decision or no hearing under the contract, the time to ask is over, or one was asked for already"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was asked"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn ask_hearing(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<HearingBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Write, "ask-hearing").await?.about(number);
    let reason = parse(&body.value)?;
    let contract = app.promised(&opened.found).await?;
    let (now, by) = (app.now(), token.username.clone());
    let asked = AskedHearing { on: contract.calendar.time_zone.date_at(now), by: AskedBy::Provider, reason };
    let change = heard::ask(opened.found.clone(), number, asked, &contract, (now, by, Side::Provider))?;
    let version = app.saved(change.as_ref(), &contract.calendar, &opened).await?;
    let answer = AskedForHearing { request: number.to_string(), state: "requested", version };
    Ok(([etag(version)], Answer(answer)).into_response())
}

fn parse(body: &HearingBody) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::none();
    if body.consent != Some(true) {
        let text = "A provider asks for a hearing only with the member's written consent.";
        errors.add("/consent", Wrong::NotAgreed.says(text));
    }
    let reason = errors.keep("/reason", clean(body.reason.as_deref().unwrap_or_default()));
    errors.finish(reason)
}
