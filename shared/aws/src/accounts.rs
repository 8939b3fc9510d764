//! Cognito: passwords, second factors and tokens, in one pool for each door (ACC-18).
//!
//! A pool is asked, never believed: tokens leave this room only as the answer to a second factor. A pool that gives
//! them for a password alone (Cognito does, for a new user without a factor) has proved nothing, and what it gave
//! serves only to set the factor up. There are two ways to [`Tokens`], and each wants its witness: a code for an
//! [`Asked`], which only a right password gives, or a [`Heard`], which only the right PIN of a call gives.

mod answers;
mod enrolment;
#[cfg(test)]
mod recorded;
mod sessions;
mod voice;

use std::{collections::HashMap, sync::Arc};

use aws_sdk_cognitoidentityprovider::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        admin_initiate_auth::AdminInitiateAuthOutput,
        admin_respond_to_auth_challenge::AdminRespondToAuthChallengeOutput,
    },
    types::{AuthFlowType, ChallengeNameType},
};
use portico_domain::{accounts::Door, factor::Factor, id::Username};
use serde::{Deserialize, Serialize};

pub use answers::CHALLENGE_NONCE;
pub(crate) use answers::Meaning;

use crate::{config::Config, secrets::Secrets};
pub use enrolment::SetUp;
pub use sessions::{ORIGIN, session_id, session_of};
pub use voice::{Heard, voice_proof};

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
    /// A PIN was to be sent, and the pool does not send it.
    #[error("the user pool sends no PIN")]
    Unsent,
    /// The pool could not bring a PIN to where this factor's PINs go.
    #[error("the user pool could not deliver a PIN")]
    Undelivered,
    /// The pool's own rules refuse a password that ours allow.
    #[error("the user pool refuses the password")]
    Password,
    /// Too many tries for this user, by the pool's own count.
    #[error("the user pool wants a pause")]
    Pause,
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
    /// To the code of a second factor.
    Code(Asked),
    /// To the choice of one of several factors.
    Choice(Choice),
    /// To no second factor that the pool knows.
    NoFactor(Proof),
}

/// A code that a pool waits for, after a right password. Holds a live session: has no `Debug`.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    factor: Factor,
    session: String,
}

impl Asked {
    /// The factor whose code it is.
    #[must_use]
    pub fn factor(&self) -> Factor {
        self.factor
    }
}

/// A pool that waits to hear which factor it shall ask for, after a right password.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Choice {
    session: String,
    /// The pool's own names for what may be chosen.
    offered: Vec<String>,
}

/// What an authenticator app is set up with. Holds live sessions: has no `Debug`.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "camelCase")]
pub enum Proof {
    /// The session of an `MFA_SETUP` challenge.
    Session(String),
    /// An access token, from a pool that asked no challenge.
    Token(String),
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
    secrets: Arc<Secrets>,
    providers: PoolClient,
    staff: PoolClient,
}

/// A pool, and the one app client through which its users sign in.
#[derive(Debug)]
struct PoolClient {
    pool: String,
    id: String,
    /// Where the client's secret is kept: written there at deployment, for the pool itself tells it five times a second at
    /// most.
    secret: String,
}

impl Accounts {
    pub(crate) fn new(client: Client, secrets: Arc<Secrets>, config: &Config) -> Self {
        let of = |[pool, id, secret]: [&String; 3]| PoolClient {
            pool: pool.clone(),
            id: id.clone(),
            secret: secret.clone(),
        };
        Self {
            client,
            secrets,
            providers: of([&config.provider_pool, &config.provider_client, &config.provider_client_secret]),
            staff: of([&config.staff_pool, &config.staff_client, &config.staff_client_secret]),
        }
    }

    /// Checks a password.
    ///
    /// # Errors
    /// Refused when it is wrong or the pool does not know the user.
    pub async fn password(&self, pool: Pool, user: &Username, password: &str) -> Result<Passed, Error> {
        let flow = AuthFlowType::AdminUserPasswordAuth;
        let answer = self.initiate(pool, user, flow, &[("PASSWORD", password)]).await?;
        answers::passed(
            answer.challenge_name,
            answer.session,
            answer.challenge_parameters,
            answer.authentication_result,
        )
    }

    /// Says which factor shall be asked for; a PIN is sent where it has one.
    ///
    /// # Errors
    /// Refused when the session is over; unsent when the pool does not ask for this factor.
    pub async fn choose(&self, pool: Pool, user: &Username, choice: &Choice, factor: Factor) -> Result<Asked, Error> {
        let name = answers::name_in(&choice.offered, factor).ok_or(Error::Unsent)?;
        let select = ChallengeNameType::SelectMfaType;
        let answer = self.respond(pool, user, select, &choice.session, &[("ANSWER", name)]).await?;
        let (session, parameters) = (answer.session, answer.challenge_parameters);
        match answers::passed(answer.challenge_name, session, parameters, answer.authentication_result)? {
            Passed::Code(asked) if asked.factor == factor => Ok(asked),
            Passed::Code(_) | Passed::Choice(_) | Passed::NoFactor(_) => Err(Error::Unsent),
        }
    }

    /// Answers the second factor that was asked for.
    ///
    /// # Errors
    /// Refused when the code is wrong or the session is over.
    pub async fn code(&self, pool: Pool, user: &Username, asked: &Asked, code: &str) -> Result<Tokens, Error> {
        let (challenge, field) = answers::challenge_of(asked.factor).ok_or(Error::Refused)?;
        let answer = self.respond(pool, user, challenge, &asked.session, &[(field, code)]).await?;
        answers::tokens(answer.challenge_name, answer.authentication_result)
    }

    async fn initiate(
        &self,
        pool: Pool,
        user: &Username,
        flow: AuthFlowType,
        given: &[(&str, &str)],
    ) -> Result<AdminInitiateAuthOutput, Error> {
        let via = self.via(pool);
        let parameters = self.parameters(via, user, given).await?;
        let ask = self.client.admin_initiate_auth().user_pool_id(&via.pool).client_id(&via.id);
        ask.auth_flow(flow).set_auth_parameters(Some(parameters)).send().await.map_err(Error::of)
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
        let secret = self.secrets.get(&via.secret).await.map_err(|error| Error::Unavailable(error.into()))?;
        all.insert("SECRET_HASH".to_owned(), answers::secret_hash(&secret, user, &via.id));
        Ok(all)
    }
}

impl Error {
    fn of<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match error.code().map_or(Meaning::Failure, answers::meaning) {
            Meaning::Refusal => Self::Refused,
            Meaning::Pause => Self::Pause,
            Meaning::Undelivered => Self::Undelivered,
            Meaning::Password => Self::Password,
            Meaning::Failure => Self::Unavailable(error.into()),
        }
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
