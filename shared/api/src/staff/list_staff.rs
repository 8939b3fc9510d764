//! The staff of the caller's contracts, by name: what each does, for which of the contracts, and where the account stands
//! (ACC-18). For Contract Managers.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_domain::{
    accounts::User,
    caller::{Denied, StaffRole},
    field::FieldErrors,
    id::{ContractId, Username},
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::{own_post, post::StaffView};
use crate::{
    Route,
    account::STATES,
    app::App,
    caller::Token,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// Entries that are looked through at once, of each contract.
const LOOK: i32 = 100;
/// How often, before a page is given that is not full.
const ROUNDS: usize = 5;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_staff)).routes(routes!(get_staff))
}

/// Whom.
#[derive(Deserialize, IntoParams, Default)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// Only those of this contract; of all of the caller's when absent.
    #[param(example = "arkansas")]
    contract: Option<String>,
    /// Only those with this role.
    #[param(value_type = Option<words::StaffRole>, inline, example = "nurse")]
    role: Option<String>,
    /// Only those in this state.
    #[param(value_type = Option<words::UserState>, inline, example = "active")]
    status: Option<String>,
    /// People on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of staff. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
struct ListedStaff {
    /// In the order of their usernames.
    staff: Vec<StaffView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What the filter says, parsed.
#[derive(Debug)]
struct Wanted {
    contract: Option<ContractId>,
    role: Option<StaffRole>,
    status: Option<&'static str>,
    page: Page,
}

/// Lists staff.
#[utoipa::path(
    get, path = "/staff/users", tag = "staff", params(Filter),
    responses(
        (status = 200, body = ListedStaff, description = "A page of staff"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "The filter is wrong"),
    ),
    security(("staff" = []))
)]
async fn list_staff(
    State(app): State<Arc<App>>,
    token: Token,
    Query(filter): Query<Filter>,
) -> Result<Answer<ListedStaff>, Problem> {
    let wanted = parse(&filter)?;
    let by = app.caller_file(&token).await?.user;
    let own = own_post(&by)?;
    own.may_manage_staff()?;
    let contracts = match &wanted.contract {
        Some(contract) if own.managed().contains(contract) => std::slice::from_ref(contract),
        Some(other) => return Err(Problem::from(Denied::Hidden).asked(other.to_string())),
        None => own.managed(),
    };
    let (staff, next) = page(&app, contracts, &wanted).await?;
    let staff = staff.iter().filter_map(|user| StaffView::of(user, own)).collect();
    Ok(Answer(ListedStaff { staff, next: next.map(|name| cursor(name.as_str())) }))
}

/// Gives one member of staff of the caller's contracts.
#[utoipa::path(
    get, path = "/staff/users/{name}", tag = "staff",
    params(("name" = String, Path, description = "Username")),
    responses(
        (status = 200, body = StaffView, description = "The person", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Nobody of this name in the caller's contracts"),
    ),
    security(("staff" = []))
)]
async fn get_staff(State(app): State<Arc<App>>, token: Token, Path(name): Path<String>) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let (by, file) = futures::join!(app.caller_file(&token), app.table().user_file(&name));
    let by = by?.user;
    let own = own_post(&by)?;
    own.may_manage_staff()?;
    let user = file?.ok_or(Denied::Hidden)?.user;
    own.may_see_staff(user.post().ok_or(Denied::Hidden)?)?;
    let view = StaffView::of(&user, own).ok_or(Denied::Hidden)?;
    Ok(([etag(user.version)], Answer(view)).into_response())
}

/// The people of one page, and the name to go on after.
async fn page(app: &App, contracts: &[ContractId], wanted: &Wanted) -> Result<(Vec<User>, Option<Username>), Problem> {
    let most = usize::from(wanted.page.limit);
    let mut after: Option<Username> = wanted.page.after.as_deref().and_then(|name| name.parse().ok());
    let mut staff = Vec::new();
    for _ in 0..ROUNDS {
        let lists = contracts.iter().map(|contract| app.table().staff_of(contract, after.as_ref(), LOOK));
        let lists: Vec<Vec<User>> = futures::future::try_join_all(lists).await?;
        let (looked, end) = merged(lists, usize::try_from(LOOK).unwrap_or_default());
        for user in looked.into_values().filter(|user| wanted.fits(user)) {
            if staff.len() == most {
                let last = staff.last().map(|last: &User| last.username.clone());
                return Ok((staff, last));
            }
            staff.push(user);
        }
        let Some(end) = end else { return Ok((staff, None)) };
        after = Some(end);
    }
    Ok((staff, after))
}

