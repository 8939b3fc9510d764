//! Sets a new password by a mailed link (ACC-13). Its rules are told one by one, the last five are refused; the link
//! works once, and a newer one ends those before. The second factor stays, a lock is not lifted, and every session ends.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::ToSpan;
use portico_aws::{
    accounts::Pool,
    passwords::History,
    table::{Guard, Key, Transaction, accounts::users::UserFile},
};
use portico_domain::{
    accounts::UserState,
    events::{About, Actor, EventKind},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    links::{self, CurrentLink, MINUTES, PasswordLink, keep_current, link_key},
    passwords,
};
use crate::{
    Route,
    app::App,
    json::Json,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(reset_password))
}

/// A new password.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct NewPassword {
    /// From the mailed link.
    #[schema(value_type = String, required = true)]
    token: Option<String>,
    /// At least 14 characters: upper and lower case letters, a number, a special character.
    #[schema(value_type = String, required = true)]
    password: Option<String>,
}

/// Sets a new password.
#[utoipa::path(
    post, path = "/passwords", tag = "accounts", request_body = NewPassword,
    responses(
        (status = 204, description = "Set; sign in with it"),
        (status = 404, body = ProblemBody, description = "The link was used, is too old, or never was"),
        (status = 422, body = ProblemBody, description = "The password breaks rules, or is one of the last five"),
    ),
    security(())
)]
async fn reset_password(State(app): State<Arc<App>>, body: Json<NewPassword>) -> Result<StatusCode, Problem> {
    let (table, now) = (app.table(), app.now());
    let key = link_key(links::token(body.value.token.as_deref())?);
    let link: PasswordLink = table.kept(&key, now).await?.ok_or_else(Problem::not_found)?;
    let current = Key::password_link(&link.user);
    let (file, history, tokens, works) = futures::join!(
        table.user_file(&link.user),
        table.password_history(&link.user),
        app.tokens(),
        table.kept::<CurrentLink>(&current, now)
    );
    let works = works?.is_some_and(|works| works.hash == key.pk);
    let file = file?.filter(|file| works && may_set(&file.user.state)).ok_or_else(Problem::not_found)?;
    let password = passwords::parse(body.value.password.as_deref(), &file.user)?;
    let before = history?;
    let history = passwords::renewed(before.clone(), &tokens?, password)?;
    take(&app, &file, [&key, &current], &history).await?;
    let name = &file.user.username;
    if let Err(error) = app.aws.accounts().set_password(Pool::of(&file.user.door), name, password).await {
        // Nothing was set: the link works on, and the same password may be sent again.
        let mut transaction = Transaction::new();
        let until = now.checked_add(MINUTES.minutes()).unwrap_or(now);
        keep_current(&app, &mut transaction, &key, name, until)?;
        transaction.password_history(table, name, &before)?;
        table.commit(transaction).await?;
        return Err(error.into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Uses the link up before the password is set: of several at once one sets it, and that one is told so. Every session
/// ends, and the person is told.
async fn take(app: &App, file: &UserFile, keys: [&Key; 2], history: &History) -> Result<(), Problem> {
    let (table, now, name) = (app.table(), app.now(), &file.user.username);
    let mut transaction = Transaction::new();
    for key in keys {
        transaction.use_up(table, key);
    }
    transaction.password_history(table, name, history)?;
    transaction.end_sessions(table, name, &table.to_end(name, &file.sessions, now).await?);
    let by = Actor::User(name.clone());
    transaction.event(table, About::User(name.clone()), by, EventKind::PasswordReset, now)?;
    match table.commit(transaction).await {
        Err(error) if error.refused(Guard::New) => Err(Problem::not_found()),
        done => Ok(done?),
    }
}

fn may_set(state: &UserState) -> bool {
    !matches!(state, UserState::Invited { .. } | UserState::Deactivated { .. })
}
