//! Messages between a clinic and the review team, and what everybody is told of: in the portal, and by mail as they chose.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::{caller::StaffRole, events::EventKind};
use portico_testkit::{
    clinic::{self, Clinic},
    mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use portico_tests::office::Office;
use serde_json::{Value, json};

use super::{CONTRACT, listed, request, waiting};

fn messages(by: &Person, key: &str) -> String {
    format!("{}/cases/{key}/messages", by.door.prefix())
}

fn send<'a>(by: &'a Person, key: &str, text: &str) -> Call<'a> {
    by.portal.post(messages(by, key), &json!({ "text": text }))
}

fn read(by: &Person, key: &str) -> Result<Answer> {
    by.portal.get(messages(by, key)).expect(200)
}

/// Reads all messages of a case, and says so.
fn has_read(by: &Person, key: &str) -> Result<()> {
    let last = read(by, key)?.list("/messages")?.last().context("there is no message")?["id"].clone();
    by.portal.put(messages(by, key) + "/read", &json!({ "upTo": last }), "").without("If-Match").expect(204)?;
    Ok(())
}

fn unread(by: &Person, key: &str) -> Result<u64> {
    read(by, key)?.at("/unread")?.as_u64().context("unread is a number")
}

fn case(by: &Person, key: &str) -> Result<Answer> {
    by.portal.get(format!("{}/cases/{key}", by.door.prefix())).expect(200)
}

fn alerts(by: &Person, query: &str) -> Result<Answer> {
    by.portal.get(format!("{}/alerts{query}", by.door.prefix())).expect(200)
}

/// The news that somebody has of a case, newest first.
fn news(by: &Person, key: &str) -> Result<Vec<String>> {
    let listed = alerts(by, "?limit=50")?;
    let of_case = listed.list("/alerts")?.iter().filter(|alert| alert["case"] == key);
    Ok(of_case.filter_map(|alert| alert["news"].as_str().map(ToOwned::to_owned)).collect())
}

/// Waits until somebody has so many of this news of a case.
fn told(by: &Person, key: &str, what: &str, count: usize) -> Result<()> {
    poll::until(&format!("{count} of {what}"), PATIENCE, || {
        Ok((news(by, key)?.iter().filter(|one| *one == what).count() == count).then_some(()))
    })
}

/// How many mails of news somebody was to have.
fn mails(world: &World, of: &Person) -> Result<usize> {
    let events = world.user_events(&of.username)?;
    Ok(events.iter().filter(|kind| matches!(kind, EventKind::NewsDue { .. })).count())
}

fn chooses(by: &Person, mail: &str) -> Result<()> {
    let path = format!("{}/me", by.door.prefix());
    let version = by.portal.get(&path).expect(200)?.header("etag").to_owned();
    let saved = by.portal.patch(&path, &json!({ "newsMail": mail }), &version).expect(200)?;
    ensure!(saved.text("/newsMail")? == mail && by.portal.get(&path).expect(200)?.text("/newsMail")? == mail);
    Ok(())
}

fn quietly(mail: &mailbox::Mail, clinic: &Clinic, number: &str, wrote: &[&str]) -> Result<()> {
    let said = format!("{mail:?}");
    ensure!(mail.body_text.contains(&format!("There is news on case {number}.")), "{said}");
    let (last, of_plan) = (clinic.member.last_name.to_string(), clinic.member_number().to_owned());
    for secret in [last.as_str(), of_plan.as_str()].iter().chain(wrote) {
        ensure!(!said.contains(secret), "{said}");
    }
    Ok(())
}

