//! Cognito: passwords, second factors and tokens, in one pool for each door (ACC-18).
//!
//! A pool is asked, never believed: tokens leave this file only as the answer to a second factor. A pool that gives
//! them for a password alone (local engines do, for a user without a factor) has proved nothing, and what it gave
//! serves only to set the factor up.

mod answers;
mod sessions;

use std::collections::HashMap;

use aws_sdk_cognitoidentityprovider::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::admin_respond_to_auth_challenge::AdminRespondToAuthChallengeOutput,
    types::{AuthFlowType, ChallengeNameType, MessageActionType, SoftwareTokenMfaSettingsType},
};
use portico_domain::{account::Door, id::Username};
use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use crate::{Config, clock, secrets::Secret};
pub use sessions::{ORIGIN, session_id, session_of};

/// The pool of a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pool {
    /// Provider users.
    Providers,
    /// Payer staff.
    Staff,
}

impl Pool {
    /// The pool of the users of this door.
    #[must_use]
    pub fn of(door: &Door) -> Self {
        match door {
            Door::Provider => Self::Providers,
            Door::Staff(_) => Self::Staff,
        }
    }
}

/// Why Cognito did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Wrong password, wrong code, no such user, a session that is over: never told apart.
    #[error("the credentials are refused")]
    Refused,
    /// An answer that these pools should not give.
    #[error("the user pool answered with {0}")]
    Unexpected(String),
    /// Anything else.
    #[error("the user pool is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a right password leads to. Holds live sessions: has no `Debug`.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Passed {
    /// To the code of the second factor, within this session.
    Code(String),
    /// To no second factor: nobody signs in, but enrolment can set one up.
    NoFactor(Proof),
}

/// What a factor is set up with. Holds live sessions: has no `Debug`.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "camelCase")]
pub enum Proof {
    /// The session of an `MFA_SETUP` challenge.
    Session(String),
    /// An access token, from a pool that asked no challenge.
    Token(String),
}

/// A factor that waits for its first code.
pub struct SetUp {
    /// The secret for the authenticator app, in base 32.
    pub secret: String,
    /// For [`Accounts::verify_factor`].
    pub proof: Proof,
}

/// Tokens of a user whose second factor was seen.
pub struct Tokens {
    /// For the API.
    pub access: String,
    /// Who the user is, for the portal.
    pub id: Option<String>,
    /// For new access tokens.
    pub refresh: Option<String>,
    /// Seconds that the access token is valid.
    pub expires_in: u32,
}

type Parameters = HashMap<String, String>;

/// The two pools.
#[derive(Debug)]
pub struct Accounts {
    client: Client,
    providers: PoolClient,
    staff: PoolClient,
}

/// A pool, and the one app client through which its users sign in.
#[derive(Debug)]
struct PoolClient {
    pool: String,
    id: String,
    secret: OnceCell<Option<Secret>>,
}

impl Accounts {
    pub(crate) fn new(client: Client, config: &Config) -> Self {
        let of =
            |pool: &str, id: &str| PoolClient { pool: pool.to_owned(), id: id.to_owned(), secret: OnceCell::new() };
        Self {
            client,
            providers: of(&config.provider_pool, &config.provider_client),
            staff: of(&config.staff_pool, &config.staff_client),
        }
    }

    /// Checks a password.
    ///
    /// # Errors
    /// Refused when it is wrong or the pool does not know the user.
    pub async fn password(&self, pool: Pool, user: &Username, password: &str) -> Result<Passed, Error> {
        let via = self.via(pool);
        let parameters = self.parameters(via, user, &[("PASSWORD", password)]).await?;
        let answer = self
            .client
            .admin_initiate_auth()
            .user_pool_id(&via.pool)
            .client_id(&via.id)
            .auth_flow(AuthFlowType::AdminUserPasswordAuth)
            .set_auth_parameters(Some(parameters))
            .send()
            .await
            .map_err(Error::of)?;
        answers::passed(answer.challenge_name, answer.session, answer.authentication_result)
    }

    /// Answers the second factor of the session that [`Self::password`] gave.
    ///
    /// # Errors
    /// Refused when the code is wrong or the session is over.
    pub async fn code(&self, pool: Pool, user: &Username, session: &str, code: &str) -> Result<Tokens, Error> {
        let challenge = ChallengeNameType::SoftwareTokenMfa;
        let answer = self.respond(pool, user, challenge, session, &[("SOFTWARE_TOKEN_MFA_CODE", code)]).await?;
        answers::tokens(answer.challenge_name, answer.authentication_result)
    }

