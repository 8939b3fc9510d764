//! What goes wrong in the middle, against the running stack: nothing is lost, nothing happens twice, and every refusal
//! says what and where.

#![cfg(test)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Barrier, Mutex},
    thread,
};

use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    mailbox,
    people::{self, Person},
    poll::{self, PATIENCE},
    portal::Portal,
    seeding::World,
    wizard::{AGAIN, Wizard},
};
use serde_json::{Value, json};

/// Submitted cases of the contract that no rule approves, ready to be sent.
fn ready<'a>(world: &World, person: &'a Person, clinic: &Clinic) -> Wizard<'a> {
    let mut wizard = Wizard::begin(person, clinic, "outpatient").unwrap();
    wizard.wheelchair(world).unwrap();
    wizard
}

/// The router hands events from the table to the queues. Only one test at a time may stop it.
static ROUTER: Mutex<()> = Mutex::new(());

fn colorado(world: &World) -> (Clinic, Person) {
    let clinic = Clinic::new(world, "colorado").unwrap();
    let person = Person::of_clinic(world, &clinic).unwrap();
    (clinic, person)
}

/// The sentences of a case's timeline that have these words.
fn told(case: &portico_testkit::portal::Answer, words: &str) -> usize {
    let moments = case.list("/timeline").unwrap();
    moments.iter().filter(|moment| moment["text"].as_str().is_some_and(|text| text.contains(words))).count()
}

/// The submit is one write with its event; the router is dead between the two. When it lives again, the event goes on,
/// once.
///
/// REQ: CASE-25, OPS-04
#[test]
fn a_router_that_dies_between_table_and_queue_loses_and_doubles_nothing() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let alone = ROUTER.lock().unwrap();
    world.stack.set_mapping("route-events", false).unwrap();
    let submitted = wizard.submit();
    let stands = wizard.look().and_then(|case| case.text("/status"));
    world.stack.set_mapping("route-events", true).unwrap();
    drop(alone);
    submitted.unwrap();
    assert_eq!(stands.unwrap(), "submitted");
    let case = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    assert_eq!(told(&case, "went to the nurse reviewers"), 1);
}

/// REQ: LTR-05, REV-02
#[test]
fn a_task_that_comes_twice_is_done_once() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    wizard.submit().unwrap();
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse).unwrap();
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200).unwrap();
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200).unwrap();
    let lettered = |wizard: &mut Wizard<'_>| {
        wizard.until("two letters on their way", |case| {
            let brought = case.list("/deliveries")?.iter().filter(|delivery| delivery["status"] != "under-way").count();
            Ok(brought == 2)
        })
    };
    let before = lettered(&mut wizard).unwrap();
    // Other events than the real one: only the state says that there is nothing left to do.
    let event = |n: u8| format!("evt_0197a3c2f0c07d0aa1b2c3d4e5f607{n:02x}");
    let review = |n| json!({ "event": event(n), "task": "review", "case": wizard.key, "request": "R01" }).to_string();
    world.stack.send_batch("review", &[review(1), review(1), review(2)]).unwrap();
    for delivery in before.list("/deliveries").unwrap() {
        let (letter, case) = (&delivery["letter"], &wizard.key);
        let fax = json!({ "event": event(3), "task": "fax", "case": case, "letter": letter, "call": 1 }).to_string();
        let mail = json!({ "event": event(4), "task": "mail", "case": case, "letter": letter }).to_string();
        if delivery["faxTo"].is_null() {
            world.stack.send_batch("mail", &[mail.clone(), mail]).unwrap();
        } else {
            world.stack.send_batch("fax", &[fax.clone(), fax]).unwrap();
        }
    }
    poll::until("the queues to be empty of them", PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(&wizard.key))).then_some(()))
    })
    .unwrap();
    let after = lettered(&mut wizard).unwrap();
    for part in ["/letters", "/deliveries", "/requests", "/timeline"] {
        assert_eq!(after.at(part).unwrap(), before.at(part).unwrap(), "{part}");
    }
}

/// REQ: CASE-08
#[test]
fn of_two_people_who_edit_one_step_the_second_is_told() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let mut wizard = Wizard::begin(&person, &clinic, "outpatient").unwrap();
    let path = format!("/cases/{}/steps/diagnoses", wizard.key);
    let seen_by_both = wizard.etag.clone();
    wizard.save("diagnoses", &json!({ "diagnoses": ["G47.33"] })).unwrap();
    let other = json!({ "diagnoses": ["F84.0"] });
    person.portal.put(path.as_str(), &other, &seen_by_both).refused(412, "stale").unwrap();
    person.portal.put(path.as_str(), &other, "").without("If-Match").refused(428, "version-required").unwrap();
    let case = wizard.look().unwrap();
    assert_eq!(case.text("/diagnoses/0/code").unwrap(), "G47.33");
    assert_eq!(case.list("/diagnoses").unwrap().len(), 1);
}

