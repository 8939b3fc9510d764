use jiff::ToSpan;
use portico_aws::clock;
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use crate::program::ops;

/// A case of which everything is linked.
fn linked(world: &World) -> String {
    let clinic = Clinic::new(world, "arkansas").unwrap();
    let person = Person::of_clinic(world, &clinic).unwrap();
    let mut wizard = Wizard::begin(&person, &clinic, "outpatient").unwrap();
    wizard.look().unwrap();
    poll::until("everything to be linked", 3 * PATIENCE, || {
        let checked = ops(&["audit", "check", &wizard.key, "--json"]).json();
        let of =
            |name: &str| checked[0]["chains"].as_array().unwrap().iter().map(|chain| chain[name].clone()).collect();
        let (waiting, links): (Vec<Value>, Vec<Value>) = (of("waiting"), of("links"));
        Ok((waiting == [0, 0] && !links.contains(&json!(0))).then_some(()))
    })
    .unwrap();
    wizard.key
}

fn audits(world: &World, case: &str) -> Vec<Value> {
    let query = json!({
        "KeyConditionExpression": "pk = :pk", "ConsistentRead": true,
        "ExpressionAttributeValues": { ":pk": { "S": format!("AUDIT#{case}") } },
    });
    world.stack.table("Query", query).unwrap()["Items"].as_array().unwrap().clone()
}

#[test]
fn whoever_alters_removes_or_puts_in_a_record_is_found_out() {
    let world = World::open().unwrap();
    let (tampered, untouched) = (linked(&world), linked(&world));
    let whole = ops(&["audit", "check", &tampered, &untouched]).done();
    assert!(whole.out.contains(&format!("{tampered}  whole")) && whole.out.contains("2 cases"), "{whole:?}");

    // As somebody with such rights would.
    let found = audits(&world, &tampered);
    let name = |item: &Value| item["sk"]["S"].as_str().unwrap().to_owned();
    let mut altered = found[0].clone();
    altered["body"]["M"]["by"]["S"] = "somebody.else".into();
    world.stack.table("PutItem", json!({ "Item": altered })).unwrap();
    let removed = json!({ "pk": found[1]["pk"], "sk": found[1]["sk"] });
    world.stack.table("DeleteItem", json!({ "Key": removed })).unwrap();
    let last_week = clock::now().checked_sub((7 * 24).hours()).unwrap().as_millisecond();
    let forged = format!("evt_{last_week:012x}7{:019x}", 7);
    let mut item = found[0].clone();
    item["sk"]["S"] = forged.clone().into();
    world.stack.table("PutItem", json!({ "Item": item })).unwrap();

    let faults = json!([
        { "is": "altered", "record": name(&found[0]) },
        { "is": "missing", "record": name(&found[1]) },
        { "is": "inserted", "record": forged },
    ]);
    let check = || ops(&["audit", "check", &tampered, "--json"]);
    let broken = check();
    assert_eq!((broken.code, &broken.json()[0]["chains"][0]["faults"]), (1, &faults), "{broken:?}");
    // The stream brings what was put in to the chain, and it is seen all the same.
    let links = broken.json()[0]["chains"][0]["links"].as_u64();
    let later = poll::until("what was put in to be linked", 3 * PATIENCE, || {
        let now = check();
        Ok((now.json()[0]["chains"][0]["links"].as_u64() > links).then_some(now))
    })
    .unwrap();
    assert_eq!((later.code, &later.json()[0]["chains"][0]["faults"]), (1, &faults), "{later:?}");

    let words = ops(&["audit", "check", &tampered]);
    let told = format!("{tampered}  BROKEN");
    assert!(words.code == 1 && words.out.contains(&told) && words.out.contains("was inserted later"), "{words:?}");
    let all = ops(&["audit", "check", "--all", "--json"]).json();
    let of = |case: &str| all.as_array().unwrap().iter().find(|checked| checked["case"] == case).unwrap();
    assert_eq!(of(&tampered)["chains"][0]["faults"], faults);
    for chain in of(&untouched)["chains"].as_array().unwrap() {
        assert_eq!(chain["faults"], json!([]), "{chain}");
    }
    ops(&["audit", "check", "cas_nobody"]).refused("a case is named by its key");
}