    /// Sets a user's first own password and begins the set-up of the second factor. What the pool knew of the user
    /// before is deleted: an unfinished set-up, or the factor that Reset Registration is to replace.
    ///
    /// # Errors
    /// When Cognito does not do it.
    pub async fn enrol(&self, pool: Pool, user: &Username, password: &str) -> Result<SetUp, Error> {
        let (name, id) = (user.as_str(), &self.via(pool).pool);
        let deleted = self.client.admin_delete_user().user_pool_id(id).username(name).send().await;
        ignore("UserNotFoundException", deleted)?;
        let nobody_knows = clock::new_nonce().map_err(|error| Error::Unavailable(error.into()))?;
        let created = self
            .client
            .admin_create_user()
            .user_pool_id(id)
            .username(name)
            .temporary_password(format!("Aa1!{nobody_knows}"))
            .message_action(MessageActionType::Suppress)
            .send()
            .await;
        ignore("UsernameExistsException", created)?;
        let set =
            self.client.admin_set_user_password().user_pool_id(id).username(name).password(password).permanent(true);
        set.send().await.map_err(Error::of)?;
        match self.password(pool, user, password).await? {
            Passed::NoFactor(proof) => self.associate(proof).await,
            Passed::Code(_) => Err(Error::Unexpected("a factor of a new user".to_owned())),
        }
    }

    async fn associate(&self, proof: Proof) -> Result<SetUp, Error> {
        let ask = self.client.associate_software_token();
        let ask = match &proof {
            Proof::Session(session) => ask.session(session),
            Proof::Token(token) => ask.access_token(token),
        };
        let answer = ask.send().await.map_err(Error::of)?;
        answers::set_up(proof, answer.secret_code, answer.session)
    }

    /// Verifies the first code of a factor and makes it the one that sign-in asks for.
    ///
    /// # Errors
    /// Refused when the code is wrong or the set-up is over.
    pub async fn verify_factor(&self, pool: Pool, user: &Username, proof: &Proof, code: &str) -> Result<(), Error> {
        let ask = self.client.verify_software_token().user_code(code);
        let ask = match proof {
            Proof::Session(session) => ask.session(session),
            Proof::Token(token) => ask.access_token(token),
        };
        let answer = ask.send().await.map_err(Error::of)?;
        let session = answers::verified(proof, answer.status, answer.session)?;
        if let Some(session) = session {
            // The tokens of this answer go nowhere: the first sign-in is made with password and factor.
            self.respond(pool, user, ChallengeNameType::MfaSetup, &session, &[]).await?;
        }
        let totp = SoftwareTokenMfaSettingsType::builder().enabled(true).preferred_mfa(true).build();
        let prefer =
            self.client.admin_set_user_mfa_preference().user_pool_id(&self.via(pool).pool).username(user.as_str());
        prefer.software_token_mfa_settings(totp).send().await.map_err(Error::of)?;
        Ok(())
    }

    async fn respond(
        &self,
        pool: Pool,
        user: &Username,
        challenge: ChallengeNameType,
        session: &str,
        responses: &[(&str, &str)],
    ) -> Result<AdminRespondToAuthChallengeOutput, Error> {
        let via = self.via(pool);
        let responses = self.parameters(via, user, responses).await?;
        let ask = self.client.admin_respond_to_auth_challenge().user_pool_id(&via.pool).client_id(&via.id);
        let ask = ask.challenge_name(challenge).session(session).set_challenge_responses(Some(responses));
        ask.send().await.map_err(Error::of)
    }

    fn via(&self, pool: Pool) -> &PoolClient {
        match pool {
            Pool::Providers => &self.providers,
            Pool::Staff => &self.staff,
        }
    }

    /// The parameters of an authentication call, signed with the client's secret.
    async fn parameters(&self, via: &PoolClient, user: &Username, given: &[(&str, &str)]) -> Result<Parameters, Error> {
        let mut all: Parameters = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.insert("USERNAME".to_owned(), user.to_string());
        if let Some(secret) = via.secret.get_or_try_init(|| self.client_secret(via)).await? {
            all.insert("SECRET_HASH".to_owned(), answers::secret_hash(secret, user, &via.id));
        }
        Ok(all)
    }

    async fn client_secret(&self, via: &PoolClient) -> Result<Option<Secret>, Error> {
        let ask = self.client.describe_user_pool_client().user_pool_id(&via.pool).client_id(&via.id);
        let described = ask.send().await.map_err(Error::of)?.user_pool_client;
        Ok(described.and_then(|client| client.client_secret).map(|secret| Secret::new(&secret)))
    }
}

impl Error {
    fn of<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        if error.code().is_some_and(answers::is_refusal) { Self::Refused } else { Self::Unavailable(error.into()) }
    }
}

fn ignore<T, E, R>(code: &str, result: Result<T, SdkError<E, R>>) -> Result<(), Error>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match result {
        Err(error) if error.code() != Some(code) => Err(Error::of(error)),
        _ => Ok(()),
    }
}
