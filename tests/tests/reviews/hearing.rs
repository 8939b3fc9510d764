//! Appeals and State fair hearings: each within its window, recorded with who asked, when it was held and what came of it; a reversal is
//! carried out by a further request.

use anyhow::{Result, ensure};
use jiff::{ToSpan, civil::Date};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, denied, request, waiting};

const REASON: &str = "The child cannot walk the way to school.";
const ORDER: &str = "The wheelchair is to be provided.";

/// A wheelchair that a physician has denied.
fn decided<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<(Wizard<'a>, Person)> {
    let wizard = waiting(world, clinic, by)?;
    let physician = Person::of_staff(world, CONTRACT, StaffRole::Physician)?;
    decides(&physician, &wizard.key, "R01", &denied("A walker meets the need of the child at home."))?.expect(200)?;
    Ok((wizard, physician))
}

/// Claims a request once it waits with the nurses or physicians, and decides it.
fn decides<'a>(by: &'a Person, key: &str, number: &str, decision: &Value) -> Result<Call<'a>> {
    let path = format!("/staff/cases/{key}/requests/{number}");
    poll::until("the request to be claimed", PATIENCE, || {
        let claimed = by.portal.post(format!("{path}/claim"), &json!({})).send()?;
        Ok((claimed.status == 200).then_some(()))
    })?;
    Ok(by.portal.post(format!("{path}/determination"), decision))
}

fn ask<'a>(by: &'a Person, key: &str, number: &str, body: &Value) -> Call<'a> {
    by.portal.put(format!("/cases/{key}/requests/{number}/hearing"), body, "").without("If-Match")
}

fn record<'a>(by: &'a Person, key: &str, number: &str, body: &Value) -> Call<'a> {
    by.portal.put(format!("/staff/cases/{key}/requests/{number}/hearing"), body, "").without("If-Match")
}

fn seen(by: &Person, key: &str) -> Result<Answer> {
    by.portal.get(format!("{}/cases/{key}", by.door.prefix())).expect(200)
}

fn scheduled(on: Date) -> Value {
    json!({ "state": "scheduled", "scheduledDate": on.to_string(), "scheduledTime": "10:30" })
}

fn ended(as_: &str, on: Date) -> Value {
    json!({ "state": "ended", "endedAs": as_, "on": on.to_string(), "words": ORDER })
}

fn told(by: &Person, key: &str, count: usize) -> Result<()> {
    poll::until("the news of the hearing", PATIENCE, || {
        let listed = by.portal.get("/alerts?limit=50").expect(200)?;
        let news = |alert: &&Value| alert["case"] == key && alert["news"] == "hearing";
        Ok((listed.list("/alerts")?.iter().filter(news).count() == count).then_some(()))
    })
}

fn happened(case: &Answer, text: &str) -> Result<usize> {
    Ok(case.list("/timeline")?.iter().filter(|moment| moment["text"] == text).count())
}

/// REQ: ACT-11
#[test]
fn appeals_and_hearings_have_windows_and_outcomes_of_their_own() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, CONTRACT)?)?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let today = clinic::today(&world, CONTRACT)?;
    let windows = &world.contract(CONTRACT)?.windows;

    let (wizard, physician) = decided(&world, &clinic, &dana)?;
    let key = wizard.key.as_str();
    let ends = |days: u32| today.checked_add(i64::from(days).days());
    a_provider_asks_with_consent(
        key,
        (&dana, &stranger, &nurse),
        (ends(windows.hearing_days)?, ends(windows.appeal_days)?),
    )?;
    staff_record_what_becomes_of_it(&world, key, (&dana, &nurse), today)?;
    the_reversal_is_carried_out(key, &dana, &physician)?;

    let another = Clinic::new(&world, CONTRACT)?;
    let cam = Person::of_clinic(&world, &another)?;
    let (wizard, physician) = decided(&world, &another, &cam)?;
    let last = today.checked_add(i64::from(windows.hearing_after_appeal_days).days())?;
    an_appeal_is_heard_after_it_was_decided(&world, &wizard.key, (&cam, &nurse, &physician), (today, last))?;

    let late = Clinic::new(&world, CONTRACT)?;
    let lou = Person::of_clinic(&world, &late)?;
    let (wizard, _) = decided(&world, &late, &lou)?;
    both_windows_end(&world, &wizard.key, (&lou, &nurse), today)
}

