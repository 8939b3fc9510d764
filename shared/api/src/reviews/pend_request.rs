//! A reviewer asks the provider for what is missing in a request that they have claimed (REV-06): it waits until a day, and comes
//! back to them with the answer, or when that day is over.
//!
//! Nothing is saved whose letters could not be issued, as with a decision. It stands beside `determine_request`, whose
//! function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    caller::Reviewer,
    cases::{Case, Change, access::CaseAction, request::Request},
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    glyphs::clean,
    id::RequestNumber,
    reviews::{
        ReviewError, letter_facts,
        pend::{self, MOST_ITEMS},
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
    form::{date, fits, list, word},
    json::Json,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(pend_request))
}

/// What is asked for.
#[derive(Deserialize, ToSchema, Default)]
struct PendBody {
    /// What is needed, one thing each: 1 to 10 of at most 300 characters. It stands in the letters.
    #[serde(default)]
    #[schema(example = json!(["Progress notes of the last three months"]))]
    items: Vec<String>,
    /// The last day to answer, in the contract's zone; `askBy` of the request at the latest.
    #[schema(value_type = String, required = true)]
    due: Option<String>,
}

/// The request that waits.
#[derive(Serialize, ToSchema)]
struct PendedRequest {
    request: String,
    #[schema(value_type = words::Status)]
    status: String,
    /// When it comes back without an answer.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Version of the case.
    version: u64,
}

/// Asks the provider for information.
#[utoipa::path(
    post, path = "/staff/cases/{id}/requests/{number}/pend", tag = "reviews", request_body = PendBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = PendedRequest, description = "It waits for the provider; letters follow by themselves", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "The caller's role does not work this request"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "Not claimed, another's, decided, waiting already, or changed at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or a letter would lack an element"),
    ),
    security(("staff" = []))
)]
async fn pend_request(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<PendBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Review, "pend-request").await?.about(number);
    let reviewer = opened.caller.reviewer()?;
    let contract = app.contract_for(&opened.found).await?;
    let change = pended(&opened.found, number, reviewer, &body.value, (&contract, app.now()))?;
    let transaction = app.save(&change, &contract.calendar, &opened)?;
    save(&app, transaction, (change.case.key, number), "ask").await?;
    answer(&change.case, number)
}

/// The case as the request for information leaves it, when its letters can be issued.
fn pended(
    case: &Case,
    number: RequestNumber,
    by: &Reviewer,
    body: &PendBody,
    (contract, at): (&Contract, Timestamp),
) -> Result<Change, Problem> {
    let change = pend::pend(case.clone(), number, by, parse(body)?, contract, at)?;
    let asked = change.case.request(number).and_then(Request::pended).ok_or(ReviewError::NoRequest)?;
    let mut missing = letter_facts::check_asking(&change.case, number, asked, contract);
    // Where asking extends the time, both are told of that too.
    if change.events.iter().any(|event| matches!(event, EventKind::TimeExtended { .. })) {
        missing.extend(letter_facts::check_extended(&change.case, number, contract));
    }
    lacking(missing).into_result()?;
    Ok(change)
}

fn parse(body: &PendBody) -> Result<(Vec<String>, Date), FieldErrors> {
    let mut errors = FieldErrors::none();
    let due = date(&mut errors, "/due", body.due.as_deref());
    if !fits(&mut errors, "/items", &body.items, (MOST_ITEMS, "things")) {
        return Err(errors);
    }
    // As it can be printed (LTR-09).
    let items = list(&body.items, |place, item| {
        errors.keep(format!("/items/{place}"), clean(item)).map(|item| item.trim().to_owned())
    });
    errors.finish(items.zip(due))
}

fn answer(case: &Case, number: RequestNumber) -> Result<Response, Problem> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let asked = request.pended().ok_or_else(|| ReviewError::from(request.not_now()))?;
    let pended = PendedRequest {
        request: number.to_string(),
        status: word(&request.status()),
        until: asked.until,
        version: case.version,
    };
    Ok(([etag(case.version)], Answer(pended)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use serde_json::{Value, json};

    fn asked(body: Value) -> Result<Change, Vec<String>> {
        let (contract, nurse) = (samples::contract(), samples::nurse("nurse.ann"));
        let body = serde_json::from_value(body).unwrap();
        let at = samples::MORNING.parse().unwrap();
        pended(&samples::claimed("nurse.ann"), RequestNumber::FIRST, nurse.reviewer().unwrap(), &body, (&contract, at))
            .map_err(|problem| problem.pointers())
    }

    #[test]
    fn everything_wrong_with_what_is_asked_is_told_at_its_field() {
        assert!(asked(json!({ "items": ["Progress notes"], "due": "2026-05-11" })).is_ok());
        assert_eq!(asked(json!({})).unwrap_err(), ["/due"]);
        assert_eq!(asked(json!({ "items": [], "due": "2026-05-11" })).unwrap_err(), ["/items"]);
        assert_eq!(asked(json!({ "items": ["A \u{1F4C4}", "B"], "due": "soon" })).unwrap_err(), ["/due", "/items/0"]);
        let late = json!({ "items": [" ", "n".repeat(301)], "due": "2026-05-15" });
        assert_eq!(asked(late).unwrap_err(), ["/items/0", "/items/1", "/due"]);
        assert_eq!(asked(json!({ "items": vec!["A"; 11], "due": "2026-05-11" })).unwrap_err(), ["/items"]);
    }

    #[test]
    fn the_answer_says_until_when_it_waits() {
        let change = asked(json!({ "items": ["Progress notes"], "due": "2026-05-11" })).unwrap();
        let response = answer(&change.case, RequestNumber::FIRST).unwrap();
        assert_eq!(response.headers()["etag"], format!("\"{}\"", change.case.version).as_str());
        assert!(answer(&samples::claimed("nurse.ann"), RequestNumber::FIRST).is_err());
    }
}
