//! Audit and events are copied to where they stay, and whoever changes one is noticed.

use portico_testkit::poll::{self, PATIENCE};
use serde_json::{Value, json};

use crate::{alone, colorado, ready};

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
    let bucket = &world.stack.records_bucket;
    poll::until("copies of all of them", PATIENCE, || {
        let mut kept = Vec::new();
        for name in world.stack.objects(bucket, "")? {
            let text = String::from_utf8(world.stack.object(bucket, &name)?.unwrap_or_default())?;
            for line in text.lines().filter(|line| line.contains(&wizard.key)) {
                let line: Value = serde_json::from_str(line)?;
                kept.push((line["item"]["pk"]["S"].clone(), line["item"]["sk"]["S"].clone()));
            }
        }
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
