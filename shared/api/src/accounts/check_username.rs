//! Says at once whether a username is free (ACC-06). Throttled by address.

use std::sync::Arc;

use axum::extract::{Path, State};
use portico_domain::{field::FieldErrors, id::NewUsername};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::From as Address,
    problem::{Problem, ProblemBody},
    throttle,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(check_username))
}

/// Whether a username is free.
#[derive(Serialize, ToSchema)]
struct Availability {
    /// The name in the form in which it would be kept.
    username: String,
    available: bool,
}

/// Says whether a username is free.
#[utoipa::path(
    get, path = "/usernames/{name}", tag = "accounts",
    params(("name" = String, Path, description = "The name as typed")),
    responses(
        (status = 200, body = Availability, description = "Free or taken"),
        (status = 422, body = ProblemBody, description = "No username has this form"),
        (status = 429, body = ProblemBody, description = "Too many names asked for"),
    ),
    security(())
)]
async fn check_username(
    State(app): State<Arc<App>>,
    from: Address,
    Path(name): Path<String>,
) -> Result<axum::Json<Availability>, Problem> {
    let mut errors = FieldErrors::none();
    let name: Option<NewUsername> = errors.parse("/name", Some(&name));
    let name = errors.finish(name)?.get();
    throttle::count(&app, &throttle::USERNAMES, &throttle::address(&from)).await?;
    let available = app.table().user(&name).await?.is_none();
    Ok(axum::Json(Availability { username: name.to_string(), available }))
}
