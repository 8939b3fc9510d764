//! Shows a case with everything that hangs on it, to the groups of its providers and to staff of its contract; nobody
//! else can tell that it exists (ACT-07). Each look is audited, each refusal too (OPS-05).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_domain::{
    cases::{access::CaseAction, request},
    events::About,
    field::FieldErrors,
    id::EventId,
    reviews::{eligibility, without_claim},
};
use serde::Deserialize;
use utoipa_axum::routes;

use super::{sight::Sight, view::CaseView};
use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    open::Sheet,
    page::Query,
    problem::{Problem, ProblemBody},
    version::etag,
};

/// As many notes are shown at once, the last ones.
const NOTES: usize = 50;
/// As many events are shown at once, the last ones.
const EVENTS: usize = 200;

/// Which notes and events are shown: the last ones, or those before.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Earlier {
    notes_before: Option<String>,
    timeline_before: Option<String>,
}

/// The same, read.
#[derive(Clone, Copy)]
struct Parts {
    notes_before: Option<EventId>,
    events_before: Option<EventId>,
}

fn parse(query: &Earlier) -> Result<Parts, FieldErrors> {
    let mut errors = FieldErrors::none();
    let notes_before = errors.parse_optional("/notesBefore", query.notes_before.as_deref());
    let events_before = errors.parse_optional("/timelineBefore", query.timeline_before.as_deref());
    errors.finish(Some(Parts { notes_before, events_before }))
}

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(get_case)))
}

/// Shows a case.
#[utoipa::path(
    get, path = "/cases/{id}", tag = "cases",
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("notesBefore" = Option<String>, Query, description = "Shows the notes before this one: `earlierNotes` as received"),
        ("timelineBefore" = Option<String>, Query, description = "Shows what happened before: `earlierTimeline` as received"),
    ),
    responses(
        (status = 200, body = CaseView, description = "The case; its version is the ETag", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 404, body = ProblemBody, description = "No such case, or not for the caller"),
        (status = 422, body = ProblemBody, description = "A part of the query has no form"),
    ),
    security(("provider" = []))
)]
async fn get_case(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    query: Query<Earlier>,
) -> Result<Response, Problem> {
    Box::pin(show(&app, &token, &id, &query.0)).await
}

