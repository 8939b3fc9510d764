//! What no local engine has, PINs by e-mail and text and the choice between factors, against answers as Cognito gives
//! them: bodies with the fields and forms of the API reference, replayed over a socket to the SDK's own client.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

use portico_domain::{
    factor::{Factor, Reach},
    id::Username,
};
use serde_json::{Value, json};

use super::{Accounts, Error, Heard, Passed, Pool, SetUp, voice_proof};
use crate::{
    Aws, Config,
    links::pin,
    secrets::{KeyRing, Secret},
};

/// An operation, and what Cognito says to it.
type Turn = (&'static str, u16, Value);

/// What was asked: operation and body, in order.
type Asked = Vec<(String, Value)>;

/// A Cognito that answers these turns, one connection each.
fn cognito(turns: Vec<Turn>, signs: bool) -> (Aws, JoinHandle<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        // Where the first answer is signed with the client's secret, that is read, once.
        let secret = json!({"Name": "portico/provider-client", "SecretString": "client-secret"});
        let first = turns.iter().position(|(operation, ..)| operation.ends_with("Auth")).unwrap_or_default();
        let mut turns = turns;
        if signs {
            turns.insert(first, ("GetSecretValue", 200, secret));
        }
        let mut asked = Vec::new();
        for (operation, status, answer) in turns {
            let (stream, _) = listener.accept().unwrap();
            let (mut reader, mut head) = (BufReader::new(&stream), HashMap::new());
            let mut line = String::new();
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some((name, value)) = line.split_once(": ") {
                    head.insert(name.to_ascii_lowercase(), value.trim().to_owned());
                }
                line.clear();
            }
            let mut body = vec![0; head["content-length"].parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let target = head["x-amz-target"].rsplit('.').next().unwrap_or_default().to_owned();
            assert_eq!(target, operation);
            asked.push((target, serde_json::from_slice(&body).unwrap()));
            let answer = answer.to_string();
            write!(
                &stream,
                "HTTP/1.1 {status} .\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: \
                 close\r\n\r\n{answer}",
                answer.len()
            )
            .unwrap();
        }
        asked
    });
    let config = Config::read(|name| Some(if name == "AWS_ENDPOINT_URL" { url.clone() } else { "1".to_owned() }));
    (Aws::new(config.unwrap()), served)
}

fn played<T>(turns: Vec<Turn>, play: impl AsyncFnOnce(&Accounts) -> T) -> (T, Asked) {
    replayed(cognito(turns, true), play)
}

/// The same where nothing is signed with the client's secret.
fn unsigned<T>(turns: Vec<Turn>, play: impl AsyncFnOnce(&Accounts) -> T) -> (T, Asked) {
    replayed(cognito(turns, false), play)
}

fn replayed<T>((aws, served): (Aws, JoinHandle<Asked>), play: impl AsyncFnOnce(&Accounts) -> T) -> (T, Asked) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let done = runtime.block_on(play(aws.accounts()));
    (done, served.join().unwrap())
}

fn jo() -> Username {
    "jo.smith".parse().unwrap()
}

/// The answer with tokens, as `AdminRespondToAuthChallenge` gives it.
fn tokens() -> Value {
    json!({
        "ChallengeParameters": {},
        "AuthenticationResult": {
            "AccessToken": "access", "IdToken": "id", "RefreshToken": "refresh", "ExpiresIn": 900, "TokenType": "Bearer",
        },
    })
}

/// A challenge for a PIN that was sent, as `AdminInitiateAuth` gives it.
fn sent(challenge: &str, medium: &str, to: &str) -> Value {
    json!({
        "ChallengeName": challenge, "Session": "session-1",
        "ChallengeParameters": {"CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": to, "USER_ID_FOR_SRP": "jo.smith"},
    })
}

fn mismatch(message: &str) -> Value {
    json!({"__type": "CodeMismatchException", "message": message})
}

