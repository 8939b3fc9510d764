//! The yearly metrics of prior authorization (CMS-0057-F), and the requests behind each of them, for contract managers.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_domain::{
    contracts::Contract,
    field::FieldErrors,
    id::{CaseId, ContractId, RequestNumber},
    reports::{
        fact::Fact,
        metrics::{FIRST_YEAR, Figure, Part, Year, metrics},
        reach::reach,
    },
    status::Outcome,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{
    OFTEN, rows,
    view::{Format, ReportSheet},
    within,
};
use crate::{
    Route,
    app::App,
    caller::Token,
    csv,
    form::word,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    throttle::{self, REPORTS},
    words,
};

/// Rows of a file: an answer of a function has six megabytes at most.
const MOST_ROWS: usize = 50_000;
/// Case numbers that one note of who looked holds.
const MOST_NOTED: usize = 2_000;

/// The routes.
#[must_use]
pub(super) fn route() -> Route {
    Route::new().routes(routes!(get_metrics)).routes(routes!(list_metric_cases))
}

/// Which contract, year and form.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts.
    #[param(required = true, nullable = false)]
    contract: Option<String>,
    /// The calendar year in which the counted requests were received; the one before this one when absent.
    #[param(example = "2026")]
    year: Option<String>,
    /// `json`, or `csv` for spreadsheets.
    #[param(inline, value_type = Option<words::ReportFormat>)]
    format: Option<String>,
}

/// Which contract and year, which requests, and which of their pages.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct BehindFilter {
    /// One of the caller's contracts.
    #[param(required = true, nullable = false)]
    contract: Option<String>,
    /// The calendar year; the one before this one when absent.
    #[param(example = "2026")]
    year: Option<String>,
    /// Those that the figure is about, or those that it is a share of.
    #[param(inline, value_type = Option<words::MetricPart>)]
    part: Option<String>,
    /// `json`, or `csv` with all of them.
    #[param(inline, value_type = Option<words::ReportFormat>)]
    format: Option<String>,
    /// Requests on a page: 1 to 250, usually 50.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of requests behind a figure.
#[derive(Serialize, ToSchema)]
struct MetricCases {
    /// In the order of their case numbers.
    items: Vec<MetricCase>,
    /// How many there are in all.
    total: usize,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A request behind a figure.
#[derive(Serialize, ToSchema)]
struct MetricCase {
    #[schema(example = "261270001")]
    case: String,
    #[schema(example = "R01")]
    request: String,
    #[schema(value_type = words::Urgency)]
    urgency: String,
    #[schema(value_type = String, format = DateTime)]
    received: Timestamp,
    /// When it was first decided, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    decided: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::Outcome>)]
    outcome: Option<String>,
}

/// What is asked for.
struct Asked {
    contract: ContractId,
    year: i16,
    format: Format,
}

/// Gives the yearly metrics of a contract.
#[utoipa::path(
    get, path = "/staff/metrics", tag = "reports", params(Filter),
    responses(
        (status = 200, description = "The figures, in the order in which they are published", content(
            (ReportSheet = "application/json"),
            (String = "text/csv"),
        )),
        (status = 403, body = ProblemBody, description = "The caller's role has no reports"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the year has too many requests"),
    ),
    security(("staff" = []))
)]
async fn get_metrics(State(app): State<Arc<App>>, token: Token, query: Query<Filter>) -> Result<Response, Problem> {
    let mut errors = FieldErrors::none();
    let Filter { contract, year, format } = &query.0;
    let asked = parse(&mut errors, app.now(), (contract.as_deref(), year.as_deref(), format.as_deref()));
    let asked = errors.finish(asked)?;
    let (contract, year, facts) = read(&app, &token, &asked).await?;
    let sheet = metrics(&facts, &year, &contract);
    app.audit_shown(&token, "get-metrics", Some(what(&contract, &year)), Vec::new()).await?;
    match asked.format {
        Format::Json => Ok(Answer(ReportSheet::of("metrics", &contract, Some(year.days), sheet)).into_response()),
        Format::Csv => {
            let name = format!("{}-metrics-{}", contract.id, year.days.from().year());
            Ok(csv::file(&name, csv::text(rows::rows(&sheet))?))
        }
    }
}

