//! Sets a user's own first password and begins the set-up of the second factor that they choose (ACC-09 to ACC-12).
//!
//! Which factors there are to choose from, the contracts say; text and voice need a phone number in the profile.
//! The link may be opened again within its window until the factor is verified: each time the password is set and the
//! factor begun anew. Provider users and staff enrol alike; which pool, the user's record says.

use std::sync::Arc;

use axum::extract::State;
use portico_aws::{
    accounts::{self, Pool},
    links::link_hash,
    table::{
        Key, Transaction,
        accounts::users::{Link, UserFile},
    },
};
use portico_domain::{
    accounts::User,
    factor::{Factor, Reach},
    field::FieldErrors,
    id::Username,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    links, passwords,
    pending::{self, First, Pending, SetUp, Step},
};
use crate::{
    Route,
    app::App,
    json::Json,
    problem::{Problem, ProblemBody},
    terms::{self, TermsDue},
    throttle, words,
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
    /// From the mailed link.
    #[schema(value_type = String, required = true)]
    token: Option<String>,
    /// At least 14 characters: upper and lower case letters, a number, a special character.
    #[schema(value_type = String, required = true)]
    password: Option<String>,
    /// `app`, `email`, `text` or `voice`; an app when absent.
    #[schema(value_type = Option<words::Factor>)]
    factor: Option<String>,
}

/// A factor that waits for its first code or PIN.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FactorSetUp {
    username: String,
    /// To send with the first code, within 15 minutes.
    handle: String,
    /// Where the first code is sent.
    #[schema(example = "/sessions/answers")]
    answer_at: &'static str,
    #[schema(value_type = words::Factor)]
    factor: &'static str,
    /// Where the PIN went, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_to: Option<String>,
    /// For an authenticator app, to type.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// For an authenticator app, as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    otpauth_uri: Option<String>,
    /// To acknowledge with the first code: those of the contracts where the user was given a part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terms: Vec<TermsDue>,
}

/// Sets the password and begins the set-up of the second factor.
#[utoipa::path(
    post, path = "/enrolments", tag = "accounts", request_body = Enrolment,
    responses(
        (status = 200, body = FactorSetUp, description = "The password is set; the factor waits for its first code or PIN"),
        (status = 404, body = ProblemBody, description = "The link was used or replaced, or never was"),
        (status = 409, body = ProblemBody, description = "The link has expired; says whom to ask. Or the PIN could not be delivered"),
        (status = 422, body = ProblemBody, description = "The password breaks rules, or the factor cannot be chosen; each is told"),
        (status = 429, body = ProblemBody, description = "Too many PINs"),
    ),
    security(())
)]
async fn enrol(State(app): State<Arc<App>>, body: Json<Enrolment>) -> Result<axum::Json<FactorSetUp>, Problem> {
    let (table, now) = (app.table(), app.now());
    let hash = link_hash(links::token(body.value.token.as_deref())?);
    let link: Link = table.kept(&Key::link(&hash), now).await?.ok_or_else(Problem::not_found)?;
    let sends = body.value.factor.as_deref().is_some_and(|factor| factor != Factor::App.name());
    let counted =
        async { if sends { throttle::count(&app, &throttle::PINS, link.user.as_str()).await } else { Ok(()) } };
    let (user, history, tokens, counted) =
        futures::join!(table.user_file(&link.user), table.password_history(&link.user), app.tokens(), counted);
    let UserFile { user, roles, .. } = user?.ok_or_else(Problem::not_found)?;
    user.may_enrol(&link.nonce, now)?;
    let (password, reach) = parse(&body.value, &user)?;
    let history = passwords::renewed(history?, &tokens?, password)?;
    counted?;
    let pool = Pool::of(&user.door);
    let accounts = app.aws.accounts();
    let (begun, due) =
        futures::join!(accounts.enrol(pool, &user.username, password, &reach), terms::Due::of(&app, &user, &roles));
    let (begun, due) = (begun?, due?);
    let mut transaction = Transaction::new();
    let (first, secret) = match (begun, &reach) {
        (accounts::SetUp::App { secret, proof }, _) => (First::App { proof }, Some(secret)),
        (accounts::SetUp::Sent(asked), _) => (First::Sent { asked }, None),
        (accounts::SetUp::Call, Reach::Text(phone) | Reach::Voice(phone)) => {
            (First::Call { nonce: pending::call(&app, &mut transaction, &user.username, phone).await? }, None)
        }
        (accounts::SetUp::Call, Reach::App | Reach::Email(_)) => return Err(Problem::not_found()),
    };
    let (factor, sent_to) = (reach.factor().name(), reach.hint());
    // The password is remembered when its factor is verified: until then the link may set the same one again.
    let step = Step::SetUp(SetUp { first, reach, link: hash, nonce: link.nonce, history });
    let pending = Pending { user: user.username.clone(), pool, step, terms: due.shown() };
    let handle = pending::keep(&app, &mut transaction, &pending)?;
    table.commit(transaction).await?;
    Ok(axum::Json(FactorSetUp {
        handle,
        answer_at: match pool {
            Pool::Providers => "/sessions/answers",
            Pool::Staff => "/staff/sessions/answers",
        },
        factor,
        sent_to,
        otpauth_uri: secret.as_deref().map(|secret| otpauth_uri(&user.username, secret)),
        secret,
        username: user.username.to_string(),
        terms: due.told(),
    }))
}

/// The password and the factor, each wrong thing told.
fn parse<'a>(body: &'a Enrolment, user: &User) -> Result<(&'a str, Reach), Problem> {
    let mut errors = FieldErrors::none();
    let password = passwords::checked(&mut errors, body.password.as_deref(), user);
    let wanted = match body.factor {
        Some(_) => errors.parse("/factor", body.factor.as_deref()),
        None => Some(Factor::App),
    };
    let reach = wanted.map(|factor| Reach::of(factor, &user.contact, user.rules.factors));
    let reach = reach.and_then(|reach| errors.keep("/factor", reach));
    Ok(errors.finish(reach.map(|reach| (password, reach)))?)
}

/// As authenticator apps read it from a QR code; a username needs no escaping there.
pub(super) fn otpauth_uri(user: &Username, secret: &str) -> String {
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