async fn sign_in(accounts: &Accounts, pin: &str) -> Result<String, Error> {
    match accounts.password(Pool::Providers, &jo(), "River-Stone-2026!").await? {
        Passed::Code(asked) => Ok(accounts.code(Pool::Providers, &jo(), &asked, pin).await?.access),
        Passed::Choice(_) | Passed::NoFactor(_) => Err(Error::Unsent),
    }
}

/// REQ: ACC-11
#[test]
fn a_pin_by_text_or_mail_is_answered_in_the_session_that_sent_it() {
    for (challenge, medium, to, field) in
        [("SMS_MFA", "SMS", "+*******0123", "SMS_MFA_CODE"), ("EMAIL_OTP", "EMAIL", "j***@e***", "EMAIL_OTP_CODE")]
    {
        let turns = vec![
            ("AdminInitiateAuth", 200, sent(challenge, medium, to)),
            ("AdminRespondToAuthChallenge", 200, tokens()),
        ];
        let (access, asked) = played(turns, async |accounts| sign_in(accounts, "123456").await);
        assert_eq!(access.unwrap(), "access");
        let (first, answer) = (&asked[1].1, &asked[2].1);
        assert_eq!((&first["AuthFlow"], &first["ClientId"]), (&json!("ADMIN_USER_PASSWORD_AUTH"), &json!("1")));
        assert!(first["AuthParameters"]["SECRET_HASH"].is_string(), "the client is confidential");
        assert_eq!((&answer["ChallengeName"], &answer["Session"]), (&json!(challenge), &json!("session-1")));
        assert_eq!(answer["ChallengeResponses"][field], "123456");
    }
}

/// REQ: ACC-11, ACC-14
#[test]
fn a_wrong_or_late_pin_is_refused() {
    let late =
        json!({"__type": "NotAuthorizedException", "message": "Invalid session for the user, session is expired."});
    for refusal in [mismatch("Invalid code or auth state for the user."), late] {
        let turns = vec![
            ("AdminInitiateAuth", 200, sent("EMAIL_OTP", "EMAIL", "j***@e***")),
            ("AdminRespondToAuthChallenge", 400, refusal),
        ];
        let (access, _) = played(turns, async |accounts| sign_in(accounts, "000000").await);
        assert!(matches!(access, Err(Error::Refused)));
    }
}

/// REQ: ACC-11
#[test]
fn a_choice_is_answered_in_the_words_of_the_pool() {
    for (offered, name) in [("EMAIL_OTP", "EMAIL_OTP"), ("EMAIL_MFA", "EMAIL_MFA")] {
        let choice = json!({
            "ChallengeName": "SELECT_MFA_TYPE", "Session": "session-0",
            "ChallengeParameters": {"MFAS_CAN_CHOOSE": format!("[\"SOFTWARE_TOKEN_MFA\",\"{offered}\"]")},
        });
        let turns = vec![
            ("AdminInitiateAuth", 200, choice),
            ("AdminRespondToAuthChallenge", 200, sent("EMAIL_OTP", "EMAIL", "j***@e***")),
        ];
        let (asked_for, asked) = played(turns, async |accounts| choose(accounts, Factor::Email).await);
        assert_eq!(asked_for.unwrap().factor(), Factor::Email);
        assert_eq!(asked[2].1["ChallengeResponses"]["ANSWER"], name);
    }
    let choice = json!({
        "ChallengeName": "SELECT_MFA_TYPE", "Session": "session-0",
        "ChallengeParameters": {"MFAS_CAN_CHOOSE": "[\"SOFTWARE_TOKEN_MFA\"]"},
    });
    let turns = vec![("AdminInitiateAuth", 200, choice)];
    let (missing, _) = played(turns, async |accounts| choose(accounts, Factor::Email).await);
    assert!(matches!(missing, Err(Error::Unsent)), "what is not offered is not asked for");
}

async fn choose(accounts: &Accounts, factor: Factor) -> Result<super::Asked, Error> {
    match accounts.password(Pool::Staff, &jo(), "pw").await? {
        Passed::Choice(choice) => accounts.choose(Pool::Staff, &jo(), &choice, factor).await,
        Passed::Code(_) | Passed::NoFactor(_) => Err(Error::Unsent),
    }
}

