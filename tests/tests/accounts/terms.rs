//! Terms of use: acknowledged before an account is there, whoever made it, and before work under another contract.

use std::time::Duration;

use anyhow::Result;
use portico_domain::caller::ProviderRole;
use portico_testkit::{
    clinic::{Clinic, invited_colleague, own_contract, put_contract},
    mailbox,
    people::{self, Door, PASSWORD, Person, answer, code, joining, registration},
    poll::until,
    portal::{Answer, Portal},
    seeding::World,
};
use portico_tests::office::Office;
use serde_json::{Value, json};

fn version(world: &World, contract: &str) -> Result<String> {
    Ok(world.contract(contract)?.registration.terms_version.clone())
}

/// What stands of a contract's terms in somebody's profile.
fn acknowledged(person: &Person, contract: &str) -> Result<Value> {
    let me = person.portal.get("/me").expect(200)?;
    let of = me.list("/contracts")?.iter().find(|one| one["id"] == contract).cloned();
    Ok(of.unwrap_or_default()["terms"].clone())
}

fn contracts(asked: &Answer) -> Vec<&str> {
    let terms = asked.list("/terms").unwrap_or_default();
    terms.iter().filter_map(|one| one["contract"].as_str()).collect()
}

fn asked(person: &Person) -> Result<Answer> {
    let credentials = json!({ "username": person.username, "password": person.password });
    person.portal.with_token(None).post("/sessions", &credentials).expect(200)
}

/// REQ: ACC-08
#[test]
fn nobody_has_an_account_before_they_acknowledged_the_terms() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let (portal, current) = (Portal::new(&world.stack), version(&world, "arkansas")?);

    // Whoever registers.
    let whole = registration(&clinic, &current);
    for (field, value, code) in [
        ("termsAcknowledged", json!(false), "not-agreed"),
        ("termsAcknowledged", Value::Null, "not-agreed"),
        ("termsVersion", json!("0"), "terms-changed"),
        ("termsVersion", Value::Null, "missing"),
    ] {
        let mut form = whole.clone();
        form[field] = value;
        portal.post("/registrations", &form).refused(422, "invalid")?.wrong_at(&format!("/{field}"), code)?;
    }
    let free = json!({ "npi": clinic.number(), "code": clinic.place.registration_code });
    portal.post("/registrations/verify", &free).expect(200)?;
    let office = Office::open(&world, "arkansas")?;
    let terms = acknowledged(&office.admin, "arkansas")?;
    assert_eq!(terms["version"], json!(current));
    let at: jiff::Timestamp = terms["at"].as_str().unwrap_or_default().parse()?;
    assert!(at <= portico_aws::clock::now());

    // Whoever is added: with the first code, before the account is active.
    let form = office.form(&office.name("sam"), &json!([{ "provider": office.provider(), "role": "staff" }]));
    office.admin.portal.post(format!("/groups/{}/users", office.group), &form).expect(201)?;
    let link = mailbox::wait_for_link(&world.stack, form["contact"]["email"].as_str().unwrap_or_default())?;
    let begun = people::set_password(&portal, &link, PASSWORD)?;
    assert_eq!(contracts(&begun), ["arkansas"]);
    let text = world.contract("arkansas")?.registration.terms.clone();
    assert_eq!((begun.text("/terms/0/version")?, begun.text("/terms/0/text")?), (current.clone(), text));
    let secret = begun.text("/secret")?;
    let silent = json!({ "handle": begun.text("/handle")?, "code": code(&secret)? });
    let refused = portal.post("/sessions/answers", &silent).refused(422, "invalid")?;
    refused.wrong_at("/termsAcknowledged", "not-agreed")?;
    let credentials = json!({ "username": begun.text("/username")?, "password": PASSWORD });
    portal.post("/sessions", &credentials).expect(401)?;
    portal.post("/sessions/answers", &answer(&begun, &code(&secret)?)?).expect(204)?;
    let username = begun.text("/username")?;
    let sam = Person { username, password: PASSWORD.to_owned(), secret, door: Door::Provider, portal };
    assert_eq!(contracts(&asked(&sam)?), [""; 0]);
    let sam = sam.sign_in()?;
    assert_eq!(acknowledged(&sam, "arkansas")?["version"], json!(current));
    Ok(())
}

#[test]
fn who_comes_to_another_contract_acknowledges_its_terms_at_the_next_sign_in() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, "arkansas")?;
    let location = Clinic::new(&world, "colorado")?;
    let path = format!("/groups/{}/providers", office.group);
    let there = office.admin.portal.post(&path, &joining(&world, &location)?).expect(201)?.text("/provider")?;
    assert_eq!(acknowledged(&office.admin, "colorado")?["version"], json!(version(&world, "colorado")?));

    let clerk = office.hire("cy", &office.provider(), "staff")?;
    assert_eq!(contracts(&asked(&clerk)?), [""; 0]);
    let give = json!({ "roles": [{ "provider": office.provider(), "role": "staff" }, { "provider": there, "role": "staff" }] });
    assert_eq!(office.change(&office.admin, &clerk.username, &give)?.status, 200);
    let next = asked(&clerk)?;
    assert_eq!(contracts(&next), ["colorado"]);
    let portal = Portal::new(&world.stack);
    let silent = json!({ "handle": next.text("/handle")?, "code": code(&clerk.secret)? });
    portal.post("/sessions/answers", &silent).refused(422, "invalid")?.wrong_at("/termsAcknowledged", "not-agreed")?;
    portal.post("/sessions/answers", &answer(&next, &code(&clerk.secret)?)?).expect(200)?;
    assert_eq!(acknowledged(&clerk, "colorado")?["version"], json!(version(&world, "colorado")?));
    assert_eq!(contracts(&asked(&clerk)?), [""; 0]);
    Ok(())
}

#[test]
fn another_version_of_the_terms_is_asked_for_at_the_next_sign_in() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let office = Office::open(&world, "arkansas")?;
    let mut part = office.clinic.part(&office.group, ProviderRole::Staff)?;
    part.contract = contract.parse()?;
    let user = invited_colleague(&world, &part)?;
    let link = mailbox::wait_for_link(&world.stack, user.contact.email.as_str())?;
    let robin = Person::enrolled(&world, Door::Provider, &link)?.sign_in()?;
    let first = acknowledged(&robin, &contract)?;
    assert!(first["version"].is_string(), "{first}");
    assert_eq!(contracts(&asked(&robin)?), [""; 0]);

    put_contract(&world, &contract, |pack| pack["registration"]["terms-version"] = json!("another"))?;
    // Functions know a pack for a minute.
    let next = until("the other terms are asked for", Duration::from_secs(120), || {
        let next = asked(&robin)?;
        Ok((contracts(&next) == [contract.as_str()]).then_some(next))
    })?;
    assert_eq!(next.text("/terms/0/version")?, "another");
    robin.portal.with_token(None).post("/sessions/answers", &answer(&next, &code(&robin.secret)?)?).expect(200)?;
    let second = acknowledged(&robin, &contract)?;
    assert_eq!(second["version"], "another");
    assert!(second["at"].as_str() > first["at"].as_str(), "{first} {second}");
    Ok(())
}
