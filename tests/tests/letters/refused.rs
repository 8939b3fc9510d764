//! A letter that the mail carrier does not take to its address waits in the list of its contract, until somebody has mended the address and had it
//! written again, as another letter.

use anyhow::{Context, Result, ensure};
use portico_domain::{
    caller::StaffRole,
    events::{About, EventKind},
    feeds::Kind,
    person::Member,
};
use portico_testkit::{
    carriers::{self, Script},
    clinic::Clinic,
    feeds::member_row,
    people::Person,
    poll::{self, PATIENCE},
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{
    CONTRACT,
    repair::{audience, listed},
};

/// Brings a member to another street.
fn moves(world: &World, member: &Member, street: &str) -> Result<()> {
    let mut moved = member.clone();
    moved.address.line1 = street.parse()?;
    let dropped = world.stack.drop_rows(Kind::Members, CONTRACT, &[member_row(&moved)])?;
    let (import, report) = world.stack.imported(&dropped)?;
    ensure!(import.counts.changed == 1, "{report}");
    Ok(())
}

fn delivery<'a>(case: &'a Answer, letter: &str) -> Result<Option<&'a Value>> {
    Ok(case.list("/deliveries")?.iter().find(|delivery| delivery["letter"] == letter))
}

/// Whether somebody is told once.
fn told(by: &Person, path: &str, key: &str) -> Result<Option<()>> {
    let listed = by.portal.get(format!("{path}?limit=50")).expect(200)?;
    let news = |alert: &&Value| alert["case"] == key && alert["news"] == "mail-refused";
    Ok((listed.list("/alerts")?.iter().filter(news).count() == 1).then_some(()))
}

#[test]
fn a_letter_that_the_mail_refuses_is_written_again_to_another_address() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let of = |role| Person::of_staff(&world, CONTRACT, role);
    let (nurse, physician) = (of(StaffRole::Nurse)?, of(StaffRole::Physician)?);
    let member = clinic.member.id.to_string();
    let street = format!("{} Nowhere Street", member.chars().rev().take(8).collect::<String>());
    moves(&world, &clinic.member, &street)?;
    carriers::script(&world.stack, &street, &Script { errors: vec![422], ..Script::default() })?;

    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let key = wizard.key.clone();
    let request = |what: &str| format!("/staff/cases/{key}/requests/R01/{what}");
    physician.portal.post(request("claim"), &json!({})).expect(200)?;
    let denial = json!({
        "decision": "determine",
        "lines": [{ "outcome": "denied", "reason": "The goals of the plan are met." }],
        "criteria": [{ "title": "Mobility", "citation": "8.590.5", "text": "A walking aid is tried first." }],
    });
    physician.portal.post(request("determination"), &denial).expect(200)?;

    // The case says so, and both sides are told.
    let case = wizard.until("the refusal", |case| {
        Ok(case.list("/deliveries")?.iter().any(|delivery| delivery["status"] == "refused"))
    })?;
    let first = audience(&case, "member")?.first().context("the letter")?["id"].as_str().context("an id")?.to_owned();
    let refused = delivery(&case, &first)?.context("its delivery")?;
    ensure!(refused["mail"]["refused"] == 422 && refused["mail"]["carrierId"].is_null(), "{refused}");
    poll::until("the news of the provider", PATIENCE, || told(&dana, "/alerts", &key))?;
    poll::until("the news of who decided", PATIENCE, || told(&physician, "/staff/alerts", &key))?;
    let timeline = case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str()).collect::<Vec<_>>();
    let text = "The mail carrier did not take the letter to the member about R01: it has to be repaired.";
    ensure!(timeline.contains(&text), "{timeline:?}");
    let held = poll::until("the letter in the list", PATIENCE, || listed(&nurse, &key))?;
    ensure!(held["refused"] == 422 && held["audience"] == "member" && held["about"] == "determination", "{held}");
    ensure!(held["missing"].as_array().is_some_and(Vec::is_empty) && held["id"] != first.as_str(), "{held}");

    // The plan's file brings an address; however often it is asked for, one letter is written, and goes there.
    let new = format!("9{street}");
    moves(&world, &Member { first_name: "Zoë".parse()?, ..clinic.member.clone() }, &new)?;
    let id = held["id"].as_str().context("an id")?.to_owned();
    let place = format!("/staff/held-letters/{key}/{id}");
    nurse.portal.post(&place, &json!({})).expect(202)?;
    let second = physician.portal.post(&place, &json!({})).send()?;
    ensure!([202, 409, 412].contains(&second.status), "{}", second.body);
    let mailed = |case: &Answer| Ok(delivery(case, &id)?.is_some_and(|delivery| delivery["status"] == "mailed"));
    let case = wizard.until("the second letter mailed", mailed)?;
    poll::until("it to leave the list", PATIENCE, || Ok(listed(&nurse, &key)?.is_none().then_some(())))?;
    ensure!(audience(&case, "member")?.len() == 2 && audience(&case, "provider")?.len() == 1, "{}", case.body);
    ensure!(delivery(&case, &first)?.context("its delivery")?["status"] == "refused", "the first stays as it was");
    nurse.portal.post(&place, &json!({})).refused(409, "conflict")?;
    let sent = carriers::sent(&world.stack)?.letters;
    let to = |letter: &str| sent.iter().filter(|sent| sent.reference == letter).map(|sent| &sent.to.lines[0]).collect();
    let (second, none): (Vec<_>, Vec<_>) = (to(&id), to(&first));
    ensure!(second == [&new] && none.is_empty(), "{second:?} {none:?}");
    let events = world.events(&About::Case(key.parse()?))?;
    let count = |of: fn(&EventKind) -> bool| events.iter().filter(|event| of(&event.kind)).count();
    ensure!(count(|kind| matches!(kind, EventKind::MailRefused { .. })) == 1);
    Ok(())
}
