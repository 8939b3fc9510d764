//! Signs out: every session of the user ends at once, on every machine, and no token of theirs opens anything again
//! (ACC-19). What was saved stays saved.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use portico_aws::{accounts::Pool, table::Transaction};
use portico_domain::events::{About, Actor, EventKind};
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    doors,
    problem::{Problem, ProblemBody},
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(sign_out)))
}

/// Signs a user out everywhere.
#[utoipa::path(
    delete, path = "/sessions", tag = "accounts",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, body = ProblemBody, description = "The session had ended"),
    ),
    security(("provider" = []))
)]
async fn sign_out(State(app): State<Arc<App>>, token: Token) -> Result<StatusCode, Problem> {
    end(&app, &token).await
}

async fn end(app: &App, token: &Token) -> Result<StatusCode, Problem> {
    let file = app.caller_file(token).await?;
    let (table, name) = (app.table(), &file.user.username);
    let mut transaction = Transaction::new();
    transaction.end_sessions(table, name, &table.to_end(name, &file.sessions, app.now()).await?);
    let by = Actor::User(name.clone());
    transaction.event(table, About::User(name.clone()), by, EventKind::SignedOut, app.now())?;
    table.commit(transaction).await?;
    // Our record has ended the sessions; that Cognito forgets its tokens too is a second lock.
    if let Err(error) = app.aws.accounts().sign_out(Pool::of(&file.user.door), name).await {
        tracing::warn!(cause = %error, "Cognito did not end the refresh tokens of a user who signed out");
    }
    Ok(StatusCode::NO_CONTENT)
}
