//! What follows a decision, from what is asked to its letters: another look, an extension, a revision; and what may not follow.

use anyhow::{Context, Result, ensure};
use jiff::ToSpan;
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::{self, Clinic},
    files,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, denied, waiting};

const WHY: &str = "The chair was tried at home for two weeks, and the notes show it.";
const REASON: &str = "The records show that a walking aid was not tried first.";

fn ask<'a>(by: &'a Person, key: &str, body: &Value) -> Call<'a> {
    by.portal.post(format!("/cases/{key}/requests"), body)
}

fn asked(kind: &str, of: &str, more: &Value) -> Value {
    let mut body = json!({ "of": of, "kind": kind, "note": WHY });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    body
}

fn path(key: &str, number: &str, what: &str) -> String {
    format!("/staff/cases/{key}/requests/{number}/{what}")
}

/// A reviewer takes a request, and decides it.
fn decide(by: &Person, key: &str, number: &str, decision: &Value) -> Result<Answer> {
    by.portal.post(path(key, number, "claim"), &json!({})).expect(200)?;
    by.portal.post(path(key, number, "determination"), decision).expect(200)
}

fn approved() -> Value {
    json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] })
}

fn with_the_nurses(wizard: &mut Wizard<'_>, place: usize) -> Result<()> {
    let status = format!("/requests/{place}/status");
    wizard.until("the nurses", |case| Ok(case.text(&status)? == "nurse-review")).map(drop)
}

fn texts(case: &Answer) -> Result<Vec<String>> {
    Ok(case.list("/timeline")?.iter().filter_map(|moment| moment["text"].as_str().map(ToOwned::to_owned)).collect())
}

/// What may follow a request now, and the code of what may not.
fn offers(case: &Answer, place: usize) -> Result<Vec<(String, Option<String>)>> {
    let offer = |one: &Value| {
        let refused = one.pointer("/refused/code").and_then(Value::as_str).map(ToOwned::to_owned);
        (one["kind"].as_str().unwrap_or_default().to_owned(), refused)
    };
    Ok(case.list(&format!("/requests/{place}/follows"))?.iter().map(offer).collect())
}

/// The words of the provider's letter about a request, once both are there.
fn letter(wizard: &mut Wizard<'_>, by: &Person, number: &str) -> Result<String> {
    let of = |letter: &&Value| letter["request"] == number;
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.iter().filter(of).count() == 2))?;
    let letters = case.list("/letters")?;
    let mine = letters.iter().filter(of).find(|one| one["audience"] == "provider").context("the provider's letter")?;
    let id = mine["id"].as_str().unwrap_or_default();
    let url = by.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
    files::words_of_pdf(&by.portal.download(&url)?)
}