/// REQ: ACT-09
#[test]
fn both_sides_write_and_everybody_is_told_what_is_theirs() -> Result<()> {
    let world = World::open()?;
    let office = Office::open(&world, CONTRACT)?;
    let dana = &office.admin;
    let sam = office.hire("sam", &office.provider(), "staff")?;
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, CONTRACT)?)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob, support) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?, staff(StaffRole::Support)?);
    let mut wizard = waiting(&world, &office.clinic, dana)?;
    let key = wizard.key.clone();
    let number = wizard.look()?.text("/caseId")?;

    the_review_team_is_written_to(&key, (dana, &sam, &stranger), (&ann, &bob, &support), &wizard)?;
    let mail = mailbox::wait_for(&world.stack, &mail_of(&ann)?, "News on a case")?;
    quietly(&mail, &office.clinic, &number, &[FIRST, SECOND])?;
    ensure!(mail.body_text.contains("/staff/cases/"), "{mail:?}");
    ensure!(mails(&world, &bob)? == 0 && news(&bob, &key)?.is_empty(), "who does not have it is not told");

    the_provider_is_answered(&world, &key, (dana, &sam, &stranger), &ann)?;
    let mail = mailbox::wait_for(&world.stack, office.clinic.contact.email.as_str(), "There is news on case")?;
    quietly(&mail, &office.clinic, &number, &[ANSWER])?;
    let mail = mailbox::wait_for(&world.stack, &mail_of(&sam)?, "There is news on case")?;
    quietly(&mail, &office.clinic, &number, &[ANSWER])?;

    chooses(dana, "none")?;
    deadlines_are_told_once(&world, &key, (dana, &sam), (&ann, &bob), &wizard)?;
    a_decision_and_its_letter_are_told(&key, (dana, &sam), &ann, &wizard)?;
    ensure!(mails(&world, dana)? == 1, "the answer's alone: then none was wanted");
    what_is_told_is_read_page_by_page(dana, &sam)?;
    after_the_decision_people_still_write(&key, dana, (&ann, &bob))?;
    ensure!(news(&stranger, &key)?.is_empty() && alerts(&stranger, "")?.at("/unread")? == 0);
    Ok(())
}

const FIRST: &str = "The wheelchair is needed before the operation.";
const SECOND: &str = "The date of the operation has moved.";
const ANSWER: &str = "Please send the date\nas soon as it is known.";

fn mail_of(person: &Person) -> Result<String> {
    person.portal.get(format!("{}/me", person.door.prefix())).expect(200)?.text("/contact/email")
}

fn the_review_team_is_written_to(
    key: &str,
    (dana, sam, stranger): (&Person, &Person, &Person),
    (ann, bob, support): (&Person, &Person, &Person),
    wizard: &Wizard<'_>,
) -> Result<()> {
    send(stranger, key, FIRST).refused(404, "not-found")?;
    stranger.portal.get(messages(stranger, key)).refused(404, "not-found")?;
    let up_to = json!({ "upTo": "evt_00000000000000000000000000000005" });
    stranger.portal.put(messages(stranger, key) + "/read", &up_to, "").refused(404, "not-found")?;
    send(support, key, FIRST).refused(403, "forbidden")?;
    send(dana, key, " ").refused(422, "invalid")?.wrong_at("/text", "missing")?;
    send(dana, key, &"n".repeat(4001)).refused(422, "invalid")?.wrong_at("/text", "too-long")?;
    send(dana, key, "\u{1F600}").refused(422, "invalid")?.wrong_at("/text", "unprintable")?;
    dana.portal
        .put(messages(dana, key) + "/read", &up_to, "")
        .refused(422, "invalid")?
        .wrong_at("/upTo", "not-found")?;

    // The same sent once more is sent once.
    for _ in 0..2 {
        send(dana, key, FIRST).idempotency_key("the-first-message").expect(201)?;
    }
    ensure!(read(dana, key)?.list("/messages")?.len() == 1 && unread(dana, key)? == 0, "one's own is read");
    ensure!(unread(sam, key)? == 1, "a colleague has not read it");
    // Nobody has the case: the whole team sees that there is something to read.
    for by in [ann, bob] {
        let entry = listed(by, key)?.context("it is on the worklist")?;
        ensure!(entry["messagesSince"].is_string(), "{entry}");
        let seen = read(by, key)?;
        ensure!(case(by, key)?.at("/messagesSince")?.is_string() && unread(by, key)? == 1);
        ensure!(seen.text("/messages/0/text")? == FIRST && seen.text("/messages/0/by")? == dana.username);
        ensure!(seen.text("/messages/0/from")? == "provider" && seen.at("/maySend")? == true);
    }
    ensure!(read(support, key)?.at("/maySend")? == false);
    // Whoever has it is told.
    ann.portal.post(request(wizard, "claim"), &json!({})).expect(200)?;
    send(sam, key, SECOND).expect(201)?;
    told(ann, key, "message", 1)?;
    has_read(support, key)?;
    ensure!(case(ann, key)?.at("/messagesSince")?.is_string(), "support is not the review team");
    has_read(ann, key)?;
    ensure!(unread(ann, key)? == 0 && unread(bob, key)? == 2, "each person reads for themselves");
    ensure!(case(bob, key)?.body.get("messagesSince").is_none(), "the team has read it");
    ensure!(listed(bob, key)?.context("on the worklist")?["messagesSince"].is_null());
    Ok(())
}