/// REQ: ACC-11
#[test]
fn of_several_factors_the_wanted_one_is_asked_for() {
    let choice = json!({
        "ChallengeName": "SELECT_MFA_TYPE", "Session": "session-0",
        "ChallengeParameters": {"MFAS_CAN_CHOOSE": "[\"SMS_MFA\",\"SOFTWARE_TOKEN_MFA\"]", "USER_ID_FOR_SRP": "jo.smith"},
    });
    let turns = vec![
        ("AdminInitiateAuth", 200, choice.clone()),
        ("AdminRespondToAuthChallenge", 200, sent("SMS_MFA", "SMS", "+*******0123")),
    ];
    let (asked_for, asked) = played(turns.clone(), async |accounts| choose(accounts, Factor::Text).await);
    assert_eq!(asked_for.unwrap().factor(), Factor::Text);
    let answer = &asked[2].1;
    assert_eq!((&answer["ChallengeName"], &answer["Session"]), (&json!("SELECT_MFA_TYPE"), &json!("session-0")));
    assert_eq!(answer["ChallengeResponses"]["ANSWER"], "SMS_MFA");
    let (other, _) = played(turns, async |accounts| choose(accounts, Factor::App).await);
    assert!(matches!(other, Err(Error::Unsent)), "a pool that asks for another factor is not believed");
}

/// REQ: ACC-09, ACC-11
#[test]
fn a_factor_by_text_is_set_up_with_the_first_pin_that_it_sends() {
    let reach = Reach::Text("501-555-0123".parse().unwrap());
    let turns = vec![
        ("AdminDeleteUser", 400, json!({"__type": "UserNotFoundException", "message": "User does not exist."})),
        (
            "AdminCreateUser",
            200,
            json!({"User": {"Username": "jo.smith", "Enabled": true, "UserStatus": "FORCE_CHANGE_PASSWORD"}}),
        ),
        ("AdminSetUserPassword", 200, json!({})),
        ("AdminSetUserMFAPreference", 200, json!({})),
        ("AdminInitiateAuth", 200, sent("SMS_MFA", "SMS", "+*******0123")),
        ("AdminRespondToAuthChallenge", 200, tokens()),
    ];
    let (first, asked) = played(turns, async |accounts| {
        match accounts.enrol(Pool::Providers, &jo(), "River-Stone-2026!", &reach).await? {
            SetUp::Sent(asked) => accounts.code(Pool::Providers, &jo(), &asked, "123456").await.map(drop),
            SetUp::App { .. } | SetUp::Call => Err(Error::Unsent),
        }
    });
    first.unwrap();
    let body = |operation: &str| &asked.iter().find(|(asked, _)| asked == operation).unwrap().1;
    let attributes = &body("AdminCreateUser")["UserAttributes"];
    assert_eq!(attributes[0], json!({"Name": "phone_number", "Value": "+15015550123"}));
    let preference = body("AdminSetUserMFAPreference");
    assert_eq!(preference["SMSMfaSettings"], json!({"Enabled": true, "PreferredMfa": true}));
    for other in ["EmailMfaSettings", "SoftwareTokenMfaSettings"] {
        assert_eq!(preference[other], json!({"Enabled": false, "PreferredMfa": false}), "{other} is given up by name");
    }
}

/// REQ: ACC-09, ACC-11
#[test]
fn tokens_for_the_very_first_password_are_thrown_away_and_the_pin_is_asked_for() {
    let reach = Reach::Email("jo@example.org".parse().unwrap());
    let turns = vec![
        ("AdminDeleteUser", 200, json!({})),
        ("AdminCreateUser", 200, json!({"User": {"Username": "jo.smith"}})),
        ("AdminSetUserPassword", 200, json!({})),
        ("AdminSetUserMFAPreference", 200, json!({})),
        ("AdminInitiateAuth", 200, tokens()),
        ("AdminInitiateAuth", 200, sent("EMAIL_OTP", "EMAIL", "j***@e***")),
    ];
    let (begun, asked) = played(turns, async |accounts| accounts.enrol(Pool::Providers, &jo(), "pw", &reach).await);
    assert!(matches!(begun, Ok(SetUp::Sent(asked)) if asked.factor() == Factor::Email));
    assert_eq!(asked.iter().filter(|(operation, _)| operation == "AdminInitiateAuth").count(), 2);
}

