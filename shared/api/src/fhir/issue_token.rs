//! Gives a client a token for five minutes (RFC 6749, SMART Backend Services): it proves itself by an assertion signed with
//! one of its keys, and each assertion is used once.
//!
//! A token is random, kept as a hash beside its client and read with it at every call, so that a client that is ended is out at
//! once ([decision 90](../../../../docs/decisions/0090-opaque-tokens-for-clients.md)).

use std::sync::Arc;

use axum::{
    Json as Answer,
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use jiff::ToSpan;
use portico_aws::{
    clock::new_nonce,
    secrets::sha256,
    table::{Guard, Transaction, fhir::ClientToken},
};
use portico_domain::{fhir::Scope, id::ClientId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{TOKEN_PATH, assertion::Assertion};
use crate::{
    Route,
    app::App,
    caller::From as Address,
    json::MAX_BODY,
    problem::{Problem, ProblemBody},
    throttle,
};

/// How long a token is good for, in seconds.
pub(super) const SECONDS: i32 = 300;
/// The one kind of assertion (RFC 7523).
const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(issue_token))
}

/// What is sent, as a form.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only the schema is made of it")]
struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// What the token is for, with blanks between; all that the client may when absent.
    #[schema(example = "system/Claim.rs")]
    scope: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    client_assertion_type: String,
    /// A JWT, signed with RS384 or ES384.
    client_assertion: String,
}

/// A token.
#[derive(Serialize, ToSchema)]
struct IssuedToken {
    access_token: String,
    /// `bearer`.
    token_type: &'static str,
    /// Seconds that it is good for.
    expires_in: i32,
    /// What it is for.
    scope: String,
}

/// Why there is no token (RFC 6749, 5.2).
#[derive(Serialize, ToSchema)]
pub(super) struct TokenRefusal {
    error: &'static str,
    error_description: &'static str,
}

/// A refusal in OAuth's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Refused {
    Request(&'static str),
    GrantType,
    Client,
    Scope,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, error_description) = match self {
            Self::Request(why) => (StatusCode::BAD_REQUEST, "invalid_request", why),
            Self::GrantType => {
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", "The grant type is client_credentials.")
            }
            // Whatever is wrong with it: who tries things out learns nothing.
            Self::Client => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "The assertion is not one of an active client for this endpoint, or it was used before.",
            ),
            Self::Scope => {
                (StatusCode::BAD_REQUEST, "invalid_scope", "The client may do nothing of what is asked for.")
            }
        };
        (status, Answer(TokenRefusal { error, error_description })).into_response()
    }
}

