//! A member whom the plan's file does not cover on the days asked for: it is said at the line, the request waits for the next files,
//! and no machine denies, closes or approves it.

use anyhow::{Context, Result, ensure};
use jiff::{ToSpan, civil::Date};
use portico_domain::{caller::StaffRole, person::Coverage};
use portico_testkit::{
    clinic::{self, Clinic},
    files, mailbox,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::{Entry, Wizard},
};
use serde_json::{Value, json};

use super::{CONTRACT, listed, request};

const FOUND: &str = "The county confirmed by phone that coverage ended.";
const WAITS: &str = "R01 waits: the plan's file does not cover the member on all days that are asked for.";
const GOES_ON: &str = "R01 goes on: the plan's file covers the member on all days that are asked for.";

/// A clinic with an adult whose coverage ended on that day.
fn covered_until(world: &World, last: Option<Date>) -> Result<Clinic> {
    Clinic::with_member(world, CONTRACT, |member| {
        member.birth_date = jiff::civil::date(1970, 3, 2);
        member.coverage = Coverage { from: None, to: last };
    })
}

/// What a rule of the contract approves at once: a device against sleep apnea, for an adult.
fn device<'a>(by: &'a Person, member: &str, clinic: &Clinic, today: Date) -> Result<(Wizard<'a>, Answer)> {
    let body = json!({ "member": member, "requesting": clinic.place.provider.id, "setting": "outpatient" });
    let created = by.portal.post("/cases", &body).expect(201)?;
    let mut wizard = Wizard { person: by, key: created.text("/key")?, etag: "\"1\"".to_owned() };
    wizard.save("service", &json!({ "serviceType": "durable-medical-equipment", "placeOfService": "12" }))?;
    wizard.save("diagnoses", &json!({ "diagnoses": ["G47.33"] }))?;
    let line = Entry { code: "E0601", modifiers: &[], from: today, days: 1, units: 1 };
    let saved = wizard.save("procedures", &json!({ "lines": [line.json()] }))?;
    Ok((wizard, saved))
}

fn waiting<'a>(by: &'a Person, clinic: &Clinic, today: Date) -> Result<Wizard<'a>> {
    let (mut wizard, _) = device(by, &clinic.member.id.to_string(), clinic, today)?;
    wizard.submit()?;
    wizard.until("the wait for coverage", |case| Ok(case.text("/status")? == "pended-eligibility"))?;
    Ok(wizard)
}

fn told(case: &Answer, sentence: &str) -> Result<usize> {
    Ok(case.list("/timeline")?.iter().filter(|moment| moment["text"] == sentence).count())
}