/// REQ: ACC-11, ACC-14
#[test]
fn what_a_person_can_do_about_it_is_told_apart() {
    let said = |name: &str| json!({"__type": name, "message": "."});
    let outcome = |name: &str| {
        // The SDK asks three times where it knows the name as one of throttling.
        let times = if name == "LimitExceededException" { 3 } else { 1 };
        let turns = vec![("AdminInitiateAuth", 400, said(name)); times];
        played(turns, async |accounts| sign_in(accounts, "123456").await).0.unwrap_err()
    };
    assert!(matches!(outcome("LimitExceededException"), Error::Pause));
    assert!(matches!(outcome("TooManyFailedAttemptsException"), Error::Pause));
    assert!(matches!(outcome("CodeDeliveryFailureException"), Error::Undelivered));
    assert!(matches!(outcome("InternalErrorException"), Error::Unavailable(_)));
    let reach = Reach::App;
    let turns = vec![
        ("AdminDeleteUser", 200, json!({})),
        ("AdminCreateUser", 200, json!({"User": {"Username": "jo.smith"}})),
        ("AdminSetUserPassword", 400, said("InvalidPasswordException")),
    ];
    let (refused, _) =
        unsigned(turns, async |accounts| accounts.enrol(Pool::Providers, &jo(), "pw", &reach).await.map(drop));
    assert!(matches!(refused, Err(Error::Password)));
}

/// REQ: ACC-11
#[test]
fn a_pool_that_sends_nothing_sets_no_factor_up() {
    let reach = Reach::Email("jo@example.org".parse().unwrap());
    let turns = vec![
        ("AdminDeleteUser", 200, json!({})),
        ("AdminCreateUser", 200, json!({"User": {"Username": "jo.smith"}})),
        ("AdminSetUserPassword", 200, json!({})),
        ("AdminSetUserMFAPreference", 200, json!({})),
        ("AdminInitiateAuth", 200, tokens()),
        ("AdminInitiateAuth", 200, tokens()),
    ];
    let (begun, _) =
        played(turns, async |accounts| accounts.enrol(Pool::Providers, &jo(), "pw", &reach).await.map(drop));
    assert!(matches!(begun, Err(Error::Unsent)));
}

/// REQ: ACC-11
#[test]
fn a_spoken_pin_leads_to_tokens_through_the_custom_challenge() {
    let key = KeyRing::of(Secret::new("key"));
    let challenge = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "Session": "session-1",
        "ChallengeParameters": {"nonce": "nonce-1", "USERNAME": "jo.smith"},
    });
    let turns = vec![("AdminInitiateAuth", 200, challenge), ("AdminRespondToAuthChallenge", 200, tokens())];
    let heard = Heard::of(&key, "call-1", &pin(&key, "call-1")).unwrap();
    let (access, asked) = played(turns, async |accounts| {
        accounts.heard(Pool::Providers, &jo(), &heard, &key).await.map(|tokens| tokens.access)
    });
    assert_eq!(access.unwrap(), "access");
    assert_eq!(asked[1].1["AuthFlow"], "CUSTOM_AUTH");
    let answer = &asked[2].1["ChallengeResponses"];
    assert_eq!(answer["ANSWER"], json!(voice_proof(key.current(), "jo.smith", "nonce-1")));
}

/// REQ: ACC-11
#[test]
fn a_second_challenge_after_the_first_gives_no_tokens() {
    let turns = vec![
        ("AdminInitiateAuth", 200, sent("SMS_MFA", "SMS", "+*******0123")),
        ("AdminRespondToAuthChallenge", 200, json!({"ChallengeName": "DEVICE_SRP_AUTH", "Session": "session-2"})),
    ];
    let (access, _) = played(turns, async |accounts| sign_in(accounts, "123456").await);
    assert!(matches!(access, Err(Error::Unexpected(_))));
}
