//! What Cognito's answers mean: pure, so that what no local engine shows is tested all the same.

use std::collections::HashMap;

use aws_sdk_cognitoidentityprovider::types::{
    AuthenticationResultType, ChallengeNameType, VerifySoftwareTokenResponseType,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_domain::{factor::Factor, id::Username};

use super::{Asked, Choice, Error, Passed, Proof, Tokens};
use crate::secrets::Secret;

/// The public parameter of our challenge, fresh for each.
pub const CHALLENGE_NONCE: &str = "nonce";

/// What an exception of Cognito's means for whoever waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// The credentials are wrong.
    Refusal,
    /// Too many tries for this user: the same again is right later.
    Pause,
    /// The PIN cannot be brought there: another factor may be.
    Undelivered,
    /// The password breaks a rule of the pool.
    Password,
    /// It is ours or Cognito's to repair; nobody who waits can do anything.
    Failure,
}

/// Every exception that the reference names for the operations called here, so that none is mapped by chance.
pub(super) const EXCEPTIONS: &[(&str, Meaning)] = &[
    ("NotAuthorizedException", Meaning::Refusal),
    ("UserNotFoundException", Meaning::Refusal),
    ("CodeMismatchException", Meaning::Refusal),
    ("ExpiredCodeException", Meaning::Refusal),
    ("EnableSoftwareTokenMFAException", Meaning::Refusal),
    ("PasswordResetRequiredException", Meaning::Refusal),
    ("UserNotConfirmedException", Meaning::Refusal),
    ("LimitExceededException", Meaning::Pause),
    ("TooManyFailedAttemptsException", Meaning::Pause),
    ("CodeDeliveryFailureException", Meaning::Undelivered),
    ("InvalidPasswordException", Meaning::Password),
    ("PasswordHistoryPolicyViolationException", Meaning::Password),
    // Cognito is busy for the whole account, not for this user: waiting a moment is all.
    ("TooManyRequestsException", Meaning::Failure),
    ("ConcurrentModificationException", Meaning::Failure),
    ("InternalErrorException", Meaning::Failure),
    // The stack is not as it was deployed, or a value of ours has no form.
    ("AliasExistsException", Meaning::Failure),
    ("ForbiddenException", Meaning::Failure),
    ("InvalidEmailRoleAccessPolicyException", Meaning::Failure),
    ("InvalidLambdaResponseException", Meaning::Failure),
    ("InvalidParameterException", Meaning::Failure),
    ("InvalidSmsRoleAccessPolicyException", Meaning::Failure),
    ("InvalidSmsRoleTrustRelationshipException", Meaning::Failure),
    ("InvalidUserPoolConfigurationException", Meaning::Failure),
    ("MFAMethodNotFoundException", Meaning::Failure),
    ("PreconditionNotMetException", Meaning::Failure),
    ("ResourceNotFoundException", Meaning::Failure),
    ("SoftwareTokenMFANotFoundException", Meaning::Failure),
    ("UnexpectedLambdaException", Meaning::Failure),
    ("UnsupportedOperationException", Meaning::Failure),
    ("UnsupportedTokenTypeException", Meaning::Failure),
    ("UnsupportedUserStateException", Meaning::Failure),
    ("UserLambdaValidationException", Meaning::Failure),
    ("UserPoolTaggingException", Meaning::Failure),
    ("UsernameExistsException", Meaning::Failure),
];

