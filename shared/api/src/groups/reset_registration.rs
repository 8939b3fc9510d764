//! Reset Registration: a fresh link for a user who missed the window or lost the second factor (ACC-10).
//!
//! The old link is dead at once and sessions end; password and factor are set anew through the link. Administrators
//! reset whom they manage with every part, support whom they serve: users of several groups have nobody else. Contract
//! Managers reset their staff (ACC-18). A lock is never lifted this way (ACC-14, ACC-15).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::Timestamp;
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::UserState,
    caller::{Denied, Reviewer, StaffRole},
    events::Actor,
    id::Username,
    staff::StaffError,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{people::managed_user, unlock_user::supported};
use crate::{
    Route,
    account::{may_invite, relink},
    app::App,
    caller::{Fresh, Token},
    doors, once,
    problem::{Problem, ProblemBody},
    words,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(reset_registration)))
}

/// A user with a fresh link.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FreshLink {
    username: String,
    /// `invited`.
    #[schema(value_type = words::UserState)]
    state: &'static str,
    /// For If-Match.
    version: u64,
    /// Until then the mailed link works.
    #[schema(value_type = Option<String>, format = DateTime)]
    link_valid_until: Option<Timestamp>,
}

/// Mails a fresh link to a user: of the caller's providers, or by support of the caller's contracts.
#[utoipa::path(
    post, path = "/users/{name}/registration-reset", tag = "groups",
    params(
        ("name" = String, Path, description = "Username"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new link"),
    ),
    responses(
        (status = 200, body = FreshLink, description = "A fresh link was mailed; the old one is dead"),
        (status = 403, body = ProblemBody, description = "Not the caller's alone to manage; or `proof-required`: sign in once more; among staff only support does this, and Contract Managers for their staff"),
        (status = 404, body = ProblemBody, description = "No such user at the caller's providers, or in the caller's contracts"),
        (status = 409, body = ProblemBody, description = "Locked or dormant: only support can help, and unlocks first"),
        (status = 429, body = ProblemBody, description = "As many invitations as one person sends in an hour"),
    ),
    security(("provider" = []))
)]
async fn reset_registration(
    State(app): State<Arc<App>>,
    token: Token,
    Path(name): Path<String>,
    key: once::Key,
) -> Result<Response, Problem> {
    let name: Username = name.parse().map_err(|_| Problem::not_found())?;
    let (by, file) = if token.staff {
        let (by, file) = futures::join!(app.caller_file(&token), app.table().user_file(&name));
        let by = by?;
        let file = match by.user.post() {
            Some(post) if post.role == StaffRole::ContractManager => staff_of(post, file?)?,
            _ => supported(&by, file?)?,
        };
        (by, file)
    } else {
        managed_user(&app, &token, &name).await?
    };
    reset(&app, &token, &by, file, &key).await
}

/// A member of staff whose whole account is the Contract Manager's to manage (ACC-18).
fn staff_of(manager: &Reviewer, file: Option<UserFile>) -> Result<UserFile, StaffError> {
    let file = file.ok_or(Denied::Hidden)?;
    manager.may_manage_staff_account(file.user.post().ok_or(Denied::Hidden)?)?;
    Ok(file)
}

async fn reset(app: &App, token: &Token, by: &UserFile, file: UserFile, key: &once::Key) -> Result<Response, Problem> {
    let key = key.scoped(by.user.username.as_str(), "reset-registration", file.user.username.as_str());
    app.proven(by, token, Fresh::Others)?;
    let (replay, tokens) = futures::join!(app.replay(&key), app.tokens());
    if let Some(answer) = replay?.give(by) {
        return Ok(answer);
    }
    // Support helps as often as it is called.
    if by.user.post().is_none() {
        may_invite(app, &by.user).await?;
    }
    let (table, now, tokens) = (app.table(), app.now(), tokens?);
    let nonce = tokens.nonce().map_err(|error| Problem::internal(&error))?;
    let (user, event) = file.user.clone().invited_again(nonce, now)?;
    let mut transaction = Transaction::new();
    transaction.user(table, &user, &Actor::User(by.user.username.clone()), vec![event], now)?;
    relink(&mut transaction, table, &tokens, &file.user, &user)?;
    transaction.end_sessions(table, &user.username, &table.to_end(&user.username, &file.sessions, now).await?);
    if by.user.username != user.username {
        transaction.witness(table, &by.user.username, by.user.version);
    }
    let link_valid_until = match &user.state {
        UserState::Invited { until, .. } => Some(*until),
        _ => None,
    };
    let answer = FreshLink {
        username: user.username.to_string(),
        state: user.state.name(),
        version: user.version,
        link_valid_until,
    };
    app.commit_once(transaction, &key, StatusCode::OK, &answer).await
}