/// REQ: CASE-24, CASE-25
#[test]
fn two_submits_at_once_are_one_submit() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let path = format!("/cases/{}/submission", wizard.key);
    let (agreed, both) = (json!({ "disclaimerAgreed": true }), Barrier::new(2));
    for keys in [["same-key-1", "same-key-1"], ["other-key-2", "other-key-3"]] {
        let ids: BTreeSet<String> = thread::scope(|scope| {
            let submit = |key: &'static str| {
                let (portal, path, agreed, both) = (&person.portal, &path, &agreed, &both);
                scope.spawn(move || {
                    both.wait();
                    portal
                        .post(path.as_str(), agreed)
                        .idempotency_key(key)
                        .expect(200)
                        .unwrap()
                        .text("/caseId")
                        .unwrap()
                })
            };
            keys.map(submit).into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(ids.len(), 1, "{ids:?}");
    }
    let case = wizard.look().unwrap();
    assert_eq!(told(&case, "was submitted as"), 1);
    let other = json!({ "disclaimerAgreed": false });
    let reused = person.portal.post(path.as_str(), &other).idempotency_key("same-key-1").send().unwrap();
    assert!([200, 422].contains(&reused.status), "{reused:?}");
}

/// Numbers are drawn one after the other; a submit that loses a race leaves a gap, never a double (CASE-24). These submit
/// different cases, so that between the first and the last only other tests' numbers are missing.
///
/// REQ: CASE-24
#[test]
fn two_hundred_submits_at_once_have_two_hundred_numbers() {
    const CASES: usize = 200;
    let world = World::open().unwrap();
    // One person begins twenty cases for a member in a day.
    let offices = spread(CASES / 20, |_| colorado(&world));
    let keys: Vec<String> = spread(CASES, |place| {
        let (clinic, person) = &offices[place % offices.len()];
        ready(&world, person, clinic).key
    });
    let ids = spread(CASES, |place| {
        let (_, person) = &offices[place % offices.len()];
        let agreed = json!({ "disclaimerAgreed": true, "duplicateReason": AGAIN });
        let path = format!("/cases/{}/submission", keys[place]);
        let id = poll::until("a submit that is not throttled", PATIENCE, || {
            let answer = person.portal.post(path.as_str(), &agreed).idempotency_key(&keys[place]).send()?;
            match answer.status {
                200 => answer.text("/caseId").map(Some),
                429 | 503 => Ok(None),
                _ => anyhow::bail!("{answer:?}"),
            }
        });
        id.unwrap()
    });
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), CASES);
    let mut days: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for id in &ids {
        let (day, sequence) = id.split_at(5);
        days.entry(day).or_default().insert(sequence.parse().unwrap());
    }
    for (day, numbers) in days {
        let (first, last) = (numbers.first().unwrap(), numbers.last().unwrap());
        let missing = last + 1 - first - numbers.len() as u64;
        // Other tests draw from the same day's sequence meanwhile: a few, not hundreds.
        assert!(missing < 20, "on {day} {missing} numbers are missing between {first} and {last}");
    }
}

