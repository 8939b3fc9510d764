use portico_aws::clock;
use portico_domain::{caller::StaffRole, events::About, id::EventId};
use portico_testkit::{
    clinic, mailbox,
    poll::{self, PATIENCE},
    seeding::World,
    stack::Stack,
};
use serde_json::{Value, json};

use crate::program::{fresh, ops, ops_with, with};

/// Somebody with an account, and their address.
fn person(world: &World) -> (String, String) {
    let (reviewer, contact) = clinic::invited_reviewer(world, "arkansas", StaffRole::Support).unwrap();
    mailbox::wait_for_link(&world.stack, contact.email.as_str()).unwrap();
    (reviewer.username.to_string(), contact.email.to_string())
}

/// A notice to them that their factors changed.
fn notice(username: &str) -> (String, String) {
    let event = EventId::new(clock::new_uuid()).to_string();
    let body = json!({ "event": event, "task": "accountNotice", "user": username, "news": "factorAdded" }).to_string();
    (event, body)
}

/// The dead letters of a queue as the program lists them.
fn listed_of(queue: &str) -> Vec<Value> {
    let all = ops(&["dead-letters", "list", queue, "--json", "--limit", "1000"]).done().json();
    all[0]["letters"].as_array().unwrap().clone()
}

/// Those of notices.
fn listed() -> Vec<Value> {
    listed_of("notices")
}

/// Waits until one of an event is listed: another run of the program may just look at it.
fn find(event: &str) -> Value {
    poll::until("the dead letter", PATIENCE, || Ok(listed().into_iter().find(|letter| letter["event"] == event)))
        .unwrap()
}

fn is_waiting(stack: &Stack, words: &str) -> bool {
    stack.waiting().unwrap().iter().any(|message| message.body.contains(words))
}

fn news(world: &World, address: &str) -> usize {
    // The first one is the invitation.
    mailbox::mails_to(&world.stack, address).unwrap().len() - 1
}

/// REQ: OPS-04, OPS-08
#[test]
fn a_dead_letter_is_listed_by_its_ids_and_sent_back_alone_and_then_done() {
    let world = World::open().unwrap();
    let ((one, mail), (other, _)) = (person(&world), person(&world));
    let ((event, body), (left, second)) = (notice(&one), notice(&other));
    world.stack.send_dead("notices", &body).unwrap();
    world.stack.send_dead("notices", &second).unwrap();
    let letter = find(&event);
    assert_eq!((&letter["task"], &letter["about"]), (&"accountNotice".into(), &one.as_str().into()));
    assert!(letter["sent"].is_string());
    let id = letter["message"].as_str().unwrap();
    ops(&["dead-letters", "redrive", "notices", "--message", id]).refused("nobody is here to agree");
    let redriven = redrive(&["notices", "--message", id]);
    assert_eq!(redriven, 1);
    poll::until("the mail", PATIENCE, || Ok((news(&world, &mail) == 1).then_some(()))).unwrap();
    let lists = listed();
    assert!(!lists.iter().any(|letter| letter["event"] == event.as_str()), "{lists:?}");
    assert_eq!(find(&left)["about"], other.as_str());
    assert!(ops(&["history"]).done().out.contains(&format!("dead-letters redrive  notices {id}")));
    ops(&["dead-letters", "redrive", "notices", "--message", id, "--yes"]).refused("there is no message");
    ops(&["dead-letters", "redrive", "letterbox", "--yes"]).refused("there are no dead letters letterbox. There are: ");
    ops(&["dead-letters", "redrive", "schedules", "--yes"]).refused("starts at its next time");
}

/// Redrives until the message was there to be taken: another test may just look at it.
fn redrive(arguments: &[&str]) -> u64 {
    let all = [&["dead-letters", "redrive"], arguments, &["--yes", "--json"]].concat();
    poll::until("a redrive", 2 * PATIENCE, || {
        let run = ops(&all);
        Ok((run.code == 0).then(|| run.json()["redriven"].as_u64().unwrap()))
    })
    .unwrap()
}

