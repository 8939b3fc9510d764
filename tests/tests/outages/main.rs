//! What is away comes back: carriers, queues, the table's throughput, the router itself. Meanwhile nothing is lost, and
//! afterwards nothing has happened twice (OPS-10). A minute of waiting lasts a second on this stack.

#![cfg(test)]

mod carriers;
mod events;
mod mail;
mod records;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use portico_aws::{Aws, Config};
use portico_domain::{caller::StaffRole, events::About, id::CaseKey};
use portico_testkit::{
    clinic::Clinic,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    stack::Stack,
    wizard::Wizard,
};
use serde_json::json;

/// Each outage by itself: the router is one for all, and what one takes of the engine is away for the others too.
static ENGINE: Mutex<()> = Mutex::new(());

/// The stack, for one test at a time.
fn alone() -> (MutexGuard<'static, ()>, Arc<World>) {
    // A test that failed has let go of it.
    let alone = ENGINE.lock().unwrap_or_else(PoisonError::into_inner);
    (alone, World::open().unwrap())
}

fn colorado(world: &World) -> (Clinic, Person) {
    let clinic = Clinic::new(world, "colorado").unwrap();
    let person = Person::of_clinic(world, &clinic).unwrap();
    (clinic, person)
}

/// A case of the contract that no rule approves, ready to be submitted.
fn ready<'a>(world: &World, person: &'a Person, clinic: &Clinic) -> Wizard<'a> {
    let mut wizard = Wizard::begin(person, clinic, "outpatient").unwrap();
    wizard.wheelchair(world).unwrap();
    wizard
}

/// Approves a case that the nurses have, and waits until both letters are on their way.
fn approve(world: &World, wizard: &mut Wizard<'_>) -> Answer {
    let nurse = Person::of_staff(world, "colorado", StaffRole::Nurse).unwrap();
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200).unwrap();
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200).unwrap();
    let brought = |case: &Answer| {
        let brought = case.list("/deliveries")?.iter().filter(|delivery| delivery["status"] != "under-way").count();
        Ok(brought == 2)
    };
    wizard.until("two letters at their readers", brought).unwrap()
}

/// How often the case went to the nurses, as its timeline tells.
fn routed(wizard: &mut Wizard<'_>) -> usize {
    let case = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    told(&case, "went to the nurse reviewers")
}

/// The sentences of a case's timeline that have these words.
fn told(case: &Answer, words: &str) -> usize {
    let moments = case.list("/timeline").unwrap();
    moments.iter().filter(|moment| moment["text"].as_str().is_some_and(|text| text.contains(words))).count()
}

/// The stack's stores, with the rights of its root.
fn aws(stack: &Stack) -> Aws {
    Aws::new(Config::read(|name| stack.variable(name)).unwrap())
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Runs `reconcile-events` until nothing of the case is left in the outbox.
fn reconcile(world: &World, case: &str) {
    let about = About::Case(case.parse::<CaseKey>().unwrap());
    let aws = aws(&world.stack);
    poll::until("the outbox to be empty of the case", PATIENCE, || {
        world.stack.invoke("reconcile-events", &json!({}))?;
        Ok(markers(&aws, &about).is_empty().then_some(()))
    })
    .unwrap();
}

/// The events of a case that stand in the outbox.
fn markers(aws: &Aws, about: &About) -> Vec<String> {
    let events = block_on(aws.table().events(about)).unwrap();
    let stand = |event: &portico_domain::events::Event| block_on(aws.table().is_pending(event.id)).unwrap();
    events.iter().filter(|event| stand(event)).map(|event| event.id.to_string()).collect()
}

/// Waits until none of the queue's messages is about the case; none of its dead letters is.
fn drained(world: &World, queue: &str, words: &str) {
    poll::until("the queue to be empty of it", 2 * PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(words))).then_some(()))
    })
    .unwrap();
    let dead = world.stack.dead_letters(queue).unwrap();
    assert!(!dead.iter().any(|message| message.body.contains(words)), "{dead:?}");
}
