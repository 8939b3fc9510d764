//! First step of signing in: the password (ACC-14, ACC-18).
//!
//! Provider users and payer staff have doors of their own; whoever belongs to the other door is unknown at this one.
//! Nothing tells why a sign-in was refused. A right password gives no token, only a handle for the second factor.

use std::sync::Arc;

use axum::extract::State;
use portico_aws::accounts::{Error, Passed, Pool};
use portico_domain::{field::FieldErrors, id::Username};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    attempt::{Attempt, refuse},
    pending::{self, Pending, Step},
    refusal::{evenly, refused},
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
    Route::new().routes(routes!(sign_in)).routes(routes!(sign_in_staff))
}

/// Name and password.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    username: Option<String>,
    password: Option<String>,
}

/// What is asked next.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactorAsked {
    /// To send with the code, within 3 minutes.
    handle: String,
    /// `totp`: the code of the authenticator app.
    factor: &'static str,
}

/// Signs a provider user in: password.
#[utoipa::path(
    post, path = "/sessions", tag = "accounts", request_body = SignIn,
    responses(
        (status = 200, body = FactorAsked, description = "The second factor is asked"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
    ),
    security(())
)]
async fn sign_in(State(app): State<Arc<App>>, body: Json<SignIn>) -> Result<axum::Json<FactorAsked>, Problem> {
    evenly(Box::pin(check(&app, Pool::Providers, &body.value))).await
}

/// Signs payer staff in: password.
#[utoipa::path(
    post, path = "/staff/sessions", tag = "accounts", request_body = SignIn,
    responses(
        (status = 200, body = FactorAsked, description = "The second factor is asked"),
        (status = 401, body = ProblemBody, description = "Refused; never says why"),
        (status = 422, body = ProblemBody, description = "A field is missing"),
    ),
    security(())
)]
async fn sign_in_staff(State(app): State<Arc<App>>, body: Json<SignIn>) -> Result<axum::Json<FactorAsked>, Problem> {
    evenly(Box::pin(check(&app, Pool::Staff, &body.value))).await
}

async fn check(app: &App, pool: Pool, body: &SignIn) -> Result<axum::Json<FactorAsked>, Problem> {
    let (name, password) = parse(body)?;
    // A name with a form that cannot be is an unknown one.
    let name: Username = name.parse().map_err(|_| refused())?;
    let user = app.table().user(&name).await?.ok_or_else(refused)?;
    if Pool::of(&user.door) != pool {
        return Err(refuse(app, &user, "other door").await);
    }
    let attempt = Attempt::begin(app, user).await?;
    let session = match app.aws.accounts().password(pool, &name, password).await {
        Ok(Passed::Code(session)) => session,
        Ok(Passed::NoFactor(_)) => return Err(refuse(app, &attempt.give_back().await?, "no second factor").await),
        Err(Error::Refused) => return Err(attempt.failed("wrong password").await),
        Err(error) => {
            attempt.give_back().await?;
            return Err(error.into());
        }
    };
    attempt.give_back().await?;
    let handle = pending::keep(app, &Pending { user: name, pool, step: Step::Code { session } }).await?;
    Ok(axum::Json(FactorAsked { handle, factor: "totp" }))
}

fn parse(body: &SignIn) -> Result<(&str, &str), Problem> {
    let mut errors = FieldErrors::none();
    let given = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    for (pointer, field) in [("/username", &body.username), ("/password", &body.password)] {
        if !given(field) {
            errors.add(pointer, "This field is required.");
        }
    }
    Ok(errors.finish(body.username.as_deref().map(str::trim).zip(body.password.as_deref()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fields_are_required_and_a_password_keeps_its_blanks() {
        let of = |username: &str, password: &str| SignIn {
            username: Some(username.into()),
            password: Some(password.into()),
        };
        assert_eq!(parse(&of(" jo ", " a b ")).unwrap(), ("jo", " a b "));
        assert_eq!(parse(&SignIn::default()).unwrap_err().pointers(), ["/username", "/password"]);
        assert_eq!(parse(&of("jo", "")).unwrap_err().pointers(), ["/password"]);
    }
}
