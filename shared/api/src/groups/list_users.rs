//! Manage Users: the users of a group with each provider and role, state and last sign-in (ORG-08).
//!
//! A Group Admin sees the whole group, a Provider Admin the users of the providers assigned to them, and of these only
//! what they are there (ORG-03).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_aws::table::{accounts::users::UserFile, groups::GroupUser};
use portico_domain::{
    caller::{ProviderRole, RoleAt},
    field::FieldErrors,
    id::{GroupId, ProviderId, Username},
    person::Provider,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::people::{UserView, manages_in, seen_parts, seen_user};
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

/// Users that are looked through at once.
const LOOK: i32 = 50;
/// How often, before a page is given that is not full.
const ROUNDS: usize = 5;

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_users)).routes(routes!(get_user))
}

/// Which users.
#[derive(Deserialize, IntoParams, Default)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// Only those at this provider.
    provider: Option<String>,
    /// Only those with this role somewhere that the caller manages.
    #[param(value_type = Option<words::ProviderRole>, inline, example = "staff")]
    role: Option<String>,
    /// Only those in this state.
    #[param(value_type = Option<words::UserState>, inline, example = "active")]
    status: Option<String>,
    /// Users on a page: 1 to 50, usually 25.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of users. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
struct ListedUsers {
    /// In the order of their names.
    users: Vec<UserView>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What the filter says, parsed.
#[derive(Debug)]
struct Wanted {
    provider: Option<ProviderId>,
    role: Option<ProviderRole>,
    status: Option<&'static str>,
    page: Page,
}

/// Lists the users of a group.
#[utoipa::path(
    get, path = "/groups/{id}/users", tag = "groups",
    params(("id" = String, Path, description = "The group"), Filter),
    responses(
        (status = 200, body = ListedUsers, description = "A page of users"),
        (status = 403, body = ProblemBody, description = "The caller manages nobody in the group"),
        (status = 404, body = ProblemBody, description = "No group of the caller's"),
        (status = 422, body = ProblemBody, description = "The filter is wrong"),
    ),
    security(("provider" = []))
)]
async fn list_users(
    State(app): State<Arc<App>>,
    token: Token,
    Path(group): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Answer<ListedUsers>, Problem> {
    let group: GroupId = group.parse().map_err(|_| Problem::not_found())?;
    let wanted = parse(&filter)?;
    let after = wanted.page.after.as_deref().and_then(|name| name.parse().ok());
    let (by, listed) = futures::join!(app.caller_file(&token), app.table().group_users(group, after.as_ref(), LOOK));
    let (by, listed) = (by?.roles, listed?);
    manages_in(&by, group)?;
    let (files, providers, next) = page(&app, group, &by, &wanted, listed).await?;
    let users = files.iter().map(|file| UserView::of(file, &by, &providers)).collect();
    Ok(Answer(ListedUsers { users, next: next.map(|name| cursor(name.as_str())) }))
}

/// Gives one user, with the parts that the caller manages.
#[utoipa::path(
    get, path = "/users/{name}", tag = "groups",
    params(("name" = String, Path, description = "Username")),
    responses(
        (status = 200, body = UserView, description = "The user", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "A colleague whom the caller does not manage"),
        (status = 404, body = ProblemBody, description = "No such user at the caller's providers"),
    ),
    security(("provider" = []))
)]
async fn get_user(State(app): State<Arc<App>>, token: Token, Path(name): Path<String>) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let (by, file) = seen_user(&app, &token, &name).await?;
    let at: Vec<ProviderId> = seen_parts(&by.roles, &file.roles).map(|at| at.provider).collect();
    let providers = app.table().providers(&at).await?;
    Ok(([etag(file.user.version)], Answer(UserView::of(&file, &by.roles, &providers))).into_response())
}

