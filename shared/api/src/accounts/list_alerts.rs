//! Lists the news on cases that the caller was told of, newest first, and keeps what they have read (ACT-09). It names cases by their
//! numbers and says nothing of members or decisions: those are on the case, for whoever sees it.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::StatusCode};
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    events::news::{Alert, News, ReadMark},
    field::FieldErrors,
    id::EventId,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    json::Json,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    words,
};

/// As many are counted, the last ones: whoever has more does not mind how many.
const COUNTED: usize = 100;

/// The routes.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(list_alerts)).routes(routes!(read_alerts)))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Alerts on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of alerts.
#[derive(Serialize, ToSchema)]
struct AlertList {
    /// The newest first.
    alerts: Vec<AlertView>,
    /// How many are unread, of the last 100.
    unread: usize,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// News on a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AlertView {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Opaque key of the case.
    case: String,
    /// Its number; a draft has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "261270001")]
    case_id: Option<String>,
    /// The contract, in whose zone times are told.
    contract: String,
    #[schema(example = "R01")]
    request: String,
    /// `determined`, `withdrawn` and `returned` are changes of the request's status.
    #[schema(value_type = words::AlertNews)]
    news: &'static str,
    /// For `deadline-near` and `draft-end-near`: the day, in the contract's zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
    read: bool,
}

/// What was read: one alert, or all up to one.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct ReadAlerts {
    /// This one.
    alert: Option<String>,
    /// All up to this one.
    up_to: Option<String>,
}

/// The same, read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Read {
    One(EventId),
    UpTo(EventId),
}

/// Lists the caller's alerts.
#[utoipa::path(
    get, path = "/alerts", tag = "accounts", params(Filter),
    responses(
        (status = 200, body = AlertList, description = "A page, possibly empty; alerts are kept for 90 days"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("provider" = []))
)]
async fn list_alerts(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<AlertList>, Problem> {
    let mut errors = FieldErrors::none();
    let is_place = |place: &str| place.parse::<EventId>().is_ok();
    let page = Page::parse(&mut errors, (query.0.limit.as_deref(), query.0.cursor.as_deref()), (25, 50), is_place);
    errors.into_result()?;
    let (table, of, now) = (app.table(), &token.username, app.now());
    let before = page.after.as_deref().and_then(|place| place.parse().ok());
    let (caller, shown, last, up_to) = futures::join!(
        app.caller(&token),
        table.alerts(of, before, (usize::from(page.limit), now)),
        table.alerts(of, None, (COUNTED, now)),
        table.alerts_read_up_to(of),
    );
    caller?;
    let (shown, last, up_to) = (shown?, last?, up_to?);
    let next = shown.alerts.last().filter(|_| shown.more).map(|alert| cursor(&alert.event.to_string()));
    Ok(Answer(AlertList {
        alerts: shown.alerts.iter().map(|alert| AlertView::of(alert, up_to)).collect(),
        unread: last.alerts.iter().filter(|alert| !alert.is_read(up_to)).count(),
        next,
    }))
}

/// Keeps what the caller has read.
#[utoipa::path(
    put, path = "/alerts/read", tag = "accounts", request_body = ReadAlerts,
    responses(
        (status = 204, description = "Kept, now or before"),
        (status = 404, body = ProblemBody, description = "The caller has no such alert"),
        (status = 422, body = ProblemBody, description = "Neither one alert is named, nor up to which"),
    ),
    security(("provider" = []))
)]
async fn read_alerts(State(app): State<Arc<App>>, token: Token, body: Json<ReadAlerts>) -> Result<StatusCode, Problem> {
    let read = parse(&body.value);
    let (table, of, at) = (app.table(), &token.username, app.now());
    let known = async {
        match &read {
            Ok(Read::UpTo(up_to)) => table.has_alert(of, *up_to).await,
            Ok(Read::One(_)) | Err(_) => Ok(true),
        }
    };
    let (caller, known) = futures::join!(app.caller(&token), known);
    caller?;
    let kept = match read? {
        Read::One(alert) => table.read_alert(of, alert, at).await?,
        Read::UpTo(up_to) => {
            let known = known?;
            if known {
                table.read_alerts(of, ReadMark { up_to, at }).await?;
            }
            known
        }
    };
    if kept { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

fn parse(body: &ReadAlerts) -> Result<Read, FieldErrors> {
    let mut errors = FieldErrors::none();
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (alert, last) = (said(&body.alert), said(&body.up_to));
    let one: Option<EventId> = errors.parse_optional("/alert", alert.as_deref());
    let up_to: Option<EventId> = errors.parse_optional("/upTo", last.as_deref());
    match (&alert, &last) {
        (None, None) => errors.add("/alert", Wrong::OneNeeded.says("Name one alert, or up to which all were read.")),
        (Some(_), Some(_)) => errors.add("/upTo", Wrong::NotBoth.says("Name one alert, or up to which; not both.")),
        (Some(_), None) | (None, Some(_)) => {}
    }
    errors.finish(one.map(Read::One).or(up_to.map(Read::UpTo)))
}

impl AlertView {
    fn of(alert: &Alert, mark: Option<ReadMark>) -> Self {
        Self {
            id: alert.event.to_string(),
            at: alert.at,
            case: alert.case.to_string(),
            case_id: alert.case_id.as_ref().map(ToString::to_string),
            contract: alert.contract.to_string(),
            request: alert.request.to_string(),
            news: word(alert.news),
            due: alert.due,
            read: alert.is_read(mark),
        }
    }
}

fn word(news: News) -> &'static str {
    match news {
        News::Determined => "determined",
        News::Corrected => "corrected",
        News::FaxGivenUp => "fax-given-up",
        News::MailRefused => "mail-refused",
        News::InformationRequested => "information-requested",
        News::Withdrawn => "withdrawn",
        News::CoverageAwaited => "coverage-awaited",
        News::Voided => "voided",
        News::Returned => "returned",
        News::LetterReady => "letter-ready",
        News::DeadlineNear => "deadline-near",
        News::DraftYours => "draft-yours",
        News::DraftEndNear => "draft-end-near",
        News::DraftEnded => "draft-ended",
        News::DraftToCorrect => "draft-to-correct",
        News::TimeExtended => "time-extended",
        News::TimeOver => "time-over",
        News::Hearing => "hearing",
        News::Message => "message",
        News::FaxFiled => "fax-filed",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn one_alert_is_named_or_up_to_which_all_were_read() {
        let read = |body: Value| {
            let body = serde_json::from_value(body).unwrap();
            let told = |errors: FieldErrors| errors.as_slice().iter().map(|error| error.pointer.clone()).collect();
            parse(&body).map_err(|errors| -> Vec<String> { told(errors) })
        };
        let id = "evt_00000000000000000000000000000005";
        assert_eq!(read(json!({ "alert": id })), Ok(Read::One(id.parse().unwrap())));
        assert_eq!(read(json!({ "upTo": id })), Ok(Read::UpTo(id.parse().unwrap())));
        assert_eq!(read(json!({})), Err(vec!["/alert".to_owned()]));
        assert_eq!(read(json!({ "alert": id, "upTo": id })), Err(vec!["/upTo".to_owned()]));
        assert_eq!(read(json!({ "alert": "5" })), Err(vec!["/alert".to_owned()]));
    }
}
