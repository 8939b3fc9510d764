//! Temporary members who wait for the real one, and the merge of one by hand (CASE-06): somebody of intake compares what a clinic entered
//! with members of the plan's file and says who it is. Most are merged by themselves when a file brings the real one; what is not sure is
//! never guessed.
//!
//! The cases keep their numbers, requests and clocks. A POST searches, because a member's number is PHI and has no place in a URL.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use jiff::Timestamp;
use portico_aws::table::{
    Guard, Transaction,
    audit::{Access, Shown},
    people::MemberSearch,
};
use portico_domain::{
    caller::Denied,
    cases::temporary::TemporaryMember,
    contact::Line,
    events::Actor,
    field::{FieldErrors, Objection},
    id::{ContractId, MemberId},
    person::Member,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::find_members::{FoundMember, counted, found_nobody};
use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    page::{Page, Query},
    problem::{Problem, ProblemBody},
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new()
        .routes(routes!(list_temporary_members))
        .routes(routes!(get_temporary_member))
        .routes(routes!(find_real_member))
        .routes(routes!(merge_member))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// One of the caller's contracts; all of them when absent.
    contract: Option<String>,
    /// Members on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of the temporary members who wait.
#[derive(Serialize, ToSchema)]
struct TemporaryMembers {
    /// Whoever waits longest first.
    items: Vec<TemporaryView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A member as a file or a clinic has them.
#[derive(Serialize, ToSchema)]
struct PersonView {
    #[serde(flatten)]
    member: FoundMember,
    /// In one line.
    address: String,
}

impl PersonView {
    fn of(member: &Member) -> Self {
        Self { member: FoundMember::of(member), address: member.address.lines().join(", ") }
    }
}

/// A temporary member as a clinic entered them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TemporaryView {
    #[schema(value_type = String)]
    contract: ContractId,
    #[serde(flatten)]
    person: PersonView,
    middle_name: Option<String>,
    suffix: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    /// When they were entered.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom: sign-in name.
    by: String,
}

impl TemporaryView {
    fn of(entered: &TemporaryMember) -> Self {
        let line = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
        Self {
            contract: entered.member.contract.clone(),
            person: PersonView::of(&entered.member),
            middle_name: line(&entered.details.middle_name),
            suffix: line(&entered.details.suffix),
            phone: entered.details.phone.as_ref().map(ToString::to_string),
            email: entered.details.email.as_ref().map(ToString::to_string),
            at: entered.at,
            by: entered.by.to_string(),
        }
    }
}

/// A temporary member beside whom it could be.
#[derive(Serialize, ToSchema)]
struct Compared {
    #[serde(flatten)]
    entered: TemporaryView,
    /// Cases that were begun for them.
    cases: usize,
    /// Members of the plan's file with the same date of birth, and the same last name or a part of it.
    like: Vec<PersonView>,
}

/// Lists the temporary members who wait for the real one.
#[utoipa::path(
    get, path = "/staff/temporary-members", tag = "cases", params(Filter),
    responses(
        (status = 200, body = TemporaryMembers, description = "A page, possibly empty"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn list_temporary_members(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<TemporaryMembers>, Problem> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional::<ContractId>("/contract", query.0.contract.as_deref());
    let is_place = |text: &str| text.parse::<MemberId>().is_ok();
    let page = Page::parse(&mut errors, (query.0.limit.as_deref(), query.0.cursor.as_deref()), (25, 50), is_place);
    errors.into_result()?;
    let caller = app.caller(&token).await?;
    let own = caller.reviewer()?;
    let what = contract.as_ref().map(ToString::to_string);
    let contracts = contract.map_or_else(|| own.contracts.clone(), |contract| vec![contract]);
    for contract in &contracts {
        own.may_merge(contract)?;
    }
    let lists = contracts.iter().map(|of| app.table().temporary_page(of, page.after.as_deref(), page.limit + 1));
    let (entered, next) = page.of_all(futures::future::try_join_all(lists).await?);
    let shown = entered.iter().map(|entered| entered.member.id.to_string()).collect();
    app.audit_shown(&token, "list-temporary-members", what, shown).await?;
    Ok(Answer(TemporaryMembers { items: entered.iter().map(TemporaryView::of).collect(), next }))
}

/// Shows a temporary member beside whom it could be.
#[utoipa::path(
    get, path = "/staff/contracts/{id}/temporary-members/{member}", tag = "cases",
    params(("id" = String, Path, description = "Contract"), ("member" = String, Path, description = "Id of the temporary member")),
    responses(
        (status = 200, body = Compared, description = "With the members who are like it"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "Nobody of this id waits under the contract, or it is not the caller's"),
    ),
    security(("staff" = []))
)]
async fn get_temporary_member(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, member)): Path<(String, String)>,
) -> Result<Answer<Compared>, Problem> {
    let entered = waiting(&app, &token, (&id, &member)).await?;
    let (table, keys) = (app.table(), app.lookups().await?);
    let (like, cases) =
        futures::join!(table.members_like(&keys, &entered.member), table.cases_of_member(entered.member.id));
    let (like, cases) = (like?, cases?.len());
    let like: Vec<PersonView> = like.iter().filter(|member| member.is_enrolled()).map(PersonView::of).collect();
    let shown =
        like.iter().map(|person| person.member.id).chain([entered.member.id]).map(|id| id.to_string()).collect();
    app.audit_shown(&token, "get-temporary-member", Some(entered.member.id.to_string()), shown).await?;
    Ok(Answer(Compared { entered: TemporaryView::of(&entered), cases, like }))
}