#[test]
fn a_denied_request_is_looked_at_again_by_somebody_else_and_both_decisions_stay() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (first, second, nurse) = (staff(StaffRole::Physician)?, staff(StaffRole::Physician)?, staff(StaffRole::Nurse)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    let body = asked("reconsideration", "R01", &json!({}));
    let open = ask(&dana, &key, &body).refused(409, "conflict")?;
    ensure!(open.text("/state")? == "not-decided", "{}", open.body);
    decide(&first, &key, "R01", &denied(REASON))?;

    let case = wizard.look()?;
    let (none, one) = (Some("not-approved".to_owned()), |kind: &str| (kind.to_owned(), None));
    let expected =
        [one("reconsideration"), one("appeal"), ("extension".to_owned(), none.clone()), ("revision".to_owned(), none)];
    ensure!(offers(&case, 0)? == expected, "{}", case.body);
    let until = clinic::today(&world, CONTRACT)?.checked_add(60.days())?;
    ensure!(case.text("/requests/0/follows/0/until")? == until.to_string(), "{}", case.body);

    // Only who asks for the services asks again; sent again it is the same.
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, CONTRACT)?)?;
    ask(&stranger, &key, &body).refused(404, "not-found")?;
    let file = files::pdf("trial.pdf", "The trial at home");
    let type_id = dana.portal.get(format!("/contracts/{CONTRACT}")).expect(200)?.text("/documentTypes/0/id")?;
    let documents = json!([{ "documentType": type_id, "fileName": file.name, "bytes": file.content.len() }]);
    let body = asked("reconsideration", "R01", &json!({ "documents": documents }));
    let once = || ask(&dana, &key, &body).idempotency_key("another-look").expect(201);
    let (made, again) = (once()?, once()?);
    ensure!(made.text("/request")? == "R02" && again.text("/request")? == "R02", "{}", again.body);
    let sent = dana.portal.upload(made.at("/documents/0/upload")?, &file)?;
    ensure!((200..300).contains(&sent), "{sent}");
    let twice = ask(&dana, &key, &asked("appeal", "R01", &json!({}))).refused(409, "conflict")?;
    ensure!(twice.text("/state")? == "already-open" && twice.text("/detail")?.contains("R02"), "{}", twice.body);

    // No rule decides it. Whoever decided may not even take it.
    with_the_nurses(&mut wizard, 1)?;
    let case = wizard.checked()?;
    ensure!(case.text("/requests/1/of/request")? == "R01", "{}", case.body);
    let stored = case.list("/documents")?.iter().find(|one| one["request"] == "R02").context("the document")?;
    ensure!(stored["state"] == "accepted", "{stored}");
    let note = case.list("/notes")?.last().context("the note")?;
    ensure!(note["text"] == WHY && note["request"] == "R02", "{note}");
    let refused = first.portal.post(path(&key, "R02", "claim"), &json!({})).refused(403, "forbidden")?;
    ensure!(refused.text("/detail")?.contains("Another reviewer decides it."), "{}", refused.body);
    let seen = |by: &Person| by.portal.get(format!("/staff/cases/{key}")).expect(200);
    let (of_first, of_nurse) = (seen(&first)?, seen(&nurse)?);
    ensure!(of_first.at("/requests/1/hadAPart")? == true && of_first.at("/requests/1/may")? == &json!([]));
    ensure!(of_nurse.at("/requests/1/may")? == &json!(["claim"]), "{}", of_nurse.body);
    ensure!(of_nurse.text("/requests/0/determination/outcome")? == "denied", "the first decision stands beside it");
    let refer = json!({ "decision": "refer", "note": "The trial was not in the request." });
    decide(&nurse, &key, "R02", &refer)?;
    first.portal.post(path(&key, "R02", "claim"), &json!({})).refused(403, "forbidden")?;
    decide(&second, &key, "R02", &approved())?;

    let case = wizard.look()?;
    let number = case.text("/requests/1/determination/authorizationNumber")?;
    ensure!(number.ends_with("01"), "{number}: of the request that was denied");
    ensure!(case.text("/authorizations/0/number")? == number);
    ensure!(case.at("/authorizations/0/requests")? == &json!(["R02"]), "{}", case.body);
    ensure!(case.text("/requests/0/status")? == "denied" && case.text("/status")? == "approved");
    let told = texts(&case)?;
    ensure!(told.iter().any(|text| text == "R02 was asked for: reconsideration of R01."), "{told:?}");
    let superseded = ask(&dana, &key, &asked("appeal", "R01", &json!({}))).refused(409, "conflict")?;
    ensure!(superseded.text("/state")? == "superseded", "{}", superseded.body);

    // The letter tells which request it is about, and what was decided of it before.
    let words = letter(&mut wizard, &dana, "R02")?;
    for part in ["R02", "R01, denied on", "Reconsideration, standard", number.as_str()] {
        ensure!(words.contains(part), "{part}: {words}");
    }
    ensure!(!letter(&mut wizard, &dana, "R01")?.contains("R01, denied on"), "the first letter is as it was");
    Ok(())
}

/// REQ: CASE-28
#[test]
fn a_requests_history_is_whole_and_the_number_is_the_authorizations() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let staff = |role| Person::of_staff(&world, CONTRACT, role);
    let (nurse, physician) = (staff(StaffRole::Nurse)?, staff(StaffRole::Physician)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    let today = clinic::today(&world, CONTRACT)?;

    // Asked for information, answered, referred, decided.
    nurse.portal.post(path(&key, "R01", "claim"), &json!({})).expect(200)?;
    let pend = json!({ "items": ["The plan of care"], "due": today.checked_add(2.days())?.to_string() });
    nurse.portal.post(path(&key, "R01", "pend"), &pend).expect(200)?;
    let answer = json!({ "note": "The plan is in the notes.", "answers": true });
    dana.portal.post(format!("/cases/{key}/requests/R01/information"), &answer).expect(201)?;
    let refer = json!({ "decision": "refer", "note": "A scooter may do." });
    nurse.portal.post(path(&key, "R01", "determination"), &refer).expect(200)?;
    decide(&physician, &key, "R01", &approved())?;
    let first = wizard.look()?;
    let number = first.text("/requests/0/determination/authorizationNumber")?;

    // What follows, twice: each keeps the number and changes the last day.
    for (place, of, days) in [(1, "R01", 10), (2, "R02", 20)] {
        let to = today.checked_add(days.days())?.to_string();
        let made = ask(&dana, &key, &asked("extension", of, &json!({ "to": to }))).expect(201)?;
        let next = made.text("/request")?;
        wizard.until("review", |case| Ok(case.text(&format!("/requests/{place}/status"))? != "submitted"))?;
        if wizard.look()?.text(&format!("/requests/{place}/status"))? == "nurse-review" {
            decide(&nurse, &key, &next, &approved())?;
        }
        let case = wizard.look()?;
        ensure!(case.text(&format!("/requests/{place}/determination/authorizationNumber"))? == number);
        ensure!(case.text("/authorizations/0/until")? == to && case.list("/authorizations")?.len() == 1);
        let words = letter(&mut wizard, &dana, &next)?;
        ensure!(words.contains(&number) && words.contains("Extension, standard"), "{words}");
    }

    let case = nurse.portal.get(format!("/staff/cases/{key}")).expect(200)?;
    ensure!(case.at("/authorizations/0/requests")? == &json!(["R01", "R02", "R03"]), "{}", case.body);
    ensure!(case.text("/requests/0/referrals/0/note")? == "A scooter may do.");
    ensure!(case.text("/requests/0/pends/0/state")? == "answered");
    ensure!(case.text("/requests/0/determination/outcome")? == "approved");
    ensure!(case.text("/requests/0/lines/0/to")? == today.to_string(), "what was asked for first stays as it was");
    let told = texts(&case)?;
    for text in [
        "Information about R01 was requested.",
        "R01 was referred to a physician.",
        "R01 was approved.",
        "R02 was asked for: extension of R01.",
        "R03 was asked for: extension of R02.",
        "R03 was approved.",
    ] {
        ensure!(told.iter().any(|one| one == text), "{text}: {told:?}");
    }
    Ok(())
}