fn the_provider_is_answered(
    world: &World,
    key: &str,
    (dana, sam, stranger): (&Person, &Person, &Person),
    ann: &Person,
) -> Result<()> {
    chooses(sam, "all")?;
    dana.portal
        .patch("/me", &json!({ "newsMail": "weekly" }), dana.portal.get("/me").expect(200)?.header("etag"))
        .refused(422, "invalid")?
        .wrong_at("/newsMail", "not-a-choice")?;
    let (before, of_sam) = (mails(world, dana)?, mails(world, sam)?);
    ensure!((before, of_sam) == (0, 0), "nobody is mailed what they or a colleague wrote");
    send(ann, key, ANSWER).expect(201)?;
    for by in [dana, sam] {
        told(by, key, "message", 1)?;
        let seen = read(by, key)?;
        let last = seen.list("/messages")?.last().context("the answer")?.clone();
        ensure!(last["text"] == ANSWER && last["from"] == "staff" && last["unread"] == true, "{last}");
        ensure!(!seen.body.to_string().contains(&ann.username), "sign-in names are staff's");
    }
    has_read(dana, key)?;
    ensure!(unread(dana, key)? == 0 && unread(sam, key)? > 0, "each person reads for themselves");
    ensure!(mails(world, dana)? == 1 && mails(world, sam)? == 1 && mails(world, stranger)? == 0);
    Ok(())
}

fn deadlines_are_told_once(
    world: &World,
    key: &str,
    (dana, sam): (&Person, &Person),
    (ann, bob): (&Person, &Person),
    wizard: &Wizard<'_>,
) -> Result<()> {
    let due = clinic::today(world, CONTRACT)?.checked_add(2.days())?;
    let ask = json!({ "items": ["The plan of care"], "due": due.to_string() });
    ann.portal.post(request(wizard, "pend"), &ask).expect(200)?;
    for by in [dana, sam] {
        told(by, key, "information-requested", 1)?;
    }
    world.time_to_answer_is_near(key)?;
    sweeps(world)?;
    for by in [dana, sam] {
        told(by, key, "deadline-near", 1)?;
        let listed = alerts(by, "?limit=50")?;
        let near = listed.list("/alerts")?.iter().find(|alert| alert["news"] == "deadline-near");
        ensure!(
            near.is_some_and(|alert| alert["due"] == due.to_string() && alert["request"] == "R01"),
            "{}",
            listed.body
        );
    }
    let answer = json!({ "note": "It is on its way.", "answers": true });
    dana.portal.post(format!("/cases/{key}/requests/R01/information"), &answer).expect(201)?;
    told(sam, key, "returned", 1)?;
    world.deadline_is_near(key)?;
    sweeps(world)?;
    told(ann, key, "deadline-near", 1)?;
    sweeps(world)?;
    ensure!(news(ann, key)?.iter().filter(|one| *one == "deadline-near").count() == 1, "once");
    ensure!(news(dana, key)?.iter().filter(|one| *one == "deadline-near").count() == 1, "the reviewer's is not theirs");
    ensure!(news(bob, key)?.is_empty(), "who does not have it is not told");
    Ok(())
}

/// Several at once, as a schedule that comes while one still runs.
fn sweeps(world: &World) -> Result<()> {
    std::thread::scope(|scope| {
        let sweeps: Vec<_> = (0..2).map(|_| scope.spawn(|| world.sweep_unanswered_pends())).collect();
        sweeps.into_iter().try_for_each(|sweep| sweep.join().map_err(|_| anyhow::anyhow!("a thread died"))?.map(drop))
    })
}

