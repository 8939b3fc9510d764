//! New access tokens for a session that goes on (ACC-19). Cognito would give them to a user who was taken out; our own
//! record decides: the user is active, the session was not ended, and neither its idle nor its absolute time is over.

use std::sync::Arc;

use axum::{Json as Answer, extract::State};
use portico_aws::{
    accounts::{Error, Pool, Tokens},
    table::{Guard, Key, Transaction, accounts::users::UserFile},
};
use portico_domain::{
    events::{About, Actor, EventKind},
    field::FieldErrors,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::session::{Refreshable, SignedIn, Turn, opened, refresh_key};
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
    /// From sign-in, or from the last time that the session went on: each works once.
    #[schema(value_type = String, required = true)]
    refresh_token: Option<String>,
}

/// Gives a user a new access token.
#[utoipa::path(
    post, path = "/sessions/refresh", tag = "accounts", request_body = Refresh,
    responses(
        (status = 200, body = SignedIn, description = "The session goes on; with another refresh token in place of the one that was sent"),
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
    let (token, seal) = opened(&token).ok_or_else(Problem::signed_out)?;
    let (table, now, key) = (app.table(), app.now(), refresh_key(token));
    let (known, keys) = futures::join!(table.kept::<Refreshable>(&key, now), app.tokens());
    let (known, keys) = (known?.ok_or_else(Problem::signed_out)?, keys?);
    let file = table.user_file(&known.user).await?.ok_or_else(Problem::signed_out)?;
    if Pool::of(&file.user.door) != pool || !file.user.is_active() {
        return Err(Problem::signed_out());
    }
    let mut transaction = Transaction::new();
    let known = match known.turn(&keys, seal, now) {
        Turn::Same => known,
        Turn::Next => {
            let next = known.next(keys.nonce().map_err(|error| Problem::internal(&error))?, now);
            transaction.keep_instead(table, &key, (&known.nonce, &next), next.until)?;
            next
        }
        Turn::Reused => return end(app, &file, &known, &key).await,
    };
    let refreshed = app.aws.accounts().refresh(pool, &known.user, token);
    let (open, refreshed) = futures::join!(app.go_on(&file, &known.session), refreshed);
    open?;
    let tokens = match refreshed {
        Ok(tokens) => tokens,
        Err(Error::Refused) => return Err(Problem::signed_out()),
        Err(error) => return Err(error.into()),
    };
    if !transaction.is_empty() {
        match table.commit(transaction).await {
            // Another tab was first, and has the token that works from now on: this one asks again with it, or is given it.
            Err(error) if error.refused(Guard::Rights) => return again(app, &file, (&key, token, seal), tokens).await,
            done => done?,
        }
    }
    let refresh = Some(known.token(&keys, token));
    Ok(Answer(SignedIn::of(Tokens { refresh, ..tokens }, &file.user.rules)))
}

/// Two at once: the second is given what the first has made.
async fn again(
    app: &App,
    file: &UserFile,
    (key, token, seal): (&Key, &str, &str),
    tokens: Tokens,
) -> Result<Answer<SignedIn>, Problem> {
    let keys = app.tokens().await?;
    let known: Refreshable = app.table().kept(key, app.now()).await?.ok_or_else(Problem::signed_out)?;
    match known.turn(&keys, seal, app.now()) {
        Turn::Next | Turn::Same => {
            let refresh = Some(known.token(&keys, token));
            Ok(Answer(SignedIn::of(Tokens { refresh, ..tokens }, &file.user.rules)))
        }
        Turn::Reused => Err(Problem::signed_out()),
    }
}

/// A token that was used before came once more: the person or a thief has it, and nobody can say who. The session ends for
/// both, and it is noted.
async fn end(app: &App, file: &UserFile, known: &Refreshable, key: &Key) -> Result<Answer<SignedIn>, Problem> {
    let (table, name) = (app.table(), &file.user.username);
    let mut transaction = Transaction::new();
    transaction.end_sessions(table, name, file.sessions.iter().filter(|session| session.id == known.session));
    transaction.forget(table, key);
    let why = EventKind::SignInRefused { why: "refresh token used twice".to_owned(), from: None };
    transaction.event(table, About::User(name.clone()), Actor::System, why, app.now())?;
    table.commit(transaction).await?;
    Err(Problem::signed_out())
}
