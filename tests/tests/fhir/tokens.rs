//! Tokens: given to who proves it, for five minutes, once for each assertion.

use std::thread;

use anyhow::{Result, anyhow};
use portico_aws::clock;
use portico_domain::caller::StaffRole::ContractManager;
use portico_testkit::{
    clinic::own_contract,
    fhir::{SigningKey, System},
    people::Person,
    seeding::World,
};
use serde_json::{Value, json};

fn system(world: &World) -> Result<System> {
    let contract = own_contract(world)?;
    let manager = Person::of_post(world, &[&contract], ContractManager)?;
    System::registered(&manager, "River EHR", &[&contract], &["1234567893"])
}

#[test]
fn a_token_is_given_for_what_was_asked_and_is_allowed() -> Result<()> {
    let world = World::open()?;
    let system = system(&world)?;
    let ask = |scope: &str| system.ask(&system.key.sign(&system.claims())?, scope);
    let given = ask("system/Claim.rs system/Patient.rs")?;
    assert_eq!((given.status, given.text("/scope")?.as_str()), (200, "system/Claim.rs"));
    assert_eq!((given.text("/token_type")?.as_str(), given.at("/expires_in")?), ("bearer", &json!(300)));
    assert_eq!(given.header("cache-control"), "no-store");
    assert_eq!(ask("")?.text("/scope")?, "system/Claim.rs");
    let none = ask("system/*.*")?;
    assert_eq!((none.status, none.text("/error")?.as_str()), (400, "invalid_scope"));
    Ok(())
}

#[test]
fn an_assertion_is_used_once_also_by_many_at_once() -> Result<()> {
    let world = World::open()?;
    let system = system(&world)?;
    let assertion = system.key.sign(&system.claims())?;
    let given: Vec<u16> = thread::scope(|scope| {
        let begun: Vec<_> = (0..4).map(|_| scope.spawn(|| system.ask(&assertion, ""))).collect();
        let ended = begun.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread died"))?);
        ended.map(|answer| answer.map(|answer| answer.status)).collect::<Result<_>>()
    })?;
    assert_eq!(given.iter().filter(|status| **status == 200).count(), 1, "{given:?}");
    assert_eq!(given.iter().filter(|status| **status == 401).count(), 3, "{given:?}");
    let again = system.ask(&assertion, "")?;
    assert_eq!((again.status, again.text("/error")?.as_str()), (401, "invalid_client"));
    Ok(())
}

#[test]
fn whatever_is_wrong_with_an_assertion_the_answer_is_the_same() -> Result<()> {
    let world = World::open()?;
    let system = system(&world)?;
    let now = clock::now().as_second();
    let with = |name: &str, value: Value| {
        let mut claims = system.claims();
        claims[name] = value;
        system.key.sign(&claims)
    };
    let unknown = "cli_00000000000000000000000000000001";
    let mut stranger = system.claims();
    (stranger["iss"], stranger["sub"]) = (json!(unknown), json!(unknown));
    let mut assertions = vec![
        with("aud", json!("https://elsewhere.example/oauth/token"))?,
        with("exp", json!(now - 60))?,
        with("exp", json!(now + 3600))?,
        with("sub", json!(unknown))?,
        with("jti", Value::Null)?,
        SigningKey::new("first")?.sign(&system.claims())?,
        system.key.sign(&stranger)?,
        "none".to_owned(),
    ];
    let unsigned = system.key.sign(&system.claims())?;
    assertions.push(unsigned.rsplit_once('.').map(|(signed, _)| format!("{signed}.")).unwrap_or_default());
    let mut told = Vec::new();
    for assertion in assertions {
        let answer = system.ask(&assertion, "")?;
        assert_eq!(answer.status, 401, "{assertion}");
        told.push(answer.body);
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    let form = |text: &str| system.portal.post("/oauth/token", &json!({})).text(text.to_owned());
    let encoded = "application/x-www-form-urlencoded";
    let refused = form("grant_type=password").header("Content-Type", encoded).expect(400)?;
    assert_eq!(refused.text("/error")?, "unsupported_grant_type");
    assert_eq!(form("{}").expect(400)?.text("/error")?, "invalid_request");
    system.token()?;
    Ok(())
}
