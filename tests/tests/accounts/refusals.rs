//! Refused passwords and codes are on record: of whom, from where and why, also when many are tried at once.

use std::{collections::BTreeMap, thread};

use anyhow::{Context, Result, ensure};
use portico_domain::events::{About, EventKind};
use portico_testkit::{clinic::Clinic, people::Person, portal::Portal, seeding::World};
use serde_json::json;

fn refusals(world: &World, name: &str) -> Result<BTreeMap<String, usize>> {
    let mut by_reason = BTreeMap::new();
    for kind in world.user_events(name)? {
        if let EventKind::SignInRefused { why, from } = kind {
            ensure!(from.is_some(), "{why}: from where");
            *by_reason.entry(why).or_default() += 1;
        }
    }
    Ok(by_reason)
}

#[test]
fn each_of_many_refused_passwords_is_on_record_and_a_locked_name_once_a_minute() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let portal = Portal::new(&world.stack);
    let wrong = json!({ "username": dana.username, "password": "Wrong-Lantern-2026!" });
    let tried = 12;
    thread::scope(|scope| {
        let tries: Vec<_> = (0..tried).map(|_| scope.spawn(|| portal.post("/sessions", &wrong).send())).collect();
        tries.into_iter().try_for_each(|tried| {
            let answer = tried.join().ok().context("a try ended")??;
            ensure!(answer.status == 401, "{}", answer.body);
            Ok(())
        })
    })?;
    let noted = refusals(&world, &dana.username)?;
    let limit = usize::try_from(world.contract("arkansas")?.accounts.lock_after_failures)?;
    ensure!(noted.get("wrong password") == Some(&limit), "{noted:?}");
    // Those that came when it was locked already share one record.
    let (all, locked) = (noted.values().sum::<usize>(), noted.get("locked").copied().unwrap_or_default());
    ensure!(all == tried || locked > 0, "{noted:?}");
    for _ in 0..3 {
        portal.post("/sessions", &wrong).refused(401, "sign-in-refused")?;
    }
    let after = refusals(&world, &dana.username)?;
    ensure!(after.values().sum::<usize>() <= all + 2, "{after:?}");
    ensure!(after.get("locked").is_some_and(|locked| (1..=2).contains(locked)), "{after:?}");
    Ok(())
}

#[test]
fn a_name_that_nobody_has_is_on_record_without_the_name() -> Result<()> {
    let world = World::open()?;
    let portal = Portal::new(&world.stack);
    let before = world.refused_unknown()?.len();
    let typed = format!("Lantern-{}!", portico_aws::clock::new_uuid());
    for _ in 0..2 {
        let entered = json!({ "username": typed, "password": "Wrong-Lantern-2026!" });
        portal.post("/sessions", &entered).refused(401, "sign-in-refused")?;
    }
    portal.post("/sessions/answers", &json!({ "handle": typed, "code": "123456" })).refused(401, "sign-in-refused")?;
    let noted = world.refused_unknown()?;
    ensure!(noted.len() >= before + 3, "{} and {before}", noted.len());
    ensure!(!format!("{noted:?}").contains("antern"), "what was typed may be a password");
    let mut hashes: BTreeMap<String, usize> = BTreeMap::new();
    for event in noted.iter().skip(before) {
        let About::Unknown(hash) = &event.about else { anyhow::bail!("{event:?}") };
        *hashes.entry(hash.clone()).or_default() += 1;
    }
    ensure!(hashes.values().any(|times| *times >= 3), "the same is the same: {hashes:?}");
    Ok(())
}

#[test]
fn a_wrong_pin_for_a_new_address_is_on_record() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "arkansas")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let seen = dana.portal.get("/me").expect(200)?;
    let address = format!("{}@new.example", dana.username);
    let change = json!({ "contact": { "email": address, "confirmEmail": address } });
    let waiting = dana.portal.patch("/me", &change, seen.header("etag")).expect(200)?;
    dana.portal.patch("/me", &json!({ "emailPin": "12345x" }), waiting.header("etag")).expect(422)?;
    let noted = refusals(&world, &dana.username)?;
    ensure!(noted.get("wrong PIN") == Some(&1), "{noted:?}");
    Ok(())
}
