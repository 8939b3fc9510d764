//! Sets up a further second factor, so that one can sign in with the phone or with e-mail as it suits (ACC-11).
//!
//! A phone number is proved by a call, for texts too: the first text is then sent by the user pool at sign-in. The e-mail
//! address of a profile is proved already. An app is set up with the caller's own access token.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::HeaderMap};
use portico_aws::{
    accounts::{Pool, Proof},
    table::Transaction,
};
use portico_domain::{
    accounts::User,
    events::Actor,
    factor::{Factor, Reach},
    field::FieldErrors,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    enrol::otpauth_uri,
    pending::{self, First, Pending, Step},
};
use crate::{
    Route,
    app::App,
    caller::{Fresh, Token},
    doors,
    json::Json,
    problem::{Problem, ProblemBody},
    throttle, words,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(add_factor)))
}

/// A further factor.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    /// `app`, `email`, `text` or `voice`.
    #[schema(value_type = words::Factor, required = true)]
    factor: Option<String>,
}

/// A factor that waits for its first code or PIN, or is set up.
#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct FurtherFactor {
    #[schema(value_type = words::Factor)]
    factor: &'static str,
    /// To send with the first code or PIN, as at sign-in, within 15 minutes. Absent when there is nothing to
    /// prove: the factor is set up.
    #[serde(skip_serializing_if = "Option::is_none")]
    handle: Option<String>,
    /// Where its PINs go, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_to: Option<String>,
    /// For an authenticator app, to type.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// For an authenticator app, as a QR code.
    #[serde(skip_serializing_if = "Option::is_none")]
    otpauth_uri: Option<String>,
}

/// Sets up a further second factor.
#[utoipa::path(
    post, path = "/me/factors", tag = "accounts", request_body = Wanted,
    responses(
        (status = 200, body = FurtherFactor, description = "It waits for its first code or PIN; one by e-mail is set up"),
        (status = 401, body = ProblemBody, description = "The session has ended"),
        (status = 403, body = ProblemBody, description = "`proof-required`: sign in once more"),
        (status = 409, body = ProblemBody, description = "The PIN could not be delivered: choose another second factor"),
        (status = 422, body = ProblemBody, description = "The factor cannot be chosen"),
        (status = 429, body = ProblemBody, description = "Too many PINs"),
    ),
    security(("provider" = []))
)]
async fn add_factor(
    State(app): State<Arc<App>>,
    token: Token,
    headers: HeaderMap,
    body: Json<Wanted>,
) -> Result<Answer<FurtherFactor>, Problem> {
    add(&app, &token, &headers, &body.value).await
}

async fn add(app: &App, token: &Token, headers: &HeaderMap, body: &Wanted) -> Result<Answer<FurtherFactor>, Problem> {
    let (file, counted) =
        futures::join!(app.caller_file(token), throttle::count(app, &throttle::PINS, token.username.as_str()));
    let file = file?;
    app.proven(&file, token, Fresh::Own)?;
    let user = file.user;
    let reach = parse(body, &user)?;
    counted?;
    let further = FurtherFactor { factor: reach.factor().name(), sent_to: reach.hint(), ..FurtherFactor::default() };
    let mut transaction = Transaction::new();
    let answer = match &reach {
        Reach::Email(_) => {
            set_up(app, &mut transaction, user, reach).await?;
            further
        }
        Reach::Text(phone) | Reach::Voice(phone) => {
            let nonce = pending::call(app, &mut transaction, &user.username, phone).await?;
            let handle = Some(keep(app, &mut transaction, &user, First::Call { nonce }, reach)?);
            FurtherFactor { handle, ..further }
        }
        Reach::App => {
            let (secret, proof) = app.aws.accounts().associate(Proof::Token(bearer(headers)?)).await?;
            let handle = Some(keep(app, &mut transaction, &user, First::App { proof }, reach)?);
            let otpauth_uri = Some(otpauth_uri(&user.username, &secret));
            FurtherFactor { handle, secret: Some(secret), otpauth_uri, ..further }
        }
    };
    app.table().commit(transaction).await?;
    Ok(Answer(answer))
}

/// Sets a factor up that has nothing left to prove.
async fn set_up(app: &App, transaction: &mut Transaction, user: User, reach: Reach) -> Result<(), Problem> {
    let (pool, by) = (Pool::of(&user.door), Actor::User(user.username.clone()));
    let accounts = app.aws.accounts();
    accounts.move_factor(pool, &user.username, &reach).await?;
    let (user, added) = user.with_factor(reach);
    accounts.set_factors(pool, &user.username, &user.factors).await?;
    Ok(transaction.user(app.table(), &user, &by, vec![added], app.now())?)
}

fn keep(app: &App, transaction: &mut Transaction, user: &User, first: First, reach: Reach) -> Result<String, Problem> {
    let (name, pool) = (user.username.clone(), Pool::of(&user.door));
    pending::keep(app, transaction, &Pending { user: name, pool, step: Step::Add { first, reach }, terms: Vec::new() })
}

/// The access token itself: the authorizer has verified it.
fn bearer(headers: &HeaderMap) -> Result<String, Problem> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok());
    let token = header.map(|header| header.strip_prefix("Bearer ").unwrap_or(header).trim().to_owned());
    token.filter(|token| !token.is_empty()).ok_or_else(Problem::signed_out)
}

fn parse(body: &Wanted, user: &User) -> Result<Reach, Problem> {
    let mut errors = FieldErrors::none();
    let factor: Option<Factor> = errors.parse("/factor", body.factor.as_deref());
    let reach = factor.map(|factor| Reach::of(factor, &user.contact, user.rules.factors));
    let reach = reach.and_then(|reach| errors.keep("/factor", reach));
    if reach.as_ref().is_some_and(|reach| user.factors.get(reach.factor()) == Some(reach) && *reach != Reach::App) {
        errors.add("/factor", Wrong::FactorKnown.says("You sign in with this already."));
    }
    Ok(errors.finish(reach)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_what_stands_behind_bearer() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", value.parse().unwrap());
            bearer(&headers).ok()
        };
        assert_eq!(of("Bearer abc"), Some("abc".to_owned()));
        assert_eq!((of("abc"), of("Bearer ")), (Some("abc".to_owned()), None));
        assert!(bearer(&HeaderMap::new()).is_err());
    }
}
