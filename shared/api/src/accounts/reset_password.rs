//! Sets a new password by a mailed link (ACC-13). Its rules are told one by one, the last five are refused; the link
//! works once. The second factor stays, a lock is not lifted, and every session ends.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use portico_aws::{
    accounts::Pool,
    links::link_hash,
    table::{Guard, Key, Transaction},
};
use portico_domain::{
    accounts::UserState,
    events::{About, Actor, EventKind},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{forgot_password::PasswordLink, passwords};
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
    /// At least 14 characters: upper and lower case letters, a number, a special character.
    password: Option<String>,
}

/// The key of what a link stands for: another one than that of an enrolment link with the same token.
pub(super) fn link_key(token: &str) -> Key {
    Key::link(&link_hash(&format!("password:{token}")))
}

/// Sets a new password.
#[utoipa::path(
    post, path = "/passwords/{token}", tag = "accounts", request_body = NewPassword,
    params(("token" = String, Path, description = "From the mailed link")),
    responses(
        (status = 204, description = "Set; sign in with it"),
        (status = 404, body = ProblemBody, description = "The link was used, is too old, or never was"),
        (status = 422, body = ProblemBody, description = "The password breaks rules, or is one of the last five"),
    ),
    security(())
)]
async fn reset_password(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    body: Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    let (table, now, key) = (app.table(), app.now(), link_key(&token));
    let link: PasswordLink = table.kept(&key, now).await?.ok_or_else(Problem::not_found)?;
    let (file, history, tokens) =
        futures::join!(table.user_file(&link.user), table.password_history(&link.user), app.tokens());
    let file = file?.ok_or_else(Problem::not_found)?;
    if matches!(file.user.state, UserState::Invited { .. } | UserState::Deactivated { .. }) {
        return Err(Problem::not_found());
    }
    let password = passwords::parse(body.value.password.as_deref())?;
    let name = &file.user.username;
    let history = passwords::renewed(history?, &tokens?, password)?;
    // Cognito first: if what follows fails, the link still works and the same password may be sent again.
    app.aws.accounts().set_password(Pool::of(&file.user.door), name, password).await?;
    let mut transaction = Transaction::new();
    transaction.use_up(table, &key);
    transaction.password_history(table, name, &history)?;
    transaction.end_sessions(table, name, &table.to_end(name, &file.sessions, now).await?);
    let by = Actor::User(name.clone());
    transaction.event(table, About::User(name.clone()), by, EventKind::PasswordReset, now)?;
    match table.commit(transaction).await {
        Err(error) if error.refused(Guard::New) => Err(Problem::not_found()),
        done => Ok(done.map(|()| StatusCode::NO_CONTENT)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-10, ACC-13
    #[test]
    fn a_link_to_enrol_sets_no_password_and_the_other_way_round() {
        assert_ne!(link_key("t"), Key::link(&link_hash("t")));
        assert_eq!(link_key("t"), link_key("t"));
    }
}
