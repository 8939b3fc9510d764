//! Second step: the code of the second factor, for a sign-in or for the first code of a factor being set up (ACC-09,
//! ACC-11, ACC-14).
//!
//! Only here tokens are given out, and only for a code that Cognito verified within the session of this very sign-in, or
//! for the PIN that we had spoken ourselves. A wrong one is a failure in a row as a wrong password is, and may be
//! corrected with the same handle, which works once. The first code of a new factor makes the account active and uses its
//! link up; it signs nobody in.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use portico_aws::{
    accounts::{Asked, Error, Heard, Pool},
    secrets::KeyRing,
    table::{Guard, Key, Transaction},
};
use portico_domain::{
    accounts::{User, dormancy::Usage, terms::TermsShown},
    events::{About, Actor, EventKind},
    factor::Reach,
    field::FieldErrors,
    id::Username,
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    attempt::Attempt,
    pending::{self, First, Pending, SetUp, Step},
    refusal::{Whose, evenly, noting, refused},
    session::{self, SignedIn},
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    doors::{self, Door},
    form::code,
    json::Json,
    problem::{Problem, ProblemBody},
    terms, throttle,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(answer_challenge)))
}

/// A code, and what goes with it.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct FactorAnswer {
    /// From the step before.
    #[schema(value_type = String, required = true)]
    handle: Option<String>,
    /// Six digits.
    #[schema(value_type = String, required = true, example = "123456")]
    code: Option<String>,
    /// Needed where the step before has told terms of use: they were read and are agreed to.
    terms_acknowledged: Option<bool>,
}

/// Answers the second factor.
#[utoipa::path(
    post, path = "/sessions/answers", tag = "accounts", request_body = FactorAnswer,
    responses(
        (status = 200, body = SignedIn, description = "Signed in"),
        (status = 204, description = "The factor is set up and the account active: sign in now"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
        (status = 429, body = ProblemBody, description = "Too many tries, by the count of the user pool"),
    ),
    security(())
)]
async fn answer_challenge(
    State(app): State<Arc<App>>,
    door: Door,
    from: Address,
    body: Json<FactorAnswer>,
) -> Result<Response, Problem> {
    let who = Whose::Unknown(body.value.handle.as_deref().unwrap_or_default().trim());
    let attempt = Box::pin(answer(&app, door.0, &from, &body.value));
    evenly(noting(&app, (who, &from), attempt)).await
}

async fn answer(app: &App, pool: Pool, from: &Address, body: &FactorAnswer) -> Result<Response, Problem> {
    let (handle, code) = parse(body)?;
    let key = pending::key(&handle);
    let pending: Option<Pending> = app.table().kept(&key, app.now()).await?;
    let pending = pending.filter(|pending| pending.pool == pool).ok_or_else(refused)?;
    if !pending.terms.is_empty() {
        let mut errors = FieldErrors::none();
        terms::check(&mut errors, body.terms_acknowledged);
        errors.finish(Some(()))?;
    }
    let (who, named) = ((pool, &pending.user), (pool, &pending.user, from));
    let agreed = pending.terms.as_slice();
    let step = async {
        match pending.step {
            Step::Code { asked } => Box::pin(sign_in(app, named, (&key, agreed), &Check::Pool(asked), &code)).await,
            Step::Call { nonce } => Box::pin(sign_in(app, named, (&key, agreed), &Check::Spoken(nonce), &code)).await,
            Step::SetUp(set_up) => Box::pin(enrol(app, named, (&key, agreed), set_up, &code)).await,
            Step::Add { first, reach } => Box::pin(add(app, who, &key, (first, reach), &code)).await,
        }
    };
    noting(app, (Whose::User(&pending.user), from), step).await
}

/// Who checks a code.
enum Check {
    /// The pool that asked for it.
    Pool(Asked),
    /// We, who had it spoken.
    Spoken(String),
}

async fn sign_in(
    app: &App,
    (pool, name, from): (Pool, &Username, &Address),
    (key, agreed): (&Key, &[TermsShown]),
    check: &Check,
    code: &str,
) -> Result<Response, Problem> {
    let (attempt, keys, before) =
        futures::join!(Attempt::begin(app, pool, name, from), app.tokens(), app.table().sessions(name));
    let attempt = attempt?;
    let accounts = app.aws.accounts();
    let keys = match keys {
        Ok(keys) => keys,
        Err(problem) => return Err(attempt.broken(problem).await),
    };
    let checked = match check {
        Check::Pool(asked) => accounts.code(pool, name, asked, code).await,
        Check::Spoken(nonce) => match Heard::of(&keys, nonce, code) {
            Some(heard) => accounts.heard(pool, name, &heard, &keys).await,
            None => Err(Error::Refused),
        },
    };
    let mut tokens = match checked {
        Ok(tokens) => tokens,
        Err(Error::Refused) => return Err(attempt.failed("wrong code").await),
        Err(error) => return Err(attempt.broken(error).await),
    };
    let before = match before {
        Ok(before) => before,
        Err(error) => return Err(attempt.broken(error).await),
    };
    let mut transaction = Transaction::new();
    let (user, usage) = attempt.complete(&mut transaction, agreed).await?;
    transaction.use_up(app.table(), key);
    let (about, by) = (About::User(name.clone()), Actor::User(name.clone()));
    transaction.event(app.table(), about, by, EventKind::SignedIn, app.now())?;
    session::begin(app, &mut transaction, &user, (&mut tokens, &keys), &before)?;
    transaction.usage(app.table(), &user, &usage)?;
    once(app, transaction).await?;
    Ok(axum::Json(SignedIn::of(tokens, &user.rules)).into_response())
}

