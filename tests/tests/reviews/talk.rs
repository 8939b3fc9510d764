//! Peer-to-peer: asked for with three times after an adverse decision, scheduled, held or missed, and what came of it.

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, denied, request, waiting};

/// A wheelchair that a physician has denied.
fn decided<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<(Wizard<'a>, Person)> {
    let wizard = waiting(world, clinic, by)?;
    let physician = Person::of_staff(world, CONTRACT, StaffRole::Physician)?;
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let decision = denied("A walker meets the need of the child at home.");
    physician.portal.post(request(&wizard, "determination"), &decision).expect(200)?;
    Ok((wizard, physician))
}

/// Three mornings to come, and the instants that they are in the contract's zone.
fn asked(world: &World) -> Result<(Value, Vec<Timestamp>)> {
    let (today, zone) = (clinic::today(world, CONTRACT)?, TimeZone::get("America/Denver")?);
    let (mut times, mut instants) = (Vec::new(), Vec::new());
    for days in 2_i64..5 {
        let day = today.checked_add(days.days())?;
        times.push(json!({ "date": day.to_string(), "time": "10:30" }));
        instants.push(zone.to_ambiguous_timestamp(day.at(10, 30, 0, 0)).compatible()?);
    }
    Ok((json!({ "provider": "Dr. Ona Reyes, MD", "phone": "303-555-0144", "times": times }), instants))
}

fn ask<'a>(by: &'a Person, wizard: &Wizard<'_>, body: &Value) -> Call<'a> {
    let path = format!("/cases/{}/requests/R01/peer-to-peer", wizard.key);
    by.portal.put(path, body, "").without("If-Match")
}

fn note<'a>(by: &'a Person, wizard: &Wizard<'_>, body: &Value) -> Call<'a> {
    by.portal.put(request(wizard, "peer-to-peer"), body, "").without("If-Match")
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

/// The request as the physicians' worklist has it.
fn listed(by: &Person, key: &str) -> Result<Option<Value>> {
    let mut cursor = String::new();
    loop {
        let path = format!("/staff/worklists/physician?contract={CONTRACT}&limit=50{cursor}");
        let page = by.portal.get(path).expect(200)?;
        if let Some(found) = page.list("/items")?.iter().find(|item| item["key"] == key) {
            return Ok(Some(found.clone()));
        }
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(None) };
        cursor = format!("&cursor={next}");
    }
}