fn void<'a>(by: &'a Person, wizard: &Wizard<'_>, note: &str) -> Call<'a> {
    by.portal.post(request(wizard, "determination"), &json!({ "decision": "void", "note": note }))
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

fn may(case: &Answer, what: &str) -> Result<bool> {
    Ok(case.list("/requests/0/may")?.iter().any(|may| may == what))
}

/// REQ: CASE-27
#[test]
fn days_outside_the_coverage_are_said_and_the_request_waits_is_closed_by_a_person_or_goes_to_one() -> Result<()> {
    let world = World::open()?;
    let today = clinic::today(&world, CONTRACT)?;
    let yesterday = today.yesterday()?;
    it_goes_on_when_the_file_brings_the_coverage(&world, today, yesterday)?;
    a_reviewer_closes_it(&world, today, yesterday)?;
    silence_brings_it_to_a_person(&world, today, yesterday)?;
    no_machine_approves_for_a_temporary_member(&world, today)
}

fn it_goes_on_when_the_file_brings_the_coverage(world: &World, today: Date, yesterday: Date) -> Result<()> {
    let clinic = covered_until(world, Some(yesterday))?;
    let dana = Person::of_clinic(world, &clinic)?;
    let ann = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let (mut wizard, saved) = device(&dana, &clinic.member.id.to_string(), &clinic, today)?;
    let outside = json!([{ "from": today, "to": today }]);
    ensure!(saved.at("/saved/lines/0/uncovered")? == &outside, "{}", saved.body);
    let draft = wizard.look()?;
    ensure!(draft.at("/requests/0/lines/0/uncovered")? == &outside, "{}", draft.body);
    ensure!(draft.at("/member/coverage/to")? == &json!(yesterday));
    wizard.submit()?;
    let waits = wizard.until("the wait", |case| Ok(case.text("/status")? == "pended-eligibility"))?;
    ensure!(waits.at("/requests/0/lines/0/uncovered")? == &outside && told(&waits, WAITS)? == 1, "{}", waits.body);
    let until = waits.text("/requests/0/coverageAwaited/until")?;
    ensure!(until < waits.text("/requests/0/clock/due")?, "a person has the time to decide: {until}");
    ensure!(waits.text("/requests/0/clock/state")? == "running" && may(&waits, "withdraw")? && may(&waits, "add")?);
    ensure!(listed(&ann, &wizard.key)?.is_none(), "it is on no worklist while it waits");
    let nurse = seen(&ann, &wizard)?;
    ensure!(nurse.at("/requests/0/lines/0/uncovered")? == &outside && nurse.at("/requests/0/may")? == &json!(["void"]));
    let mail = mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "waits. The case says for what")?;
    ensure!(!format!("{mail:?}").contains(clinic.member.last_name.as_str()), "a mail names nobody");

    // A file that does not cover the day changes nothing; the sweep neither, as long as it may wait.
    let mut member = clinic.member.clone();
    member.coverage = Coverage { from: Some(today.checked_add(3.days())?), to: None };
    world.stack.imported(&world.stack.drop_coverage(&member)?)?;
    world.sweep_unanswered_pends()?;
    let still = wizard.look()?;
    ensure!(still.text("/status")? == "pended-eligibility" && still.at("/version")? == waits.at("/version")?);
    ensure!(still.at("/member/coverage/from")? == &json!(today.checked_add(3.days())?), "what the file says today");

    // The file that does brings it back to automatic review, once, whatever comes again.
    member.coverage = Coverage { from: Some(yesterday), to: None };
    world.stack.imported(&world.stack.drop_coverage(&member)?)?;
    let decided = wizard.until("the rule", |case| Ok(case.text("/status")? == "approved"))?;
    ensure!(told(&decided, GOES_ON)? == 1, "{}", decided.at("/timeline")?);
    ensure!(decided.text("/requests/0/determination/by")?.starts_with("Rule "), "{}", decided.body);
    ensure!(decided.body.pointer("/requests/0/coverageAwaited").is_none());
    world.stack.imported(&world.stack.drop_coverage(&member)?)?;
    world.sweep_unanswered_pends()?;
    let same = wizard.look()?;
    ensure!(
        told(&same, GOES_ON)? == 1
            && same.at("/requests/0/determination")? == decided.at("/requests/0/determination")?
    );
    Ok(())
}

fn a_reviewer_closes_it(world: &World, today: Date, yesterday: Date) -> Result<()> {
    let clinic = covered_until(world, Some(yesterday))?;
    let dana = Person::of_clinic(world, &clinic)?;
    let staff = |role| Person::of_staff(world, CONTRACT, role);
    let ann = staff(StaffRole::Nurse)?;
    let mut wizard = waiting(&dana, &clinic, today)?;
    void(&staff(StaffRole::Support)?, &wizard, FOUND).refused(403, "forbidden")?;
    void(&ann, &wizard, " ").refused(422, "invalid")?.wrong_at("/note", "missing")?;
    void(&ann, &wizard, "Ended \u{1F4C4}.").refused(422, "invalid")?.wrong_at("/note", "unprintable")?;
    let preview = request(&wizard, "determination/preview");
    let letters = ann.portal.post(preview, &json!({ "decision": "void", "note": FOUND })).expect(200)?;
    ensure!(letters.list("/letters")?.len() == 2 && wizard.look()?.text("/status")? == "pended-eligibility");
    ensure!(void(&ann, &wizard, FOUND).expect(200)?.text("/status")? == "void");
    void(&ann, &wizard, FOUND).refused(409, "conflict")?;

    // It is closed, not denied: no decision, a clock that has ended, and letters that say so with the days.
    let about = |letter: &&Value| letter["about"] == "void";
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.iter().filter(about).count() == 2))?;
    ensure!(case.text("/status")? == "void" && case.text("/requests/0/clock/state")? == "stopped", "{}", case.body);
    ensure!(case.at("/requests/0/determination")?.is_null() && case.at("/requests/0/may")? == &json!([]));
    ensure!(case.text("/requests/0/voided/reason")? == FOUND && !case.body.to_string().contains(&ann.username));
    ensure!(told(&case, "R01 was closed without a decision: the member is not eligible.")? == 1);
    let reason = &world.contract(CONTRACT)?.eligibility.reason;
    let day = today.strftime("%B %-d, %Y").to_string();
    for letter in case.list("/letters")? {
        let id = letter["id"].as_str().context("a letter has an id")?;
        let url = dana.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
        let words = files::words_of_pdf(&dana.portal.download(&url)?)?;
        for said in [reason.as_str(), FOUND, &format!("Days without coverage: {day}")] {
            ensure!(words.contains(said), "{said} is not in: {words}");
        }
    }
    mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), "closed without a decision")?;
    ensure!(seen(&ann, &wizard)?.text("/requests/0/voided/by")? == ann.username);
    // What came to nothing may be asked for again.
    let (again, _) = device(&dana, &clinic.member.id.to_string(), &clinic, today)?;
    let agreed = json!({ "disclaimerAgreed": true });
    dana.portal.post(format!("/cases/{}/submission", again.key), &agreed).expect(200)?;
    Ok(())
}

