//! Audit and events are copied to where they stay, and whoever changes one is noticed.

use anyhow::Result;
use portico_domain::events::{About, EventKind};
use portico_testkit::{
    gate::Fault,
    poll::{self, PATIENCE},
    seeding::World,
};
use serde_json::{Value, json};

use crate::{alone, colorado, ready};

/// The keys of the items of a case that are copied.
fn kept(world: &World, case: &str) -> Result<Vec<(Value, Value)>> {
    let (bucket, mut kept) = (&world.stack.records_bucket, Vec::new());
    for name in world.stack.objects(bucket, "")? {
        let text = String::from_utf8(world.stack.object(bucket, &name)?.unwrap_or_default())?;
        for line in text.lines().filter(|line| line.contains(case)) {
            let line: Value = serde_json::from_str(line)?;
            kept.push((line["item"]["pk"]["S"].clone(), line["item"]["sk"]["S"].clone()));
        }
    }
    Ok(kept)
}

#[test]
fn what_is_on_record_does_not_wait_for_reports() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let too_much =
        json!({ "answer": "throttle", "function": "keep-records", "contains": "FACT#colorado", "seconds": 60 });
    let throttled = Fault::set(&world.stack, &too_much).unwrap();
    wizard.submit().unwrap();
    let submitted = || {
        let events = world.events(&About::Case(wizard.key.parse()?))?;
        let submitted = events.iter().find(|event| matches!(event.kind, EventKind::CaseSubmitted { .. }));
        Ok(submitted.map(|event| json!(event.id.to_string())))
    };
    let event = poll::until("the event", PATIENCE, submitted).unwrap();
    poll::until("its copy, and that reports are not told", PATIENCE, || {
        let copied = kept(&world, &wizard.key)?.iter().any(|(_, sk)| *sk == event);
        Ok((copied && throttled.hits()? > 0).then_some(()))
    })
    .unwrap();
    drop(throttled);
    let number = wizard.look().unwrap().text("/caseId").unwrap();
    let told = || {
        for shard in 0..4 {
            let query = json!({
                "KeyConditionExpression": "pk = :pk",
                "ExpressionAttributeValues": { ":pk": { "S": format!("FACT#colorado#OPEN#{shard}") } },
            });
            let found = world.stack.table("Query", query)?;
            let own = |item: &&Value| item["fact"]["S"].as_str().is_some_and(|fact| fact.contains(&number));
            if found["Items"].as_array().is_some_and(|items| items.iter().any(|item| own(&item))) {
                return Ok(Some(()));
            }
        }
        Ok(None)
    };
    poll::until("the reports to be told", 3 * PATIENCE, told).unwrap();
}

/// REQ: OPS-05, OPS-11
#[test]
fn every_event_and_every_access_is_kept_and_a_removal_is_noticed() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    wizard.look().unwrap();
    let stored = |kind: &str| -> Vec<(Value, Value)> {
        let query = json!({
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": format!("{kind}#{}", wizard.key) } },
        });
        let found = world.stack.table("Query", query).unwrap();
        let keys = |item: &Value| (item["pk"]["S"].clone(), item["sk"]["S"].clone());
        found["Items"].as_array().unwrap().iter().map(keys).collect()
    };
    let (events, audits) = (stored("EVENT"), stored("AUDIT"));
    assert!(events.len() >= 4 && audits.len() >= 4, "{events:?} {audits:?}");
    poll::until("copies of all of them", PATIENCE, || {
        let kept = kept(&world, &wizard.key)?;
        Ok(events.iter().chain(&audits).all(|key| kept.contains(key)).then_some(()))
    })
    .unwrap();

    let (pk, sk) = audits[0].clone();
    world.stack.table("DeleteItem", json!({ "Key": { "pk": { "S": pk }, "sk": { "S": sk } } })).unwrap();
    let removed = sk.as_str().unwrap();
    poll::until("the removal in the log", PATIENCE, || {
        let lines = world.stack.logs()?;
        let of_function = lines.iter().filter(|(function, _)| function == "keep-records");
        let told = of_function.filter(|(_, line)| line.contains("a record was changed or removed"));
        Ok(told.filter(|(_, line)| line.contains(removed)).count().gt(&0).then_some(()))
    })
    .unwrap();
}
