//! Lists the contracts in force (OPS-01): whoever registers chooses one to see what its registration code is called.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use futures::future::try_join_all;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::shared;
use crate::{Route, app::App, problem::Problem};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_contracts))
}

/// The contracts in force, by name.
#[derive(Serialize, ToSchema)]
struct Contracts {
    contracts: Vec<NamedContract>,
}

/// A contract by its name.
#[derive(Serialize, ToSchema)]
struct NamedContract {
    #[schema(example = "arkansas")]
    id: String,
    /// What people call it.
    name: String,
}

/// Lists the contracts in force.
#[utoipa::path(
    get, path = "/contracts", tag = "contracts",
    responses(
        (status = 200, body = Contracts, description = "By name", headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "As the caller has it"),
    ),
    security(())
)]
async fn list_contracts(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let listed = app.table().contracts().await?;
    let in_force = listed.iter().map(|listed| app.table().contract(&listed.id, app.now()));
    let in_force = try_join_all(in_force).await?.into_iter().flatten();
    let mut contracts: Vec<NamedContract> =
        in_force.map(|contract| NamedContract { id: contract.id.to_string(), name: contract.name.clone() }).collect();
    contracts.sort_by(|one, other| one.name.cmp(&other.name));
    shared(&headers, &Contracts { contracts })
}