fn a_decision_and_its_letter_are_told(
    key: &str,
    (dana, sam): (&Person, &Person),
    ann: &Person,
    wizard: &Wizard<'_>,
) -> Result<()> {
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(wizard, "determination"), &approved).expect(200)?;
    for by in [dana, sam] {
        told(by, key, "determined", 1)?;
        // One of the request for information, one of the decision.
        told(by, key, "letter-ready", 2)?;
    }
    Ok(())
}

fn what_is_told_is_read_page_by_page(dana: &Person, sam: &Person) -> Result<()> {
    let whole = alerts(dana, "?limit=50")?;
    let all: Vec<Value> = whole.list("/alerts")?.to_vec();
    ensure!(whole.at("/unread")?.as_u64() == u64::try_from(all.len()).ok() && whole.body.get("next").is_none());
    ensure!(all.windows(2).all(|pair| pair[0]["id"].as_str() > pair[1]["id"].as_str()), "newest first");
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = alerts(dana, &format!("?limit=2{cursor}"))?;
        paged.extend(page.list("/alerts")?.to_vec());
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { break };
        cursor = format!("&cursor={next}");
    }
    ensure!(paged == all, "page by page as at once");
    dana.portal.get("/alerts?cursor=x").refused(422, "invalid")?.wrong_at("/cursor", "not-a-cursor")?;

    let mark = |by: &Person, what: Value| by.portal.put("/alerts/read", &what, "").without("If-Match").send();
    let first = &all[0]["id"];
    for _ in 0..2 {
        ensure!(mark(dana, json!({ "alert": first }))?.status == 204);
    }
    let now = alerts(dana, "?limit=50")?;
    ensure!(now.at("/alerts/0/read")? == true && now.at("/alerts/1/read")? == false);
    ensure!(now.at("/unread")?.as_u64() == u64::try_from(all.len() - 1).ok(), "{}", now.body);
    ensure!(alerts(sam, "?limit=1")?.at("/alerts/0/read")? == false, "what one has read another has not");
    ensure!(mark(dana, json!({ "alert": "evt_00000000000000000000000000000005" }))?.status == 404);
    ensure!(mark(dana, json!({ "upTo": first }))?.status == 204);
    let now = alerts(dana, "?limit=50")?;
    ensure!(now.at("/unread")? == 0 && now.list("/alerts")?.iter().all(|alert| alert["read"] == true));
    ensure!(alerts(sam, "")?.at("/unread")?.as_u64() > Some(0));
    Ok(())
}

fn after_the_decision_people_still_write(key: &str, dana: &Person, (ann, bob): (&Person, &Person)) -> Result<()> {
    ensure!(listed(bob, key)?.is_none(), "it is decided");
    send(dana, key, "When can the wheelchair be collected?").expect(201)?;
    let entry = listed(bob, key)?.context("the nurses' worklist has it")?;
    ensure!(entry["messagesSince"].is_string() && entry["overdue"] == false && entry["claimedBy"].is_null(), "{entry}");
    ensure!(send(ann, key, "From Monday.").expect(201)?.text("/id")?.starts_with("evt_"));
    ensure!(listed(bob, key)?.is_some(), "an answer may cross what was written since");
    has_read(ann, key)?;
    ensure!(listed(bob, key)?.is_none(), "who has read it says so");
    told(dana, key, "message", 2)
}

#[test]
fn a_cancelled_draft_alone_takes_no_message() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    send(&dana, &wizard.key, "A first word.").expect(201)?;
    let version = case(&dana, &wizard.key)?.header("etag").to_owned();
    dana.portal.put(format!("/cases/{}/cancellation", wizard.key), &json!({}), &version).expect(200)?;
    let refused = send(&dana, &wizard.key, "A last word.").refused(409, "conflict")?;
    ensure!(refused.text("/detail")?.contains("cancelled") && refused.text("/state")? == "cancelled");
    ensure!(
        read(&dana, &wizard.key)?.at("/maySend")? == false && read(&dana, &wizard.key)?.list("/messages")?.len() == 1
    );
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    send(&ann, &wizard.key, "Hello.").refused(404, "not-found")?;
    Ok(())
}
