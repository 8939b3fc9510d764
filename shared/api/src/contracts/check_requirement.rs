//! Says whether authorization is required, before a case is typed (CASE-16): by the rules of the contract as they hold on the
//! day of service. The answer has a number, by which it is printed, quoted and looked up. Of a member the rules look at the
//! age alone.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::{Timestamp, civil::Date};
use portico_aws::table::Transaction;
use portico_domain::{
    caller::Denied,
    code::{Modifier, ProcedureCode},
    contracts::{
        Contract,
        check::{Asked, Check},
    },
    field::FieldErrors,
    id::{ContractId, MemberId},
    person::Member,
    service::Setting,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::view_check::CheckView;
use crate::{
    Route,
    app::App,
    caller::Token,
    form::{choice, date, fits, list},
    json::Json,
    once,
    problem::{Problem, ProblemBody},
    throttle::{CHECKS, within},
    words,
};

/// The greatest age in years.
const OLDEST: u8 = 130;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(check_requirement))
}

/// What is asked about.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct AskedBody {
    /// The procedure code.
    #[schema(value_type = String, required = true, example = "E0601")]
    code: Option<String>,
    /// Its modifiers, in any order.
    modifiers: Vec<String>,
    /// `inpatient` or `outpatient`.
    #[schema(value_type = words::Setting, required = true)]
    setting: Option<String>,
    /// One of the contract's service types.
    service_type: Option<String>,
    /// On which day the service is given or begins.
    #[schema(value_type = String, format = Date, required = true)]
    on: Option<String>,
    /// For whom, from the member search; then without `age`.
    member: Option<String>,
    /// How many years old the member is on that day.
    age: Option<i64>,
}

/// A question that can be asked.
struct Question {
    asked: Asked,
    member: Option<MemberId>,
}

/// Says whether authorization is required, and keeps the answer under a number.
#[utoipa::path(
    post, path = "/contracts/{id}/checks", tag = "contracts", request_body = AskedBody,
    params(
        ("id" = String, Path, description = "Short name of the contract"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new question"),
    ),
    responses(
        (status = 201, body = CheckView, description = "The answer, with its number"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts, or no such member"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "Too many questions; says when to go on"),
    ),
    security(("provider" = []))
)]
async fn check_requirement(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
    key: once::Key,
    body: Json<AskedBody>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "check-requirement", &format!("{id} {}", body.raw));
    let id: ContractId = id.parse().map_err(|_| Problem::not_found())?;
    let (app, now) = (&*app, app.now());
    let Question { mut asked, member } = parse(&body.value)?;
    let read = async {
        match member {
            Some(member) => Ok(app.table().member(member).await?),
            None => Ok::<_, Problem>(None),
        }
    };
    let what = "You have asked very often whether authorization is required.";
    let counted = within(app, &CHECKS, token.username.as_str(), what);
    let (replay, caller, counted, of, holds) =
        futures::join!(app.replay(&key), app.caller(&token), counted, read, app.contract(&id));
    let (caller, searched) = (caller?, member.map(|member| member.to_string()));
    let hidden = || Problem::from(Denied::Hidden).asked(searched.clone().unwrap_or_default());
    if !app.works_under(&caller, &id).await? {
        return Err(hidden());
    }
    if let Some(answer) = replay?.give(&caller) {
        return Ok(answer);
    }
    counted?;
    let (holds, of) = (holds?, of?);
    let of = match member {
        Some(_) => Some(of.filter(|member| member.contract == id).ok_or_else(hidden)?),
        None => None,
    };
    let contract = app.table().contract(&id, noon(&holds, asked.on)).await?.unwrap_or(holds);
    let contract = app.table().with_rules(contract, [&asked.code]).await?;
    fill(&mut asked, of.as_ref(), &contract, contract.calendar.time_zone.date_at(now))?;
    let number = app.table().draw_check_number(contract.calendar.time_zone.date_at(now)).await?;
    let check = Check {
        number,
        contract: id,
        version: contract.version.clone(),
        finding: contract.check(&asked),
        called: Some(contract.called(&asked)),
        asked,
        member,
        by: token.username.clone(),
        groups: caller.groups(),
        at: now,
    };
    let mut transaction = Transaction::new();
    transaction.check(app.table(), &check)?;
    let shown = [check.number.to_string()].into_iter().chain(searched.clone()).collect();
    app.audit_shown(&token, "check-requirement", searched, shown).await?;
    let answer = CheckView::of(&check, of.as_ref(), &contract);
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await
}

/// The middle of a day where the contract is.
fn noon(contract: &Contract, day: Date) -> Timestamp {
    contract.calendar.time_zone.rules().to_timestamp(day.at(12, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

fn parse(body: &AskedBody) -> Result<Question, FieldErrors> {
    let mut errors = FieldErrors::none();
    let code = errors.parse::<ProcedureCode>("/code", body.code.as_deref());
    let modifiers: Option<Vec<Modifier>> = if fits(&mut errors, "/modifiers", &body.modifiers, (4, "modifiers")) {
        list(&body.modifiers, |place, modifier| errors.parse(format!("/modifiers/{place}"), Some(modifier)))
    } else {
        None
    };
    let setting: Option<Setting> =
        choice(&mut errors, "/setting", body.setting.as_deref(), "Choose inpatient or outpatient.");
    let on = date(&mut errors, "/on", body.on.as_deref());
    let member = body.member.as_deref().and_then(|text| errors.parse("/member", Some(text)));
    let age = body.age.and_then(|age| u8::try_from(age).ok().filter(|age| *age <= OLDEST));
    if body.age.is_some() && age.is_none() {
        let text = format!("Enter the age in whole years, 0 to {OLDEST}.");
        errors.add("/age", Wrong::OutOfRange { least: 0, most: OLDEST.into() }.says(text));
    }
    if body.member.is_some() && body.age.is_some() {
        errors.add("/age", Wrong::NotBoth.says("Give either the member or an age."));
    }
    let parsed = code.zip(modifiers).zip(setting.zip(on));
    errors.finish(parsed.map(|((code, modifiers), (setting, on))| Question {
        asked: Asked { code, modifiers, setting, service_type: body.service_type.clone(), on, age },
        member,
    }))
}

/// Puts in what follows from the member, and checks what only the contract knows.
fn fill(asked: &mut Asked, of: Option<&Member>, contract: &Contract, today: Date) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::none();
    if asked.service_type.as_deref().is_some_and(|id| contract.service_type(id).is_none()) {
        let text = "Choose a service type from the contract's list.";
        errors.add("/serviceType", Wrong::NotOffered.says(text));
    }
    if asked.on > contract.windows.latest(today) {
        errors.add("/on", contract.windows.too_far());
    }
    if let Some(member) = of {
        asked.age = member.age_on(asked.on);
        if asked.age.is_none() {
            let text = "The service begins before the member's date of birth.";
            errors.add("/on", Wrong::BeforeBirth.says(text));
        }
    }
    errors.into_result()
}