/// Whom a temporary member is compared with.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct NumberBody {
    /// The plan's number for the member.
    #[schema(value_type = String, required = true)]
    member_number: Option<String>,
}

/// The members of this number.
#[derive(Serialize, ToSchema)]
struct RealMembers {
    /// One, or nobody.
    members: Vec<PersonView>,
}

/// Finds a member of the plan's file by number.
#[utoipa::path(
    post, path = "/staff/contracts/{id}/temporary-members/{member}/search", tag = "cases", request_body = NumberBody,
    params(("id" = String, Path, description = "Contract"), ("member" = String, Path, description = "Id of the temporary member")),
    responses(
        (status = 200, body = RealMembers, description = "Whoever has exactly this number"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "Nobody of this id waits under the contract, or it is not the caller's"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
        (status = 429, body = ProblemBody, description = "Searched for very many members"),
    ),
    security(("staff" = []))
)]
async fn find_real_member(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, member)): Path<(String, String)>,
    body: Json<NumberBody>,
) -> Result<Answer<RealMembers>, Problem> {
    let entered = waiting(&app, &token, (&id, &member)).await?;
    let mut errors = FieldErrors::none();
    let number = errors.parse::<Line>("/memberNumber", body.value.member_number.as_deref());
    let number = errors.finish(number)?;
    let keys = app.lookups().await?;
    let (search, contract) = (MemberSearch::Number(number), &entered.member.contract);
    let (counted, found) = futures::join!(counted(&app, &token), app.table().find_members(&keys, contract, &search));
    counted?;
    let found = found?;
    let members: Vec<PersonView> = found.iter().filter(|member| member.is_enrolled()).map(PersonView::of).collect();
    let shown = members.iter().map(|person| person.member.id.to_string()).collect();
    let empty = async { if members.is_empty() { found_nobody(&app, &token).await } else { Ok(()) } };
    let what = Some(entered.member.id.to_string());
    let (audited, empty) = futures::join!(app.audit_shown(&token, "find-real-member", what, shown), empty);
    audited.and(empty)?;
    Ok(Answer(RealMembers { members }))
}

/// Who it is.
#[derive(Deserialize, ToSchema, Default)]
#[serde(default)]
struct MergeBody {
    /// Id of the member of the plan's file.
    #[schema(value_type = String, required = true)]
    into: Option<String>,
}

/// What was merged.
#[derive(Serialize, ToSchema)]
struct MergedMember {
    /// Cases that have the real member now.
    cases: u64,
}

/// Says who a temporary member is.
#[utoipa::path(
    post, path = "/staff/contracts/{id}/temporary-members/{member}/merge", tag = "cases", request_body = MergeBody,
    params(("id" = String, Path, description = "Contract"), ("member" = String, Path, description = "Id of the temporary member")),
    responses(
        (status = 200, body = MergedMember, description = "Their cases have the real member; numbers, requests and clocks are as they were"),
        (status = 403, body = ProblemBody, description = "The caller's role does no intake"),
        (status = 404, body = ProblemBody, description = "Nobody of this id waits under the contract, or it is not the caller's"),
        (status = 409, body = ProblemBody, description = "It became another member at the same moment"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn merge_member(
    State(app): State<Arc<App>>,
    token: Token,
    Path((id, member)): Path<(String, String)>,
    body: Json<MergeBody>,
) -> Result<Answer<MergedMember>, Problem> {
    let entered = waiting(&app, &token, (&id, &member)).await?;
    let mut errors = FieldErrors::none();
    let into = match body.value.into.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => {
            errors.add("/into", Objection::required());
            None
        }
        Some(text) => text.parse::<MemberId>().ok(),
    };
    errors.into_result()?;
    let table = app.table();
    let stranger = || {
        let text = "Choose a member whom the plan's file has under this contract.";
        Problem::invalid_field("/into", Wrong::NotFound.says(text))
    };
    let real = table.unmerged_member(into.ok_or_else(stranger)?).await?;
    let real =
        real.filter(|real| real.is_enrolled() && real.contract == entered.member.contract).ok_or_else(stranger)?;
    let access = Access {
        what: Some(format!("{} is {}", entered.member.id, real.id)),
        ..app.access(&token, "merge-member", true)
    };
    let mut beside = Transaction::new();
    beside.audit_shown(table, &Shown { access, shown: vec![real.id.to_string()] })?;
    let keys = app.lookups().await?;
    let by = Actor::User(token.username.clone());
    match table.merge(&keys, (&entered.member, &real), &by, beside).await {
        Ok(cases) => Ok(Answer(MergedMember { cases })),
        Err(error) if error.refused(Guard::Version) => {
            Err(Problem::conflict("They became another member at the same moment. Look at the list again.", "merged"))
        }
        Err(error) => Err(error.into()),
    }
}

/// A temporary member who waits, for somebody of intake under their contract.
async fn waiting(app: &App, token: &Token, (contract, member): (&str, &str)) -> Result<TemporaryMember, Problem> {
    let ids = contract.parse::<ContractId>().ok().zip(member.parse::<MemberId>().ok());
    let entered = async {
        match &ids {
            Some((contract, member)) => app.table().temporary(contract, *member).await,
            None => Ok(None),
        }
    };
    let (caller, entered) = futures::join!(app.caller(token), entered);
    let caller = caller?;
    let (contract, _) = ids.as_ref().ok_or(Denied::Hidden)?;
    caller.reviewer()?.may_merge(contract)?;
    Ok(entered?.ok_or(Denied::Hidden)?)
}
