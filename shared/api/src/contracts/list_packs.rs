//! The packs of a contract, past, in force and to come. For its Contract Managers.

use std::sync::Arc;

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::view_pack::PackView;
use crate::{
    Route,
    app::App,
    caller::Token,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(list_packs))
}

/// The packs of a contract.
#[derive(Serialize, ToSchema)]
struct ListedPacks {
    /// The one with the latest first day first.
    packs: Vec<PackView>,
}

/// Lists the packs of a contract.
#[utoipa::path(
    get, path = "/staff/contracts/{id}/packs", tag = "contracts",
    params(("id" = String, Path, description = "Contract")),
    responses(
        (status = 200, body = ListedPacks, description = "All of them: a contract has few"),
        (status = 403, body = ProblemBody, description = "Only Contract Managers do this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
    ),
    security(("staff" = []))
)]
async fn list_packs(
    State(app): State<Arc<App>>,
    token: Token,
    Path(id): Path<String>,
) -> Result<Answer<ListedPacks>, Problem> {
    let caller = app.caller(&token).await?;
    let contract = caller.reviewer()?.manages(&id)?;
    let stored = app.table().packs(&contract).await?;
    Ok(Answer(ListedPacks { packs: PackView::all(&contract, &stored, app.now()) }))
}
