//! A further PIN for a step under way, under the same handle: three for each (ACC-11).
//!
//! A spoken PIN is ours, so the call is simply made again, with another PIN. One by e-mail or text is the user pool's, which
//! sends it only in answer to a password: that is asked for again, and a wrong one counts as at sign-in.

use std::sync::Arc;

use axum::extract::State;
use portico_aws::{
    accounts::{Asked, Error, Pool},
    table::{Guard, Key, Transaction},
};
use portico_domain::{
    accounts::User,
    factor::{Factor, Reach},
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
    sign_in::{FactorAsked, ask},
};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    doors::{self, Door},
    json::Json,
    problem::{Problem, ProblemBody},
    throttle,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(resend_pin)))
}

/// Which PIN did not arrive.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Again {
    /// From the step before.
    #[schema(value_type = String, required = true)]
    handle: Option<String>,
    /// The password once more, for a PIN by e-mail or text.
    password: Option<String>,
}

/// Sends or speaks a further PIN.
#[utoipa::path(
    post, path = "/sessions/pins", tag = "accounts", request_body = Again,
    responses(
        (status = 200, body = FactorAsked, description = "Another PIN is on its way; the one before works no more"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 409, body = ProblemBody, description = "Nothing is sent for this step, or it could not be delivered"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
        (status = 429, body = ProblemBody, description = "Too many PINs"),
    ),
    security(())
)]
async fn resend_pin(
    State(app): State<Arc<App>>,
    door: Door,
    from: Address,
    body: Json<Again>,
) -> Result<axum::Json<FactorAsked>, Problem> {
    let who = Whose::Unknown(body.value.handle.as_deref().unwrap_or_default().trim());
    let attempt = Box::pin(again(&app, door.0, &from, &body.value));
    evenly(noting(&app, (who, &from), attempt)).await
}

async fn again(app: &App, pool: Pool, from: &Address, body: &Again) -> Result<axum::Json<FactorAsked>, Problem> {
    let mut errors = FieldErrors::none();
    let handle: Option<String> = errors.parse("/handle", body.handle.as_deref());
    let handle = errors.finish(handle)?;
    let key = pending::key(&handle);
    let pending: Option<Pending> = app.table().kept(&key, app.now()).await?;
    let pending = pending.filter(|pending| pending.pool == pool).ok_or_else(refused)?;
    let password = body.password.as_deref().filter(|password| !password.is_empty());
    let name = pending.user.clone();
    let further = Box::pin(further(app, (pool, from), (handle, &key), pending, password));
    noting(app, (Whose::User(&name), from), further).await
}

async fn further(
    app: &App,
    (pool, from): (Pool, &Address),
    (handle, key): (String, &Key),
    pending: Pending,
    password: Option<&str>,
) -> Result<axum::Json<FactorAsked>, Problem> {
    let mut transaction = Transaction::new();
    let (step, reach) = match pending.step {
        Step::Code { asked } => {
            Box::pin(send(app, (pool, &pending.user, from), key, &mut transaction, &asked, password)).await?
        }
        Step::Call { nonce: before } => {
            let user = counted(app, &pending.user, key).await?;
            let reach = user.factors.get(Factor::Voice).filter(|_| user.is_active()).cloned().ok_or_else(refused)?;
            let nonce = speak(app, &mut transaction, &pending.user, &reach, &before).await?;
            (Step::Call { nonce }, reach)
        }
        Step::SetUp(SetUp { first: First::Call { nonce: before }, reach, link, nonce, history }) => {
            counted(app, &pending.user, key).await?.may_enrol(&nonce, app.now())?;
            let first = First::Call { nonce: speak(app, &mut transaction, &pending.user, &reach, &before).await? };
            (Step::SetUp(SetUp { first, reach: reach.clone(), link, nonce, history }), reach)
        }
        Step::Add { first: First::Call { nonce: before }, reach } => {
            if !counted(app, &pending.user, key).await?.is_active() {
                return Err(refused());
            }
            let first = First::Call { nonce: speak(app, &mut transaction, &pending.user, &reach, &before).await? };
            (Step::Add { first, reach: reach.clone() }, reach)
        }
        Step::Add { .. } => return Err(nothing("The authenticator app shows its code by itself.")),
        Step::SetUp(_) => return Err(nothing("Open the mailed link again to begin anew.")),
    };
    pending::keep_on(app, &mut transaction, key, &Pending { step, ..pending })?;
    match app.table().commit(transaction).await {
        Err(error) if error.refused(Guard::New) => Err(refused()),
        done => Ok(done.map(|()| axum::Json(FactorAsked::of(handle, &reach)))?),
    }
}

/// Whose the handle is, when a further PIN is allowed: asked together.
async fn counted(app: &App, name: &Username, key: &Key) -> Result<User, Problem> {
    let (user, by_handle, by_user) = futures::join!(
        app.table().user(name),
        throttle::count(app, &throttle::FURTHER_PINS, &key.pk),
        throttle::count(app, &throttle::PINS, name.as_str())
    );
    by_handle.and(by_user)?;
    user?.ok_or_else(refused)
}

/// Has another PIN spoken in place of the one before; gives its nonce.
async fn speak(
    app: &App,
    transaction: &mut Transaction,
    user: &Username,
    reach: &Reach,
    before: &str,
) -> Result<String, Problem> {
    transaction.no_pin_call(app.table(), before);
    match reach {
        Reach::Voice(phone) | Reach::Text(phone) => pending::call(app, transaction, user, phone).await,
        Reach::App | Reach::Email(_) => Err(refused()),
    }
}

/// Has the pool send another PIN, in answer to the password.
async fn send(
    app: &App,
    (pool, name, from): (Pool, &Username, &Address),
    key: &Key,
    transaction: &mut Transaction,
    asked: &Asked,
    password: Option<&str>,
) -> Result<(Step, Reach), Problem> {
    if asked.factor() == Factor::App {
        return Err(nothing("The authenticator app shows its code by itself."));
    }
    let Some(password) = password else {
        let message = "Enter your password once more: a PIN by e-mail or text is sent in answer to it.";
        return Err(Problem::invalid_field("/password", Wrong::Missing.says(message)));
    };
    counted(app, name, key).await?;
    let attempt = Box::pin(Attempt::begin(app, pool, name, from)).await?;
    match ask(app, pool, attempt.user(), password, asked.factor()).await {
        Ok(next) => {
            let user = attempt.give_back(transaction).await?;
            next.step(app, transaction, &user).await
        }
        Err(Error::Refused) => Err(attempt.failed("wrong password").await),
        Err(error) => Err(attempt.broken(error).await),
    }
}

fn nothing(what: &str) -> Problem {
    Problem::conflict(format!("No PIN is sent for this step. {what}"), "no-pin")
}
