//! New access tokens for a session that goes on (ACC-19). Cognito would give them to a user who was taken out; our own
//! record decides: the user is active, the session was not ended, and neither its idle nor its absolute time is over.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_aws::accounts::{Error, Pool};
use portico_domain::field::FieldErrors;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::session::{Refreshable, SignedIn, refresh_key};
use crate::{
    Route,
    app::App,
    doors::{self, Door},
    json::Json,
    problem::{Problem, ProblemBody},
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(refresh_session)))
}

/// A session to go on with.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Refresh {
    /// From sign-in.
    refresh_token: Option<String>,
}

/// Gives a user a new access token.
#[utoipa::path(
    post, path = "/sessions/refresh", tag = "accounts", request_body = Refresh,
    responses(
        (status = 200, body = SignedIn, description = "The session goes on; the refresh token stays"),
        (status = 401, body = ProblemBody, description = "The session has ended"),
        (status = 422, body = ProblemBody, description = "The token is missing"),
    ),
    security(())
)]
async fn refresh_session(
    State(app): State<Arc<App>>,
    door: Door,
    body: Json<Refresh>,
) -> Result<Answer<SignedIn>, Problem> {
    refresh(&app, door.0, &body.value).await
}

async fn refresh(app: &App, pool: Pool, body: &Refresh) -> Result<Answer<SignedIn>, Problem> {
    let mut errors = FieldErrors::none();
    let token: Option<String> = errors.parse("/refreshToken", body.refresh_token.as_deref());
    let token = errors.finish(token)?;
    let known: Option<Refreshable> = app.table().kept(&refresh_key(&token), app.now()).await?;
    let known = known.ok_or_else(Problem::signed_out)?;
    let file = app.table().user_file(&known.user).await?.ok_or_else(Problem::signed_out)?;
    if Pool::of(&file.user.door) != pool || !file.user.is_active() {
        return Err(Problem::signed_out());
    }
    let refreshed = app.aws.accounts().refresh(pool, &known.user, &token);
    let (open, refreshed) = futures::join!(app.go_on(&file, &known.session), refreshed);
    open?;
    match refreshed {
        Ok(tokens) => Ok(Answer(SignedIn::of(tokens, &file.user.rules))),
        Err(Error::Refused) => Err(Problem::signed_out()),
        Err(error) => Err(error.into()),
    }
}
