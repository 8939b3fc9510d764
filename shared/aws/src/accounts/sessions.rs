//! What comes after sign-in: new tokens for a session, its end, another password.

use aws_sdk_cognitoidentityprovider::types::AuthFlowType;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use portico_domain::id::Username;

use super::{Accounts, Error, Pool, Tokens, answers};
use crate::secrets::sha256;

/// The claim that all tokens of one sign-in share, refreshed ones too.
pub const ORIGIN: &str = "origin_jti";

/// The id under which a session is kept.
#[must_use]
pub fn session_id(origin: &str) -> String {
    sha256(origin)
}

/// The id of the session that an access token of Cognito's begins. It came from Cognito itself over TLS: nothing is
/// verified here.
///
/// # Errors
/// When the token has no such claim.
pub fn session_of(access_token: &str) -> Result<String, Error> {
    let claims = access_token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
    let claims: Option<serde_json::Value> = claims.and_then(|json| serde_json::from_slice(&json).ok());
    let origin = claims.as_ref().and_then(|claims| claims.get(ORIGIN)).and_then(|origin| origin.as_str());
    origin.map(session_id).ok_or_else(|| Error::Unexpected(format!("a token without {ORIGIN}")))
}

impl Accounts {
    /// New tokens of the same session.
    ///
    /// # Errors
    /// Refused when the refresh token is over or revoked.
    pub async fn refresh(&self, pool: Pool, user: &Username, refresh_token: &str) -> Result<Tokens, Error> {
        let flow = AuthFlowType::RefreshTokenAuth;
        let answer = self.initiate(pool, user, flow, &[("REFRESH_TOKEN", refresh_token)]).await?;
        answers::tokens(answer.challenge_name, answer.authentication_result)
    }

    /// Ends every refresh token of a user.
    ///
    /// # Errors
    /// When Cognito does not do it.
    pub async fn sign_out(&self, pool: Pool, user: &Username) -> Result<(), Error> {
        let ask = self.client.admin_user_global_sign_out().user_pool_id(&self.via(pool).pool).username(user.as_str());
        ask.send().await.map_err(Error::of)?;
        Ok(())
    }

    /// Sets another password. The second factor stays.
    ///
    /// # Errors
    /// When Cognito does not do it.
    pub async fn set_password(&self, pool: Pool, user: &Username, password: &str) -> Result<(), Error> {
        let ask = self.client.admin_set_user_password().user_pool_id(&self.via(pool).pool).username(user.as_str());
        ask.password(password).permanent(true).send().await.map_err(Error::of)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-19
    #[test]
    fn all_tokens_of_one_sign_in_are_one_session() {
        let token = |claims: &str| format!("e30.{}.sig", BASE64_URL_SAFE_NO_PAD.encode(claims));
        let first = session_of(&token(r#"{"origin_jti":"o1","jti":"a"}"#)).unwrap();
        assert_eq!(session_of(&token(r#"{"origin_jti":"o1","jti":"b"}"#)).unwrap(), first);
        assert_eq!(session_id("o1"), first);
        assert!(session_of(&token(r#"{"jti":"a"}"#)).is_err() && session_of("opaque").is_err());
    }
}
