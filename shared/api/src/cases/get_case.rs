//! Shows a case with everything that hangs on it, to the groups of its providers and to staff of its contract; nobody
//! else can tell that it exists (ACT-07). Each look is audited, each refusal too (OPS-05).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_domain::{cases::access::CaseAction, events::About};
use utoipa_axum::routes;

use super::view::{CaseView, Sight};
use crate::{
    Route,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
    version::etag,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_case)).routes(routes!(get_case_as_staff))
}

/// Shows a case.
#[utoipa::path(
    get, path = "/cases/{id}", tag = "cases",
    params(("id" = String, Path, description = "Opaque key or Case ID")),
    responses(
        (status = 200, body = CaseView, description = "The case; its version is the ETag"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
    ),
    security(("provider" = []))
)]
async fn get_case(State(app): State<Arc<App>>, token: Token, Path(id): Path<String>) -> Result<Response, Problem> {
    Box::pin(show(&app, &token, &id)).await
}

/// Shows a case to staff.
#[utoipa::path(
    get, path = "/staff/cases/{id}", tag = "reviews",
    params(("id" = String, Path, description = "Opaque key or Case ID")),
    responses(
        (status = 200, body = CaseView, description = "The case; its version is the ETag"),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
    ),
    security(("staff" = []))
)]
async fn get_case_as_staff(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Box::pin(show(&app, &token, &id)).await
}

async fn show(app: &App, token: &Token, id: &str) -> Result<Response, Problem> {
    let opened = app.open(token, id, CaseAction::Read, "get-case").await?;
    let case = &opened.file.case;
    let about = About::Case(case.key);
    let (contract, events, audited) = futures::join!(
        app.contract(&case.contract),
        app.table().events(&about),
        app.table().audit(case.key, &opened.access),
    );
    audited?;
    let (contract, events) = (contract?, events?);
    let sight = Sight { caller: &opened.caller, contract: &contract, now: app.now() };
    Ok(([etag(case.version)], Answer(CaseView::of(&opened.file, &events, sight))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    use serde_json::{Value, json};

    fn seen(file: &portico_aws::table::cases::CaseFile, caller: &portico_domain::caller::Caller) -> Value {
        let contract = samples::contract();
        let sight = Sight { caller, contract: &contract, now: "2026-05-08T15:00:00Z".parse().unwrap() };
        serde_json::to_value(CaseView::of(file, &samples::events(), sight)).unwrap()
    }

    /// REQ: CASE-01, CASE-21, CASE-23
    #[test]
    fn a_draft_shows_what_is_missing_and_what_must_be_agreed_to() {
        let view = seen(&samples::file(samples::draft()), &samples::clerk());
        assert_eq!(view["status"], "draft");
        assert_eq!(view["caseId"], Value::Null);
        assert_eq!(view["checklist"][0]["status"], "missing");
        assert_eq!(view["disclaimer"], samples::contract().disclaimer);
        assert_eq!(view["may"], json!(["edit", "attach", "note", "submit"]));
        assert_eq!(view["requests"][0]["lines"][0]["unit"], "1 hour");
        assert_eq!(view["diagnoses"][0]["description"], "Autistic disorder");
    }

    /// REQ: REV-09, ACT-07
    #[test]
    fn a_provider_sees_the_clock_and_no_reviewers_names() {
        let file = samples::file(samples::claimed("nurse.ann"));
        let view = seen(&file, &samples::clerk());
        let request = &view["requests"][0];
        assert_eq!((&request["status"], &request["clock"]["state"]), (&json!("nurse-review"), &json!("running")));
        assert_eq!(request["clock"]["due"], "2026-05-17T04:59:59Z");
        assert_eq!(
            (&request["clock"]["dueLocal"], &request["clock"]["zone"]),
            (&json!("2026-05-16"), &json!("America/Chicago"))
        );
        assert_eq!((&request["claim"], &request["may"]), (&Value::Null, &json!([])));
        assert_eq!(view["timeline"][1]["by"], "Review staff");
        assert_eq!(view["timeline"][1]["text"], "A nurse reviewer took R01.");
        assert!(!view.to_string().contains("nurse.ann"));
    }

    /// REQ: REV-01, REV-03
    #[test]
    fn a_reviewer_sees_who_works_on_it_and_what_may_be_done() {
        let file = samples::file(samples::claimed("nurse.ann"));
        let ann = seen(&file, &samples::nurse("nurse.ann"));
        assert_eq!(ann["requests"][0]["claim"]["by"], "nurse.ann");
        assert_eq!(ann["requests"][0]["may"], json!(["determine", "refer"]));
        assert_eq!(seen(&file, &samples::nurse("nurse.bob"))["requests"][0]["may"], json!([]));
        assert_eq!(ann["may"], json!([]));
    }

    /// REQ: REV-04
    #[test]
    fn requested_stands_beside_authorized() {
        let file = samples::file(samples::reduced());
        let view = seen(&file, &samples::clerk());
        let line = &view["requests"][0]["lines"][0];
        assert_eq!((&line["quantity"], &line["outcome"]["authorized"]["units"]), (&json!(150), &json!(90)));
        assert_eq!(line["outcome"]["outcome"], "modified");
        assert_eq!(view["requests"][0]["determination"]["authorizationNumber"], "A26127000101");
        assert_eq!(view["status"], "modified");
        assert_eq!(view["requests"][0]["clock"]["state"], "met");
    }
}
