//! The systems that ask by FHIR under the caller's contracts. For Contract Managers.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use portico_domain::{caller::Denied, fhir::Client, id::ClientId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::view_client::ClientView;
use crate::{
    Route,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
    version::etag,
};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_clients)).routes(routes!(get_client))
}

/// The clients of the caller's contracts.
#[derive(Serialize, ToSchema)]
struct ListedClients {
    /// Those that may ask first, each by name.
    clients: Vec<ClientView>,
}

/// Lists clients.
#[utoipa::path(
    get, path = "/staff/clients", tag = "fhir",
    responses(
        (status = 200, body = ListedClients, description = "All of them: a contract has few"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
    ),
    security(("staff" = []))
)]
async fn list_clients(State(app): State<Arc<App>>, token: Token) -> Result<Answer<ListedClients>, Problem> {
    let caller = app.caller(&token).await?;
    let own = caller.reviewer()?;
    own.may_manage_staff()?;
    let lists = own.managed().iter().map(|contract| app.table().clients_of(contract));
    let lists = futures::future::try_join_all(lists).await?;
    let all: BTreeMap<ClientId, Client> = lists.into_iter().flatten().map(|client| (client.id, client)).collect();
    let mut all: Vec<Client> = all.into_values().collect();
    all.sort_by_key(|client| (client.ended.is_some(), client.name.to_string()));
    Ok(Answer(ListedClients { clients: all.iter().map(|client| ClientView::of(client, own)).collect() }))
}

/// Gives one client of the caller's contracts.
#[utoipa::path(
    get, path = "/staff/clients/{id}", tag = "fhir",
    params(("id" = String, Path, description = "Client id")),
    responses(
        (status = 200, body = ClientView, description = "The client, with what it subscribed to", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "No such client in the caller's contracts"),
    ),
    security(("staff" = []))
)]
async fn get_client(State(app): State<Arc<App>>, token: Token, Path(id): Path<String>) -> Result<Response, Problem> {
    let caller = app.caller(&token);
    let found = async {
        match id.parse() {
            Ok(id) => {
                let (client, subscriptions) = futures::join!(app.table().client(id), app.table().subscriptions(id));
                Ok::<_, Problem>(client?.zip(Some(subscriptions?)))
            }
            Err(_) => Ok(None),
        }
    };
    let (caller, found) = futures::join!(caller, found);
    let caller = caller?;
    let own = caller.reviewer()?;
    own.may_manage_staff()?;
    let (client, subscriptions) = found?.ok_or(Denied::Hidden)?;
    own.may_see_client(&client)?;
    let view = ClientView::of(&client, own).with(&subscriptions, app.now());
    Ok(([etag(client.version)], Answer(view)).into_response())
}
