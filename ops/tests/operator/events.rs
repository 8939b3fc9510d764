use portico_aws::{clock, table::Transaction};
use portico_domain::{
    caller::StaffRole,
    events::{About, Actor, EventKind},
    factor::Factor,
};
use portico_testkit::{
    clinic::{self, Clinic},
    mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::json;

use crate::program::{ops, with};

/// Waits until no queue has a message about something.
fn drained(world: &World, words: &str) {
    poll::until("the queues to be empty of it", PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(words))).then_some(()))
    })
    .unwrap();
}

/// REQ: OPS-08, OPS-10, CASE-25
#[test]
fn what_happened_to_a_case_and_a_user_is_replayed_and_nothing_is_done_twice() {
    let world = World::open().unwrap();
    let clinic = Clinic::new(&world, "colorado").unwrap();
    let person = Person::of_clinic(&world, &clinic).unwrap();
    let mut wizard = Wizard::begin(&person, &clinic, "outpatient").unwrap();
    let device = json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" });
    wizard.save("service", &device).unwrap();
    wizard.save("diagnoses", &json!({ "diagnoses": ["G82.20"] })).unwrap();
    let from = clinic::today(&world, "colorado").unwrap();
    let chair = Entry { code: "K0001", modifiers: &[], from, days: 1, units: 1 };
    wizard.save("procedures", &json!({ "lines": [chair.json()] })).unwrap();
    ops(&["events", "replay", "--case", &wizard.key, "--yes"]).refused("gives tasks");
    wizard.submit().unwrap();
    let nurses = |case: &Answer| Ok(case.text("/status")? == "nurse-review");
    let before = wizard.until("the nurses", nurses).unwrap();

    let id = before.text("/caseId").unwrap();
    ops(&["events", "replay", "--case", &id]).refused("nobody is here to agree");
    let replayed = ops(&["events", "replay", "--case", &id, "--yes", "--json"]).done();
    assert_eq!((&replayed.json()["events"], &replayed.json()["tasks"]), (&1.into(), &1.into()), "{replayed:?}");
    assert!(replayed.err.contains("caseSubmitted  gives review"), "{replayed:?}");
    drained(&world, &wizard.key);
    let after = wizard.until("the nurses", nurses).unwrap();
    for part in ["/timeline", "/requests", "/status"] {
        assert_eq!(after.at(part).unwrap(), before.at(part).unwrap(), "{part}");
    }

    let mails = || mailbox::mails_to(&world.stack, clinic.contact.email.as_str()).unwrap().len();
    let sent = mails();
    let replayed = ops(&["events", "replay", "--user", &person.username, "--yes", "--json"]).done().json();
    assert!(replayed["tasks"].as_u64() >= Some(1), "{replayed}");
    drained(&world, &person.username);
    assert_eq!(mails(), sent);
    assert!(ops(&["history"]).done().out.contains(&format!("events replay  {}", wizard.key)));

    ops(&["events", "replay", "--yes"]).refused("name a --case, a --user or an --event");
    ops(&["events", "replay", "--case", "000010001", "--yes"]).refused("there is no case 000010001");
    ops(&["events", "replay", "--user", "nobody.at.all", "--yes"]).refused("there is no such case or user");
}

/// While the router is still, an event waits in the outbox, where the program finds it by its id alone.
///
/// REQ: OPS-08, OPS-10
#[test]
fn an_event_that_the_router_did_not_route_is_listed_and_replayed_by_its_id() {
    let world = World::open().unwrap();
    let (reviewer, contact) = clinic::invited_reviewer(&world, "arkansas", StaffRole::Support).unwrap();
    mailbox::wait_for_link(&world.stack, contact.email.as_str()).unwrap();
    world.stack.set_mapping("route-events", false).unwrap();
    let about = About::User(reviewer.username.clone());
    let event = with(async |operator| {
        let (table, mut transaction) = (operator.table(), Transaction::new());
        let added = EventKind::FactorAdded { factor: Factor::App };
        let event = transaction.event(table, about, Actor::System, added, clock::now()).unwrap();
        table.commit(transaction).await.unwrap();
        event.id.to_string()
    });
    let pending = ops(&["events", "pending", "--limit", "1000"]);
    let replayed = ops(&["events", "replay", "--event", &event, "--yes", "--json"]);
    let mails = || mailbox::mails_to(&world.stack, contact.email.as_str()).map(|mails| mails.len());
    let mailed = poll::until("the notice", PATIENCE, || Ok((mails()? == 2).then_some(())));
    let settled = ops(&["events", "pending", "--limit", "1000"]);
    world.stack.set_mapping("route-events", true).unwrap();
    assert!(pending.done().out.contains(&event));
    assert_eq!(replayed.done().json()["tasks"], 1);
    mailed.unwrap();
    assert!(!settled.done().out.contains(&event));
    ops(&["events", "replay", "--event", &event, "--yes"]).refused("name its --case or --user too");
    let by_user = ["events", "replay", "--event", &event, "--user", reviewer.username.as_str(), "--yes"];
    ops(&by_user).done();
    drained(&world, &event);
    assert_eq!(mails().unwrap(), 2);
}
