use anyhow::{Context, Result};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    carriers::sent,
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    seeding::World,
    wizard::Wizard,
};
use serde_json::json;

use crate::{CONTRACT, alone, invited, news, notice, operator, queue};

/// A request that a nurse approves, whose letter goes by fax.
fn approved<'a>(world: &World, person: &'a Person, clinic: &Clinic) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(person, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let nurse = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    Ok(wizard)
}

/// How many faxes of a case the carrier was given.
fn faxed(world: &World, case: &str) -> Result<usize> {
    Ok(sent(&world.stack)?.faxes.iter().filter(|fax| fax.client_reference.contains(case)).count())
}

/// REQ: OPS-04
#[test]
fn a_pause_holds_faxes_and_they_go_once_when_it_ends() -> Result<()> {
    let (_alone, world) = alone()?;
    let (by, other) = (operator(&world)?, operator(&world)?);
    let clinic = Clinic::new(&world, CONTRACT)?;
    let person = Person::of_clinic(&world, &clinic)?;
    // A run that failed may have left it paused, with what it held.
    by.portal.delete("/staff/queues/fax/pause").expect(200)?;
    poll::until("the faxes of before", 2 * PATIENCE, || {
        let fax = queue(&by.portal.get("/staff/queues").expect(200)?, "fax")?;
        Ok((fax["waiting"] == 0 && fax["inFlight"] == 0).then_some(()))
    })?;
    let paused = by.portal.put("/staff/queues/fax/pause", &json!({}), "").expect(200)?;
    assert_eq!(paused.text("/paused/by")?, by.username);
    let since = paused.text("/paused/at")?;
    // Who says so again changes nothing, whoever it is.
    let again = other.portal.put("/staff/queues/fax/pause", &json!({}), "").expect(200)?;
    assert_eq!((again.text("/paused/by")?, again.text("/paused/at")?), (by.username.clone(), since.clone()));

    let mut wizard = approved(&world, &person, &clinic)?;
    let look = poll::until("a fax that waits", 2 * PATIENCE, || {
        let look = other.portal.get("/staff/queues").expect(200)?;
        let fax = queue(&look, "fax")?;
        let held = fax["inFlight"].as_u64().unwrap_or(0) + fax["waiting"].as_u64().unwrap_or(0);
        Ok((held > 0 && fax["oldest"].is_string()).then_some(look))
    })?;
    let fax = queue(&look, "fax")?;
    assert_eq!((&fax["paused"]["by"], &fax["paused"]["at"]), (&json!(by.username), &json!(since)));
    assert!(queue(&look, "mail")?["paused"].is_null());
    assert!(fax["oldest"].as_str().context("a time")? > since.as_str(), "{fax}");
    assert_eq!(faxed(&world, &wizard.key)?, 0);

    assert!(other.portal.delete("/staff/queues/fax/pause").expect(200)?.body["paused"].is_null());
    assert!(by.portal.delete("/staff/queues/fax/pause").expect(200)?.body["paused"].is_null());
    let case = wizard.until("the fax", |case| {
        Ok(case.list("/deliveries")?.iter().any(|one| !one["faxTo"].is_null() && one["status"] == "delivered"))
    })?;
    assert!(!case.list("/deliveries")?.is_empty());
    assert_eq!(faxed(&world, &wizard.key)?, 1);
    let changes: Vec<(String, String)> =
        world.operations()?.into_iter().filter(|one| one.on == ["fax"]).map(|one| (one.by, one.operation)).collect();
    let expected = [(other.username, "resume-queue".to_owned()), (by.username, "pause-queue".to_owned())];
    assert_eq!(changes.get(..2), Some(&expected[..]));
    Ok(())
}

/// A pause may last longer than a queue receives a message: it is sent on afresh before its receives are over.
#[test]
fn a_message_that_is_held_for_long_is_sent_on_and_done_once() -> Result<()> {
    let (_alone, world) = alone()?;
    let (by, (username, mail)) = (operator(&world)?, invited(&world)?);
    let (event, body) = notice(&username);
    by.portal.put("/staff/queues/notices/pause", &json!({}), "").expect(200)?;
    let received = |times: &str| {
        let attributes = json!({ "ApproximateReceiveCount": times, "SentTimestamp": "1778166000000" });
        json!({ "Records": [{ "messageId": "held", "receiptHandle": "none", "body": body, "attributes": attributes }] })
    };
    let early = world.stack.invoke("send-notice", &received("49"))?;
    assert_eq!(early, json!({ "batchItemFailures": [{ "itemIdentifier": "held" }] }));
    let waits = || Ok::<_, anyhow::Error>(world.stack.waiting()?.iter().any(|message| message.body.contains(&event)));
    assert!(!waits()?);
    let late = world.stack.invoke("send-notice", &received("50"))?;
    assert_eq!(late, json!({ "batchItemFailures": [] }));
    assert!(waits()?);
    assert_eq!(news(&world, &mail)?, 0);
    by.portal.delete("/staff/queues/notices/pause").expect(200)?;
    poll::until("the mail", 2 * PATIENCE, || Ok((news(&world, &mail)? == 1).then_some(())))?;
    by.portal.put("/staff/queues/pins/pause", &json!({}), "").refused(409, "conflict")?;
    by.portal.put("/staff/queues/letterbox/pause", &json!({}), "").refused(404, "not-found")?;
    Ok(())
}
