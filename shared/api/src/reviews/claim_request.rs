//! A reviewer takes a request from a worklist, or gives it back (REV-01). Taking one's own again changes nothing; of two who
//! take it at once one gets it, and the other is told. A lead gives it to another (REV-11). What a reviewer has left for too
//! long, or who may not work it any more, is for another to take.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_domain::{
    accounts::User,
    caller::Reviewer,
    cases::{Case, access::CaseAction, request::Request},
    field::FieldErrors,
    id::{RequestNumber, Username},
    reviews::{self, Holder, ReviewError},
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
    problem::{Problem, ProblemBody},
    version::{IfMatch, etag},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(claim_request, assign_request, release_request))
}

/// The claimed request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClaimedRequest {
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// The caller.
    claimed_by: String,
    #[schema(value_type = String, format = DateTime)]
    claimed_at: Timestamp,
    /// Version of the case.
    version: u64,
}

/// Claims a request.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/claim", tag = "reviews",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = ClaimedRequest, description = "It is the caller's, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Another reviewer has it, or it is not in review"),
    ),
    security(("staff" = []))
)]
async fn claim_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "claim-request").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&opened.found).await?;
    let holder = holder(&app, &opened.found, number, reviewer).await?;
    let Some(change) = reviews::claim(opened.found.clone(), number, reviewer, (&contract, holder), app.now())? else {
        return answer(&opened.found, number);
    };
    let transaction = app.save(&change, &contract.calendar, &opened)?;
    match app.table().commit(transaction).await {
        Ok(()) => answer(&change.case, number),
        Err(error) if error.refused(portico_aws::table::Guard::Version) => {
            let stored = app.reload(change.case.key).await?;
            match reviews::claim(stored.clone(), number, reviewer, (&contract, Holder::Works), app.now())? {
                None => answer(&stored, number),
                Some(_) => Err(Problem::conflict(
                    "The case was changed at the same moment. Try again.",
                    word(&stored.status()),
                )),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Who is to work on a request.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct Assignment {
    /// Username of a reviewer who works the worklist that the request is on.
    #[schema(example = "nurse.ann")]
    reviewer: Option<String>,
}

/// Gives a request to a reviewer, whoever has it: for a lead of the worklist that it is on, and for a Contract Manager, who
/// leads the contract's staff and does not see the case.
#[utoipa::path(
    put, path = "/staff/cases/{id}/requests/{number}/claim", tag = "reviews", request_body = Assignment,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
        ("If-Match" = Option<String>, Header, description = "Version of the case that the caller has seen"),
    ),
    responses(
        (status = 200, body = ClaimedRequest, description = "It is the reviewer's, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller does not lead the reviewers of this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "It is not in review"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case in the meantime"),
        (status = 422, body = ProblemBody, description = "Nobody who works this worklist of the contract"),
    ),
    security(("staff" = []))
)]
async fn assign_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    seen: Option<IfMatch>,
    body: Json<Assignment>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Assign, "assign-request").await?.about(number);
    let by = opened.caller.reviewer()?;
    let mut errors = FieldErrors::none();
    let reviewer: Option<Username> = errors.parse("/reviewer", body.value.reviewer.as_deref());
    let reviewer = errors.finish(reviewer)?;
    let (contract, user) = futures::join!(app.contract_for(&opened.found), app.table().user(&reviewer));
    let contract = contract?;
    let nobody = || Problem::invalid_field("/reviewer", reviews::not_a_reviewer());
    let user = user?.filter(User::is_active).ok_or_else(nobody)?;
    let to = user.post().ok_or_else(nobody)?;
    let Some(change) = reviews::assign(opened.found.clone(), number, (by, to), &contract, app.now())? else {
        return answer(&opened.found, number);
    };
    if let Some(seen) = seen {
        seen.check(opened.found.version)?;
    }
    let transaction = app.save(&change, &contract.calendar, &opened)?;
    app.table().commit(transaction).await?;
    answer(&change.case, number)
}

/// Gives a request back to its worklist.
#[utoipa::path(
    delete, path = "/staff/cases/{id}/requests/{number}/claim", tag = "reviews",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 204, description = "Nobody has it, now or before"),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Another reviewer has it, or it is not in review"),
    ),
    security(("staff" = []))
)]
async fn release_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "release-request").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&opened.found).await?;
    if let Some(change) = reviews::release(opened.found.clone(), number, reviewer, &contract, app.now())? {
        let transaction = app.save(&change, &contract.calendar, &opened)?;
        app.table().commit(transaction).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether another reviewer who has the request may still work it.
async fn holder(app: &App, case: &Case, number: RequestNumber, by: &Reviewer) -> Result<Holder, Problem> {
    let Some((queue, Some(claim))) = case.request(number).and_then(Request::queue) else { return Ok(Holder::Works) };
    if claim.by == by.username {
        return Ok(Holder::Works);
    }
    let user = app.table().user(&claim.by).await?;
    Ok(Holder::of(user.as_ref(), queue, &case.contract))
}

fn answer(case: &Case, number: RequestNumber) -> Result<Response, Problem> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let (_, claim) = request.queue().ok_or_else(|| ReviewError::from(request.not_now()))?;
    let claim = claim.ok_or(ReviewError::NotClaimed)?;
    let claimed = ClaimedRequest {
        request: number.to_string(),
        status: word(&request.status()),
        claimed_by: claim.by.to_string(),
        claimed_at: claim.at,
        version: case.version,
    };
    Ok(([etag(case.version)], Answer(claimed)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Kind;
    use crate::samples;

    /// REQ: REV-01
    #[test]
    fn the_answer_names_the_claim_that_is_stored() {
        let response = answer(&samples::claimed("nurse.ann"), RequestNumber::FIRST).unwrap();
        assert_eq!(response.headers()["etag"], "\"4\"");
        assert_eq!(answer(&samples::submitted(), RequestNumber::FIRST).unwrap_err().kind(), Kind::Conflict);
        assert_eq!(answer(&samples::draft(), "R02".parse().unwrap()).unwrap_err().kind(), Kind::NotFound);
    }

    /// REQ: REV-01
    #[test]
    fn what_another_reviewer_has_is_a_conflict() {
        let bob = samples::nurse("nurse.bob");
        let taken = samples::claimed("nurse.ann");
        let at = samples::MORNING.parse().unwrap();
        let refused = reviews::claim(
            taken,
            RequestNumber::FIRST,
            bob.reviewer().unwrap(),
            (&samples::contract(), Holder::Works),
            at,
        )
        .unwrap_err();
        let problem = Problem::from(refused);
        assert_eq!(problem.kind(), Kind::Conflict);
        assert!(format!("{problem:?}").contains("claimed"));
        assert!(format!("{problem:?}").contains("since May 7, 2026 at "), "{problem:?}");
    }
}
