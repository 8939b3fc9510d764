//! Forgot password: mails a link to set a new one, at any time (ACC-13). Whatever the name, the answer is the same.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use jiff::{Timestamp, ToSpan};
use portico_aws::{accounts::Pool, links::link_token, secrets::KeyRing, table::Transaction};
use portico_domain::{
    accounts::{User, UserState},
    events::{About, Actor, EventKind},
    field::FieldErrors,
    id::Username,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    links::{MINUTES, keep_current, link_key},
    refusal::alike,
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    doors::{self, Door},
    json::Json,
    problem::{Problem, ProblemBody},
    throttle::{self, FORGOTTEN_BY_ADDRESS, FORGOTTEN_BY_USER},
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(forgot_password)))
}

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Forgotten {
    #[schema(value_type = String, required = true)]
    username: Option<String>,
}

/// Mails a user a link to set a new password.
#[utoipa::path(
    post, path = "/passwords/forgotten", tag = "accounts", request_body = Forgotten,
    responses(
        (status = 202, description = "If there is such an account, a link was mailed"),
        (status = 422, body = ProblemBody, description = "The username is missing or has no form"),
        (status = 429, body = ProblemBody, description = "Too many from one address"),
    ),
    security(())
)]
async fn forgot_password(
    State(app): State<Arc<App>>,
    door: Door,
    from: Address,
    body: Json<Forgotten>,
) -> Result<StatusCode, Problem> {
    alike(Box::pin(mail_link(&app, door.0, &from, &body.value))).await
}

async fn mail_link(app: &App, pool: Pool, from: &Address, body: &Forgotten) -> Result<StatusCode, Problem> {
    let mut errors = FieldErrors::none();
    let name: Option<Username> = errors.parse("/username", body.username.as_deref());
    let name = errors.finish(name)?;
    let (table, now, address) = (app.table(), app.now(), throttle::address(from));
    let (allowed, counted, user, tokens) = futures::join!(
        throttle::count(app, &FORGOTTEN_BY_ADDRESS, &address),
        table.count_try_within(&FORGOTTEN_BY_USER, name.as_str(), now),
        table.user(&name),
        app.tokens()
    );
    allowed?;
    let user = user?.filter(|user| Pool::of(&user.door) == pool && has_password(user));
    // Too many links to one user are not mailed, and nobody is told: that would say that the user exists.
    if let (Some(user), Some(_)) = (user, counted?) {
        keep_link(app, &user, &tokens?, now).await?;
    }
    Ok(StatusCode::ACCEPTED)
}

/// Whether there is a password to forget. A lock stays: only support lifts it (ACC-14).
fn has_password(user: &User) -> bool {
    matches!(user.state, UserState::Active { .. } | UserState::Locked { .. } | UserState::Dormant { .. })
}

async fn keep_link(app: &App, user: &User, tokens: &KeyRing, now: Timestamp) -> Result<(), Problem> {
    let table = app.table();
    let nonce = tokens.nonce().map_err(|error| Problem::internal(&error))?;
    let until = now.checked_add(MINUTES.minutes()).unwrap_or(now);
    let mut transaction = Transaction::new();
    keep_current(app, &mut transaction, &link_key(&link_token(tokens, &nonce)), &user.username, until)?;
    let about = About::User(user.username.clone());
    transaction.event(table, about, Actor::System, EventKind::PasswordForgotten { nonce }, now)?;
    Ok(table.commit(transaction).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-13, ACC-18
    #[test]
    fn a_link_is_for_those_who_have_a_password() {
        let user = |state: serde_json::Value| -> User {
            serde_json::from_value(serde_json::json!({
                "username": "jo.smith", "version": 4, "state": state, "door": "provider",
                "contact": {
                    "firstName": "Jo", "lastName": "Smith", "email": "jo@example.org", "fax": "501-555-0123",
                    "address": {"line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201"},
                },
                "rules": {
                    "enrolment-days": 2, "lock-after-failures": 3, "dormant-days": 90, "idle-minutes": 15,
                    "absolute-hours": 10,
                },
            }))
            .unwrap()
        };
        let since = "2026-05-01T00:00:00Z";
        for (is, expected) in [("active", true), ("locked", true), ("dormant", true), ("deactivated", false)] {
            assert_eq!(has_password(&user(serde_json::json!({"is": is, "since": since}))), expected, "{is}");
        }
        assert!(!has_password(&user(serde_json::json!({"is": "invited", "nonce": "n", "until": since}))));
    }
}
