//! What Cognito's answers mean: pure, so that what no local engine shows is tested all the same.

use std::collections::HashMap;

use aws_sdk_cognitoidentityprovider::types::{
    AuthenticationResultType, ChallengeNameType, VerifySoftwareTokenResponseType,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_domain::{factor::Factor, id::Username};

use super::{Asked, Choice, Error, Passed, Proof, Tokens, voice::CHALLENGE_NONCE};
use crate::secrets::Secret;

/// Whether an exception of Cognito's means that the credentials are wrong.
pub(super) fn is_refusal(code: &str) -> bool {
    matches!(
        code,
        "NotAuthorizedException"
            | "UserNotFoundException"
            | "CodeMismatchException"
            | "ExpiredCodeException"
            | "EnableSoftwareTokenMFAException"
            | "PasswordResetRequiredException"
            | "UserNotConfirmedException"
    )
}

/// Base 64 of the HMAC of name and client id, as Cognito wants it from confidential clients.
pub(super) fn secret_hash(secret: &Secret, user: &Username, client: &str) -> String {
    BASE64_STANDARD.encode(secret.sign_raw(format!("{user}{client}").as_bytes()))
}

/// The challenge of a factor that pools check themselves, and the field of its code.
pub(super) fn challenge_of(factor: Factor) -> Option<(ChallengeNameType, &'static str)> {
    match factor {
        Factor::App => Some((ChallengeNameType::SoftwareTokenMfa, "SOFTWARE_TOKEN_MFA_CODE")),
        Factor::Email => Some((ChallengeNameType::EmailOtp, "EMAIL_OTP_CODE")),
        Factor::Text => Some((ChallengeNameType::SmsMfa, "SMS_MFA_CODE")),
        Factor::Voice => None,
    }
}

fn factor_of(challenge: &ChallengeNameType) -> Option<Factor> {
    Factor::ALL.into_iter().find(|factor| challenge_of(*factor).is_some_and(|(name, _)| name == *challenge))
}

pub(super) fn passed(
    challenge: Option<ChallengeNameType>,
    session: Option<String>,
    result: Option<AuthenticationResultType>,
) -> Result<Passed, Error> {
    let factor = challenge.as_ref().and_then(factor_of);
    match (challenge, session, result.and_then(|result| result.access_token)) {
        (Some(ChallengeNameType::SelectMfaType), Some(session), _) => Ok(Passed::Choice(Choice(session))),
        (Some(ChallengeNameType::MfaSetup), Some(session), _) => Ok(Passed::NoFactor(Proof::Session(session))),
        (None, _, Some(token)) => Ok(Passed::NoFactor(Proof::Token(token))),
        (challenge, session, _) => match factor.zip(session) {
            Some((factor, session)) => Ok(Passed::Code(Asked { factor, session })),
            None => Err(unexpected(challenge)),
        },
    }
}

/// What the answer to a custom challenge is made of: its session and its nonce.
pub(super) fn custom(
    challenge: Option<ChallengeNameType>,
    session: Option<String>,
    parameters: Option<HashMap<String, String>>,
) -> Result<(String, String), Error> {
    match (challenge, session, parameters.and_then(|mut all| all.remove(CHALLENGE_NONCE))) {
        (Some(ChallengeNameType::CustomChallenge), Some(session), Some(nonce)) => Ok((session, nonce)),
        (challenge, ..) => Err(unexpected(challenge)),
    }
}

pub(super) fn tokens(
    challenge: Option<ChallengeNameType>,
    result: Option<AuthenticationResultType>,
) -> Result<Tokens, Error> {
    match (challenge, result) {
        (
            None,
            Some(AuthenticationResultType { access_token: Some(access), id_token, refresh_token, expires_in, .. }),
        ) => Ok(Tokens {
            access,
            id: id_token,
            refresh: refresh_token,
            expires_in: u32::try_from(expires_in).unwrap_or_default(),
        }),
        (challenge, _) => Err(unexpected(challenge)),
    }
}

/// A session is rotated by the answer; a token stays.
pub(super) fn set_up(asked: Proof, secret: Option<String>, session: Option<String>) -> Result<(String, Proof), Error> {
    let secret = secret.ok_or_else(|| Error::Unexpected("no secret".to_owned()))?;
    match (asked, session) {
        (Proof::Session(_), Some(session)) => Ok((secret, Proof::Session(session))),
        (Proof::Session(_), None) => Err(Error::Unexpected("no session".to_owned())),
        (Proof::Token(token), _) => Ok((secret, Proof::Token(token))),
    }
}

/// The session in which `MFA_SETUP` is still to be answered, if the factor is set up within one.
pub(super) fn verified(
    proof: &Proof,
    status: Option<VerifySoftwareTokenResponseType>,
    session: Option<String>,
) -> Result<Option<String>, Error> {
    match (status, proof, session) {
        (Some(VerifySoftwareTokenResponseType::Success), Proof::Token(_), _) => Ok(None),
        (Some(VerifySoftwareTokenResponseType::Success), Proof::Session(_), Some(session)) => Ok(Some(session)),
        (Some(VerifySoftwareTokenResponseType::Success), Proof::Session(_), None) => {
            Err(Error::Unexpected("no session".to_owned()))
        }
        _ => Err(Error::Refused),
    }
}

fn unexpected(challenge: Option<ChallengeNameType>) -> Error {
    Error::Unexpected(challenge.map_or_else(|| "nothing".to_owned(), |challenge| challenge.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result() -> AuthenticationResultType {
        AuthenticationResultType::builder().access_token("a").id_token("i").refresh_token("r").expires_in(900).build()
    }

    /// REQ: ACC-11
    #[test]
    fn a_password_leads_to_a_code_or_to_set_up_and_never_to_tokens() {
        use ChallengeNameType as Name;
        let session = || Some("s1".to_owned());
        let asked = |factor| Some(Passed::Code(Asked { factor, session: "s1".into() }));
        for (name, factor) in
            [(Name::SoftwareTokenMfa, Factor::App), (Name::SmsMfa, Factor::Text), (Name::EmailOtp, Factor::Email)]
        {
            assert_eq!(passed(Some(name), session(), Some(result())).ok(), asked(factor), "{factor}");
        }
        let choice = passed(Some(Name::SelectMfaType), session(), None).ok();
        assert_eq!(choice, Some(Passed::Choice(Choice("s1".into()))));
        assert_eq!(
            passed(Some(Name::MfaSetup), session(), None).ok(),
            Some(Passed::NoFactor(Proof::Session("s1".into())))
        );
        assert_eq!(passed(None, None, Some(result())).ok(), Some(Passed::NoFactor(Proof::Token("a".into()))));
        for (name, session) in [(Name::NewPasswordRequired, session()), (Name::SmsMfa, None), (Name::MfaSetup, None)] {
            assert!(matches!(passed(Some(name), session, None), Err(Error::Unexpected(_))));
        }
        assert!(matches!(passed(None, session(), None), Err(Error::Unexpected(_))));
    }

    /// REQ: ACC-11
    #[test]
    fn an_answer_that_asks_for_more_has_no_tokens() {
        assert_eq!(
            tokens(None, Some(result())).map(|tokens| (tokens.access, tokens.expires_in)).ok(),
            Some(("a".into(), 900))
        );
        assert!(tokens(Some(ChallengeNameType::SmsMfa), Some(result())).is_err());
        assert!(tokens(None, None).is_err());
    }

    /// REQ: ACC-09
    #[test]
    fn a_set_up_follows_the_session_that_rotates() {
        let session = |name: &str| Proof::Session(name.to_owned());
        let next = |proof, new: Option<&str>| {
            set_up(proof, Some("SECRET".into()), new.map(Into::into)).map(|(_, proof)| proof).ok()
        };
        assert_eq!(next(session("s1"), Some("s2")), Some(session("s2")));
        assert_eq!(next(session("s1"), None), None);
        assert_eq!(next(Proof::Token("t".into()), Some("s2")), Some(Proof::Token("t".into())));
        let success = || Some(VerifySoftwareTokenResponseType::Success);
        assert_eq!(verified(&session("s2"), success(), Some("s3".into())).ok(), Some(Some("s3".into())));
        assert_eq!(verified(&Proof::Token("t".into()), success(), None).ok(), Some(None));
        let error = Some(VerifySoftwareTokenResponseType::Error);
        assert!(matches!(verified(&session("s2"), error, Some("s3".into())), Err(Error::Refused)));
    }

    /// REQ: ACC-02, ACC-14
    #[test]
    fn only_wrong_credentials_are_refusals() {
        for code in ["NotAuthorizedException", "UserNotFoundException", "CodeMismatchException"] {
            assert!(is_refusal(code));
        }
        for code in ["TooManyRequestsException", "InternalErrorException", "ResourceNotFoundException"] {
            assert!(!is_refusal(code));
        }
    }

    /// The value of the AWS formula for this key and message, computed with another implementation.
    #[test]
    fn the_secret_hash_is_what_cognito_computes() {
        let hash = secret_hash(&Secret::new("client-secret"), &"jo.smith".parse().unwrap(), "client-id");
        assert_eq!(hash, "5JfLvgbofaYmpJt+7+6mPkpkycy7485t2xaBc68Uyzo=");
    }
}