/// REQ: ACT-04
#[test]
fn a_provider_offers_three_times_and_is_told_which_is_kept_and_what_came_of_it() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Clinic::new(&world, CONTRACT)?);
    let stranger = Person::of_clinic(&world, &stranger)?;
    let (mut wizard, physician) = decided(&world, &clinic, &dana)?;
    let (body, times) = asked(&world)?;
    let case = wizard.look()?;
    ensure!(case.list("/requests/0/may")?.contains(&json!("peer-to-peer")), "{}", case.body);
    ensure!(case.at("/requests/0/talkUntil")?.is_string());
    note(&physician, &wizard, &json!({ "state": "missed" })).refused(409, "conflict")?;

    // The name, the phone, and three separate times that are still to come.
    ask(&stranger, &wizard, &body).refused(404, "not-found")?;
    let mut wrong = body.clone();
    wrong["phone"] = json!("12");
    wrong["times"][0]["date"] = json!("soon");
    wrong["times"][2]["time"] = json!("noon");
    let refused = ask(&dana, &wizard, &wrong).refused(422, "invalid")?;
    refused.error_at("/phone")?;
    refused.wrong_at("/times/0/date", "not-a-date")?;
    refused.wrong_at("/times/2/time", "not-a-time")?;
    wrong = body.clone();
    wrong["times"][1] = wrong["times"][0].clone();
    wrong["times"][2]["date"] = json!("2020-01-07");
    let refused = ask(&dana, &wizard, &wrong).refused(422, "invalid")?;
    refused.wrong_at("/times/1/time", "repeated")?;
    refused.wrong_at("/times/2/date", "too-early")?;
    wrong["times"] = json!([]);
    ask(&dana, &wizard, &wrong).refused(422, "invalid")?.wrong_at("/times", "missing")?;
    ask(&dana, &wizard, &body).expect(200)?;
    ask(&dana, &wizard, &body).expect(200)?;
    let mut other = body.clone();
    other["provider"] = json!("Dr. Lee");
    ask(&dana, &wizard, &other).refused(409, "conflict")?;

    // Staff see it at the request, and physicians in their list, at the first time that is offered.
    let case = seen(&physician, &wizard)?;
    let talk = "/requests/0/talks/0";
    ensure!(
        case.text(&format!("{talk}/provider"))? == "Dr. Ona Reyes, MD" && case.list("/requests/0/talks")?.len() == 1
    );
    ensure!(case.at(&format!("{talk}/times"))? == &json!(times), "{}", case.body);
    ensure!(case.at("/requests/0/may")? == &json!(["peer-to-peer"]));
    let entry = listed(&physician, &wizard.key)?.unwrap_or_default();
    ensure!(entry["peerToPeer"] == true && entry["due"] == json!(times[0]) && entry["overdue"] == false, "{entry}");

    // One of the times is kept, and the case tells the provider.
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let support = Person::of_staff(&world, CONTRACT, StaffRole::Support)?;
    note(&support, &wizard, &json!({ "state": "missed" })).refused(403, "forbidden")?;
    let never = times[0].checked_add(SignedDuration::from_mins(1))?;
    let schedule = |time: Timestamp| json!({ "state": "scheduled", "time": time.to_string() });
    note(&nurse, &wizard, &schedule(never)).refused(422, "invalid")?.wrong_at("/time", "not-offered")?;
    note(&nurse, &wizard, &json!({ "state": "held", "outcome": "Agreed." })).refused(409, "conflict")?;
    for _ in 0..2 {
        note(&nurse, &wizard, &schedule(times[1])).expect(200)?;
    }
    let told = wizard.look()?;
    ensure!(
        told.text(&format!("{talk}/state"))? == "scheduled" && told.at(&format!("{talk}/time"))? == &json!(times[1])
    );
    ensure!(!told.body.to_string().contains(&nurse.username), "sign-in names are staff's");

    // Missed: the provider offers other times while the window is open.
    note(&nurse, &wizard, &json!({ "state": "missed" })).expect(200)?;
    ensure!(wizard.look()?.text(&format!("{talk}/state"))? == "missed" && listed(&physician, &wizard.key)?.is_none());
    ask(&dana, &wizard, &other).expect(200)?;
    note(&physician, &wizard, &schedule(times[2])).expect(200)?;
    let outcome = "The notes of the home visit are sent with a new request.";
    let held = json!({ "state": "held", "outcome": outcome });
    note(&physician, &wizard, &held).refused(409, "conflict")?;
    ensure!(wizard.look()?.text("/requests/0/talks/1/state")? == "scheduled", "it is still to come");
    world.time_to_talk_has_come(&wizard.key)?;
    note(&physician, &wizard, &json!({ "state": "held" })).refused(422, "invalid")?.wrong_at("/outcome", "missing")?;
    for _ in 0..2 {
        note(&physician, &wizard, &held).expect(200)?;
    }
    note(&physician, &wizard, &json!({ "state": "missed" })).refused(409, "conflict")?;

    // The decision stands, and what happened is in the timeline of both.
    let case = wizard.look()?;
    ensure!(case.text("/status")? == "denied" && case.text("/requests/0/talks/1/outcome")? == outcome, "{}", case.body);
    ensure!(!case.list("/requests/0/may")?.contains(&json!("peer-to-peer")));
    ensure!(listed(&physician, &wizard.key)?.is_none());
    for case in [case, seen(&nurse, &wizard)?] {
        let texts: Vec<&str> = case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str()).collect();
        for (text, count) in [
            ("A peer-to-peer conversation about R01 was asked for.", 2),
            ("A time was chosen for the peer-to-peer conversation about R01.", 2),
            ("The peer-to-peer conversation about R01 was missed.", 1),
            ("The peer-to-peer conversation about R01 was held.", 1),
        ] {
            ensure!(texts.iter().filter(|one| **one == text).count() == count, "{text}: {texts:?}");
        }
    }
    Ok(())
}

#[test]
fn nothing_is_asked_of_what_is_not_decided_or_approved() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let (body, _) = asked(&world)?;
    ask(&dana, &wizard, &body).refused(409, "conflict")?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    nurse.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    ask(&dana, &wizard, &body).refused(409, "conflict")?;
    ensure!(!wizard.look()?.list("/requests/0/may")?.contains(&json!("peer-to-peer")));
    Ok(())
}