/// What was sent in time is in time, whenever it is recorded.
fn both_windows_end(world: &World, key: &str, (lou, nurse): (&Person, &Person), today: Date) -> Result<()> {
    let windows = &world.contract(CONTRACT)?.windows;
    let days = windows.hearing_days.max(windows.appeal_days) + 1;
    world.decided_earlier(key, days)?;
    let case = seen(lou, key)?;
    ensure!(case.text("/requests/0/hearing/code")? == "window-over", "{}", case.body);
    let refused = ask(lou, key, "R01", &json!({ "consent": true, "reason": REASON })).refused(409, "conflict")?;
    ensure!(refused.text("/state")? == "window-over", "{}", refused.body);
    let appeal = json!({ "of": "R01", "kind": "appeal", "note": REASON });
    lou.portal.post(format!("/cases/{key}/requests"), &appeal).refused(409, "conflict")?;
    let asked =
        |on: Date| json!({ "state": "requested", "askedBy": "provider", "on": on.to_string(), "reason": REASON });
    record(nurse, key, "R01", &asked(today)).refused(409, "conflict")?;
    record(nurse, key, "R01", &asked(today.tomorrow()?)).refused(422, "invalid")?.wrong_at("/on", "in-the-future")?;
    record(nurse, key, "R01", &asked(today.yesterday()?.yesterday()?)).expect(200)?;
    let case = seen(lou, key)?;
    ensure!(happened(&case, "A State fair hearing about R01 was asked for.")? == 1, "{}", case.body);
    ensure!(!case.body.to_string().contains(&nurse.username), "who recorded it is the plan's to know");
    record(nurse, key, "R01", &scheduled(today)).expect(200)?;
    ensure!(record(nurse, key, "R01", &ended("upheld", today)).expect(200)?.body.get("carriedOutBy").is_none());
    let case = seen(lou, key)?;
    ensure!(case.text("/requests/0/hearings/0/outcome")? == "upheld" && case.list("/requests")?.len() == 1);
    ensure!(!case.body.to_string().contains(&nurse.username));
    Ok(())
}

fn a_provider_asks_with_consent(
    key: &str,
    (dana, stranger, nurse): (&Person, &Person, &Person),
    (last, appeal): (Date, Date),
) -> Result<()> {
    let case = seen(dana, key)?;
    ensure!(case.text("/requests/0/hearing/until")? == last.to_string(), "{}", case.body);
    let follows = case.list("/requests/0/follows")?;
    ensure!(
        follows.iter().any(|offer| offer["kind"] == "appeal" && offer["until"] == appeal.to_string()),
        "{follows:?}"
    );
    let body = json!({ "consent": true, "reason": REASON });
    ask(stranger, key, "R01", &body).refused(404, "not-found")?;
    ask(dana, key, "R09", &body).refused(404, "not-found")?;
    let refused = ask(dana, key, "R01", &json!({ "reason": "" })).refused(422, "invalid")?;
    refused.wrong_at("/consent", "not-agreed")?;
    let refused = ask(dana, key, "R01", &json!({ "consent": true, "reason": " " })).refused(422, "invalid")?;
    refused.wrong_at("/reason", "missing")?;
    record(nurse, key, "R01", &scheduled(last)).refused(409, "conflict")?;
    for _ in 0..2 {
        ask(dana, key, "R01", &body).expect(200)?;
    }
    ask(dana, key, "R01", &json!({ "consent": true, "reason": "Another reason." })).refused(409, "conflict")?;
    let case = seen(dana, key)?;
    let hearing = case.at("/requests/0/hearings/0")?;
    ensure!(hearing["askedBy"] == "provider" && hearing["reason"] == REASON && hearing["state"] == "requested");
    ensure!(case.text("/requests/0/hearing/code")? == "open" && case.text("/status")? == "denied");
    ensure!(happened(&case, "A State fair hearing about R01 was asked for.")? == 1, "{}", case.body);
    Ok(())
}

