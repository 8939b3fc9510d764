//! Asks for a peer-to-peer conversation about a decision (ACT-04), of the requesting provider's group: the ordering provider's
//! name and phone, and three times. The same sent once more finds what the first one did. It stands beside `edit_case`, whose
//! function mounts it.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::civil::{Date, DateTime};
use portico_domain::{
    cases::access::CaseAction,
    field::FieldErrors,
    glyphs::clean_line,
    id::RequestNumber,
    phone::Phone,
    reviews::talk::{self, Asked, TIMES},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    form::{date, fits, list, time},
    json::Json,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(ask_talk))
}

/// What is asked for.
#[derive(Deserialize, ToSchema, Default)]
struct TalkBody {
    /// The ordering provider, in 1 to 120 characters.
    #[schema(value_type = String, required = true, example = "Dr. Ona Reyes")]
    provider: Option<String>,
    /// Whom to call.
    #[schema(value_type = String, required = true, example = "501-555-0144")]
    phone: Option<String>,
    /// Three separate times that are still to come.
    #[serde(default)]
    #[schema(required = true)]
    times: Vec<TimeBody>,
}

/// A time, as clocks show it in the contract's zone.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct TimeBody {
    #[schema(value_type = String, format = Date, required = true)]
    date: Option<String>,
    #[schema(value_type = String, required = true, example = "14:30")]
    time: Option<String>,
}

/// The request with the conversation that was asked for.
#[derive(Serialize, ToSchema)]
struct AskedTalk {
    request: String,
    #[schema(value_type = words::TalkState)]
    state: &'static str,
    /// Version of the case.
    version: u64,
}

/// Asks for a peer-to-peer conversation.
#[utoipa::path(
    put, path = "/cases/{id}/requests/{number}/peer-to-peer", tag = "cases", request_body = TalkBody,
    params(
        ("id" = String, Path, description = "Opaque key or Case ID"),
        ("number" = String, Path, description = "As R01"),
    ),
    responses(
        (status = 200, body = AskedTalk, description = "Asked for, now or before", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only the requesting provider's group asks"),
        (status = 404, body = ProblemBody, description = "No such case or request, or not for the caller"),
        (status = 409, body = ProblemBody, description = "There is no adverse decision, the time to ask is over, or one was asked for already"),
        (status = 412, body = ProblemBody, description = "Somebody changed the case at the same moment; nothing was asked"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn ask_talk(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, number)): Path<(String, String)>,
    body: Json<TalkBody>,
) -> Result<Response, Problem> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let opened = app.open(&token, &id, CaseAction::Write, "ask-talk").await?.about(number);
    let asked = parse(&body.value)?;
    let contract = app.promised(&opened.found).await?;
    let by = (app.now(), token.username.clone());
    let change = talk::ask(opened.found.clone(), number, asked, &contract, by)?;
    let version = app.saved(change.as_ref(), &contract.calendar, &opened).await?;
    let answer = AskedTalk { request: number.to_string(), state: "asked", version };
    Ok(([etag(version)], Answer(answer)).into_response())
}

fn parse(body: &TalkBody) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let provider = errors.keep("/provider", clean_line(body.provider.as_deref().unwrap_or_default()));
    let phone: Option<Phone> = errors.parse("/phone", body.phone.as_deref());
    if !fits(&mut errors, "/times", &body.times, (TIMES, "times")) {
        return Err(errors);
    }
    let times = list(&body.times, |place, of| {
        let day: Option<Date> = date(&mut errors, &format!("/times/{place}/date"), of.date.as_deref());
        let time = time(&mut errors, &format!("/times/{place}/time"), of.time.as_deref());
        Some(DateTime::from_parts(day?, time?))
    });
    let read = provider.zip(phone).zip(times);
    let ((provider, phone), times) = errors.finish(read)?;
    Ok(Asked { provider: provider.trim().to_owned(), phone, times })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(body: Value) -> Result<Asked, Vec<String>> {
        let body = serde_json::from_value(body).unwrap();
        parse(&body).map_err(|errors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    #[test]
    fn everything_that_has_no_form_is_told_at_its_field() {
        let time = |date: &str, time: &str| json!({ "date": date, "time": time });
        let times = [time("2026-05-11", "10:30"), time("2026-05-12", "14:00"), time("2026-05-13", "09:15")];
        let asked = read(json!({ "provider": " Dr. Ona Reyes ", "phone": "501-555-0144", "times": times })).unwrap();
        assert_eq!((asked.provider.as_str(), asked.times.len()), ("Dr. Ona Reyes", 3));
        assert_eq!(asked.times[2].to_string(), "2026-05-13T09:15:00");
        let wrong = [time("soon", "10:30"), time("2026-05-12", "2 pm"), json!({})];
        assert_eq!(
            read(json!({ "provider": "Dr. \u{1F600}", "phone": "12", "times": wrong })).unwrap_err(),
            ["/provider", "/phone", "/times/0/date", "/times/1/time", "/times/2/date", "/times/2/time"]
        );
        assert_eq!(read(json!({ "phone": "501-555-0144", "times": vec![json!({}); 4] })).unwrap_err(), ["/times"]);
    }
}