async fn enrol(
    app: &App,
    (pool, name, from): (Pool, &Username, &Address),
    (key, agreed): (&Key, &[TermsShown]),
    set_up: SetUp,
    code: &str,
) -> Result<Response, Problem> {
    let (table, now) = (app.table(), app.now());
    let (user, tokens) = counted(app, name, key).await?;
    user.may_enrol(&set_up.nonce, now)?;
    verify(app, (pool, name), &set_up.first, code, &tokens).await?;
    let (user, mut events) = user.acknowledges(agreed, now);
    let (user, enrolled) = user.enrolled(set_up.reach, now);
    events.push(enrolled);
    app.aws.accounts().set_factors(pool, name, &user.factors).await?;
    let mut transaction = Transaction::new();
    transaction.user(table, &user, &Actor::User(name.clone()), events, now)?;
    transaction.usage(table, &user, &Usage::begins(now).from(vec![throttle::address(from)]))?;
    transaction.unlink(table, &set_up.link);
    transaction.password_history(table, name, &set_up.history)?;
    transaction.use_up(table, key);
    once(app, transaction).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn add(
    app: &App,
    (pool, name): (Pool, &Username),
    key: &Key,
    (first, reach): (First, Reach),
    code: &str,
) -> Result<Response, Problem> {
    let (user, tokens) = counted(app, name, key).await?;
    if !user.is_active() {
        return Err(refused());
    }
    verify(app, (pool, name), &first, code, &tokens).await?;
    let accounts = app.aws.accounts();
    accounts.move_factor(pool, name, &reach).await?;
    let (user, added) = user.with_factor(reach);
    accounts.set_factors(pool, name, &user.factors).await?;
    let mut transaction = Transaction::new();
    transaction.user(app.table(), &user, &Actor::User(name.clone()), vec![added], app.now())?;
    transaction.use_up(app.table(), key);
    once(app, transaction).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Counts a try at a first code, reads whose factor it is, and gives the key of spoken PINs: all at once.
async fn counted(app: &App, name: &Username, key: &Key) -> Result<(User, KeyRing), Problem> {
    let (user, counted, tokens) =
        futures::join!(app.table().user(name), throttle::count(app, &throttle::SET_UP, &key.pk), app.tokens());
    counted?;
    Ok((user?.ok_or_else(refused)?, tokens?))
}

/// Checks the first code or PIN of a factor.
async fn verify(
    app: &App,
    (pool, name): (Pool, &Username),
    first: &First,
    code: &str,
    tokens: &KeyRing,
) -> Result<(), Problem> {
    let accounts = app.aws.accounts();
    match first {
        First::App { proof } => accounts.verify_app(pool, name, proof, code).await?,
        // Its tokens go nowhere: the first sign-in is made with password and factor.
        First::Sent { asked } => {
            accounts.code(pool, name, asked, code).await?;
        }
        First::Call { nonce } => {
            Heard::of(tokens, nonce, code).ok_or_else(refused)?;
        }
    }
    Ok(())
}

/// Writes what takes a handle: of two callers at once one gets through, and nobody when the account has changed.
async fn once(app: &App, transaction: Transaction) -> Result<(), Problem> {
    match app.table().commit(transaction).await {
        Err(error) if [Guard::New, Guard::Rights, Guard::Version].iter().any(|guard| error.refused(*guard)) => {
            Err(refused())
        }
        done => Ok(done?),
    }
}

/// The handle and the six digits, however they were typed.
fn parse(body: &FactorAnswer) -> Result<(String, String), Problem> {
    let mut errors = FieldErrors::none();
    let handle = errors.parse("/handle", body.handle.as_deref());
    let code = code(body.code.as_deref().unwrap_or_default());
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        errors.add("/code", Wrong::NotAPin { digits: 6 }.says("A code has 6 digits."));
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
        let of = |code: &str| {
            parse(&FactorAnswer { handle: Some("h".into()), code: Some(code.into()), terms_acknowledged: None })
        };
        for typed in ["123456", "123 456", "123-456", " 123\u{2011}456", "123\u{a0}456"] {
            assert_eq!(of(typed).unwrap(), ("h".to_owned(), "123456".to_owned()), "{typed}");
        }
        for bad in ["12345", "1234567", "12345a", ""] {
            assert_eq!(of(bad).unwrap_err().pointers(), ["/code"]);
        }
        assert_eq!(parse(&FactorAnswer::default()).unwrap_err().pointers(), ["/handle", "/code"]);
    }
}
