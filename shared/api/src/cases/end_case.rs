//! Ends a case without a decision: cancels a draft, or withdraws a request until it is decided (ACT-06). Whoever may edit the
//! case does it, in the name of its requesting provider.
//!
//! Both are for good, so that a repeated call finds what the first one did and is answered the same: no key is needed. When
//! somebody changes the case at the same moment, it is looked at again: a request that a reviewer just took is withdrawn
//! all the same, one that was just decided is not.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::table::Guard;
use portico_domain::{
    cases::{Case, Change, access::CaseAction, ends::EndError, request},
    contracts::Contract,
    field::FieldErrors,
    glyphs::clean,
    id::RequestNumber,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::word,
    json::Json,
    open::Opened,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// How often the case is looked at again when somebody else changes it at the same moment.
const TRIES: usize = 4;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(cancel_case)).routes(routes!(withdraw_request))
}

/// A cancelled case.
#[derive(Serialize, ToSchema)]
struct CancelledCase {
    /// Opaque key.
    key: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When it was cancelled, now or before.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom; by nobody when it had ended by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// Version of the case.
    version: u64,
}

/// Cancels a draft.
#[utoipa::path(
    put, path = "/cases/{id}/cancellation", tag = "cases",
    params(("id" = String, Path, description = "Opaque key")),
    responses(
        (status = 200, body = CancelledCase, description = "Cancelled, now or before: it can be read and not changed", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 404, body = ProblemBody, description = "No such case"),
        (status = 409, body = ProblemBody, description = "It was submitted, or others change it again and again"),
    ),
    security(("provider" = []))
)]
async fn cancel_case(State(app): State<Arc<App>>, token: Token, Path(id): Path<String>) -> Result<Response, Problem> {
    let opened = app.open(&token, &id, CaseAction::Write, "cancel-case").await?;
    let by = (app.now(), token.username.clone());
    let case = end(&app, opened, |case, _| case.cancel(by.0, by.1.clone())).await?;
    let cancelled = case.requests.iter().find_map(|request| match &request.state {
        request::State::Cancelled { at, by } => Some((*at, by.as_ref().map(ToString::to_string))),
        request::State::Draft
        | request::State::Submitted { .. }
        | request::State::NurseReview { .. }
        | request::State::PhysicianReview { .. }
        | request::State::Pended { .. }
        | request::State::AwaitsCoverage { .. }
        | request::State::Void { .. }
        | request::State::Determined { .. }
        | request::State::Withdrawn { .. } => None,
    });
    let (at, by) = cancelled.ok_or(EndError::Submitted(case.status()))?;
    let answer =
        CancelledCase { key: case.key.to_string(), status: word(&case.status()), at, by, version: case.version };
    Ok(([etag(case.version)], Answer(answer)).into_response())
}

/// Why a request is withdrawn.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct WithdrawalBody {
    /// In 1 to 1,000 characters; whoever sees the case reads it.
    #[schema(required = true, value_type = String, example = "The services were asked for in another case.")]
    reason: Option<String>,
}

/// A withdrawn request.
#[derive(Serialize, ToSchema)]
struct WithdrawnRequest {
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When it was withdrawn, now or before.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// Version of the case.
    version: u64,
}

/// Withdraws a request that is not decided.
#[utoipa::path(
    put, path = "/cases/{id}/requests/{number}/withdrawal", tag = "cases", request_body = WithdrawalBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = WithdrawnRequest, description = "Withdrawn, now or before: nobody decides it any more", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group withdraws"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not submitted, decided, or ordered by a State fair hearing, or others change it again and again"),
        (status = 422, body = ProblemBody, description = "The reason is missing or too long"),
    ),
    security(("provider" = []))
)]
async fn withdraw_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<WithdrawalBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Write, "withdraw-request").await?.about(number);
    let by = (app.now(), token.username.clone());
    let mut errors = FieldErrors::none();
    let reason = errors.keep("/reason", clean(body.value.reason.as_deref().unwrap_or_default()));
    let reason = errors.finish(reason)?;
    let case = end(&app, opened, |case, contract| case.withdraw(number, &reason, contract, by.clone())).await?;
    let request = case.request(number).ok_or(EndError::NoRequest)?;
    let request::State::Withdrawn { at, by, .. } = &request.state else {
        return Err(EndError::Over(request.status()).into());
    };
    let answer = WithdrawnRequest {
        request: number.to_string(),
        status: word(&request.status()),
        at: *at,
        by: by.to_string(),
        version: case.version,
    };
    Ok(([etag(case.version)], Answer(answer)).into_response())
}

/// The case after this end, saved; as it is when it has ended so before.
async fn end(
    app: &App,
    mut opened: Opened,
    decide: impl Fn(Case, &Contract) -> Result<Option<Change>, EndError>,
) -> Result<Case, Problem> {
    let contract = app.contract_for(&opened.found).await?;
    for _ in 0..TRIES {
        let Some(change) = decide(opened.found.clone(), &contract)? else { return Ok(opened.found) };
        let transaction = app.save(&change, &contract.calendar, &opened)?;
        match app.table().commit(transaction).await {
            Ok(()) => return Ok(change.case),
            Err(error) if error.refused(Guard::Version) => opened.found = app.reload(change.case.key).await?,
            Err(error) => return Err(error.into()),
        }
    }
    let detail = "The case is being changed by others at the same moment. Look at it again and try once more.";
    Err(Problem::conflict(detail, word(&opened.found.status())))
}