/// REQ: CASE-05
#[test]
fn whoever_asks_again_is_offered_to_extend_or_revise_instead() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    decide(&nurse, &wizard.key, "R01", &approved())?;
    let today = clinic::today(&world, CONTRACT)?.to_string();

    let mut again = Wizard::begin(&dana, &clinic, "outpatient")?;
    again.wheelchair(&world)?;
    let found = dana.portal.get(format!("/cases/{}/duplicates", again.key)).expect(200)?;
    let [one] = found.list("/duplicates")? else { anyhow::bail!("{}", found.body) };
    let number = wizard.look()?.text("/caseId")?;
    ensure!(one["key"] == wizard.key && one["caseId"] == number && one["status"] == "approved", "{one}");
    ensure!(one["servicingName"] == json!(clinic.place.provider.name), "{one}");
    ensure!(one["lines"][0]["code"] == "K0001" && one["lines"][0]["from"] == today, "{one}");
    let offers = json!([{ "kind": "extension", "until": today }, { "kind": "revision", "until": today }]);
    ensure!(one["follows"] == offers, "{one}");
    let agreed = json!({ "disclaimerAgreed": true });
    let refused = dana.portal.post(format!("/cases/{}/submission", again.key), &agreed).refused(422, "invalid")?;
    refused.wrong_at("/duplicateReason", "possible-duplicate")?;
    Ok(())
}

#[test]
fn a_revision_changes_the_lines_under_the_number_and_what_is_wrong_is_told_at_its_field() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let nurse = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    decide(&nurse, &key, "R01", &approved())?;
    let case = wizard.look()?;
    let number = case.text("/requests/0/determination/authorizationNumber")?;
    let held = case.at("/authorizations/0/lines/0")?.clone();
    let mut wanted = json!({});
    for field in ["code", "modifiers", "from", "to", "duration", "quantity"] {
        wanted[field] = held[field].clone();
    }
    let lines = |wanted: &Value| json!({ "lines": [{ "line": 0, "wanted": wanted }] });
    let same = ask(&dana, &key, &asked("revision", "R01", &lines(&wanted))).refused(409, "conflict")?;
    ensure!(same.text("/state")? == "nothing-changed", "{}", same.body);
    let nowhere = json!({ "lines": [{ "line": 3, "wanted": wanted }] });
    let refused = ask(&dana, &key, &asked("revision", "R01", &nowhere)).refused(422, "invalid")?;
    refused.wrong_at("/lines/0/line", "not-authorized")?;
    let blank = json!({ "of": "R01", "kind": "extension", "to": held["to"] });
    let refused = ask(&dana, &key, &blank).refused(422, "invalid")?;
    refused.wrong_at("/note", "missing")?;
    let early = ask(&dana, &key, &asked("extension", "R01", &json!({ "to": held["to"] }))).refused(422, "invalid")?;
    early.wrong_at("/to", "too-early")?;
    let nothing = ask(&dana, &key, &asked("reconsideration", "R01", &json!({}))).refused(409, "conflict")?;
    ensure!(nothing.text("/state")? == "nothing-adverse", "{}", nothing.body);

    let to = clinic::today(&world, CONTRACT)?.checked_add(5.days())?;
    wanted["to"] = json!(to.to_string());
    wanted["duration"] = json!(6);
    let made = ask(&dana, &key, &asked("revision", "R01", &lines(&wanted))).expect(201)?;
    ensure!(made.text("/of")? == "R01" && made.text("/request")? == "R02", "{}", made.body);
    wizard.until("review", |case| Ok(case.text("/requests/1/status")? != "submitted"))?;
    if wizard.look()?.text("/requests/1/status")? == "nurse-review" {
        decide(&nurse, &key, "R02", &approved())?;
    }
    let case = wizard.look()?;
    ensure!(case.text("/authorizations/0/number")? == number && case.list("/authorizations/0/lines")?.len() == 1);
    ensure!(case.text("/authorizations/0/lines/0/to")? == to.to_string(), "{}", case.body);
    ensure!(case.text("/requests/1/of/authorized/0/to")? == held["to"].as_str().unwrap_or_default());
    Ok(())
}
