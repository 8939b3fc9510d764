//! A determination that was wrong is corrected by a new one in its place (REV-04), with letters that replace those before.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::{caller::StaffRole, feeds::Kind};
use portico_testkit::{
    clinic::{self, Clinic},
    files,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, denied, request, waiting};

const REASON: &str = "The records show that a walking aid was not tried first.";
const WHY: &str = "The trial of the walking aid stood on page 3 of the notes.";

fn approved() -> Value {
    json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] })
}

/// A decision as the correction of another one.
fn correction(decision: &Value, of: u32) -> Value {
    let mut body = decision.clone();
    body["decision"] = json!("correct");
    body["corrects"] = json!(of);
    body["note"] = json!(WHY);
    body
}

fn correct<'a>(by: &'a Person, wizard: &Wizard<'_>, decision: &Value, of: u32) -> Call<'a> {
    by.portal.post(request(wizard, "determination"), &correction(decision, of))
}

fn decide(by: &Person, wizard: &Wizard<'_>, decision: &Value) -> Result<Answer> {
    by.portal.post(request(wizard, "claim"), &json!({})).expect(200)?;
    by.portal.post(request(wizard, "determination"), decision).expect(200)
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

/// The words of the last two letters of so many, the provider's first.
fn letters(wizard: &mut Wizard<'_>, by: &Person, many: usize) -> Result<[String; 2]> {
    let case = wizard.until("the letters", |case| Ok(case.list("/letters")?.len() == many))?;
    let words = |audience: &str| -> Result<String> {
        let mut all: Vec<&Value> = case.list("/letters")?.iter().filter(|one| one["audience"] == audience).collect();
        all.sort_by_key(|one| one["at"].as_str().unwrap_or_default().to_owned());
        let id = all.last().and_then(|one| one["id"].as_str()).context("a letter")?;
        let url = by.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
        files::words_of_pdf(&by.portal.download(&url)?)
    };
    Ok([words("provider")?, words("member")?])
}

#[test]
fn a_correction_takes_the_place_of_a_decision_and_everybody_is_told_anew() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (nurse, physician, other) =
        (staff(StaffRole::Nurse)?, staff(StaffRole::Physician)?, staff(StaffRole::Physician)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    correct(&physician, &wizard, &approved(), 1).refused(409, "conflict")?;
    decide(&physician, &wizard, &denied(REASON))?;
    let [before, _] = letters(&mut wizard, &dana, 2)?;
    ensure!(!before.contains("Corrected notice"), "{before}");

    // Who may is told with the request, and nobody else may.
    ensure!(seen(&physician, &wizard)?.at("/requests/0/correction")? == &json!({ "corrects": 1 }));
    ensure!(seen(&nurse, &wizard)?.body.pointer("/requests/0/correction").is_none());
    ensure!(wizard.look()?.body.pointer("/requests/0/correction").is_none());
    correct(&nurse, &wizard, &approved(), 1).refused(403, "forbidden")?;
    correct(&staff(StaffRole::Support)?, &wizard, &approved(), 1).refused(403, "forbidden")?;
    correct(&dana, &wizard, &approved(), 1).expect(401)?;
    let far = Person::of_staff(&world, "arkansas", StaffRole::Physician)?;
    correct(&far, &wizard, &approved(), 1).refused(404, "not-found")?;

    // What is wrong is told at its field.
    let refused = |body: &Value, pointer: &str, code: &str| -> Result<()> {
        let call = physician.portal.post(request(&wizard, "determination"), body);
        call.refused(422, "invalid")?.wrong_at(pointer, code).map(drop)
    };
    let mut without = correction(&approved(), 1);
    without["note"] = json!(" ");
    refused(&without, "/note", "missing")?;
    without["note"] = json!("\u{1F4C4}");
    refused(&without, "/note", "unprintable")?;
    without = correction(&approved(), 1);
    without["corrects"] = Value::Null;
    refused(&without, "/corrects", "missing")?;
    refused(&correction(&denied(REASON), 1), "/lines", "nothing-corrected")?;
    refused(&correction(&denied("no"), 1), "/lines/0/reason", "not-specific")?;

    // Both letters are seen before, and nothing is saved by it.
    let preview = request(&wizard, "determination/preview");
    let shown = other.portal.post(&preview, &correction(&approved(), 1)).expect(200)?;
    ensure!(shown.list("/letters")?.len() == 2 && wizard.look()?.text("/status")? == "denied");

    // Of two at once one wins, and who looked at what was decided before looks again.
    let both = std::thread::scope(|scope| {
        let calls = [&physician, &other].map(|by| scope.spawn(|| correct(by, &wizard, &approved(), 1).send()));
        calls.map(|call| call.join().ok().and_then(Result::ok).map(|answer| answer.status))
    });
    let mut statuses: Vec<_> = both.into_iter().flatten().collect();
    statuses.sort_unstable();
    ensure!(statuses == [200, 409], "{statuses:?}");
    let stale = correct(&physician, &wizard, &denied(REASON), 1).refused(409, "conflict")?;
    ensure!(stale.text("/state")? == "corrected", "{}", stale.body);

    let case = wizard.look()?;
    ensure!(case.text("/status")? == "approved" && case.at("/requests/0/determination/number")? == &json!(2));
    ensure!(case.at("/requests/0/determination/correction")? == &json!({ "of": 1, "reason": WHY }));
    ensure!(case.text("/requests/0/earlierDeterminations/0/outcome")? == "denied");
    ensure!(case.text("/requests/0/earlierDeterminations/0/lines/0/reason")? == REASON);
    let told = "The decision on R01 was corrected: it is approved.";
    ensure!(case.list("/timeline")?.iter().filter(|moment| moment["text"] == told).count() == 1, "{}", case.body);
    let number = case.text("/requests/0/determination/authorizationNumber")?;

    // Letters that replace those before go to both, and the alerts to whoever was told before.
    let today = clinic::today(&world, CONTRACT)?.strftime("%B %-d, %Y").to_string();
    let [provider, member] = letters(&mut wizard, &dana, 4)?;
    for part in ["Corrected notice", &format!("corrects our notice of {today}"), WHY, &number] {
        ensure!(provider.contains(part), "{part}: {provider}");
    }
    ensure!(member.contains(&format!("takes the place of our letter of {today}")) && member.contains(WHY), "{member}");
    wizard.until("the alert", |_| {
        let alerts = dana.portal.get("/alerts").expect(200)?;
        Ok(alerts.list("/alerts")?.iter().any(|one| one["news"] == "corrected"))
    })?;

    // Less than was authorized is told before it comes; the number stays, and what may follow counts from the new notice.
    correct(&other, &wizard, &denied(REASON), 2).expect(200)?;
    let [provider, member] = letters(&mut wizard, &dana, 6)?;
    let effective = clinic::today(&world, CONTRACT)?.checked_add(10.days())?.strftime("%B %-d, %Y").to_string();
    for words in [provider, member] {
        ensure!(words.contains(&effective) && words.contains("Ask to keep the service by"), "{words}");
    }
    let case = wizard.look()?;
    ensure!(case.text("/authorizations/0/number")? == number && case.list("/authorizations")?.len() == 1);
    let until = clinic::today(&world, CONTRACT)?.checked_add(60.days())?;
    ensure!(case.text("/requests/0/follows/0/until")? == until.to_string(), "{}", case.body);

    // Once something rests on it, it is not corrected any more, and it is said why.
    let asked = json!({ "of": "R01", "kind": "reconsideration", "note": "Please look again." });
    dana.portal.post(format!("/cases/{}/requests", wizard.key), &asked).expect(201)?;
    let refused = correct(&physician, &wizard, &approved(), 3).refused(409, "conflict")?;
    ensure!(refused.text("/state")? == "followed" && refused.text("/detail")?.contains("R02"), "{}", refused.body);
    ensure!(seen(&physician, &wizard)?.text("/requests/0/correction/refused")?.contains("R02"));
    Ok(())
}

#[test]
fn a_lead_of_the_nurses_corrects_to_approved_and_what_was_billed_stays() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (lead, physician, manager) =
        (staff(StaffRole::Nurse)?, staff(StaffRole::Physician)?, staff(StaffRole::ContractManager)?);
    let path = format!("/staff/users/{}", lead.username);
    let known = manager.portal.get(&path).expect(200)?;
    manager.portal.patch(&path, &json!({ "post": { "lead": true } }), known.header("etag")).expect(200)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    decide(&physician, &wizard, &denied(REASON))?;
    correct(&lead, &wizard, &denied("The records show that the chair is not for use at home."), 1)
        .refused(403, "forbidden")?;
    correct(&lead, &wizard, &approved(), 1).expect(200)?;
    let case = wizard.look()?;
    let number = case.text("/authorizations/0/number")?;
    let today = clinic::today(&world, CONTRACT)?;
    let row = format!("{CONTRACT},CL-{number},1,{number},K0001,,{today},1");
    let (import, _) = world.stack.imported(&world.stack.drop_rows(Kind::Claims, CONTRACT, &[row])?)?;
    ensure!(import.counts.new == 1, "{:?}", import.counts);
    ensure!(wizard.look()?.at("/authorizations/0/billed")? == &json!(true));
    let refused = correct(&physician, &wizard, &denied(REASON), 2).refused(422, "invalid")?;
    refused.wrong_at("/lines/0/outcome", "already-billed")?;
    Ok(())
}
