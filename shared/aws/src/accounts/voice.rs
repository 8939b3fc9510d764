//! The second factor that Cognito does not have: a PIN that a call speaks.
//!
//! Our server makes the PIN, has it spoken and hears it back; a pool has no part in that. It only gives the tokens: the
//! answer to its custom challenge is not the PIN but a proof made with our own key, for this user and this challenge
//! alone. Who knows a username, a client's secret and even the PIN gets nothing from the custom flow.

use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, ChallengeNameType};
use portico_domain::id::Username;

use super::{Accounts, Error, Pool, Tokens, answers};
use crate::{
    links::pin,
    secrets::{KeyRing, Secret},
};

/// That somebody said the PIN that was spoken to them: made nowhere else.
#[derive(Debug)]
pub struct Heard(());

impl Heard {
    /// `None` when it was another PIN.
    #[must_use]
    pub fn of(keys: &KeyRing, nonce: &str, said: &str) -> Option<Self> {
        (pin(keys, nonce) == said).then_some(Self(()))
    }
}

/// The answer to a challenge, which only our server can give.
#[must_use]
pub fn voice_proof(key: &Secret, user: &str, nonce: &str) -> String {
    key.for_use("voice-factor").hash(&["voice-factor", user, nonce])
}

impl Accounts {
    /// Tokens for a user whose password was right and who said the PIN that was spoken to them.
    ///
    /// # Errors
    /// Refused when the pool does not know the user, or our own trigger does not take the proof.
    pub async fn heard(&self, pool: Pool, user: &Username, _heard: &Heard, keys: &KeyRing) -> Result<Tokens, Error> {
        let answer = self.initiate(pool, user, AuthFlowType::CustomAuth, &[]).await?;
        let (session, nonce) = answers::custom(answer.challenge_name, answer.session, answer.challenge_parameters)?;
        let proof = voice_proof(keys.current(), user.as_str(), &nonce);
        let challenge = ChallengeNameType::CustomChallenge;
        let answer = self.respond(pool, user, challenge, &session, &[("ANSWER", &proof)]).await?;
        answers::tokens(answer.challenge_name, answer.authentication_result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-11
    #[test]
    fn only_the_spoken_pin_is_heard() {
        let key = KeyRing::of(Secret::new("key"));
        let right = pin(&key, "n1");
        assert!(Heard::of(&key, "n1", &right).is_some());
        assert!(Heard::of(&key, "n2", &right).is_none() && Heard::of(&key, "n1", "").is_none());
    }

    /// REQ: ACC-11
    #[test]
    fn a_proof_is_for_one_user_and_one_challenge() {
        let key = Secret::new("key");
        let right = voice_proof(&key, "jo.smith", "n1");
        assert_eq!(right, voice_proof(&Secret::new("key"), "jo.smith", "n1"));
        for wrong in
            [voice_proof(&key, "ann", "n1"), voice_proof(&key, "jo.smith", "n2"), pin(&KeyRing::of(key.clone()), "n1")]
        {
            assert_ne!(right, wrong);
        }
        assert_ne!(right, voice_proof(&Secret::new("another"), "jo.smith", "n1"));
    }
}
