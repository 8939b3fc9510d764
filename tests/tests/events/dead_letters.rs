use anyhow::{Context, Result};
use portico_aws::table::audit::Operation;
use portico_domain::{caller::StaffRole, events::About};
use portico_testkit::{
    people::Person,
    poll::{self, PATIENCE},
};
use serde_json::{Value, json};

use crate::{CONTRACT, alone, invited, news, notice, operator, queue};

/// A dead letter of notices, once nobody else looks at it.
fn find(by: &Person, event: &str) -> Result<Value> {
    poll::until("the dead letter", PATIENCE, || {
        let listed = by.portal.get("/staff/queues/notices/dead-letters?limit=50").expect(200)?;
        Ok(listed.list("/items")?.iter().find(|letter| letter["event"] == event).cloned())
    })
}

/// REQ: OPS-04, OPS-06
#[test]
fn a_poisoned_message_is_seen_by_its_ids_and_one_that_can_be_done_is_sent_back_and_done_once() -> Result<()> {
    let (_alone, world) = alone()?;
    let (by, (username, mail)) = (operator(&world)?, invited(&world)?);
    let (event, body) = notice(&username);
    let secret = "Ada-Sample-1931";
    let before = queue(&by.portal.get("/staff/queues").expect(200)?, "notices")?["deadLetters"].as_u64().unwrap_or(0);
    let is_poison = |one: &&Value| {
        one["reason"].as_str().is_some_and(|reason| reason.starts_with("the body cannot be read")) && one["tries"] == 1
    };
    // One that a worker cannot read, and one that its queue gave up.
    let poisoned = "evt_0197a3c2f0c07d0aa1b2c3d4e5f60701";
    world.stack.send("notices", &json!({ "event": poisoned, "patient": secret }).to_string())?;
    world.stack.send_dead("notices", &body)?;

    let listed = poll::until("both", PATIENCE, || {
        let listed = by.portal.get("/staff/queues/notices/dead-letters?limit=50").expect(200)?;
        let reasons = listed.list("/items")?.iter().filter(is_poison).count();
        let ours = listed.list("/items")?.iter().any(|letter| letter["event"] == event.as_str());
        Ok((reasons > 0 && ours).then_some(listed))
    })?;
    let shown = serde_json::to_string(&listed.body)?;
    for hidden in [secret, username.as_str(), mail.as_str(), "cas_", "mbr_"] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    let poison = listed.list("/items")?.iter().find(is_poison).context("the poison")?;
    assert_eq!((&poison["task"], &poison["event"]), (&Value::Null, &Value::Null), "{poison}");
    let letter = find(&by, &event)?;
    assert_eq!(
        (&letter["task"], &letter["reason"], &letter["tries"]),
        (&json!("accountNotice"), &Value::Null, &Value::Null)
    );
    assert!(letter["sent"].is_string());
    poll::until("the count", PATIENCE, || {
        let look = by.portal.get("/staff/queues").expect(200)?;
        Ok((queue(&look, "notices")?["deadLetters"].as_u64().unwrap_or(0) >= before + 2).then_some(()))
    })?;

    // Back it goes, is done, and saying so again does nothing.
    let id = letter["message"].as_str().context("its id")?;
    let back = json!({ "message": id });
    poll::until("the redrive", PATIENCE, || {
        let done = by.portal.post("/staff/queues/notices/redrive", &back).expect(200)?;
        Ok((done.body["redriven"] == 1).then_some(()))
    })?;
    poll::until("the mail", PATIENCE, || Ok((news(&world, &mail)? == 1).then_some(())))?;
    let again = by.portal.post("/staff/queues/notices/redrive", &back).expect(200)?;
    assert_eq!((&again.body["redriven"], &again.body["stay"]), (&json!(0), &json!(0)));
    // Once more by the event's tasks: a notice is known by its event.
    world.stack.send_dead("notices", &body)?;
    let twice = find(&by, &event)?;
    let back = json!({ "message": twice["message"] });
    poll::until("the redrive", PATIENCE, || {
        let done = by.portal.post("/staff/queues/notices/redrive", &back).expect(200)?;
        Ok((done.body["redriven"] == 1).then_some(()))
    })?;
    poll::until("the queue to be done with it", PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(&event))).then_some(()))
    })?;
    assert_eq!(news(&world, &mail)?, 1);
    let noted = world.operations()?;
    let ours = |one: &&Operation| one.by == by.username && one.on.contains(&id.to_owned());
    let noted = noted.iter().find(ours).context("on record")?;
    assert_eq!((noted.operation.as_str(), noted.on[0].as_str()), ("redrive-letters", "notices"));
    Ok(())
}