/// The users of one page, each with their parts in this group, the providers of those parts, and the name to go on
/// after. Provider and role are seen in the list of the group; only users who fit are read. A second round is made only
/// when a state was asked for that few are in.
async fn page(
    app: &App,
    group: GroupId,
    by: &[RoleAt],
    wanted: &Wanted,
    mut listed: Vec<GroupUser>,
) -> Result<(Vec<UserFile>, Vec<Provider>, Option<Username>), Problem> {
    let table = app.table();
    let most = usize::from(wanted.page.limit);
    let mut users: Vec<UserFile> = Vec::new();
    let mut providers: Vec<Provider> = Vec::new();
    for round in 1..=ROUNDS {
        let more = listed.len() >= usize::try_from(LOOK).unwrap_or_default();
        let fitting: Vec<&GroupUser> = listed.iter().filter(|listed| wanted.fits(by, &listed.roles)).collect();
        let mut new: Vec<ProviderId> = fitting.iter().flat_map(|listed| &listed.roles).map(|at| at.provider).collect();
        new.sort_unstable();
        new.dedup();
        new.retain(|id| providers.iter().all(|known| known.id != *id));
        let files = futures::future::join_all(fitting.iter().map(|listed| table.user_file(&listed.user)));
        let (read, new) = futures::join!(files, table.providers(&new));
        providers.extend(new?);
        for file in read {
            let Some(mut file) = file? else { continue };
            if wanted.status.is_some_and(|status| status != file.user.state.name()) {
                continue;
            }
            if users.len() == most {
                let last = users.last().map(|last| last.user.username.clone());
                return Ok((users, providers, last));
            }
            file.roles.retain(|at| at.group == group);
            users.push(file);
        }
        if !more {
            return Ok((users, providers, None));
        }
        let after = listed.last().map(|last| last.user.clone());
        if round == ROUNDS {
            return Ok((users, providers, after));
        }
        listed = table.group_users(group, after.as_ref(), LOOK).await?;
    }
    Ok((users, providers, None))
}

impl Wanted {
    /// Whether some part that the caller manages is one that was asked for.
    fn fits(&self, by: &[RoleAt], of: &[RoleAt]) -> bool {
        seen_parts(by, of).any(|at| {
            self.provider.is_none_or(|provider| provider == at.provider) && self.role.is_none_or(|role| role == at.role)
        })
    }
}

fn parse(filter: &Filter) -> Result<Wanted, Problem> {
    let mut errors = FieldErrors::none();
    let provider = errors.parse_optional("/provider", filter.provider.as_deref());
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
    Ok(errors.finish(Some(Wanted { provider, role, status, page }))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(json: &str) -> Result<Wanted, Problem> {
        parse(&serde_json::from_str(json).unwrap())
    }

    /// REQ: ORG-08
    #[test]
    fn users_are_filtered_by_provider_role_and_state() {
        let at = |n: u128, role| RoleAt {
            provider: format!("prv_{n:032x}").parse().unwrap(),
            group: format!("grp_{:032x}", 9).parse().unwrap(),
            contract: "arkansas".parse().unwrap(),
            role,
        };
        let by = [at(1, ProviderRole::GroupAdmin)];
        let of = [at(1, ProviderRole::Staff), at(2, ProviderRole::ProviderAdmin)];
        let fits = |json: &str| filter(json).unwrap().fits(&by, &of);
        assert!(fits("{}") && fits(r#"{"role":"provider-admin"}"#));
        assert!(fits(r#"{"provider":"prv_00000000000000000000000000000001","role":"staff"}"#));
        assert!(!fits(r#"{"provider":"prv_00000000000000000000000000000001","role":"provider-admin"}"#));
        assert!(!filter("{}").unwrap().fits(&[at(3, ProviderRole::ProviderAdmin)], &of));
    }

    #[test]
    fn a_wrong_filter_is_told_field_by_field() {
        let wrong = filter(r#"{"provider":"x","role":"boss","status":"gone","limit":"0","cursor":"!"}"#);
        assert_eq!(wrong.unwrap_err().pointers(), ["/provider", "/role", "/status", "/limit", "/cursor"]);
        assert_eq!(filter(r#"{"status":"locked"}"#).unwrap().status, Some("locked"));
    }
}
