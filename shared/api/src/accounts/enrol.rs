//! Sets a user's own first password and begins the set-up of the second factor (ACC-09, ACC-10, ACC-12).
//!
//! The link may be opened again within its window until the factor is verified: each time the password is set and the
//! factor begun anew. Provider users and staff enrol alike; which pool, the user's record says.

use std::sync::Arc;

use axum::extract::{Path, State};
use portico_aws::{
    accounts::Pool,
    links::link_hash,
    table::{Key, users::Link},
};
use portico_domain::id::Username;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    passwords,
    pending::{self, Pending, Step},
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
    Route::new().routes(routes!(enrol))
}

/// A first password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Enrolment {
    /// At least 14 characters: upper and lower case letters, a number, a special character.
    password: Option<String>,
}

/// A factor that waits for its first code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactorSetUp {
    username: String,
    /// To send with the first code, within 15 minutes.
    handle: String,
    /// Where the first code is sent.
    #[schema(example = "/sessions/answers")]
    answer_at: &'static str,
    /// For an authenticator app, to type.
    secret: String,
    /// For an authenticator app, as a QR code.
    otpauth_uri: String,
}

/// Sets the password and begins the set-up of the second factor.
#[utoipa::path(
    post, path = "/enrolments/{token}", tag = "accounts", request_body = Enrolment,
    params(("token" = String, Path, description = "From the mailed link")),
    responses(
        (status = 200, body = FactorSetUp, description = "The password is set; the factor waits for its first code"),
        (status = 404, body = ProblemBody, description = "The link was used or replaced, or never was"),
        (status = 409, body = ProblemBody, description = "The link has expired; says whom to ask"),
        (status = 422, body = ProblemBody, description = "The password breaks rules; each is told"),
    ),
    security(())
)]
async fn enrol(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    body: Json<Enrolment>,
) -> Result<axum::Json<FactorSetUp>, Problem> {
    let (table, now, hash) = (app.table(), app.now(), link_hash(&token));
    let link: Link = table.kept(&Key::link(&hash), now).await?.ok_or_else(Problem::not_found)?;
    let user = table.user(&link.user).await?.ok_or_else(Problem::not_found)?;
    user.may_enrol(&link.nonce, now)?;
    let password = passwords::parse(body.value.password.as_deref())?;
    let history = passwords::renewed(&app, &user.username, password).await?;
    let pool = Pool::of(&user.door);
    let set_up = app.aws.accounts().enrol(pool, &user.username, password).await?;
    let step = Step::SetUp { proof: set_up.proof, link: hash, nonce: link.nonce, history };
    // The password is remembered when its factor is verified: until then the link may set the same one again.
    let handle = pending::keep(&app, &Pending { user: user.username.clone(), pool, step }).await?;
    Ok(axum::Json(FactorSetUp {
        handle,
        answer_at: match pool {
            Pool::Providers => "/sessions/answers",
            Pool::Staff => "/staff/sessions/answers",
        },
        otpauth_uri: otpauth_uri(&user.username, &set_up.secret),
        secret: set_up.secret,
        username: user.username.to_string(),
    }))
}

/// As authenticator apps read it from a QR code; a username needs no escaping there.
fn otpauth_uri(user: &Username, secret: &str) -> String {
    format!("otpauth://totp/Portico:{user}?secret={secret}&issuer=Portico")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-11
    #[test]
    fn an_authenticator_app_can_read_the_secret() {
        let uri = otpauth_uri(&"jo.smith".parse().unwrap(), "ABC234");
        assert_eq!(uri, "otpauth://totp/Portico:jo.smith?secret=ABC234&issuer=Portico");
    }
}