fn staff_record_what_becomes_of_it(
    world: &World,
    key: &str,
    (dana, nurse): (&Person, &Person),
    today: Date,
) -> Result<()> {
    let support = Person::of_staff(world, CONTRACT, StaffRole::Support)?;
    let (day, held) = (today.checked_add(14.days())?, ended("reversed", today));
    record(&support, key, "R01", &scheduled(day)).refused(403, "forbidden")?;
    record(nurse, key, "R01", &json!({})).refused(422, "invalid")?.wrong_at("/state", "missing")?;
    record(nurse, key, "R01", &held).refused(409, "conflict")?;
    let refused = record(nurse, key, "R01", &scheduled(today.yesterday()?)).refused(422, "invalid")?;
    refused.wrong_at("/scheduledDate", "too-early")?;
    let noon = json!({ "state": "scheduled", "scheduledDate": day.to_string(), "scheduledTime": "noon" });
    record(nurse, key, "R01", &noon).refused(422, "invalid")?.wrong_at("/scheduledTime", "not-a-time")?;
    for _ in 0..2 {
        record(nurse, key, "R01", &scheduled(day)).expect(200)?;
    }
    told(dana, key, 1)?;
    let case = seen(dana, key)?;
    ensure!(case.text("/requests/0/hearings/0/state")? == "scheduled", "{}", case.body);
    ensure!(case.text("/requests/0/hearings/0/time")?.starts_with(&day.to_string()), "half past ten in Denver");
    let refused = record(nurse, key, "R01", &ended("reversed", day)).refused(422, "invalid")?;
    refused.wrong_at("/on", "in-the-future")?;
    let none = json!({ "state": "ended", "endedAs": "lost", "on": today.to_string() });
    let refused = record(nurse, key, "R01", &none).refused(422, "invalid")?;
    refused.wrong_at("/endedAs", "not-a-choice")?;
    for _ in 0..2 {
        ensure!(record(nurse, key, "R01", &held).expect(200)?.text("/carriedOutBy")? == "R02");
    }
    record(nurse, key, "R01", &ended("upheld", today)).refused(409, "conflict")?;
    told(dana, key, 2)?;
    let case = seen(dana, key)?;
    let hearing = case.at("/requests/0/hearings/0")?;
    ensure!(hearing["outcome"] == "reversed" && hearing["words"] == ORDER && hearing["on"] == today.to_string());
    ensure!(hearing["carriedOutBy"] == "R02" && case.list("/requests")?.len() == 2, "once: {}", case.body);
    ensure!(!case.body.to_string().contains(&nurse.username), "sign-in names are staff's");
    for text in
        ["The State fair hearing about R01 was scheduled.", "The State fair hearing about R01 reversed the decision."]
    {
        ensure!(happened(&case, text)? == 1, "{text}: {}", case.body);
    }
    Ok(())
}