/// Gives a client a token.
#[utoipa::path(
    post, path = "/oauth/token", tag = "fhir",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = IssuedToken, description = "A token for five minutes"),
        (status = 400, body = TokenRefusal, description = "The request is wrong"),
        (status = 401, body = TokenRefusal, description = "The assertion is not believed"),
        (status = 429, body = ProblemBody, description = "Too many tokens from one address"),
    ),
    security(())
)]
async fn issue_token(State(app): State<Arc<App>>, from: Address, request: Request) -> Result<Response, Problem> {
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &()).await.map_err(|_| Problem::too_large(MAX_BODY))?;
    let asked = match parse(&headers, &body) {
        Ok(asked) => asked,
        Err(refused) => return Ok(refused.into_response()),
    };
    let (table, now) = (app.table(), app.now());
    let Some(assertion) = Assertion::read(&asked.assertion) else { return Ok(Refused::Client.into_response()) };
    let from = throttle::address(&from);
    let counted = throttle::count(&app, &throttle::CLIENT_TOKENS, &from);
    let (counted, client) = futures::join!(counted, table.client(assertion.client));
    counted?;
    let client = client?.filter(|client| client.ended.is_none());
    let endpoint = format!("{}{TOKEN_PATH}", app.aws.config().api_url);
    let proof = client.as_ref().and_then(|client| assertion.proof(&client.keys, &endpoint, now));
    let Some((client, proof)) = client.zip(proof) else {
        tracing::warn!(client = %assertion.client, "an assertion was not believed");
        return Ok(Refused::Client.into_response());
    };
    let scopes = client.granted(&asked.scopes);
    if scopes.is_empty() || asked.only_unknown {
        return Ok(Refused::Scope.into_response());
    }
    let token = token(client.id, &new_nonce().map_err(|error| Problem::internal(&error))?);
    let until = now.checked_add(SECONDS.seconds()).unwrap_or(now);
    let scope = scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let mut transaction = Transaction::new();
    let given = (sha256(&token), ClientToken { scopes });
    let used = (sha256(&proof.jti), proof.until);
    transaction.client_token(table, client.id, (&given.0, &given.1, until), (&used.0, used.1))?;
    match table.commit(transaction).await {
        Ok(()) => Ok(Answer(IssuedToken { access_token: token, token_type: "bearer", expires_in: SECONDS, scope })
            .into_response()),
        Err(error) if error.refused(Guard::New) => {
            tracing::warn!(client = %client.id, "an assertion was used again");
            Ok(Refused::Client.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A token says whose it is, so that client and token are read at once.
fn token(client: ClientId, nonce: &str) -> String {
    format!("{client}.{nonce}")
}

/// What was asked for.
#[derive(Debug, PartialEq)]
struct Asked {
    assertion: String,
    scopes: Vec<Scope>,
    /// Whether scopes were named, and none that there is.
    only_unknown: bool,
}

fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Asked, Refused> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") || body.len() > MAX_BODY {
        return Err(Refused::Request("Send a form: application/x-www-form-urlencoded."));
    }
    let field = |name: &str| -> Result<String, Refused> {
        let mut found =
            form_urlencoded::parse(body).filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(Refused::Request("A parameter stands twice.")),
            (value, None) => Ok(value.unwrap_or_default()),
        }
    };
    let grant_type = field("grant_type")?;
    if grant_type.is_empty() {
        return Err(Refused::Request("grant_type is missing."));
    }
    if grant_type != "client_credentials" {
        return Err(Refused::GrantType);
    }
    let (kind, assertion, scope) = (field("client_assertion_type")?, field("client_assertion")?, field("scope")?);
    if kind != BEARER || assertion.is_empty() {
        return Err(Refused::Request("Send client_assertion, and client_assertion_type as jwt-bearer (RFC 7523)."));
    }
    let named: Vec<&str> = scope.split_ascii_whitespace().collect();
    // A scope that there is not is left out of the token, as OAuth has it.
    let scopes: Vec<Scope> = named.iter().filter_map(|scope| scope.parse().ok()).collect();
    Ok(Asked { assertion, only_unknown: !named.is_empty() && scopes.is_empty(), scopes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Asked, Refused> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8".parse().unwrap());
        parse(&headers, body.as_bytes())
    }

    const GOOD: &str = "grant_type=client_credentials&client_assertion=a.b.c&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

    #[test]
    fn a_form_is_read_and_each_mistake_has_its_error() {
        let asked = |scopes: &[Scope], only_unknown| {
            Ok(Asked { assertion: "a.b.c".to_owned(), scopes: scopes.to_vec(), only_unknown })
        };
        assert_eq!(read(GOOD), asked(&[], false));
        let scoped = format!("{GOOD}&scope=system/Claim.rs+system/Patient.rs");
        assert_eq!(read(&scoped), asked(&[Scope::Inquire], false));
        assert_eq!(read(&format!("{GOOD}&scope=system/*.*")), asked(&[], true));
        assert_eq!(read(&GOOD.replace("client_credentials", "password")), Err(Refused::GrantType));
        for wrong in [
            "",
            "{}",
            &GOOD.replace("a.b.c", ""),
            &GOOD.replace("jwt-bearer", "saml2-bearer"),
            &format!("{GOOD}&client_assertion=d.e.f"),
            &format!("{GOOD}&scope=a&scope=b"),
        ] {
            assert!(matches!(read(wrong), Err(Refused::Request(_))), "{wrong}");
        }
        assert!(matches!(parse(&HeaderMap::new(), GOOD.as_bytes()), Err(Refused::Request(_))));
    }
}
