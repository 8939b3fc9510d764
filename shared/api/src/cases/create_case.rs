//! Creates a case for a member: a draft that is saved at once (CASE-02, CASE-08).
//!
//! The contract is the member's; the requesting provider is one at which the caller has a role. The fax number is
//! filled from the caller's profile (CASE-10).

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use portico_aws::{clock::new_uuid, table::Transaction};
use portico_domain::{
    caller::Denied,
    cases::Case,
    events::Actor,
    field::FieldErrors,
    id::{CaseKey, MemberId, ProviderId},
    service::Setting,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    once,
    problem::{Problem, ProblemBody},
    throttle::{NEW_CASES, NEW_CASES_OF_MEMBER, within},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(create_case))
}

/// What a case begins with.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct NewCase {
    /// From the member search.
    #[schema(value_type = String, required = true)]
    member: Option<String>,
    /// The requesting provider: one of the caller's.
    #[schema(value_type = String, required = true)]
    requesting: Option<String>,
    /// `inpatient` or `outpatient`.
    #[schema(value_type = words::Setting, required = true)]
    setting: Option<String>,
}

/// A case as it was created.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CreatedCase {
    /// Opaque key, for every further call.
    key: String,
    /// For If-Match.
    version: u64,
    /// `draft`.
    #[schema(value_type = words::Status)]
    status: &'static str,
}

/// Creates a case as a draft.
#[utoipa::path(
    post, path = "/cases", tag = "cases", request_body = NewCase,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new case")),
    responses(
        (status = 201, body = CreatedCase, description = "Saved as a draft"),
        (status = 404, body = ProblemBody, description = "No such member, or not one of the caller's providers"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "More cases than a person begins in a day"),
    ),
    security(("provider" = []))
)]
async fn create_case(
    State(app): State<Arc<App>>,
    token: Token,
    key: once::Key,
    body: Json<NewCase>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "create-case", &body.raw);
    let (asked, requesting, setting) = parse(&body.value)?;
    let table = app.table();
    let (replay, caller, member, provider) =
        futures::join!(app.replay(&key), app.caller(&token), table.member(asked), table.provider(requesting),);
    let caller = caller?;
    if let Some(answer) = replay?.give(&caller) {
        return Ok(answer);
    }
    let hidden = || Problem::from(Denied::Hidden).asked(format!("{asked} {requesting}"));
    let member = member?.ok_or_else(hidden)?;
    let provider = provider?.filter(|p| p.contract == member.contract).ok_or_else(hidden)?;
    if !caller.works_for(&provider) {
        return Err(hidden());
    }
    let (contract, counted) = futures::join!(app.contract(&member.contract), counted(&app, &token, member.id));
    let contract = contract?;
    counted?;
    let by = token.username.clone();
    let change =
        Case::create(CaseKey::new(new_uuid()), setting, member, provider, caller.fax()?, (app.now(), by.clone()));
    let mut transaction = Transaction::new();
    if change.case.member.is_temporary() {
        transaction.still_temporary(table, &change.case.member)?;
    }
    transaction.case_of_member(table, &change.case)?;
    transaction.case(table, &change, &contract.calendar, &Actor::User(by))?;
    transaction.audit(table, change.case.key, &app.access(&token, "create-case", true))?;
    let answer = CreatedCase { key: change.case.key.to_string(), version: change.case.version, status: "draft" };
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await
}

/// Counts a case that is begun: by its user, and by its user for this member, whose cases are all read together.
async fn counted(app: &App, token: &Token, member: MemberId) -> Result<(), Problem> {
    let (by, of) = (token.username.as_str(), format!("{}#{member}", token.username));
    let (by, of) = futures::join!(
        within(app, &NEW_CASES, by, "You have begun more cases today than one person works on."),
        within(
            app,
            &NEW_CASES_OF_MEMBER,
            &of,
            "You have begun many cases for this member today. Look among your drafts first."
        ),
    );
    by.and(of)
}

fn parse(body: &NewCase) -> Result<(MemberId, ProviderId, Setting), Problem> {
    let mut errors = FieldErrors::none();
    let member = errors.parse("/member", body.member.as_deref());
    let requesting = errors.parse("/requesting", body.requesting.as_deref());
    let setting = match body.setting.as_deref() {
        Some("inpatient") => Some(Setting::Inpatient),
        Some("outpatient") => Some(Setting::Outpatient),
        _ => {
            let wrong = Wrong::word(body.setting.as_deref());
            errors.add("/setting", wrong.says("Choose inpatient or outpatient."));
            None
        }
    };
    let parsed =
        member.zip(requesting).zip(setting).map(|((member, requesting), setting)| (member, requesting, setting));
    Ok(errors.finish(parsed)?)
}
