//! The pools' custom challenge, by which a spoken PIN leads to tokens (ACC-11).
//!
//! One challenge, once: a fresh nonce goes out, and only our own server can answer it ([`portico_aws::accounts`]), which
//! does so when it has seen the password and heard the PIN. Anything else fails the authentication at once. The pools call
//! this function three times in one sign-in: what comes next, which challenge, was the answer right.

use portico_aws::{
    Aws,
    accounts::{CHALLENGE_NONCE, voice_proof},
    clock,
    secrets::KeyRing,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// What a pool asks: as much of it as is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    trigger_source: String,
    user_name: String,
    request: Request,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    user_not_found: bool,
    #[serde(default)]
    session: Vec<Round>,
    #[serde(default)]
    challenge_answer: Option<String>,
    #[serde(default)]
    private_challenge_parameters: Option<serde_json::Map<String, Value>>,
}

/// A challenge that was answered.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    challenge_name: String,
    challenge_result: Option<bool>,
}

/// Answers a pool: its question with our response in it.
///
/// # Errors
/// When the question cannot be read, or the key cannot be had.
pub async fn handle(aws: &Aws, mut event: Value) -> Result<Value, Failure> {
    let asked: Asked = serde_json::from_value(event.clone()).map_err(|error| Failure::poison(&error))?;
    let response = match asked.trigger_source.as_str() {
        "DefineAuthChallenge_Authentication" => next(&asked.request),
        "CreateAuthChallenge_Authentication" => challenge(&clock::new_nonce().map_err(|_| Failure::Randomness)?),
        "VerifyAuthChallengeResponse_Authentication" => {
            let keys = aws.secrets().ring(&aws.config().token_secret).await?;
            json!({ "answerCorrect": is_right(&asked, &keys) })
        }
        _ => return Err(Failure::WrongQueue),
    };
    if let Some(event) = event.as_object_mut() {
        event.insert("response".to_owned(), response);
    }
    Ok(event)
}

/// First the challenge, then tokens if it was answered rightly; nothing else leads on.
fn next(request: &Request) -> Value {
    let rounds: Vec<_> = request.session.iter().map(|it| (it.challenge_name.as_str(), it.challenge_result)).collect();
    let (challenge, tokens) = match rounds.as_slice() {
        [] if !request.user_not_found => (Some("CUSTOM_CHALLENGE"), false),
        [("CUSTOM_CHALLENGE", Some(true))] if !request.user_not_found => (None, true),
        _ => (None, false),
    };
    let fails = challenge.is_none() && !tokens;
    json!({ "challengeName": challenge, "issueTokens": tokens, "failAuthentication": fails })
}

fn challenge(nonce: &str) -> Value {
    let parameters = json!({ CHALLENGE_NONCE: nonce });
    json!({ "publicChallengeParameters": parameters, "privateChallengeParameters": parameters, "challengeMetadata": "voice" })
}

fn is_right(asked: &Asked, keys: &KeyRing) -> bool {
    let parameters = asked.request.private_challenge_parameters.as_ref();
    let nonce = parameters.and_then(|all| all.get(CHALLENGE_NONCE)).and_then(Value::as_str);
    let answer = asked.request.challenge_answer.as_deref();
    // The server that answers may have read an exchanged key a little sooner or later than this function.
    let proves = |(nonce, answer)| keys.all().any(|(_, key)| voice_proof(key, &asked.user_name, nonce) == answer);
    nonce.zip(answer).is_some_and(proves)
}

#[cfg(test)]
mod tests {
    use portico_aws::secrets::Secret;

    use super::*;

    fn event(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    fn asked(event: &Value) -> Asked {
        serde_json::from_value(event.clone()).unwrap()
    }

    fn sessions(rounds: &Value) -> Value {
        let mut event = event(include_str!("../../../../events/on-auth-challenge/define.json"));
        event["request"]["session"] = rounds.clone();
        next(&asked(&event).request)
    }

    /// REQ: ACC-11
    #[test]
    fn one_right_answer_gives_tokens_and_nothing_else_does() {
        let round = |name: &str, result: Value| json!({"challengeName": name, "challengeResult": result, "challengeMetadata": "voice"});
        let right = round("CUSTOM_CHALLENGE", json!(true));
        let first = sessions(&json!([]));
        assert_eq!(
            (first["challengeName"].as_str(), first["issueTokens"].as_bool()),
            (Some("CUSTOM_CHALLENGE"), Some(false))
        );
        assert_eq!(sessions(&json!([right]))["issueTokens"], json!(true));
        for others in [
            json!([round("CUSTOM_CHALLENGE", json!(false))]),
            json!([round("CUSTOM_CHALLENGE", Value::Null)]),
            json!([round("SRP_A", json!(true))]),
            json!([round("PASSWORD_VERIFIER", json!(true))]),
            json!([round("CUSTOM_CHALLENGE", json!(false)), right]),
            json!([right, right]),
        ] {
            let answer = sessions(&others);
            assert_eq!(
                (&answer["issueTokens"], &answer["failAuthentication"]),
                (&json!(false), &json!(true)),
                "{others}"
            );
        }
        let mut unknown = event(include_str!("../../../../events/on-auth-challenge/define.json"));
        unknown["request"]["userNotFound"] = json!(true);
        assert_eq!(next(&asked(&unknown).request)["failAuthentication"], json!(true));
    }

    /// REQ: ACC-11
    #[test]
    fn only_the_proof_of_our_server_answers_a_challenge() {
        let key = Secret::new("key");
        let keys = KeyRing::of(key.clone());
        let mut verify = event(include_str!("../../../../events/on-auth-challenge/verify.json"));
        let mut answered = |answer: &str| {
            verify["request"]["challengeAnswer"] = json!(answer);
            is_right(&asked(&verify), &keys)
        };
        assert!(answered(&voice_proof(&key, "jo.smith", "nonce-1")));
        assert!(!answered(&voice_proof(&key, "ann.lee", "nonce-1")));
        assert!(!answered(&voice_proof(&key, "jo.smith", "nonce-2")));
        assert!(!answered(&voice_proof(&Secret::new("another"), "jo.smith", "nonce-1")));
        assert!(!answered("123456") && !answered(""));
    }

    /// REQ: ACC-11
    #[test]
    fn a_challenge_holds_a_nonce_and_no_secret() {
        let given = challenge("n-1");
        assert_eq!(given["publicChallengeParameters"], json!({"nonce": "n-1"}));
    }
}