/// REQ: OPS-08
#[test]
fn all_of_a_queue_go_back_at_once_and_an_event_gives_its_tasks_again() -> Result<()> {
    let (_alone, world) = alone()?;
    let (by, (username, mail)) = (operator(&world)?, invited(&world)?);
    // Lambda's own word of what it gave up names no event and stays; the key of one has its tasks made anew.
    let about = About::User(username.parse()?);
    let invited = world.events(&about)?.last().context("the invitation")?.id.to_string();
    world.stack.send_dead("events", &json!({ "pk": format!("EVENT#{username}"), "sk": invited }).to_string())?;
    let all = json!({ "all": true });
    poll::until("all to go", PATIENCE, || {
        let done = by.portal.post("/staff/queues/events/redrive", &all).expect(200)?;
        Ok((done.body["left"] == done.body["stay"]).then_some(()))
    })?;
    poll::until("its tasks to be done again", PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(&invited))).then_some(()))
    })?;
    assert_eq!(news(&world, &mail)?, 0, "the invitation was mailed before, and is mailed once");

    let replay = |body: &Value| by.portal.post("/staff/events/replay", body);
    let known = replay(&json!({ "event": invited, "about": username })).expect(200)?;
    assert_eq!(known.body["tasks"], 1);
    replay(&json!({ "event": invited })).refused(422, "invalid")?.wrong_at("/about", "missing")?;
    let nothing = "evt_0197a3c2f0c07d0aa1b2c3d4e5f60702";
    let gone = json!({ "event": nothing, "about": username });
    replay(&gone).refused(422, "invalid")?.wrong_at("/event", "not-found")?;
    let case = json!({ "event": invited, "about": "991270001" });
    replay(&case).refused(422, "invalid")?.wrong_at("/event", "not-found")?;
    replay(&json!({})).refused(422, "invalid")?.wrong_at("/event", "missing")?;
    assert_eq!(news(&world, &mail)?, 0);

    // What cannot be sent again stays where it is, and says why.
    by.portal.post("/staff/queues/schedules/redrive", &all).refused(409, "conflict")?;
    by.portal.post("/staff/queues/letterbox/redrive", &all).refused(404, "not-found")?;
    by.portal.get("/staff/queues/letterbox/dead-letters").refused(404, "not-found")?;
    by.portal
        .get("/staff/queues/mail/dead-letters?limit=51")
        .refused(422, "invalid")?
        .wrong_at("/limit", "out-of-range")?;
    by.portal
        .post("/staff/queues/mail/redrive", &json!({}))
        .refused(422, "invalid")?
        .wrong_at("/message", "missing")?;
    Ok(())
}

/// REQ: OPS-05
#[test]
fn nobody_but_operations_sees_that_there_are_queues_and_who_tried_is_on_record() -> Result<()> {
    let (_alone, world) = alone()?;
    for role in
        [StaffRole::Intake, StaffRole::Nurse, StaffRole::Physician, StaffRole::Support, StaffRole::ContractManager]
    {
        let other = Person::of_staff(&world, CONTRACT, role)?;
        other.portal.get("/staff/queues").refused(404, "not-found")?;
        other.portal.get("/staff/queues/fax/dead-letters").refused(404, "not-found")?;
        other.portal.post("/staff/queues/fax/redrive", &json!({ "all": true })).refused(404, "not-found")?;
        other.portal.post("/staff/events/replay", &json!({})).refused(404, "not-found")?;
        other.portal.put("/staff/queues/fax/pause", &json!({}), "").refused(404, "not-found")?;
        other.portal.delete("/staff/queues/fax/pause").refused(404, "not-found")?;
        let tried = world.shown_to(&other.username)?;
        let refused = tried.iter().filter(|one| !one.access.allowed).count();
        assert_eq!(refused, 6, "{role}: {tried:?}");
    }
    let by = operator(&world)?;
    by.portal.get("/staff/queues").expect(200)?;
    by.portal.get("/staff/queues/fax/dead-letters").expect(200)?;
    let looks: Vec<String> = world.shown_to(&by.username)?.into_iter().map(|one| one.access.operation).collect();
    assert_eq!(looks, ["list-dead-letters", "list-queues"]);
    Ok(())
}