/// The router puts down the key of an event that it cannot read; once it can, its tasks are made anew and done once.
///
/// REQ: OPS-08, OPS-10
#[test]
fn an_event_that_the_router_put_down_is_sent_again_by_its_key() {
    let world = World::open().unwrap();
    let (username, mail) = person(&world);
    let about = About::User(username.parse().unwrap());
    let events = with(async |operator| operator.table().events(&about).await.unwrap());
    let invited = events.last().unwrap().id.to_string();
    let unknown = EventId::new(clock::new_uuid()).to_string();
    let put_down = |event: &str| {
        let key = json!({ "pk": format!("EVENT#{username}"), "sk": event });
        world.stack.send_dead("events", &key.to_string()).unwrap();
        poll::until("the key", PATIENCE, || Ok(listed_of("events").into_iter().find(|letter| letter["event"] == event)))
            .unwrap()
    };
    let (letter, lost) = (put_down(&invited), put_down(&unknown));
    assert_eq!(letter["about"], username.as_str());
    let (id, lost) = (letter["message"].as_str().unwrap(), lost["message"].as_str().unwrap());
    assert_eq!(redrive(&["events", "--message", id]), 1);
    poll::until("the task to be done again", PATIENCE, || Ok((!is_waiting(&world.stack, &invited)).then_some(())))
        .unwrap();
    assert_eq!(news(&world, &mail), 0, "the invitation was mailed before, and is mailed once");
    poll::until("the refusal", PATIENCE, || {
        let run = ops(&["dead-letters", "redrive", "events", "--message", lost, "--yes"]);
        Ok(run.err.contains("there is no event").then_some(()))
    })
    .unwrap();
    assert!(is_waiting(&world.stack, &unknown), "what cannot be sent again stays where it is");
    let drop = ["dead-letters", "drop", "events", "--message", lost, "--yes"];
    poll::until("the drop", PATIENCE, || Ok((ops_with(&drop, &format!("{lost}\n")).code == 0).then_some(()))).unwrap();
}

/// The program sends first and removes then: when it dies in between, the message is in both places.
///
/// REQ: OPS-04, OPS-08
#[test]
fn a_redrive_that_dies_between_sending_and_removing_loses_nothing_and_does_nothing_twice() {
    let world = World::open().unwrap();
    let (username, mail) = person(&world);
    let (event, body) = notice(&username);
    world.stack.send_dead("notices", &body).unwrap();
    poll::until("the message to be taken", PATIENCE, || {
        Ok(with(async |operator| {
            let (queues, stack) = (operator.aws.queues(), &operator.stack);
            let (dead, home) = (&stack.dead_letters["notices"], &stack.queues["notices"]);
            let mut sent = None;
            for taken in queues.take(dead).await.unwrap() {
                if taken.body == body {
                    queues.send_on(home, &taken, &[]).await.unwrap();
                    sent = Some(());
                }
                // Here it dies; the message shows again by itself, and here at once.
                queues.give_back(dead, &taken).await.unwrap();
            }
            sent
        }))
    })
    .unwrap();
    poll::until("the mail", PATIENCE, || Ok((news(&world, &mail) == 1).then_some(()))).unwrap();
    let id = find(&event)["message"].as_str().unwrap().to_owned();
    assert_eq!(redrive(&["notices", "--message", &id]), 1);
    poll::until("the queue to be empty of it", PATIENCE, || Ok((!is_waiting(&world.stack, &event)).then_some(())))
        .unwrap();
    assert_eq!(news(&world, &mail), 1);
}

/// REQ: OPS-04, OPS-06, OPS-08
#[test]
fn what_nobody_can_do_is_dropped_by_its_typed_name_alone_and_its_body_is_never_shown() {
    let world = World::open().unwrap();
    let secret = fresh("Ada-Sample");
    world.stack.send_dead("notices", &format!("{{\"patient\":\"{secret}\"}}")).unwrap();
    let one = |text: &str| text.contains(&secret);
    let listed = ops(&["dead-letters", "list", "notices"]).done();
    assert!(!one(&listed.out) && listed.out.contains("no event"), "{listed:?}");
    let id = with(async |operator| {
        let (queues, url) = (operator.aws.queues(), &operator.stack.dead_letters["notices"]);
        let mut id = None;
        while id.is_none() {
            let taken = queues.take(url).await.unwrap();
            id = taken.iter().find(|taken| one(&taken.body)).map(|taken| taken.id.clone());
            for taken in taken {
                queues.give_back(url, &taken).await.unwrap();
            }
        }
        id.unwrap()
    });
    let drop = ["dead-letters", "drop", "notices", "--message", &id, "--yes"];
    ops_with(&drop, "yes\n").refused("nothing was changed");
    ops_with(&drop, "").refused("nothing was changed");
    assert!(is_waiting(&world.stack, &secret));
    poll::until("the drop", PATIENCE, || Ok((ops_with(&drop, &format!("{id}\n")).code == 0).then_some(()))).unwrap();
    assert!(!is_waiting(&world.stack, &secret));
    assert!(ops(&["history"]).done().out.contains(&format!("dead-letters drop  notices {id}")));
}
