//! A queue that does not take the router's messages, an event that cannot be read, a router that dies on its way.

use portico_aws::clock;
use portico_domain::{events::About, id::CaseKey};
use portico_testkit::{
    gate::Fault,
    mailbox,
    poll::{self, PATIENCE},
};
use serde_json::json;

use crate::{alone, aws, colorado, drained, markers, ready, reconcile, routed};

/// REQ: OPS-10
#[test]
fn a_queue_that_is_away_holds_nobody_else_up_and_its_events_follow() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let cases: Vec<_> = (0..3).map(|_| ready(&world, &person, &clinic)).collect();
    let review = world.stack.queues["review"].rsplit('/').next().unwrap().to_owned();
    let fault = json!({ "answer": "refuse", "function": "route-events", "service": "sqs", "contains": review });
    let fault = Fault::set(&world.stack, &fault).unwrap();
    for wizard in &cases {
        wizard.submit().unwrap();
    }
    // A notice of somebody who comes after them.
    let forgotten = json!({ "username": person.username });
    person.portal.post("/passwords/forgotten", &forgotten).send().unwrap();
    mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "new password").unwrap();
    assert!(fault.hits().unwrap() > 0, "the queue took everything");
    let aws = aws(&world.stack);
    let about: Vec<About> = cases.iter().map(|wizard| About::Case(wizard.key.parse().unwrap())).collect();
    poll::until("their events in the outbox", PATIENCE, || {
        Ok(about.iter().all(|about| markers(&aws, about).len() == 1).then_some(()))
    })
    .unwrap();
    drop(fault);
    for wizard in cases {
        reconcile(&world, &wizard.key);
        let mut wizard = wizard;
        assert_eq!(routed(&mut wizard), 1);
        drained(&world, "review", &wizard.key);
        assert_eq!(routed(&mut wizard), 1, "the second message did something");
    }
}

/// REQ: OPS-10
#[test]
fn an_event_that_cannot_be_read_goes_to_the_dead_letters_and_the_ones_around_it_go_through() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut cases = [ready(&world, &person, &clinic), ready(&world, &person, &clinic)];
    // A partition of its own: nobody reads it as somebody's timeline.
    let partition = format!("EVENT#{}", CaseKey::new(clock::new_uuid()));
    let poison = "evt_0197a3c2f0c07d0aa1b2c3d4e5f607aa";
    let item = json!({ "Item": {
        "pk": { "S": partition }, "sk": { "S": poison }, "entity": { "S": "event" }, "event": { "S": "{\"kind\":" },
    }});
    world.stack.set_mapping("route-events", false).unwrap();
    let first = cases[0].submit();
    let put = world.stack.table("PutItem", item);
    let second = cases[1].submit();
    world.stack.set_mapping("route-events", true).unwrap();
    first.unwrap();
    put.unwrap();
    second.unwrap();
    for wizard in &mut cases {
        assert_eq!(routed(wizard), 1);
    }
    let dead = poll::until("the key in the dead letters", PATIENCE, || {
        let dead = world.stack.dead_letters("events")?;
        Ok(dead.into_iter().find(|message| message.body.contains(&partition)))
    })
    .unwrap();
    let body: serde_json::Value = serde_json::from_str(&dead.body).unwrap();
    assert_eq!(body, json!({ "pk": partition, "sk": poison }));
    world.stack.table("DeleteItem", json!({ "Key": { "pk": { "S": partition }, "sk": { "S": poison } } })).unwrap();
}

/// The router puts the messages into their queues and dies before it takes the markers away.
///
/// REQ: OPS-10
#[test]
fn what_a_router_has_sent_and_not_noted_is_sent_again_and_done_once() {
    let (_alone, world) = alone();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let about = About::Case(wizard.key.parse().unwrap());
    let aws = aws(&world.stack);
    let fault = json!({ "answer": "refuse", "function": "route-events", "operation": "BatchWriteItem" });
    let fault = Fault::set(&world.stack, &fault).unwrap();
    wizard.submit().unwrap();
    assert_eq!(routed(&mut wizard), 1);
    assert_eq!(markers(&aws, &about).len(), 1);
    assert!(fault.hits().unwrap() > 0);
    drop(fault);
    reconcile(&world, &wizard.key);
    drained(&world, "review", &wizard.key);
    assert_eq!(routed(&mut wizard), 1);
    // Without trouble the router leaves nothing.
    let mut other = ready(&world, &person, &clinic);
    other.submit().unwrap();
    assert_eq!(routed(&mut other), 1);
    let about = About::Case(other.key.parse().unwrap());
    poll::until("the outbox to be empty", PATIENCE, || Ok(markers(&aws, &about).is_empty().then_some(()))).unwrap();
}
