//! Gives a report of a contract (OPS-03), as a client draws it or as CSV. Contract managers see the whole contract; provider
//! users with Reports what is asked for at their providers (ORG-05). A report names no member.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use portico_aws::table::reports::Read;
use portico_domain::{
    caller::Denied,
    field::FieldErrors,
    id::ContractId,
    period::Period,
    reports::{
        ageing::ageing,
        delivery::delivery,
        outcomes::outcomes,
        reach::{Reach, reach},
        reviewers::reviewers,
        services::services,
        sheet::{Report, Sheet},
        turnaround::turnaround,
        volumes::{By, volumes},
    },
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::{
    OFTEN, metrics, period, rows,
    view::{Format, ReportSheet},
    within,
};
use crate::{
    Route,
    app::App,
    caller::Token,
    csv,
    doors::at_both,
    page::Query,
    problem::{Problem, ProblemBody},
    throttle::{self, REPORTS},
    words,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    at_both(Route::new().routes(routes!(get_report))).merge(metrics::route())
}

/// Which contract, days and form.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The contract.
    #[param(required = true, nullable = false)]
    contract: Option<String>,
    /// The first day on which the counted requests were received, in the contract's zone; of the current month, as UTC has it, when absent.
    #[param(format = Date)]
    from: Option<String>,
    /// The last day. A report covers at most 366 days.
    #[param(format = Date)]
    to: Option<String>,
    /// Of volumes: by what.
    #[param(inline, value_type = Option<words::VolumeBy>)]
    by: Option<String>,
    /// `json`, or `csv` for spreadsheets.
    #[param(inline, value_type = Option<words::ReportFormat>)]
    format: Option<String>,
}

/// What is asked for.
#[derive(Clone, PartialEq, Debug)]
struct Asked {
    contract: ContractId,
    days: Period,
    by: By,
    format: Format,
}

/// Gives a report of a contract.
#[utoipa::path(
    get, path = "/reports/{name}", tag = "reports",
    params(("name" = inline(words::ReportName), Path, description = "Which report"), Filter),
    responses(
        (status = 200, description = "The report", content(
            (ReportSheet = "application/json"),
            (String = "text/csv"),
        )),
        (status = 403, body = ProblemBody, description = "The caller's role has no reports"),
        (status = 404, body = ProblemBody, description = "No such report, or not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong, or the days have too many requests"),
    ),
    security(("provider" = []))
)]
async fn get_report(
    State(app): State<Arc<App>>,
    token: Token,
    Path(name): Path<String>,
    query: Query<Filter>,
) -> Result<Response, Problem> {
    let report: Report = name.parse().map_err(|_| Problem::not_found())?;
    let asked = parse(app.now(), &query.0)?;
    let what = what(report, &asked);
    let counted = throttle::within(&app, &REPORTS, token.username.as_str(), OFTEN);
    let (caller, contract, counted) = futures::join!(app.caller(&token), app.contract(&asked.contract), counted);
    let caller = caller?;
    let reach = reach(&caller, &asked.contract).and_then(|reach| match reach {
        Reach::Providers(_) if report.is_inside() => Err(Denied::Hidden),
        Reach::Contract | Reach::Providers(_) => Ok(reach),
    });
    let reach = reach.map_err(|denied| Problem::from(denied).asked(&what))?;
    counted?;
    let contract = contract?;
    let read = match report {
        Report::Services => Read::All(Vec::new()),
        Report::Ageing => app.table().open_facts(&contract.id).await?,
        Report::Turnaround | Report::Volumes | Report::Outcomes | Report::Reviewers | Report::Delivery => {
            app.table().facts(&contract.id, asked.days).await?
        }
    };
    let days = report.has_period().then_some(asked.days);
    let mut facts = within(read, days, (&contract, days.map(|_| "/to")))?;
    facts.retain(|fact| reach.covers(fact, &contract.id));
    let sheet: Sheet = match report {
        Report::Turnaround => turnaround(&facts),
        Report::Volumes => volumes(&facts, asked.by, &contract),
        Report::Outcomes => outcomes(&facts),
        Report::Ageing => ageing(&facts, app.now()),
        Report::Reviewers => reviewers(&facts),
        Report::Delivery => delivery(&facts),
        Report::Services => services(&*app.table().with_all_rules(contract.clone()).await?),
    };
    app.audit_shown(&token, "get-report", Some(what), Vec::new()).await?;
    match asked.format {
        Format::Json => Ok(Answer(ReportSheet::of(report.name(), &contract, days, sheet)).into_response()),
        Format::Csv => {
            let of_days = days.map(|days| format!("-{}-{}", days.from(), days.to())).unwrap_or_default();
            Ok(csv::file(&format!("{}-{}{of_days}", contract.id, report.name()), csv::text(rows::rows(&sheet))?))
        }
    }
}

fn parse(now: Timestamp, query: &Filter) -> Result<Asked, FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse("/contract", query.contract.as_deref());
    let days = period(now, &mut errors, (query.from.as_deref(), query.to.as_deref()));
    let by = errors.parse_optional("/by", query.by.as_deref());
    let format = errors.parse_optional("/format", query.format.as_deref());
    let asked = contract.zip(days).map(|(contract, days)| Asked {
        contract,
        days,
        by: by.unwrap_or_default(),
        format: format.unwrap_or_default(),
    });
    errors.finish(asked)
}

/// What the audit says was asked for.
fn what(report: Report, asked: &Asked) -> String {
    let days = if report.has_period() { format!(" {} {}", asked.days.from(), asked.days.to()) } else { String::new() };
    format!("{} {}{days}", asked.contract, report.name())
}
