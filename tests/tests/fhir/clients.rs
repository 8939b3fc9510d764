//! Contract Managers look after the systems that ask under their contracts.

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::own_contract,
    fhir::{SigningKey, System, registration},
    people::Person,
    seeding::World,
};
use serde_json::{Value, json};

const CLIENTS: &str = "/staff/clients";
const NPI: &str = "1234567893";

fn listed(by: &Person, id: &str) -> Result<Option<Value>> {
    let all = by.portal.get(CLIENTS).expect(200)?;
    Ok(all.list("/clients")?.iter().find(|client| client["id"] == id).cloned())
}

#[test]
fn a_contract_manager_adds_changes_and_ends_a_system() -> Result<()> {
    let world = World::open()?;
    let contract = own_contract(&world)?;
    let manager = Person::of_post(&world, &[&contract], ContractManager)?;
    let key = SigningKey::new("first")?;
    let form = registration("River EHR", &key, (&[&contract], &[NPI]))?;
    let mut wrong = form.clone();
    wrong["contracts"] = json!(["arkansas"]);
    wrong["providers"] = json!(["1234567890"]);
    wrong["jwks"]["keys"][0]["d"] = json!("AQAB");
    let refused = manager.portal.post(CLIENTS, &wrong).refused(422, "invalid")?;
    refused.wrong_at("/contracts/0", "not-yours")?;
    refused.wrong_at("/providers/0", "npi-typing-mistake")?;
    refused.wrong_at("/jwks/keys/0", "private-key")?;

    let added = manager.portal.post(CLIENTS, &form).idempotency_key("river-ehr-1").expect(201)?;
    let again = manager.portal.post(CLIENTS, &form).idempotency_key("river-ehr-1").expect(201)?;
    assert_eq!(added.body, again.body);
    let id = added.text("/id")?;
    assert_eq!(added.at("/keys")?, &json!([{ "kid": "first", "algorithm": "ES384" }]));
    assert_eq!(listed(&manager, &id)?.context("it is not in the list")?, added.body);

    // Another key in place of the first: what the first signs is believed no more.
    let mut system = System::known(manager.portal.with_token(None), id.clone(), key)?;
    system.token()?;
    let path = format!("{CLIENTS}/{id}");
    let next = SigningKey::new("second")?;
    let change = json!({ "jwks": next.jwks()?, "contact": "river@clinics.example" });
    manager.portal.patch(&path, &change, "\"7\"").refused(412, "stale")?;
    let changed = manager.portal.patch(&path, &change, "\"1\"").expect(200)?;
    assert_eq!((changed.header("etag"), changed.text("/contact")?.as_str()), ("\"2\"", "river@clinics.example"));
    assert_eq!(system.ask(&system.key.sign(&system.claims())?, "")?.status, 401);
    system.key = next;
    assert_eq!(system.ask(&system.key.sign(&system.claims())?, "")?.text("/scope")?, "system/Claim.rs");

    let ended = manager.portal.patch(&path, &json!({ "end": true }), "\"2\"").expect(200)?;
    assert_eq!((ended.text("/state")?.as_str(), ended.at("/mayChange")?), ("ended", &json!(false)));
    assert_eq!(system.ask(&system.key.sign(&system.claims())?, "")?.status, 401);
    manager.portal.patch(&path, &change, "\"3\"").refused(409, "conflict")?;
    assert_eq!(listed(&manager, &id)?.context("it is not in the list")?["state"], "ended");
    Ok(())
}

#[test]
fn a_system_is_seen_by_who_manages_one_of_its_contracts_and_changed_by_who_manages_all() -> Result<()> {
    let world = World::open()?;
    let (one, two) = (own_contract(&world)?, own_contract(&world)?);
    let both = Person::of_post(&world, &[&one, &two], ContractManager)?;
    let system = System::registered(&both, "Two Plans EHR", &[&one, &two], &[NPI])?;
    let path = format!("{CLIENTS}/{}", system.id);
    let of_one = Person::of_post(&world, &[&one], ContractManager)?;
    assert_eq!(listed(&of_one, &system.id)?.context("it is hidden")?["mayChange"], false);
    of_one.portal.patch(&path, &json!({ "end": true }), "\"1\"").refused(403, "forbidden")?;
    let elsewhere = Person::of_post(&world, &["colorado"], ContractManager)?;
    assert_eq!(listed(&elsewhere, &system.id)?, None);
    elsewhere.portal.get(&path).refused(404, "not-found")?;
    elsewhere.portal.patch(&path, &json!({ "end": true }), "\"1\"").refused(404, "not-found")?;
    elsewhere.portal.get(format!("{CLIENTS}/cli_none")).refused(404, "not-found")?;
    let nurse = Person::of_post(&world, &[&one], Nurse)?;
    nurse.portal.get(CLIENTS).refused(403, "forbidden")?;
    Ok(())
}

/// A person whose name is that of a system would stand for it on record.
#[test]
fn nobody_takes_the_name_of_a_system() -> Result<()> {
    let world = World::open()?;
    let portal = portico_testkit::portal::Portal::new(&world.stack);
    let refused = portal.get("/usernames/cli_00000000000000000000000000000001").refused(422, "invalid")?;
    refused.wrong_at("/name", "not-a-username")?;
    Ok(())
}