/// What an exception means; one that nobody named is a failure.
pub(super) fn meaning(code: &str) -> Meaning {
    EXCEPTIONS.iter().find(|(name, _)| *name == code).map_or(Meaning::Failure, |(_, meaning)| *meaning)
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

/// The pool's own name for a factor among those that it offers. What it is called in a choice has changed over the years,
/// so the pool is answered in its own words.
pub(super) fn name_in(offered: &[String], factor: Factor) -> Option<&str> {
    let names: &[&str] = match factor {
        Factor::App => &["SOFTWARE_TOKEN_MFA"],
        Factor::Email => &["EMAIL_OTP", "EMAIL_MFA"],
        Factor::Text => &["SMS_MFA", "SMS_OTP"],
        Factor::Voice => &[],
    };
    offered.iter().map(String::as_str).find(|offered| names.contains(offered))
}

fn factor_of(challenge: &ChallengeNameType) -> Option<Factor> {
    Factor::ALL.into_iter().find(|factor| challenge_of(*factor).is_some_and(|(name, _)| name == *challenge))
}

pub(super) fn passed(
    challenge: Option<ChallengeNameType>,
    session: Option<String>,
    parameters: Option<HashMap<String, String>>,
    result: Option<AuthenticationResultType>,
) -> Result<Passed, Error> {
    let factor = challenge.as_ref().and_then(factor_of);
    match (challenge, session, result.and_then(|result| result.access_token)) {
        (Some(ChallengeNameType::SelectMfaType), Some(session), _) => {
            let names = parameters.and_then(|mut all| all.remove("MFAS_CAN_CHOOSE"));
            let names = names.as_deref().unwrap_or(r#"["SOFTWARE_TOKEN_MFA","EMAIL_OTP","SMS_MFA"]"#);
            let offered = serde_json::from_str(names).map_err(|_| Error::Unexpected("no choice".to_owned()))?;
            Ok(Passed::Choice(Choice { session, offered }))
        }
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
            assert_eq!(passed(Some(name), session(), None, Some(result())).ok(), asked(factor), "{factor}");
        }
        let offers = |names: &str| Some(HashMap::from([("MFAS_CAN_CHOOSE".to_owned(), names.to_owned())]));
        let offered = vec!["EMAIL_MFA".to_owned()];
        let choice = passed(Some(Name::SelectMfaType), session(), offers(r#"["EMAIL_MFA"]"#), None).ok();
        assert_eq!(choice, Some(Passed::Choice(Choice { session: "s1".into(), offered })));
        assert!(passed(Some(Name::SelectMfaType), session(), offers("EMAIL_MFA"), None).is_err());
        assert_eq!(
            passed(Some(Name::MfaSetup), session(), None, None).ok(),
            Some(Passed::NoFactor(Proof::Session("s1".into())))
        );
        assert_eq!(passed(None, None, None, Some(result())).ok(), Some(Passed::NoFactor(Proof::Token("a".into()))));
        for (name, session) in [(Name::NewPasswordRequired, session()), (Name::SmsMfa, None), (Name::MfaSetup, None)] {
            assert!(matches!(passed(Some(name), session, None, None), Err(Error::Unexpected(_))));
        }
        assert!(matches!(passed(None, session(), None, None), Err(Error::Unexpected(_))));
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
    fn every_exception_of_the_operations_called_has_a_meaning_of_its_own_choosing() {
        for code in ["NotAuthorizedException", "UserNotFoundException", "CodeMismatchException"] {
            assert_eq!(meaning(code), Meaning::Refusal);
        }
        for code in ["TooManyRequestsException", "InternalErrorException", "ResourceNotFoundException", "A new one"] {
            assert_eq!(meaning(code), Meaning::Failure);
        }
        for code in ["LimitExceededException", "TooManyFailedAttemptsException"] {
            assert_eq!(meaning(code), Meaning::Pause);
        }
        let mut names: Vec<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), EXCEPTIONS.len(), "each stands once");
    }

    /// REQ: ACC-11
    #[test]
    fn a_factor_is_chosen_by_the_name_that_the_pool_offers() {
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for name in ["EMAIL_OTP", "EMAIL_MFA"] {
            assert_eq!(name_in(&names(&["SMS_MFA", name]), Factor::Email), Some(name));
        }
        assert_eq!(name_in(&names(&["SMS_MFA", "EMAIL_OTP"]), Factor::App), None);
        assert_eq!(name_in(&names(&["SOFTWARE_TOKEN_MFA"]), Factor::Voice), None);
    }

    /// The value of the AWS formula for this key and message, computed with another implementation.
    #[test]
    fn the_secret_hash_is_what_cognito_computes() {
        let hash = secret_hash(&Secret::new("client-secret"), &"jo.smith".parse().unwrap(), "client-id");
        assert_eq!(hash, "5JfLvgbofaYmpJt+7+6mPkpkycy7485t2xaBc68Uyzo=");
    }
}
