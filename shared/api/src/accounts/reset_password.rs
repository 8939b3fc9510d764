//! Sets a new password by a mailed link (ACC-13). Its rules are told one by one, the last five are refused; the link
//! works once, and a newer one ends those before. The second factor stays, a lock is not lifted, and every session ends.
//!
//! The link that an old e-mail address was mailed sets a password too, and puts the address back with the second factors as they were:
//! whoever took the session over has neither session, nor password, nor a link of their own any more.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::ToSpan;
use portico_aws::{
    accounts::Pool,
    links::undo_hash,
    passwords::History,
    table::{
        Guard, Key, Transaction,
        accounts::{
            pending::{EmailBefore, PutBack},
            users::UserFile,
        },
    },
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
    let token = links::token(body.value.token.as_deref())?;
    let (key, undo) = (link_key(token), Key::link(&undo_hash(token)));
    let (link, before) = futures::join!(table.kept::<PasswordLink>(&key, now), table.kept::<EmailBefore>(&undo, now));
    let (link, before) = (link?, before?);
    if let Some(before) = before {
        return Box::pin(put_back(&app, &undo, &before, body.value.password.as_deref())).await;
    }
    let link = link.ok_or_else(Problem::not_found)?;
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

/// Puts an old address back, with a new password. Whatever the account waits for goes, and every session and every other link.
async fn put_back(app: &App, key: &Key, before: &EmailBefore, password: Option<&str>) -> Result<StatusCode, Problem> {
    let (table, now, name) = (app.table(), app.now(), &before.user);
    let mark = Key::email_put_back(name);
    let (file, history, tokens, lookups, taken_back) = futures::join!(
        table.user_file(name),
        table.password_history(name),
        app.tokens(),
        app.lookups(),
        table.kept::<PutBack>(&mark, now)
    );
    let (taken_back, lookups) = (taken_back?, lookups?);
    let works = taken_back.as_ref().is_none_or(|back| !back.holds(before));
    let file = file?.filter(|file| works && may_set(&file.user.state)).ok_or_else(Problem::not_found)?;
    let password = passwords::parse(password, &file.user)?;
    let old = history?;
    let history = passwords::renewed(old.clone(), &tokens?, password)?;
    let mut user = file.user.clone();
    user.contact.email = before.email.clone();
    user.factors = before.factors.clone();
    user.version += 1;
    let mut transaction = Transaction::new();
    transaction.use_up(table, key);
    for waits in [Key::password_link(name), Key::pending_email(name), Key::pending_phone(name), Key::pending_fax(name)]
    {
        transaction.forget(table, &waits);
    }
    // As long as a link of those changes may work.
    let days = i64::from(user.rules.email_undo_days.min(365));
    let until = now.checked_add((days * 24).hours()).unwrap_or(now).max(before.until);
    transaction.keep(table, &mark, &PutBack::with(taken_back, before, now), until)?;
    transaction.password_history(table, name, &history)?;
    transaction.end_sessions(table, name, &table.to_end(name, &file.sessions, now).await?);
    let by = Actor::User(name.clone());
    transaction.user(table, &user, &by, vec![EventKind::EmailPutBack, EventKind::PasswordReset], now)?;
    transaction.findable(table, &lookups, &user)?;
    // The pool is told first, as when an address is proved: if what follows fails, the same link may be used again.
    let pool = Pool::of(&user.door);
    for moved in user.factors.iter().filter(|reach| file.user.factors.get(reach.factor()) != Some(*reach)) {
        app.aws.accounts().move_factor(pool, name, moved).await?;
    }
    match table.commit(transaction).await {
        Err(error) if error.refused(Guard::New) => return Err(Problem::not_found()),
        done => done?,
    }
    if let Err(error) = app.aws.accounts().set_password(pool, name, password).await {
        let mut transaction = Transaction::new();
        transaction.keep(table, key, before, before.until)?;
        transaction.password_history(table, name, &old)?;
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
