//! Records what becomes of a State fair hearing (ACT-11): that the member or somebody who stands for them asks for one, when it is
//! held, and how it ended. A reversal gives a further request, which carries it out. It stands beside `determine_request`, whose
//! function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use portico_aws::clock::new_uuid;
use portico_domain::{
    cases::{
        Change,
        access::CaseAction,
        heard::{self, AskedHearing, Recorded},
        hearing::{AskedBy, HearingOutcome},
    },
    contracts::Contract,
    field::{FieldErrors, Objection},
    glyphs::{clean, clean_line},
    id::{EventId, RequestNumber},
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
    form::{choice, date, time},
    json::Json,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(record_hearing))
}

/// What is recorded.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct RecordBody {
    /// `requested`, `scheduled` or `ended`.
    #[schema(value_type = words::HearingState, required = true)]
    state: Option<String>,
    /// For `requested`: who asks.
    #[schema(value_type = Option<words::HearingAsker>)]
    asked_by: Option<String>,
    /// For a representative: who that is, in 1 to 120 characters.
    name: Option<String>,
    /// For `requested`: why, in 1 to 4,000 characters.
    reason: Option<String>,
    /// The day on which it was asked for, or on which it was held, taken back or dismissed.
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<String>,
    /// For `scheduled`: the day, as calendars show it in the contract's zone.
    #[schema(value_type = Option<String>, format = Date)]
    scheduled_date: Option<String>,
    /// For `scheduled`: the time.
    #[schema(value_type = Option<String>, example = "14:30")]
    scheduled_time: Option<String>,
    /// For `ended`: how.
    #[schema(value_type = Option<words::HearingOutcome>)]
    ended_as: Option<String>,
    /// For `ended`: what was ordered, or why it was not held, in 1 to 4,000 characters. Whoever sees the case reads it.
    words: Option<String>,
}

/// The request with what was recorded.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RecordedHearing {
    request: String,
    #[schema(value_type = words::HearingState)]
    state: &'static str,
    /// The request that carries a reversal out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "R03")]
    carried_out_by: Option<String>,
    /// Version of the case.
    version: u64,
}

/// What is recorded, read; a time as clocks show it in the contract's zone.
#[derive(PartialEq, Eq, Debug)]
enum Read {
    Asked(AskedHearing),
    Scheduled(DateTime),
    Ended { on: Date, outcome: HearingOutcome, words: String },
}

impl Read {
    fn state(&self) -> &'static str {
        match self {
            Self::Asked(_) => "requested",
            Self::Scheduled(_) => "scheduled",
            Self::Ended { .. } => "ended",
        }
    }
}

/// Records what becomes of a State fair hearing.
#[utoipa::path(
    put, path = "/staff/cases/{id}/requests/{number}/hearing", tag = "reviews", request_body = RecordBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = RecordedHearing, description = "Recorded, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only reviewers do this"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "None may be or was asked for, it is not scheduled, or it is over"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was recorded"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn record_hearing(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<RecordBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let file = |key| app.table().case_file(key);
    let opened = Box::pin(app.open_as(&token, &id, CaseAction::Review, "record-hearing", file)).await?.about(number);
    let read = parse(&body.value)?;
    let (case, state) = (&opened.found.case, read.state());
    let contract = app.contract_for(case).await?;
    let (now, by) = (app.now(), token.username.clone());
    let record = |recorded| {
        let note = EventId::new(new_uuid());
        heard::record(case.clone(), number, recorded, &opened.found.determinations, &contract, (now, note))
    };
    let change = match read {
        Read::Asked(asked) => heard::ask(case.clone(), number, asked, &contract, (now, by, Side::Staff))?,
        Read::Scheduled(time) => record(Recorded::Scheduled(instant(time, &contract)?))?,
        Read::Ended { on, outcome, words } => record(Recorded::Ended { on, outcome, words })?,
    };
    let stored = change.as_ref().map_or(case, |change: &Change| &change.case);
    let answer = RecordedHearing {
        request: number.to_string(),
        state,
        carried_out_by: stored
            .request(number)
            .and_then(|request| request.hearings.last()?.carried_out_by())
            .map(|next| next.to_string()),
        version: app.saved(change.as_ref(), &contract.calendar, &opened).await?,
    };
    Ok(([etag(answer.version)], Answer(answer)).into_response())
}