async fn show(app: &App, token: &Token, id: &str, query: &Earlier) -> Result<Response, Problem> {
    let parts = parse(query)?;
    let Parts { notes_before, events_before } = parts;
    let pages = async |key| {
        let about = About::Case(key);
        let (file, notes, events) = futures::join!(
            app.table().case_file(key),
            app.table().notes_before(key, notes_before, NOTES),
            app.table().events_before(&about, events_before, EVENTS),
        );
        let (notes, events) = (notes?, events?);
        Ok(file?.map(|file| Sheet { file, notes, events }))
    };
    let mut opened = Box::pin(app.open_as(token, id, CaseAction::Read, "get-case", pages)).await?;
    let case = &opened.found.file.case;
    let left = async {
        // Who has a request is staff's to know.
        if opened.caller.reviewer().is_ok() { app.left_by_holder(case).await } else { Ok(Vec::new()) }
    };
    let audit = app.table().audit(case.key, &opened.access);
    let open =
        case.requests.iter().any(|request| request.is_undecided() || matches!(request.state, request::State::Draft));
    let member = async { if open { app.table().unmerged_member(case.member.id).await } else { Ok(None) } };
    let (contract, left, member, audited) = futures::join!(app.promised(case), left, member, audit);
    audited?;
    let (contract, member) = (contract?, member?);
    for request in left? {
        without_claim(&mut opened.found.file.case, request);
    }
    // Which days are covered is what the plan's file says today.
    if let Some(member) = member {
        opened.found.file.case = eligibility::known(opened.found.file.case, &member);
    }
    let case = &opened.found.file.case;
    let sight = Sight { caller: &opened.caller, contract: &contract, now: app.now() };
    Ok(([etag(case.version)], Answer(CaseView::of(&opened.found, sight))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    use serde_json::{Value, json};

    fn seen(shown: &Sheet, caller: &portico_domain::caller::Caller) -> Value {
        let contract = samples::contract();
        let sight = Sight { caller, contract: &contract, now: "2026-05-08T15:00:00Z".parse().unwrap() };
        serde_json::to_value(CaseView::of(shown, sight)).unwrap()
    }

    /// REQ: CASE-01, CASE-21, CASE-23
    #[test]
    fn a_draft_shows_what_is_missing_and_what_must_be_agreed_to() {
        let view = seen(&samples::file(samples::draft()), &samples::clerk());
        assert_eq!(view["status"], "draft");
        assert_eq!(view["caseId"], Value::Null);
        assert_eq!(view["checklist"][0]["status"], "missing");
        assert_eq!(view["disclaimer"], samples::contract().disclaimer);
        assert_eq!(view["may"], json!(["edit", "attach", "note", "submit", "cancel"]));
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
        assert_eq!((&request["claim"], &request["may"]), (&Value::Null, &json!(["add", "withdraw"])));
        assert_eq!(view["timeline"][1]["by"], "Review staff");
        assert_eq!(view["timeline"][1]["text"], "A nurse reviewer took R01.");
        assert!(!view.to_string().contains("nurse.ann"));
    }

    #[test]
    fn the_steps_of_a_draft_say_what_is_missing_and_what_nothing_requires() {
        let standings = |view: &Value| {
            let steps = view["steps"].as_array().unwrap().iter();
            steps
                .map(|step| format!("{} {}", step["step"].as_str().unwrap(), step["standing"].as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        let mut case = samples::draft();
        let view = seen(&samples::file(case.clone()), &samples::clerk());
        let complete =
            ["providers complete", "service complete", "diagnoses complete", "request complete", "procedures complete"];
        assert_eq!(standings(&view)[..5], complete);
        assert_eq!(standings(&view)[5..], ["questionnaires not-needed", "documents missing", "notes not-needed"]);
        assert_eq!(view["steps"][6]["missing"][0]["code"], "document-missing");

        case.service = None;
        case.diagnoses = vec!["F84".parse().unwrap()];
        let view = seen(&samples::file(case), &samples::clerk());
        assert_eq!(standings(&view)[1..3], ["service missing", "diagnoses missing"]);
        assert_eq!(
            view["steps"][2]["missing"][0]["pointer"], "/diagnoses/0",
            "what cannot be billed is told here already"
        );
        for (step, said) in [(5, "questionnaires missing"), (6, "documents missing")] {
            assert_eq!(standings(&view)[step], said, "which are required follows from the service");
        }
        assert_eq!(seen(&samples::file(samples::submitted()), &samples::clerk())["steps"], Value::Null);
    }

    #[test]
    fn a_cancelled_draft_is_read_and_nothing_may_be_done_with_it() {
        let (at, by) = (samples::MORNING.parse().unwrap(), "clerk.cam".parse().unwrap());
        let case = samples::draft().cancel(at, by).unwrap().unwrap().case;
        let view = seen(&samples::file(case), &samples::clerk());
        assert_eq!((&view["status"], &view["may"]), (&json!("cancelled"), &json!([])));
        assert_eq!(view["cancellation"], json!({ "at": samples::MORNING, "by": "clerk.cam" }));
        assert_eq!(view["steps"], Value::Null);
    }

    #[test]
    fn a_withdrawn_request_says_who_and_why_and_its_clock_has_stopped() {
        let by = (samples::MORNING.parse().unwrap(), "clerk.cam".parse().unwrap());
        let case = samples::claimed("nurse.ann");
        let case =
            case.withdraw("R01".parse().unwrap(), "Not needed.", &samples::contract(), by).unwrap().unwrap().case;
        for caller in [samples::clerk(), samples::nurse("nurse.ann")] {
            let request = seen(&samples::file(case.clone()), &caller)["requests"][0].clone();
            assert_eq!((&request["status"], &request["may"]), (&json!("withdrawn"), &json!([])));
            assert_eq!(request["withdrawal"]["reason"], "Not needed.");
            assert_eq!((&request["clock"]["state"], &request["clock"]["overdue"]), (&json!("stopped"), &json!(false)));
        }
    }

    /// REQ: REV-01, REV-03
    #[test]
    fn a_reviewer_sees_who_works_on_it_and_what_may_be_done() {
        let file = samples::file(samples::claimed("nurse.ann"));
        let ann = seen(&file, &samples::nurse("nurse.ann"));
        assert_eq!(ann["requests"][0]["claim"]["by"], "nurse.ann");
        assert_eq!(ann["requests"][0]["may"], json!(["determine", "refer", "pend", "more-time", "release"]));
        let claimed: jiff::Timestamp = samples::MORNING.parse().unwrap();
        let of_bob = |hours: i64| {
            let (caller, contract) = (samples::nurse("nurse.bob"), samples::contract());
            let now = claimed.checked_add(jiff::Span::new().hours(hours)).unwrap();
            let sight = Sight { caller: &caller, contract: &contract, now };
            serde_json::to_value(CaseView::of(&file, sight)).unwrap()["requests"][0]["may"].clone()
        };
        assert_eq!(
            (of_bob(7), of_bob(8)),
            (json!([]), json!(["claim"])),
            "what is left for too long is another's to take"
        );
        assert_eq!(ann["may"], json!([]));
    }

    /// REQ: CASE-22, ACT-07
    #[test]
    fn a_long_case_is_shown_from_its_end_and_says_where_the_rest_begins() {
        let mut shown = samples::file(samples::submitted());
        let view = seen(&shown, &samples::clerk());
        assert_eq!((&view["earlierNotes"], &view["earlierTimeline"]), (&Value::Null, &Value::Null));
        shown.events.more = true;
        let view = seen(&shown, &samples::clerk());
        assert_eq!(view["earlierTimeline"], "evt_00000000000000000000000000000005");
        let query = |text: &str| Earlier { timeline_before: Some(text.to_owned()), ..Earlier::default() };
        let read = parse(&query("evt_00000000000000000000000000000005")).unwrap();
        assert_eq!(
            read.events_before.map(|id| id.to_string()),
            view["earlierTimeline"].as_str().map(ToOwned::to_owned)
        );
        assert!(parse(&query("evt_x")).is_err());
    }

    #[test]
    fn a_decided_request_says_what_may_follow_and_until_when_to_whoever_may_ask() {
        let file = samples::decided();
        let view = seen(&file, &samples::clerk());
        let ended = json!({ "code": "not-approved", "detail": "Nothing is authorized by this request." });
        assert_eq!(
            view["requests"][0]["follows"],
            json!([
                { "kind": "reconsideration", "until": "2026-07-12" }, { "kind": "appeal", "until": "2026-07-12" },
                { "kind": "extension", "until": "2026-06-09" }, { "kind": "revision", "until": "2026-06-09" },
            ])
        );
        let held = &view["authorizations"][0];
        assert_eq!(
            (&held["number"], &held["requests"], &held["until"], &held["lines"][0]["quantity"]),
            (&json!("A26127000101"), &json!(["R01"]), &json!("2026-06-09"), &json!(90))
        );
        assert_eq!(seen(&file, &samples::nurse("nurse.ann"))["requests"][0]["follows"], Value::Null);
        // Nothing is authorized, so that there is nothing to change.
        let mut denied = file;
        denied.file.case.authorizations.clear();
        denied.file.determinations.clear();
        assert_eq!(seen(&denied, &samples::clerk())["requests"][0]["follows"][2]["refused"], ended);
    }

    /// REQ: REV-04
    #[test]
    fn requested_stands_beside_authorized() {
        let file = samples::decided();
        let view = seen(&file, &samples::clerk());
        let line = &view["requests"][0]["lines"][0];
        assert_eq!((&line["quantity"], &line["outcome"]["authorized"]["units"]), (&json!(150), &json!(90)));
        assert_eq!(line["outcome"]["outcome"], "modified");
        assert_eq!(view["requests"][0]["determination"]["authorizationNumber"], "A26127000101");
        assert_eq!(view["status"], "modified");
        assert_eq!(view["requests"][0]["clock"]["state"], "met");
    }
}
