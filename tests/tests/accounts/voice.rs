//! A PIN that a call speaks: from the link to the session, and what gives no session.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use portico_aws::secrets::Secret;
use portico_testkit::{
    carriers::{Script, script},
    seeding::World,
};
use serde_json::{Value, json};

use portico_tests::newcomer::{Newcomer, another};

/// REQ: ACC-09, ACC-11, ACC-16
#[test]
fn somebody_without_an_app_signs_in_with_their_phone() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?;
    let begun = dana.enrol("voice")?;
    assert_eq!((begun.status, begun.text("/factor")?.as_str()), (200, "voice"), "{}", begun.body);
    let number = dana.number()?;
    let masked = format!("(***) ***-{}", number.get(number.len() - 4..).unwrap_or_default());
    assert_eq!(begun.text("/sentTo")?, masked);
    let first = dana.call(1)?;
    assert_eq!(first.pin().len(), 6, "{}", first.say);
    assert_eq!(dana.answer(&begun, another(&first.pin()))?.status, 401);
    assert_eq!(dana.answer(&begun, &first.pin())?.status, 204);
    assert_eq!(dana.answer(&begun, &first.pin())?.status, 401, "a PIN and its handle work once");

    let asked = dana.sign_in(None)?;
    let told = (asked.status, asked.text("/factor")?, asked.text("/sentTo")?);
    assert_eq!(told, (200, "voice".to_owned(), masked.clone()), "{}", asked.body);
    let second = dana.call(2)?;
    assert_eq!(dana.answer(&asked, &first.pin())?.status, if first.pin() == second.pin() { 200 } else { 401 });
    let session = dana.answer(&asked, &second.pin())?;
    assert_eq!(session.status, 200, "{}", session.body);
    assert_eq!(dana.answer(&asked, &second.pin())?.status, 401, "a PIN and its handle work once");
    let me = dana.portal.with_token(Some(session.text("/accessToken")?)).get("/me").expect(200)?;
    assert_eq!(me.at("/factors")?, &json!([{ "factor": "voice", "sentTo": masked }]));
    Ok(())
}

/// REQ: ACC-11
#[test]
fn a_call_that_was_missed_is_made_again_and_its_pin_alone_works() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?.by_phone()?;
    let asked = dana.sign_in(Some("voice"))?;
    let missed = dana.call(2)?.pin();
    let again = |handle: &str| dana.portal.post("/sessions/pins", &json!({ "handle": handle })).send();
    let handle = asked.text("/handle")?;
    let repeated = again(&handle)?;
    assert_eq!((repeated.status, repeated.text("/handle")?), (200, handle.clone()), "{}", repeated.body);
    let pin = dana.call(3)?.pin();
    assert!(missed == pin || dana.answer(&asked, &missed)?.status == 401);
    assert_eq!(again(&handle)?.status, 200);
    let missed = dana.call(4)?.pin();
    assert_eq!(again(&handle)?.status, 200);
    let pin = dana.call(5)?.pin();
    assert_eq!(again(&handle)?.status, 429, "a handle has three further PINs");
    assert!(missed == pin || dana.answer(&asked, &missed)?.status == 401);
    assert_eq!(dana.answer(&asked, &pin)?.status, 200);
    assert_eq!(again(&handle)?.status, 401, "a handle that was used is gone");
    assert_eq!(again("made up")?.status, 401);
    Ok(())
}

/// The carrier is away for two tries: the PIN still comes while it works.
///
/// REQ: ACC-11, OPS-10
#[test]
fn a_call_that_the_carrier_did_not_take_is_tried_again_in_time() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?;
    let away = Script { errors: vec![503, 503], ..Script::default() };
    script(&world.stack, &dana.number()?, &away)?;
    let begun = dana.enrol("voice")?;
    let pin = dana.call(1)?.pin();
    assert_eq!(dana.answer(&begun, &pin)?.status, 204);
    Ok(())
}

/// REQ: ACC-11
#[test]
fn a_factor_is_chosen_from_those_that_the_profile_can_reach() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register_with(&world, |form| form["contact"]["phone"] = json!(""))?;
    for (unreachable, code) in
        [("voice", "factor-without-phone"), ("text", "factor-without-phone"), ("pigeon", "not-a-choice")]
    {
        let refused = dana.enrol(unreachable)?;
        assert_eq!(refused.status, 422, "{unreachable}: {}", refused.body);
        refused.wrong_at("/factor", code)?;
    }
    let begun = dana.enrol("app")?;
    assert_eq!((begun.status, begun.text("/factor")?.as_str()), (200, "app"), "{}", begun.body);
    assert!(begun.text("/secret").is_ok() && begun.text("/sentTo").is_err());
    let nobody = json!({ "username": "nobody.at.all", "password": "Wrong-Password-2026!", "with": "pigeon" });
    dana.portal.post("/sessions", &nobody).expect(422)?.wrong_at("/with", "not-a-choice")?;
    Ok(())
}

/// The custom flow of the pools, started past our server by somebody who may do so, with the client's secret and the PIN.
///
/// REQ: ACC-11
#[test]
fn a_pool_gives_no_tokens_for_a_pin_alone() -> Result<()> {
    let world = World::open()?;
    let dana = Newcomer::register(&world)?.by_phone()?;
    dana.sign_in(None)?.text("/handle")?;
    let pin = dana.call(2)?.pin();
    let pool = |operation: &str, body: &Value| world.stack.ask_pool(operation, body);
    let client = &world.stack.provider_client;
    let described = json!({ "UserPoolId": world.stack.provider_pool, "ClientId": client });
    let described = pool("DescribeUserPoolClient", &described)?;
    let secret = described["UserPoolClient"]["ClientSecret"].as_str().context("the client has no secret")?;
    let signature = hex::decode(Secret::new(secret).sign(format!("{}{client}", dana.clinic.username).as_bytes()))?;
    let signature = BASE64_STANDARD.encode(signature);
    let parameters = json!({ "USERNAME": dana.clinic.username, "SECRET_HASH": signature });
    let start = json!({
        "AuthFlow": "CUSTOM_AUTH", "UserPoolId": world.stack.provider_pool, "ClientId": client,
        "AuthParameters": parameters,
    });
    let started = pool("AdminInitiateAuth", &start)?;
    assert_eq!(started["ChallengeName"], "CUSTOM_CHALLENGE", "{started}");
    let nonce = started["ChallengeParameters"]["nonce"].as_str().context("the challenge has no nonce")?;
    for answer in [pin.as_str(), nonce, ""] {
        let started = pool("AdminInitiateAuth", &start)?;
        let answer = json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "UserPoolId": world.stack.provider_pool, "ClientId": client, "Session": started["Session"],
            "ChallengeResponses": { "USERNAME": dana.clinic.username, "SECRET_HASH": signature, "ANSWER": answer },
        });
        let refused = pool("AdminRespondToAuthChallenge", &answer)?;
        assert_eq!((refused.get("AuthenticationResult"), refused.get("Session")), (None, None), "{refused}");
    }
    Ok(())
}
