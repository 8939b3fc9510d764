//! Who calls: what the JWT authorizer verified.

use std::sync::Arc;

use axum::{extract::FromRequestParts, http::request::Parts};
use lambda_http::request::RequestContext;
use portico_aws::{accounts, table::accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, session::Session},
    caller::Caller,
    id::Username,
};

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

/// What a fresh sign-in is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fresh {
    /// For one's own factors, addresses and numbers.
    Own,
    /// For the accounts of others: an administrator manages several in a row.
    Others,
}

impl Fresh {
    /// So many minutes a sign-in counts as one (OWASP ASVS 2.2.3, 3.7.1).
    const fn minutes(self) -> i64 {
        match self {
            Self::Own => 5,
            Self::Others => 15,
        }
    }
}

impl App {
    /// The active user behind a token, with roles as they are now: a user who was removed is out at once.
    ///
    /// # Errors
    /// 401 when there is no such active user, or the session has ended.
    pub async fn caller(&self, token: &Token) -> Result<Caller, Problem> {
        let file = self.caller_file(token).await?;
        file.user.caller(file.roles).map_err(|_| Problem::signed_out())
    }

    /// What is known of the active user behind a token. Session and user are read in one call; a call moves the idle end
    /// of the session, with one write a minute (ACC-19).
    ///
    /// # Errors
    /// 401 when there is no such active user, or the session has ended.
    pub async fn caller_file(&self, token: &Token) -> Result<UserFile, Problem> {
        let file = self.table().user_file(&token.username).await?.ok_or_else(Problem::signed_out)?;
        let staff = matches!(file.user.door, Door::Staff(_));
        if staff != token.staff || !file.user.is_active() {
            return Err(Problem::signed_out());
        }
        self.go_on(&file, &token.session).await?;
        Ok(file)
    }

    /// Checks that a session of this user goes on, and moves its idle end.
    ///
    /// # Errors
    /// 401 when it has ended.
    pub async fn go_on(&self, file: &UserFile, session: &str) -> Result<(), Problem> {
        let now = self.now();
        let open = file.sessions.iter().find(|open| open.id == session && open.is_open(now));
        match open.ok_or_else(Problem::signed_out)?.moved_by_call(now) {
            Some(end) => Ok(self.table().touch_session(&file.user.username, session, end).await?),
            None => Ok(()),
        }
    }

    /// Checks that the caller has just given password and second factor: asked before anything is changed that lets a person
    /// in later, or says where PHI goes.
    ///
    /// # Errors
    /// 403 `proof-required` when the session began too long ago.
    pub(crate) fn proven(&self, file: &UserFile, token: &Token, fresh: Fresh) -> Result<(), Problem> {
        let proves = |session: &&Session| session.id == token.session && session.is_fresh(fresh.minutes(), self.now());
        file.sessions.iter().find(proves).map(|_| ()).ok_or_else(Problem::proof_required)
    }
}