/// Does something so many times, eight at a time; the results in order of the places.
fn spread<T: Send>(count: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (next, done) = (Mutex::new(0..count), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let Some(place) = next.lock().unwrap().next() else { return };
                    let result = act(place);
                    done.lock().unwrap().push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// REQ: OPS-04, OPS-06
#[test]
fn a_poisoned_message_goes_to_the_dead_letters_and_its_neighbours_are_done() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let mut wizard = ready(&world, &person, &clinic);
    let alone = ROUTER.lock().unwrap();
    world.stack.set_mapping("route-events", false).unwrap();
    let submitted = wizard.submit();
    // The router is still: this message is the only one about the case, in one batch with the poison.
    let poison = format!("{{\"poison\":\"{}\"}}", wizard.key);
    let event = "evt_0197a3c2f0c07d0aa1b2c3d4e5f60799";
    let review = json!({ "event": event, "task": "review", "case": wizard.key, "request": "R01" }).to_string();
    let sent = world.stack.send_batch("review", &[poison.clone(), review, "no JSON at all".to_owned()]);
    let reviewed = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"));
    world.stack.set_mapping("route-events", true).unwrap();
    drop(alone);
    submitted.unwrap();
    sent.unwrap();
    reviewed.unwrap();
    poll::until("the poison in the dead letters", 2 * PATIENCE, || {
        Ok(world.stack.dead_letters("review")?.into_iter().any(|dead| dead.body == poison).then_some(()))
    })
    .unwrap();
    let reasons = world.stack.logs().unwrap();
    let told = |line: &(String, String)| line.0 == "on-case-submitted" && line.1.contains("the body cannot be read");
    assert!(reasons.iter().any(told), "the log does not say why");
}

/// REQ: API-01
#[test]
fn every_refusal_has_its_status_its_kind_and_its_fields() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let portal = &person.portal;
    let new_case =
        json!({ "member": clinic.member.id, "requesting": clinic.place.provider.id, "setting": "outpatient" });
    portal.post("/cases", &json!({})).text("{".to_owned()).refused(400, "malformed").unwrap();
    portal.post("/cases", &new_case).without("Idempotency-Key").refused(400, "malformed").unwrap();
    let large = json!({ "member": "x".repeat(300 * 1024) });
    portal.post("/cases", &large).refused(413, "too-large").unwrap();
    let empty = portal.post("/cases", &json!({})).refused(422, "invalid").unwrap();
    for field in ["/member", "/requesting", "/setting"] {
        empty.wrong_at(field, "missing").unwrap();
    }
    let made_up = json!({ "member": "m", "requesting": clinic.place.provider.id, "setting": "at home" });
    let made_up = portal.post("/cases", &made_up).refused(422, "invalid").unwrap();
    made_up.wrong_at("/member", "not-an-id").unwrap();
    made_up.wrong_at("/setting", "not-a-choice").unwrap();
    let typed = portal.post("/cases", &json!({ "member": 7 })).refused(422, "invalid").unwrap();
    typed.wrong_at("/member", "wrong-type").unwrap();
    let slip = portal.post("/cases", &json!({ "membre": "7" })).refused(422, "invalid").unwrap();
    slip.wrong_at("/membre", "unknown-field").unwrap();
    let page = portal.get("/cases?limit=500&cursor=x").refused(422, "invalid").unwrap();
    assert_eq!(page.wrong_at("/limit", "out-of-range").unwrap(), json!({ "least": 1, "most": 100 }));
    page.wrong_at("/cursor", "not-a-cursor").unwrap();
    portal.get("/cases/cas_00000000000000000000000000000000").refused(404, "not-found").unwrap();
    let created = portal.post("/cases", &new_case).idempotency_key("refusals-1").expect(201).unwrap();
    let replayed = portal.post("/cases", &new_case).idempotency_key("refusals-1").expect(201).unwrap();
    assert_eq!(created.body, replayed.body);
    let reused = json!({ "member": clinic.member.id, "requesting": clinic.place.provider.id, "setting": "inpatient" });
    portal.post("/cases", &reused).idempotency_key("refusals-1").refused(422, "key-reused").unwrap();
    let mut submitted = ready(&world, &person, &clinic);
    submitted.submit().unwrap();
    submitted.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review")).unwrap();
    let path = format!("/cases/{}/steps/diagnoses", submitted.key);
    let late = portal.put(path, &json!({ "diagnoses": ["F84.0"] }), &submitted.etag).refused(409, "conflict").unwrap();
    assert!(!late.text("/state").unwrap().is_empty());
    let anonymous = Portal::new(&world.stack);
    assert_eq!(anonymous.get("/cases").send().unwrap().status, 401);
}

/// REQ: ACC-02
#[test]
fn too_many_tries_are_slowed_down_and_say_how_long() {
    let world = World::open().unwrap();
    let (_, contact) = clinic::invited_reviewer(&world, "colorado", StaffRole::Nurse).unwrap();
    let token = mailbox::wait_for_link(&world.stack, contact.email.as_str()).unwrap();
    let portal = Portal::new(&world.stack);
    let begun = people::set_password(&portal, &token, people::PASSWORD).unwrap();
    let right = people::code(&begun.text("/secret").unwrap()).unwrap();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let body = json!({ "handle": begun.text("/handle").unwrap(), "code": wrong });
    let mut answers = (0..20).map(|_| portal.post("/staff/sessions/answers", &body).send().unwrap());
    let throttled = answers.find(|answer| answer.status != 401).unwrap();
    assert_eq!(throttled.status, 429, "{throttled:?}");
    assert!(throttled.text("/type").unwrap().ends_with("/throttled"));
    let seconds: u32 = throttled.header("retry-after").parse().unwrap();
    assert!((1..=3600).contains(&seconds));
    assert_eq!(throttled.at("/status").unwrap(), &Value::from(429));
}

/// REQ: ACC-14
#[test]
fn failures_in_a_row_lock_the_account_and_the_right_password_opens_nothing() {
    let world = World::open().unwrap();
    let (clinic, person) = colorado(&world);
    let failures = world.contract("colorado").unwrap().accounts.lock_after_failures;
    let wrong = json!({ "username": person.username, "password": "Not-The-Password-1" });
    for _ in 0..failures {
        person.portal.post("/sessions", &wrong).refused(401, "sign-in-refused").unwrap();
    }
    let right = json!({ "username": person.username, "password": person.password });
    person.portal.post("/sessions", &right).refused(401, "sign-in-refused").unwrap();
    // The token that was given before is worth nothing any more.
    assert_eq!(person.portal.get("/cases").send().unwrap().status, 401);
    mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "locked").unwrap();
}