/// Several lists as one, each person once, as far as all of them were read; and the last name if there may be more.
fn merged(lists: Vec<Vec<User>>, full: usize) -> (BTreeMap<Username, User>, Option<Username>) {
    let ends = lists.iter().filter(|list| list.len() >= full).filter_map(|list| list.last());
    let end = ends.map(|last| last.username.clone()).min();
    let within = |user: &User| end.as_ref().is_none_or(|end| user.username <= *end);
    let all = lists.into_iter().flatten().filter(within).map(|user| (user.username.clone(), user)).collect();
    (all, end)
}

impl Wanted {
    fn fits(&self, user: &User) -> bool {
        let role = user.post().map(|post| post.role);
        self.role.is_none_or(|wanted| role == Some(wanted))
            && self.status.is_none_or(|status| status == user.state.name())
    }
}

fn parse(filter: &Filter) -> Result<Wanted, Problem> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse_optional("/contract", filter.contract.as_deref());
    let role = errors.parse_optional("/role", filter.role.as_deref());
    let status = filter.status.as_deref().map(|asked| {
        let known = STATES.into_iter().find(|state| *state == asked);
        if known.is_none() {
            let text = format!("A state is one of {}.", STATES.join(", "));
            errors.add("/status", Wrong::NotAChoice.says(text));
        }
        known.unwrap_or_default()
    });
    let given = (filter.limit.as_deref(), filter.cursor.as_deref());
    let page = Page::parse(&mut errors, given, (25, 50), |name| name.parse::<Username>().is_ok());
    Ok(errors.finish(Some(Wanted { contract, role, status, page }))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn user(name: &str, role: &str) -> User {
        serde_json::from_value(json!({
            "username": name, "version": 1, "state": {"is": "active", "since": "2026-05-01T00:00:00Z"},
            "door": {"staff": {
                "username": name, "name": "Ann Lee", "role": role, "credential": "RN", "specialty": null,
                "license": null, "contracts": ["arkansas"],
            }},
            "contact": {
                "firstName": "Ann", "lastName": "Lee", "email": "ann@example.org", "fax": "501-555-0123",
                "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
            },
            "rules": {
                "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15,
                "absolute-hours": 10,
            },
        }))
        .unwrap()
    }

    fn names(lists: &[&[&str]], full: usize) -> (Vec<String>, Option<String>) {
        let lists = lists.iter().map(|names| names.iter().map(|name| user(name, "nurse")).collect()).collect();
        let (all, end) = merged(lists, full);
        (all.into_keys().map(|name| name.to_string()).collect(), end.map(|name| name.to_string()))
    }

    /// REQ: ACC-18
    #[test]
    fn lists_of_contracts_are_one_list_with_each_person_once() {
        let all = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&[&["ann", "cyd"], &["ann", "bob"]], 3), (all(&["ann", "bob", "cyd"]), None));
        // The first list may go on after bob, so nobody behind bob is given yet.
        let (first, end) = names(&[&["ann", "bob"], &["cyd"]], 2);
        assert_eq!((first, end.as_deref()), (all(&["ann", "bob"]), Some("bob")));
        assert_eq!(names(&[&[], &[]], 2), (all(&[]), None));
    }

    #[test]
    fn a_wrong_filter_is_told_field_by_field() {
        let filter = |json: serde_json::Value| parse(&serde_json::from_value(json).unwrap());
        let wrong = json!({"contract": "!", "role": "boss", "status": "gone", "limit": "0", "cursor": "!"});
        assert_eq!(filter(wrong).unwrap_err().pointers(), ["/contract", "/role", "/status", "/limit", "/cursor"]);
        let nurses = filter(json!({"role": "nurse", "status": "active"})).unwrap();
        assert!(nurses.fits(&user("ann", "nurse")) && !nurses.fits(&user("sam", "support")));
    }
}
