//! Creates a case for a member: a draft that is saved at once (CASE-02, CASE-08).
//!
//! The contract is the member's; the requesting provider is one at which the caller has a role. The fax number is
//! filled from the caller's profile (CASE-10). It may begin like an earlier case of the member, as far as that is still true.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use portico_aws::{clock::new_uuid, table::Transaction};
use portico_domain::{
    caller::Denied,
    cases::{Case, Change, access::CaseAction},
    contracts::Contract,
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
    open::Opened,
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
    /// Key of an earlier case of the member that the caller sees: providers, service and diagnoses are filled in from it, as far as
    /// they are still right. Days, procedures, documents and answers are not.
    #[schema(value_type = Option<String>)]
    like: Option<String>,
}

/// What is asked for, parsed.
struct Wanted {
    member: MemberId,
    requesting: ProviderId,
    setting: Setting,
    like: Option<CaseKey>,
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
    /// The steps that were filled in from the earlier case.
    filled: Vec<String>,
}

/// Creates a case as a draft.
#[utoipa::path(
    post, path = "/cases", tag = "cases", request_body = NewCase,
    params(("Idempotency-Key" = String, Header, description = "A new value for each new case")),
    responses(
        (status = 201, body = CreatedCase, description = "Saved as a draft"),
        (status = 404, body = ProblemBody, description = "No such member or earlier case, or not one of the caller's providers"),
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
    let Wanted { member: asked, requesting, setting, like } = parse(&body.value)?;
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
    let mut change =
        Case::create(CaseKey::new(new_uuid()), setting, member, provider, caller.fax()?, (app.now(), by.clone()));
    let mut transaction = Transaction::new();
    if let Some(like) = like {
        let earlier = app.open(&token, &like.to_string(), CaseAction::Read, "copy-case").await?;
        change = filled(&app, change, &earlier, &contract).await?;
        transaction.audit(table, earlier.found.key, &earlier.access)?;
    }
    if change.case.member.is_temporary() {
        transaction.still_temporary(table, &change.case.member)?;
    }
    transaction.case_of_member(table, &change.case)?;
    transaction.case(table, &change, &contract.calendar, &Actor::User(by))?;
    transaction.audit(table, change.case.key, &app.access(&token, "create-case", true))?;
    let answer = CreatedCase {
        key: change.case.key.to_string(),
        version: change.case.version,
        status: "draft",
        filled: change.filled(),
    };
    app.commit_once(transaction, &key, StatusCode::CREATED, &answer).await
}

/// The new case with what is still true of the earlier one.
async fn filled(app: &App, change: Change, earlier: &Opened, contract: &Contract) -> Result<Change, Problem> {
    let earlier = &earlier.found;
    if earlier.member.id != change.case.member.id {
        let mut errors = FieldErrors::none();
        errors.add("/like", Wrong::NotOffered.says("Choose a case of the same member."));
        errors.into_result()?;
    }
    let ids: Vec<_> =
        [&earlier.servicing, &earlier.attending].into_iter().flatten().map(|provider| provider.id).collect();
    Ok(change.like(earlier, &app.table().providers(&ids).await?, contract))
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

fn parse(body: &NewCase) -> Result<Wanted, Problem> {
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
    let like = errors.parse_optional("/like", body.like.as_deref());
    let parsed = member.zip(requesting).zip(setting);
    Ok(errors.finish(parsed.map(|((member, requesting), setting)| Wanted { member, requesting, setting, like }))?)
}