fn silence_brings_it_to_a_person(world: &World, today: Date, yesterday: Date) -> Result<()> {
    let clinic = covered_until(world, Some(yesterday))?;
    let dana = Person::of_clinic(world, &clinic)?;
    let ann = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = waiting(&dana, &clinic, today)?;
    world.time_to_wait_for_coverage_is_over(&wizard.key)?;
    world.sweep_unanswered_pends()?;
    world.sweep_unanswered_pends()?;
    let case = seen(&ann, &wizard)?;
    ensure!(case.text("/status")? == "nurse-review" && case.at("/requests/0/determination")?.is_null());
    let went =
        "R01 went to the nurse reviewers. The plan's file does not cover the member on all days that are asked for.";
    ensure!(told(&case, went)? == 1, "{}", case.at("/timeline")?);
    ensure!(listed(&ann, &wizard.key)?.is_some() && !may(&case, "void")?, "nobody has it yet");
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    ensure!(may(&seen(&ann, &wizard)?, "void")?);

    // The file comes after all: who is covered is not closed as not eligible.
    let mut member = clinic.member.clone();
    member.coverage = Coverage { from: Some(yesterday), to: None };
    world.stack.imported(&world.stack.drop_coverage(&member)?)?;
    let case = seen(&ann, &wizard)?;
    ensure!(case.body.pointer("/requests/0/lines/0/uncovered").is_none() && !may(&case, "void")?);
    void(&ann, &wizard, FOUND).refused(422, "invalid")?.wrong_at("/decision", "not-a-choice")?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    ensure!(wizard.look()?.text("/status")? == "approved");
    Ok(())
}

fn no_machine_approves_for_a_temporary_member(world: &World, today: Date) -> Result<()> {
    let clinic = covered_until(world, None)?;
    let dana = Person::of_clinic(world, &clinic)?;
    let ann = Person::of_staff(world, CONTRACT, StaffRole::Nurse)?;
    let unknown = Clinic::unknown(world, CONTRACT)?.member;
    let entered = json!({
        "contract": CONTRACT, "firstName": unknown.first_name, "lastName": unknown.last_name, "gender": unknown.gender,
        "birthDate": "1970-03-02", "useFacilityAddress": clinic.place.provider.id,
    });
    let search = json!({ "contract": CONTRACT, "lastName": unknown.last_name, "birthDate": "1970-03-02" });
    dana.portal.post("/members/search", &search).expect(200)?;
    let temporary = dana.portal.post("/members", &entered).expect(201)?.text("/id")?;
    // Whom the file knows and says nothing of is approved by the rule, so that it is the member who makes the difference.
    let (mut known, _) = device(&dana, &clinic.member.id.to_string(), &clinic, today)?;
    known.submit()?;
    known.until("the rule", |case| Ok(case.text("/status")? == "approved"))?;
    let (mut wizard, _) = device(&dana, &temporary, &clinic, today)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let case = seen(&ann, &wizard)?;
    ensure!(
        told(&case, "R01 went to the nurse reviewers. The member is a temporary one.")? == 1,
        "{}",
        case.at("/timeline")?
    );
    Ok(())
}
