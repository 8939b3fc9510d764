//! Who calls: what the JWT authorizer verified.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use lambda_http::request::RequestContext;
use portico_aws::accounts;
use portico_domain::id::Username;

use crate::{app::App, edge, problem::Problem};

/// A verified access token: who, by which door, from where. Whether the user may do anything says the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Sign-in name.
    pub username: Username,
    /// Through the staff door.
    pub staff: bool,
    /// Address of the caller, for the audit.
    pub from: String,
    /// The session: what all tokens of one sign-in have in common.
    pub session: String,
}

impl FromRequestParts<Arc<App>> for Token {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Some(RequestContext::ApiGatewayV2(context)) = parts.extensions.get::<RequestContext>() else {
            return Err(Problem::signed_out());
        };
        let claims = context.authorizer.as_ref().and_then(|a| a.jwt.as_ref()).map(|jwt| &jwt.claims);
        let claim = |name: &str| claims.and_then(|claims| claims.get(name)).map(String::as_str);
        let pool = claim("iss").and_then(|issuer| issuer.rsplit('/').next()).unwrap_or_default();
        let staff = match pool {
            pool if pool == app.aws.config().staff_pool => true,
            pool if pool == app.aws.config().provider_pool => false,
            _ => return Err(Problem::signed_out()),
        };
        let username = claim("username").and_then(|name| name.parse().ok());
        let session = claim(accounts::ORIGIN).map(accounts::session_id);
        let known = username.zip(session);
        let from = edge::address(parts);
        known.map(|(username, session)| Self { username, staff, from, session }).ok_or_else(Problem::signed_out)
    }
}

/// The address of a caller who has no token yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct From(pub String);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(edge::address(parts)))
    }
}
