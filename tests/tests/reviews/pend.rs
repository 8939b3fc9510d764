//! A reviewer asks for information: the request waits, is told by letter and mail, and comes back with the answer or without.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    files, mailbox,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, listed, request, waiting};

const ITEM: &str = "Progress notes of the last three months";

fn asked(world: &World, days: i64) -> Result<Value> {
    let due = clinic::today(world, CONTRACT)?.checked_add(days.days())?;
    Ok(json!({ "items": [ITEM, "The plan of care"], "due": due.to_string() }))
}

fn pend<'a>(by: &'a Person, wizard: &Wizard<'_>, body: &Value) -> Call<'a> {
    by.portal.post(request(wizard, "pend"), body)
}

fn answer<'a>(by: &'a Person, key: &str) -> Call<'a> {
    let body = json!({ "note": "Three months of notes follow by fax.", "answers": true });
    by.portal.post(format!("/cases/{key}/requests/R01/information"), &body)
}

fn texts(case: &Answer) -> Result<Vec<String>> {
    Ok(case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str().map(ToOwned::to_owned)).collect())
}

fn claims(case: &Answer) -> Result<(String, String)> {
    Ok((case.text("/requests/0/status")?, case.text("/requests/0/claim/by")?))
}

#[test]
fn a_request_waits_for_what_is_asked_and_the_answer_brings_it_back_to_its_reviewer() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (ann, bob) = (staff(StaffRole::Nurse)?, staff(StaffRole::Nurse)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    let ask = asked(&world, 2)?;
    pend(&ann, &wizard, &ask).refused(409, "conflict")?;
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    pend(&bob, &wizard, &ask).refused(409, "conflict")?;
    staff(StaffRole::Support)?.portal.post(request(&wizard, "pend"), &ask).refused(403, "forbidden")?;
    pend(&ann, &wizard, &json!({ "items": [] })).refused(422, "invalid")?.wrong_at("/due", "missing")?;
    let late = pend(&ann, &wizard, &asked(&world, 60)?).refused(422, "invalid")?;
    let seen = |by: &Person| by.portal.get(format!("/staff/cases/{key}")).expect(200);
    let latest = seen(&ann)?.text("/requests/0/askBy")?;
    ensure!(late.wrong_at("/due", "too-late")?["latest"] == latest.as_str(), "{}", late.body);
    pend(&ann, &wizard, &asked(&world, -1)?).refused(422, "invalid")?.wrong_at("/due", "too-early")?;

    let before = wizard.look()?;
    let pended = pend(&ann, &wizard, &ask).expect(200)?;
    ensure!(pended.text("/status")? == "pended", "{}", pended.body);
    pend(&ann, &wizard, &ask).refused(409, "conflict")?;
    ensure!(listed(&ann, &key)?.is_none(), "it is on no worklist while it waits");

    // The provider sees what is needed and until when, and no reviewer's name; the contract's clock runs on.
    let case = wizard.look()?;
    ensure!(
        case.text("/status")? == "pended"
            && case.text("/requests/0/pends/0/due")? == ask["due"].as_str().unwrap_or_default()
    );
    ensure!(case.text("/requests/0/pends/0/items/0")? == ITEM && case.text("/requests/0/pends/0/state")? == "waiting");
    ensure!(
        case.at("/requests/0/may")? == &json!(["add", "answer", "withdraw"])
            && !case.body.to_string().contains(&ann.username)
    );
    ensure!(case.at("/requests/0/clock/due")? == before.at("/requests/0/clock/due")?);

    // Both letters tell it; the mail tells only that something is needed.
    let about = |letter: &Value| letter["about"] == "information";
    let case =
        wizard.until("both letters", |case| Ok(case.list("/letters")?.iter().filter(|one| about(one)).count() == 2))?;
    let provider = case.list("/letters")?.iter().find(|one| one["audience"] == "provider").context("the provider's")?;
    let id = provider["id"].as_str().unwrap_or_default();
    let url = dana.portal.get(format!("/cases/{key}/letters/{id}")).expect(200)?.text("/url")?;
    let words = files::words_of_pdf(&dana.portal.download(&url)?)?;
    ensure!(words.contains("Information needed") && words.contains("The plan of care"), "{words}");
    let mail = mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "needs information")?;
    let said = format!("{mail:?}");
    let member = [ITEM.to_owned(), clinic.member.last_name.to_string(), clinic.member_number().to_owned()];
    ensure!(member.iter().all(|secret| !said.contains(secret)), "{said}");

    // What is added without being the answer waits with the request; the answer brings it back to whoever asked.
    let more = json!({ "note": "We look for the notes." });
    dana.portal.post(format!("/cases/{key}/requests/R01/information"), &more).expect(201)?;
    ensure!(wizard.look()?.text("/status")? == "pended");
    ensure!(answer(&dana, &key).expect(201)?.text("/status")? == "nurse-review");
    let back = seen(&ann)?;
    ensure!(claims(&back)? == ("nurse-review".to_owned(), ann.username.clone()), "{}", back.body);
    ensure!(back.text("/requests/0/pends/0/state")? == "answered" && back.at("/requests/0/added/1/answers")? == true);
    let entry = listed(&ann, &key)?.context("it is on the worklist again")?;
    ensure!(entry["claimedBy"] == ann.username.as_str() && entry["newsSince"].is_string(), "{entry}");
    let told = texts(&back)?;
    for text in ["Information about R01 was requested.", "R01 went back to the nurse reviewers: the answer came."] {
        ensure!(told.iter().any(|one| one == text), "{told:?}");
    }
    // The sweep finds nothing to do, and the reviewer decides; what was asked stays with the request.
    world.sweep_unanswered_pends()?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    let decided = wizard.look()?;
    ensure!(decided.text("/status")? == "approved" && decided.text("/requests/0/pends/0/items/0")? == ITEM);
    Ok(())
}

#[test]
fn silence_brings_it_back_exactly_once() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    pend(&ann, &wizard, &asked(&world, 1)?).expect(200)?;
    world.sweep_unanswered_pends()?;
    ensure!(wizard.look()?.text("/status")? == "pended", "its time is not over");
    world.time_to_answer_is_over(&key)?;
    std::thread::scope(|scope| {
        let sweeps: Vec<_> = (0..3).map(|_| scope.spawn(|| world.sweep_unanswered_pends())).collect();
        sweeps.into_iter().try_for_each(|sweep| sweep.join().map_err(|_| anyhow::anyhow!("a thread died"))?.map(drop))
    })?;
    world.sweep_unanswered_pends()?;
    let case = ann.portal.get(format!("/staff/cases/{key}")).expect(200)?;
    ensure!(claims(&case)? == ("nurse-review".to_owned(), ann.username.clone()), "{}", case.body);
    ensure!(case.text("/requests/0/pends/0/state")? == "silent");
    let back = "R01 went back to the nurse reviewers: no answer came in time.";
    ensure!(texts(&case)?.iter().filter(|text| *text == back).count() == 1, "it is back once");
    ensure!(listed(&ann, &key)?.is_some());
    // What comes after that is added, and brings nothing back.
    ensure!(answer(&dana, &key).expect(201)?.text("/status")? == "nurse-review");
    ensure!(wizard.look()?.at("/requests/0/added/0/answers")? == false);
    Ok(())
}