/// Lists the requests behind a yearly figure.
#[utoipa::path(
    get, path = "/staff/metrics/{figure}", tag = "reports",
    params(("figure" = inline(words::MetricFigure), Path, description = "Which figure"), BehindFilter),
    responses(
        (status = 200, description = "A page, possibly empty", content(
            (MetricCases = "application/json"),
            (String = "text/csv"),
        )),
        (status = 403, body = ProblemBody, description = "The caller's role has no reports"),
        (status = 404, body = ProblemBody, description = "No such figure, or not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the year has too many requests"),
    ),
    security(("staff" = []))
)]
async fn list_metric_cases(
    State(app): State<Arc<App>>,
    token: Token,
    Path(figure): Path<String>,
    query: Query<BehindFilter>,
) -> Result<Response, Problem> {
    let figure: Figure = figure.parse().map_err(|_| Problem::not_found())?;
    let mut errors = FieldErrors::none();
    let BehindFilter { contract, year, part, format, limit, cursor } = &query.0;
    let asked = parse(&mut errors, app.now(), (contract.as_deref(), year.as_deref(), format.as_deref()));
    let part: Part = errors.parse_optional("/part", part.as_deref()).unwrap_or_default();
    let page = Page::parse(&mut errors, (limit.as_deref(), cursor.as_deref()), (50, 250), |text| place(text).is_some());
    let asked = errors.finish(asked)?;
    let (contract, year, facts) = read(&app, &token, &asked).await?;
    let mut behind: Vec<&Fact> = facts.iter().filter(|fact| figure.has(part, fact, &year)).collect();
    behind.sort_by(|one, other| (&one.case, one.request).cmp(&(&other.case, other.request)));
    let what = format!("{} {} {} as {}", what(&contract, &year), figure.name(), part.name(), asked.format.name());
    match asked.format {
        Format::Json => {
            let total = behind.len();
            let (items, next) = cut(behind, &page);
            let shown = items.iter().map(|item| item.case.clone()).collect();
            app.audit_shown(&token, "list-metric-cases", Some(what), shown).await?;
            Ok(Answer(MetricCases { items, total, next }).into_response())
        }
        Format::Csv if behind.len() > MOST_ROWS => {
            let wrong = Wrong::TooMany { most: MOST_ROWS };
            let sentence = format!("A file has at most {MOST_ROWS} rows. Read the requests page by page.");
            Err(Problem::invalid_field("/format", wrong.says(sentence)))
        }
        Format::Csv => {
            let cases: Vec<String> = behind.iter().map(|fact| fact.case.to_string()).collect();
            for some in cases.chunks(MOST_NOTED) {
                app.audit_shown(&token, "list-metric-cases", Some(what.clone()), some.to_vec()).await?;
            }
            let name = format!("{}-metrics-{}-{}", contract.id, year.days.from().year(), figure.name());
            Ok(csv::file(&name, csv::text(rows(behind))?))
        }
    }
}

fn parse(
    errors: &mut FieldErrors,
    now: Timestamp,
    (contract, year, format): (Option<&str>, Option<&str>, Option<&str>),
) -> Option<Asked> {
    let contract = errors.parse("/contract", contract);
    let this = jiff::tz::TimeZone::UTC.to_datetime(now).year();
    let year = match year.map(str::parse::<i16>) {
        None => None,
        Some(Ok(year)) if (FIRST_YEAR..=this).contains(&year) => Some(year),
        Some(_) => {
            let bound = |year: i16| usize::try_from(year).unwrap_or_default();
            let wrong = Wrong::OutOfRange { least: bound(FIRST_YEAR), most: bound(this) };
            errors.add("/year", wrong.says(format!("Choose a year from {FIRST_YEAR} to {this}.")));
            None
        }
    };
    let format = errors.parse_optional("/format", format).unwrap_or_default();
    contract.map(|contract| Asked { contract, year: year.unwrap_or(this - 1), format })
}

/// The contract, the year and what was received in it, if the caller may see it.
async fn read(app: &App, token: &Token, asked: &Asked) -> Result<(Arc<Contract>, Year, Vec<Fact>), Problem> {
    let counted = throttle::within(app, &REPORTS, token.username.as_str(), OFTEN);
    let (caller, contract, counted) = futures::join!(app.caller(token), app.contract(&asked.contract), counted);
    let caller = caller?;
    caller.reviewer()?;
    reach(&caller, &asked.contract).map_err(|denied| Problem::from(denied).asked(asked.contract.to_string()))?;
    counted?;
    let contract = app.table().with_all_rules(contract?).await?;
    let year = Year::new(asked.year, &contract.calendar.time_zone).ok_or_else(Problem::not_found)?;
    let read = app.table().facts(&contract.id, year.days).await?;
    let facts = within(read, Some(year.days), (&contract, Some("/year")))?;
    Ok((contract, year, facts))
}

fn what(contract: &Contract, year: &Year) -> String {
    format!("{} metrics {}", contract.id, year.days.from().year())
}

/// `case#R01`: the place of a request in the list.
fn place(text: &str) -> Option<(CaseId, RequestNumber)> {
    let (case, request) = text.split_once('#')?;
    Some((case.parse().ok()?, request.parse().ok()?))
}

/// A page, and the cursor of the next one.
fn cut(behind: Vec<&Fact>, page: &Page) -> (Vec<MetricCase>, Option<String>) {
    let after = page.after.as_deref().and_then(place);
    let rest: Vec<&Fact> = behind
        .into_iter()
        .filter(|fact| after.as_ref().is_none_or(|(case, request)| (&fact.case, &fact.request) > (case, request)))
        .collect();
    let limit = usize::from(page.limit);
    let shown: Vec<&Fact> = rest.iter().copied().take(limit).collect();
    let last = shown.last().filter(|_| rest.len() > limit);
    let next = last.map(|fact| cursor(&format!("{}#{}", fact.case, fact.request)));
    (shown.into_iter().map(MetricCase::of).collect(), next)
}

impl MetricCase {
    fn of(fact: &Fact) -> Self {
        let first = fact.first();
        Self {
            case: fact.case.to_string(),
            request: fact.request.to_string(),
            urgency: word(&fact.urgency),
            received: fact.received,
            decided: first.map(|made| made.at),
            outcome: first.map(|made| word::<Outcome>(&made.outcome)),
        }
    }
}

/// All of them for a spreadsheet.
fn rows(behind: Vec<&Fact>) -> Vec<Vec<String>> {
    let head = ["case", "request", "urgency", "received", "decided", "outcome"].map(ToOwned::to_owned).to_vec();
    let row = |fact: &Fact| {
        let MetricCase { case, request, urgency, received, decided, outcome } = MetricCase::of(fact);
        let decided = decided.map(|at| at.to_string()).unwrap_or_default();
        vec![case, request, urgency, received.to_string(), decided, outcome.unwrap_or_default()]
    };
    [head].into_iter().chain(behind.into_iter().map(row)).collect()
}
