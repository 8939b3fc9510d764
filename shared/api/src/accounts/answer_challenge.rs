//! Second step: the code of the second factor, for a sign-in or for the first code of a factor being set up (ACC-09,
//! ACC-11, ACC-14).
//!
//! Only here tokens are given out, and only for a code that Cognito verified within the session of this very sign-in.
//! A wrong code is a failure in a row as a wrong password is, and may be corrected with the same handle. The first code
//! of a new factor makes the account active and uses its link up; it signs nobody in.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::{
    accounts::{Error, Pool, Proof},
    passwords::History,
    table::{Key, Transaction},
};
use portico_domain::{
    account::User,
    dormancy::Usage,
    event::{About, Actor, EventKind},
    field::FieldErrors,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    attempt::Attempt,
    pending::{self, Pending, Step},
    refusal::{evenly, refused},
    session::{self, SignedIn},
    throttle,
};
use crate::{
    Route,
    app::App,
    json::Json,
    problem::{Problem, ProblemBody},
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(answer_challenge)).routes(routes!(answer_challenge_staff))
}

/// A code.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Code {
    /// From the step before.
    handle: Option<String>,
    /// Six digits.
    #[schema(example = "123456")]
    code: Option<String>,
}

/// Answers the second factor of a provider user.
#[utoipa::path(
    post, path = "/sessions/answers", tag = "accounts", request_body = Code,
    responses(
        (status = 200, body = SignedIn, description = "Signed in"),
        (status = 204, description = "The factor is set up and the account active: sign in now"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
    ),
    security(())
)]
async fn answer_challenge(State(app): State<Arc<App>>, body: Json<Code>) -> Result<Response, Problem> {
    evenly(Box::pin(answer(&app, Pool::Providers, &body.value))).await
}

/// Answers the second factor of payer staff.
#[utoipa::path(
    post, path = "/staff/sessions/answers", tag = "accounts", request_body = Code,
    responses(
        (status = 200, body = SignedIn, description = "Signed in"),
        (status = 204, description = "The factor is set up and the account active: sign in now"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
    ),
    security(())
)]
async fn answer_challenge_staff(State(app): State<Arc<App>>, body: Json<Code>) -> Result<Response, Problem> {
    evenly(Box::pin(answer(&app, Pool::Staff, &body.value))).await
}

async fn answer(app: &App, pool: Pool, body: &Code) -> Result<Response, Problem> {
    let (handle, code) = parse(body)?;
    let key = pending::key(&handle);
    let pending: Option<Pending> = app.table().kept(&key, app.now()).await?;
    let pending = pending.filter(|pending| pending.pool == pool).ok_or_else(refused)?;
    let user = app.table().user(&pending.user).await?.ok_or_else(refused)?;
    match pending.step {
        Step::Code { session } => sign_in(app, pool, user, (&key, &session), &code).await,
        Step::SetUp { proof, link, nonce, history } => {
            user.may_enrol(&nonce, app.now())?;
            set_up(app, pool, user, (&key, &proof, &link, &history), &code).await
        }
    }
}

async fn sign_in(
    app: &App,
    pool: Pool,
    user: User,
    (key, challenge): (&Key, &str),
    code: &str,
) -> Result<Response, Problem> {
    let attempt = Attempt::begin(app, user).await?;
    let tokens = match app.aws.accounts().code(pool, &attempt.user().username, challenge, code).await {
        Ok(tokens) => tokens,
        Err(Error::Refused) => return Err(attempt.failed("wrong code").await),
        Err(error) => {
            attempt.give_back().await?;
            return Err(error.into());
        }
    };
    let user = attempt.complete().await?;
    if !app.table().take(key).await? {
        return Err(refused());
    }
    let (about, by) = (About::User(user.username.clone()), Actor::User(user.username.clone()));
    let mut transaction = Transaction::new();
    transaction.event(app.table(), about, by, EventKind::SignedIn, app.now())?;
    session::begin(app, &mut transaction, &user, &tokens)?;
    app.table().commit(transaction).await?;
    Ok(axum::Json(SignedIn::of(tokens, &user.rules)).into_response())
}

async fn set_up(
    app: &App,
    pool: Pool,
    user: User,
    (key, proof, link, history): (&Key, &Proof, &str, &History),
    code: &str,
) -> Result<Response, Problem> {
    throttle::count(app, &throttle::SET_UP, &key.pk).await?;
    app.aws.accounts().verify_factor(pool, &user.username, proof, code).await?;
    let (table, now, by) = (app.table(), app.now(), Actor::User(user.username.clone()));
    let (user, enrolled) = user.enrolled(now);
    let mut transaction = Transaction::new();
    transaction.user(table, &user, &by, vec![enrolled], now)?;
    transaction.usage(table, &user, &Usage::begins(now))?;
    transaction.unlink(table, link);
    transaction.password_history(table, &user.username, history)?;
    table.commit(transaction).await?;
    table.take(key).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The handle and the six digits, however they were typed.
fn parse(body: &Code) -> Result<(String, String), Problem> {
    let mut errors = FieldErrors::none();
    let handle = errors.parse("/handle", body.handle.as_deref());
    let code: String = body.code.as_deref().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        errors.add("/code", "A code has 6 digits.");
    }
    let handle: Option<String> = handle;
    Ok(errors.finish(handle.map(|handle| (handle, code)))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-11
    #[test]
    fn a_code_is_six_digits_however_typed() {
        let of = |code: &str| parse(&Code { handle: Some("h".into()), code: Some(code.into()) });
        assert_eq!(of("123 456").unwrap(), ("h".to_owned(), "123456".to_owned()));
        for bad in ["12345", "1234567", "12345a", ""] {
            assert_eq!(of(bad).unwrap_err().pointers(), ["/code"]);
        }
        assert_eq!(parse(&Code::default()).unwrap_err().pointers(), ["/handle", "/code"]);
    }
}
