//! A reviewer extends the time for the decision on a request that they have claimed, once and by no more days than the contract says
//! (42 CFR 438.210(d)(1)(ii)): provider and member are told why, until when, and that they may complain (438.404(c)(4)).
//!
//! Nothing is saved whose letters could not be issued, as with a decision. It stands beside `determine_request`, whose
//! function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_domain::{
    caller::Reviewer,
    cases::{Case, Change, access::CaseAction},
    contracts::Contract,
    field::{FieldErrors, Objection},
    glyphs::clean,
    id::RequestNumber,
    reviews::{
        ReviewError, letter_facts,
        more_time::{self, Wanted},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{lacking::lacking, saved::save};
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{choice, word},
    json::Json,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(extend_time))
}

/// More time.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MoreTimeBody {
    /// By how many days of the calendar: `moreDays` of the request at most.
    #[schema(value_type = i64, required = true, example = 14)]
    days: Option<i64>,
    /// Who asked for it: `member`, `provider`, or `plan`, which needs information.
    #[schema(value_type = words::AskedForTime, required = true)]
    asked_by: Option<String>,
    /// Why it is in the member's interest, in 20 to 1,000 characters. It stands in the letters.
    #[schema(value_type = String, required = true)]
    reason: Option<String>,
}

/// The request with more time.
#[derive(Serialize, ToSchema)]
struct ExtendedRequest {
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When the decision is due now.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// Version of the case.
    version: u64,
}

/// Extends the time for a decision.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/more-time", tag = "reviews", request_body = MoreTimeBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = ExtendedRequest, description = "Its time is extended; letters follow by themselves", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, decided, waiting, extended before, over, or changed at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or a letter would lack an element"),
    ),
    security(("staff" = []))
)]
async fn extend_time(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<MoreTimeBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "extend-time").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&opened.found).await?;
    let change = extended(&opened.found, number, reviewer, &body.value, (&contract, app.now()))?;
    let transaction = app.save(&change, &contract.calendar, &opened)?;
    save(&app, transaction, (change.case.key, number), "extend its time").await?;
    answer(&change.case, number)
}

/// The case with more time, when its letters can be issued.
pub(super) fn extended(
    case: &Case,
    number: RequestNumber,
    by: &Reviewer,
    body: &MoreTimeBody,
    (contract, at): (&Contract, Timestamp),
) -> Result<Change, Problem> {
    let change = more_time::extend(case.clone(), number, by, parse(body)?, contract, at)?;
    lacking(letter_facts::check_extended(&change.case, number, contract)).into_result()?;
    Ok(change)
}

fn parse(body: &MoreTimeBody) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::none();
    if body.days.is_none() {
        errors.add("/days", Objection::required());
    }
    // What is no number of days is none that the contract allows.
    let days = body.days.map(|days| u32::try_from(days).unwrap_or(0));
    let asked_by = choice(&mut errors, "/askedBy", body.asked_by.as_deref(), "Choose member, provider or plan.");
    let reason = body.reason.as_deref().unwrap_or_default();
    if reason.trim().is_empty() {
        errors.add("/reason", Objection::required());
    }
    // As it can be printed (LTR-09).
    let reason = errors.keep("/reason", clean(reason));
    let wanted = days.zip(asked_by).zip(reason);
    errors.finish(wanted.map(|((days, asked_by), reason)| Wanted { days, asked_by, reason }))
}

fn answer(case: &Case, number: RequestNumber) -> Result<Response, Problem> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let more = request.more_time.as_ref().ok_or_else(|| ReviewError::from(request.not_now()))?;
    let extended = ExtendedRequest {
        request: number.to_string(),
        status: word(&request.status()),
        due: more.until,
        version: case.version,
    };
    Ok(([etag(case.version)], Answer(extended)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use serde_json::{Value, json};

    const REASON: &str = "The specialist's report comes next week and may show that the service is needed.";

    fn asked(body: Value) -> Result<Change, Vec<String>> {
        let (contract, nurse) = (samples::contract(), samples::nurse("nurse.ann"));
        let body = serde_json::from_value(body).unwrap();
        let at = samples::MORNING.parse().unwrap();
        extended(
            &samples::claimed("nurse.ann"),
            RequestNumber::FIRST,
            nurse.reviewer().unwrap(),
            &body,
            (&contract, at),
        )
        .map_err(|problem| problem.pointers())
    }

    #[test]
    fn everything_wrong_with_more_time_is_told_at_its_field() {
        assert!(asked(json!({ "days": 14, "askedBy": "plan", "reason": REASON })).is_ok());
        assert_eq!(asked(json!({})).unwrap_err(), ["/days", "/askedBy", "/reason"]);
        assert_eq!(
            asked(json!({ "days": 1, "askedBy": "nurse", "reason": "A \u{1F4C4}" })).unwrap_err(),
            ["/askedBy", "/reason"]
        );
        assert_eq!(
            asked(json!({ "days": -1, "askedBy": "plan", "reason": "Soon." })).unwrap_err(),
            ["/days", "/reason"]
        );
        assert_eq!(asked(json!({ "days": 15, "askedBy": "plan", "reason": REASON })).unwrap_err(), ["/days"]);
    }

    #[test]
    fn the_answer_says_when_it_is_due_now() {
        let change = asked(json!({ "days": 3, "askedBy": "member", "reason": REASON })).unwrap();
        let response = answer(&change.case, RequestNumber::FIRST).unwrap();
        assert_eq!(response.headers()["etag"], format!("\"{}\"", change.case.version).as_str());
        assert!(answer(&samples::claimed("nurse.ann"), RequestNumber::FIRST).is_err());
    }
}