fn the_reversal_is_carried_out(key: &str, dana: &Person, physician: &Person) -> Result<()> {
    let case = seen(dana, key)?;
    ensure!(case.text("/requests/1/ordered")? == "reversed" && case.text("/requests/1/of/request")? == "R01");
    ensure!(case.text("/requests/1/clock/limit")? == "72 hours", "{}", case.body);
    // It is owed: the clinic cannot take it back.
    let may = case.list("/requests/1/may")?;
    ensure!(may.contains(&json!("add")) && !may.contains(&json!("withdraw")), "{may:?}");
    let reason = json!({ "reason": REASON });
    let taken_back = dana.portal.put(format!("/cases/{key}/requests/R02/withdrawal"), &reason, "").without("If-Match");
    let refused = taken_back.refused(409, "conflict")?;
    ensure!(refused.text("/state")? == "ordered", "{}", refused.body);
    // Whoever denied it carries it out, and cannot deny it again.
    let again = denied("A walker meets the need of the child at home.");
    decides(physician, key, "R02", &again)?.refused(409, "conflict")?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    let path = format!("/staff/cases/{key}/requests/R02/determination");
    physician.portal.post(path, &approved).expect(200)?;
    let case = seen(dana, key)?;
    ensure!(case.text("/status")? == "approved" && case.list("/authorizations")?.len() == 1, "{}", case.body);
    ensure!(case.text("/requests/0/status")? == "denied", "what was decided stays as it was");
    poll::until("the letters of the new decision", PATIENCE, || {
        let letters = seen(dana, key)?;
        let of_it = |letter: &&Value| letter["request"] == "R02";
        Ok((letters.list("/letters")?.iter().filter(of_it).count() == 2).then_some(()))
    })
}

fn an_appeal_is_heard_after_it_was_decided(
    world: &World,
    key: &str,
    (dana, nurse, first): (&Person, &Person, &Person),
    (today, last): (Date, Date),
) -> Result<()> {
    let appeal = json!({ "of": "R01", "kind": "appeal", "note": REASON });
    dana.portal.post(format!("/cases/{key}/requests"), &appeal).expect(201)?;
    ensure!(seen(dana, key)?.text("/requests/0/hearing/code")? == "looked-at-again");
    let asked = json!({ "consent": true, "reason": REASON });
    ask(dana, key, "R01", &asked).refused(409, "conflict")?;
    ask(dana, key, "R02", &asked).refused(409, "conflict")?;
    let other = Person::of_staff(world, CONTRACT, StaffRole::Physician)?;
    decides(&other, key, "R02", &denied("The appeal names nothing that was not considered."))?.expect(200)?;
    let case = seen(dana, key)?;
    ensure!(case.text("/requests/1/lookOutcome")? == "upheld", "{}", case.body);
    ensure!(case.text("/requests/1/hearing/until")? == last.to_string(), "120 days after the appeal");

    // The member's mother asks by mail; she takes it back.
    let by = |name: &str| {
        let on = today.to_string();
        json!({ "state": "requested", "askedBy": "representative", "name": name, "on": on, "reason": REASON })
    };
    record(nurse, key, "R02", &by("")).refused(422, "invalid")?.wrong_at("/name", "missing")?;
    for _ in 0..2 {
        record(nurse, key, "R02", &by("Maria Quill")).expect(200)?;
    }
    record(first, key, "R02", &ended("withdrawn", today)).expect(200)?;
    let case = seen(dana, key)?;
    let hearing = case.at("/requests/1/hearings/0")?;
    ensure!(hearing["askedBy"] == "representative" && hearing["name"] == "Maria Quill", "{hearing}");
    ensure!(hearing["outcome"] == "withdrawn" && case.list("/requests")?.len() == 2, "{}", case.body);
    ensure!(happened(&case, "The request for a State fair hearing about R02 was withdrawn.")? == 1);
    ensure!(case.text("/requests/1/hearing/until")? == last.to_string(), "it may be asked for again");
    Ok(())
}

#[test]
fn a_contract_without_hearings_says_so() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "commercial")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let refused =
        ask(&dana, &wizard.key, "R01", &json!({ "consent": true, "reason": REASON })).refused(409, "conflict")?;
    ensure!(refused.text("/state")? == "not-offered", "{}", refused.body);
    ensure!(seen(&dana, &wizard.key)?.body.pointer("/requests/0/hearing").is_none());
    let path = request(&wizard, "hearing");
    let nurse = Person::of_staff(&world, "commercial", StaffRole::Nurse)?;
    nurse.portal.put(path, &json!({}), "").without("If-Match").refused(404, "not-found")?;
    Ok(())
}