fn instant(time: DateTime, contract: &Contract) -> Result<Timestamp, FieldErrors> {
    let mut errors = FieldErrors::none();
    let at = contract.calendar.time_zone.instant(time);
    if at.is_none() {
        errors.add("/scheduledDate", Objection::not_a_date());
    }
    errors.finish(at)
}

fn parse(body: &RecordBody) -> Result<Read, FieldErrors> {
    let mut errors = FieldErrors::none();
    let read = match body.state.as_deref().map(str::trim) {
        Some("requested") => asked(body, &mut errors).map(Read::Asked),
        Some("scheduled") => {
            let day = date(&mut errors, "/scheduledDate", body.scheduled_date.as_deref());
            let time = time(&mut errors, "/scheduledTime", body.scheduled_time.as_deref());
            day.zip(time).map(|(day, time)| Read::Scheduled(DateTime::from_parts(day, time)))
        }
        Some("ended") => {
            let on = date(&mut errors, "/on", body.on.as_deref());
            let known = "A hearing ends upheld, reversed, reversed-in-part, withdrawn or dismissed.";
            let outcome = choice(&mut errors, "/endedAs", body.ended_as.as_deref(), known);
            let words = errors.keep("/words", clean(body.words.as_deref().unwrap_or_default()));
            on.zip(outcome).zip(words).map(|((on, outcome), words)| Read::Ended { on, outcome, words })
        }
        other => {
            let text = "What is recorded is one of requested, scheduled, ended.";
            errors.add("/state", Wrong::word(other).says(text));
            None
        }
    };
    errors.finish(read)
}

fn asked(body: &RecordBody, errors: &mut FieldErrors) -> Option<AskedHearing> {
    let on = date(errors, "/on", body.on.as_deref());
    let reason = errors.keep("/reason", clean(body.reason.as_deref().unwrap_or_default()));
    let name = errors.keep("/name", clean_line(body.name.as_deref().unwrap_or_default()));
    let by = match body.asked_by.as_deref().map(str::trim) {
        Some("provider") => Some(AskedBy::Provider),
        Some("member") => Some(AskedBy::Member),
        Some("representative") => name.map(|name| AskedBy::Representative { name: name.trim().to_owned() }),
        other => {
            let text = "A hearing is asked for by the provider, the member or a representative.";
            errors.add("/askedBy", Wrong::word(other).says(text));
            None
        }
    };
    Some(AskedHearing { on: on?, by: by?, reason: reason? })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_recorded_has_what_belongs_to_it() {
        let read = |body: Value| {
            let body = serde_json::from_value(body).unwrap();
            let told = |errors: FieldErrors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect();
            parse(&body).map(|read| read.state()).map_err(|errors| -> Vec<String> { told(errors) })
        };
        let wrong = |pointers: &[&str]| Err(pointers.iter().map(ToString::to_string).collect());
        let asked = json!({ "state": "requested", "askedBy": "member", "on": "2026-05-11", "reason": "It is needed." });
        assert_eq!(read(asked), Ok("requested"));
        let scheduled = json!({ "state": "scheduled", "scheduledDate": "2026-05-11", "scheduledTime": "10:30" });
        assert_eq!(read(scheduled), Ok("scheduled"));
        let ended = json!({ "state": "ended", "on": "2026-05-11", "endedAs": "reversed-in-part", "words": "Half." });
        assert_eq!(read(ended), Ok("ended"));
        assert_eq!(read(json!({})), wrong(&["/state"]));
        assert_eq!(read(json!({ "state": "requested" })), wrong(&["/on", "/askedBy"]));
        assert_eq!(read(json!({ "state": "scheduled" })), wrong(&["/scheduledDate", "/scheduledTime"]));
        let ended = json!({ "state": "ended", "on": "2026-05-11", "endedAs": "lost", "words": "\u{1F600}" });
        assert_eq!(read(ended), wrong(&["/endedAs", "/words"]));
    }
}
