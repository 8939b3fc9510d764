//! Enrolment: the first own password and the set-up of a second factor (ACC-09, ACC-11).

use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, ChallengeNameType, EmailMfaSettingsType, MessageActionType, SmsMfaSettingsType,
    SoftwareTokenMfaSettingsType,
};
use portico_domain::{
    contact::{Email, Phone},
    factor::{Factor, Factors, Reach},
    id::Username,
};

use super::{Accounts, Asked, Error, Passed, Pool, Proof, answers, ignore};
use crate::clock;

/// A factor that waits for its first code or PIN. Holds live sessions: has no `Debug`.
pub enum SetUp {
    /// Of an authenticator app.
    App {
        /// For the app, in base 32.
        secret: String,
        /// For [`Accounts::verify_app`].
        proof: Proof,
    },
    /// The pool has sent a PIN; it is answered as at sign-in.
    Sent(Asked),
    /// The pool has no part in it: the PIN is to be spoken.
    Call,
}

impl Accounts {
    /// Sets a user's first own password and begins the set-up of the second factor. What the pool knew of the user
    /// before is deleted: an unfinished set-up, or the factors that Reset Registration is to replace.
    ///
    /// # Errors
    /// Unsent when the pool does not send the PIN; else when Cognito does not do it.
    pub async fn enrol(&self, pool: Pool, user: &Username, password: &str, reach: &Reach) -> Result<SetUp, Error> {
        let (name, id) = (user.as_str(), &self.via(pool).pool);
        let deleted = self.client.admin_delete_user().user_pool_id(id).username(name).send().await;
        ignore("UserNotFoundException", deleted)?;
        let nobody_knows = clock::new_nonce().map_err(|error| Error::Unavailable(error.into()))?;
        let created = self
            .client
            .admin_create_user()
            .user_pool_id(id)
            .username(name)
            .set_user_attributes(attributes(reach))
            .temporary_password(format!("Aa1!{nobody_knows}"))
            .message_action(MessageActionType::Suppress)
            .send()
            .await;
        ignore("UsernameExistsException", created)?;
        self.set_password(pool, user, password).await?;
        if let Reach::Voice(_) = reach {
            return Ok(SetUp::Call);
        }
        if *reach != Reach::App {
            self.set_factors(pool, user, &Factors::default().with(reach.clone())).await?;
        }
        let mut passed = self.password(pool, user, password).await?;
        // Cognito gives a new user tokens for the first password alone, also where a factor is required; from then on it
        // asks for the factor. What it gave is thrown away.
        if *reach != Reach::App && matches!(passed, Passed::NoFactor(Proof::Token(_))) {
            passed = self.password(pool, user, password).await?;
        }
        match (reach, passed) {
            (Reach::App, Passed::NoFactor(proof)) => {
                let (secret, proof) = self.associate(proof).await?;
                Ok(SetUp::App { secret, proof })
            }
            (Reach::Email(_) | Reach::Text(_), Passed::Code(asked)) if asked.factor == reach.factor() => {
                Ok(SetUp::Sent(asked))
            }
            (Reach::Email(_) | Reach::Text(_), Passed::NoFactor(_)) => Err(Error::Unsent),
            _ => Err(Error::Unexpected("another factor of a new user".to_owned())),
        }
    }

    /// Begins the set-up of an authenticator app: its secret, and the proof for its first code.
    ///
    /// # Errors
    /// Refused when the proof is none.
    pub async fn associate(&self, proof: Proof) -> Result<(String, Proof), Error> {
        let ask = self.client.associate_software_token();
        let ask = match &proof {
            Proof::Session(session) => ask.session(session),
            Proof::Token(token) => ask.access_token(token),
        };
        let answer = ask.send().await.map_err(Error::of)?;
        answers::set_up(proof, answer.secret_code, answer.session)
    }

    /// Verifies the first code of an authenticator app; [`Self::set_factors`] then makes sign-in ask for it.
    ///
    /// # Errors
    /// Refused when the code is wrong or the set-up is over.
    pub async fn verify_app(&self, pool: Pool, user: &Username, proof: &Proof, code: &str) -> Result<(), Error> {
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
        Ok(())
    }

    /// Makes the pool ask for these factors, as far as they are its own, and for no others: for the only one at once, else
    /// for a choice. An app must be verified before, and what PINs need must be known ([`Self::move_factor`]).
    ///
    /// # Errors
    /// When Cognito does not do it.
    pub async fn set_factors(&self, pool: Pool, user: &Username, factors: &Factors) -> Result<(), Error> {
        let own: Vec<Factor> =
            factors.iter().map(Reach::factor).filter(|factor| answers::challenge_of(*factor).is_some()).collect();
        if own.is_empty() {
            return Ok(());
        }
        // What is not among them is switched off by name: a pool keeps what it is not told about.
        let on = |factor| own.contains(&factor);
        let only = |factor| own == [factor];
        let (app, email, text) = (
            SoftwareTokenMfaSettingsType::builder().enabled(on(Factor::App)).preferred_mfa(only(Factor::App)),
            EmailMfaSettingsType::builder().enabled(on(Factor::Email)).preferred_mfa(only(Factor::Email)),
            SmsMfaSettingsType::builder().enabled(on(Factor::Text)).preferred_mfa(only(Factor::Text)),
        );
        let set = self.client.admin_set_user_mfa_preference().user_pool_id(&self.via(pool).pool);
        let set = set.username(user.as_str()).software_token_mfa_settings(app.build());
        set.email_mfa_settings(email.build()).sms_mfa_settings(text.build()).send().await.map_err(Error::of)?;
        Ok(())
    }

    /// PINs of this user go to another address or number from now on. Who calls has seen it proved.
    ///
    /// # Errors
    /// When Cognito does not do it.
    pub async fn move_factor(&self, pool: Pool, user: &Username, reach: &Reach) -> Result<(), Error> {
        let Some(attributes) = attributes(reach) else { return Ok(()) };
        let set = self.client.admin_update_user_attributes().user_pool_id(&self.via(pool).pool);
        set.username(user.as_str()).set_user_attributes(Some(attributes)).send().await.map_err(Error::of)?;
        Ok(())
    }
}

/// What the pool has to know to send PINs. That an address is proved, we know before: the link went there, or a PIN.
fn attributes(reach: &Reach) -> Option<Vec<AttributeType>> {
    let email = |email: &Email| ["email", email.as_str(), "email_verified", "true"].map(ToOwned::to_owned);
    let phone = |phone: &Phone| ["phone_number", &phone.e164(), "phone_number_verified", "true"].map(ToOwned::to_owned);
    let [name, value, verified, yes] = match reach {
        Reach::Email(to) => email(to),
        Reach::Text(to) => phone(to),
        Reach::App | Reach::Voice(_) => return None,
    };
    // The builder fails only without a name.
    let attribute = |name: String, value: String| AttributeType::builder().name(name).value(value).build().ok();
    attribute(name, value).zip(attribute(verified, yes)).map(|(one, other)| vec![one, other])
}
