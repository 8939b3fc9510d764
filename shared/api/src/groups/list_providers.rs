//! The providers of a group, for those who manage users there: a Group Admin gives parts at all of them, also at those that
//! another one registered; a Provider Admin sees their own (ORG-03, ORG-07).

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use portico_domain::{
    field::FieldErrors,
    groups::roles::manages_at,
    id::{GroupId, ProviderId},
    person::Provider,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::people::manages_in;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::{Page, Query, cursor},
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_providers))
}

/// Which part of the list.
#[derive(Deserialize, IntoParams, Default)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Providers on a page: 1 to 100, usually 50.
    limit: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of providers. It may hold fewer than asked for while there is a next one.
#[derive(Serialize, ToSchema)]
struct ListedProviders {
    /// In the order of their ids.
    providers: Vec<GroupProvider>,
    /// The cursor of the next page, while there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A provider of a group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct GroupProvider {
    provider: String,
    provider_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    npi: Option<String>,
    provider_type: String,
    /// From the claims feed, read-only.
    address: Vec<String>,
    contract: String,
}

/// Lists the providers of a group that the caller manages.
#[utoipa::path(
    get, path = "/groups/{id}/providers", tag = "groups",
    params(("id" = String, Path, description = "The group"), Filter),
    responses(
        (status = 200, body = ListedProviders, description = "A page of providers"),
        (status = 403, body = ProblemBody, description = "The caller manages nobody in the group"),
        (status = 404, body = ProblemBody, description = "No group of the caller's"),
        (status = 422, body = ProblemBody, description = "The page is wrong"),
    ),
    security(("provider" = []))
)]
async fn list_providers(
    State(app): State<Arc<App>>,
    token: Token,
    Path(group): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Answer<ListedProviders>, Problem> {
    let group: GroupId = group.parse().map_err(|_| Problem::not_found())?;
    let mut errors = FieldErrors::none();
    let given = (filter.limit.as_deref(), filter.cursor.as_deref());
    let page = Page::parse(&mut errors, given, (50, 100), |id| id.parse::<ProviderId>().is_ok());
    errors.into_result()?;
    let after = page.after.as_deref().and_then(|id| id.parse().ok());
    let read = app.table().group_providers(group, after, i32::from(page.limit) + 1);
    let (by, listed) = futures::join!(app.caller_file(&token), read);
    let (by, mut listed) = (by?.roles, listed?);
    manages_in(&by, group)?;
    let more = listed.len() > usize::from(page.limit);
    listed.truncate(page.limit.into());
    let next = listed.last().filter(|_| more).map(|last| cursor(&last.id.to_string()));
    listed.retain(|provider| manages_at(&by, group, provider.id));
    Ok(Answer(ListedProviders { providers: listed.iter().map(GroupProvider::of).collect(), next }))
}

impl GroupProvider {
    fn of(provider: &Provider) -> Self {
        Self {
            provider: provider.id.to_string(),
            provider_name: provider.name.to_string(),
            npi: provider.npi.map(|npi| npi.to_string()),
            provider_type: provider.provider_type.to_string(),
            address: provider.address.lines(),
            contract: provider.contract.to_string(),
        }
    }
}
