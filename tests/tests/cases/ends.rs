//! How cases end without a decision: drafts are cancelled, undecided requests withdrawn.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    files, mailbox,
    people::Person,
    poll::{self, PATIENCE},
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::colleague;

const REASON: &str = "The chair was asked for in another case already";

/// A wheelchair that waits with the nurses.
fn waiting<'a>(world: &World, clinic: &Clinic, by: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

fn cancel<'a>(by: &'a Person, case: &str) -> Call<'a> {
    by.portal.put(format!("/cases/{case}/cancellation"), &json!({}), "\"0\"")
}

fn withdraw<'a>(by: &'a Person, case: &str, reason: &str) -> Call<'a> {
    by.portal.put(format!("/cases/{case}/requests/R01/withdrawal"), &json!({ "reason": reason }), "\"0\"")
}

fn listed(by: &Person, query: &str) -> Result<Vec<String>> {
    let found = by.portal.get(format!("/cases?{query}")).expect(200)?;
    Ok(found.list("/cases")?.iter().filter_map(|case| case["key"].as_str().map(ToOwned::to_owned)).collect())
}

fn told(case: &Answer, words: &str) -> Result<usize> {
    let of = |moment: &&Value| moment["text"].as_str().is_some_and(|text| text.contains(words));
    Ok(case.list("/timeline")?.iter().filter(of).count())
}

/// REQ: ACT-06
#[test]
fn an_undecided_request_is_withdrawn_and_a_saved_one_cancelled() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    let saved = Wizard::begin(&dana, &clinic, "outpatient")?;
    let (mut undecided, mut decided) = (waiting(&world, &clinic, &dana)?, waiting(&world, &clinic, &dana)?);
    let request = format!("/staff/cases/{}/requests/R01", decided.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;

    cancel(&dana, &saved.key).expect(200)?;
    withdraw(&dana, &undecided.key, REASON).expect(200)?;
    withdraw(&dana, &decided.key, REASON).refused(409, "conflict")?;
    for submitted in [&undecided, &decided] {
        cancel(&dana, &submitted.key).refused(409, "conflict")?;
    }
    ensure!(listed(&dana, "status=cancelled")? == std::slice::from_ref(&saved.key));
    ensure!(listed(&dana, "status=withdrawn")? == std::slice::from_ref(&undecided.key));
    ensure!(listed(&dana, "status=draft")?.is_empty());
    ensure!(undecided.look()?.text("/requests/0/withdrawal/reason")? == REASON);
    ensure!(decided.look()?.text("/status")? == "approved");
    Ok(())
}

#[test]
fn a_draft_is_cancelled_by_who_may_edit_it_and_is_read_and_changed_no_more() -> Result<()> {
    let world = World::open()?;
    let (clinic, elsewhere) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &elsewhere)?);
    let cam = colleague(&world, &clinic, &dana)?;
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.wheelchair(&world)?;
    let kept = wizard.attach("other", &files::pdf("plan.pdf", "Plan"))?;
    wizard.checked()?;
    let late = json!({ "request": "R01", "documentType": "other", "fileName": "late.pdf", "bytes": 400 });
    let late = dana.portal.post(format!("/cases/{}/documents", wizard.key), &late).expect(201)?;
    ensure!(listed(&cam, "status=draft")?.contains(&wizard.key), "the colleague has it as work");

    cancel(&stranger, &wizard.key).refused(404, "not-found")?;
    nurse.portal.get(format!("/staff/cases/{}", wizard.key)).refused(404, "not-found")?;
    let ended = cancel(&cam, &wizard.key).expect(200)?;
    ensure!(ended.text("/status")? == "cancelled" && ended.text("/by")? == cam.username, "{}", ended.body);

    // It is nobody's work any more, and is found by whoever looks for it.
    for work in ["status=draft", "submitted=false", "submitted=true"] {
        ensure!(!listed(&dana, work)?.contains(&wizard.key), "{work}");
    }
    ensure!(listed(&dana, "status=cancelled")?.contains(&wizard.key));
    let seen = wizard.look()?;
    ensure!(seen.text("/cancellation/by")? == cam.username && seen.list("/may")?.is_empty(), "{}", seen.body);
    ensure!(told(&seen, "The case was cancelled")? == 1 && seen.list("/diagnoses")?.len() == 1);
    stranger.portal.get(format!("/cases/{}", wizard.key)).refused(404, "not-found")?;
    nurse.portal.get(format!("/staff/cases/{}", wizard.key)).refused(404, "not-found")?;

    // Its documents are out, and one that arrives later is not kept.
    let documents = seen.list("/documents")?;
    ensure!(documents.len() == 2 && documents.iter().all(|one| one["state"] == "removed"), "{documents:?}");
    let path = format!("/cases/{}/documents/{kept}", wizard.key);
    let refused = dana.portal.get(&path).refused(409, "conflict")?;
    ensure!(refused.text("/detail")?.contains("cancelled"), "{}", refused.body);
    dana.portal.upload(late.at("/upload")?, &files::pdf("late.pdf", "Late"))?;
    wizard.until("the late file to be refused", |case| Ok(told(case, "late.pdf was refused")? == 1))?;
    let incoming = format!("incoming/{}/{}", wizard.key, late.text("/id")?);
    poll::until("the late file to be gone", PATIENCE, || {
        Ok(world.stack.objects(&world.stack.documents_bucket, &incoming)?.is_empty().then_some(()))
    })?;

    // Every change is refused with a sentence, to whoever tries.
    let (dana_portal, key, etag) = (&dana.portal, &wizard.key, &wizard.etag);
    let new = json!({ "request": "R01", "documentType": "other", "fileName": "b.pdf", "bytes": 9 });
    for call in [
        dana_portal.put(format!("/cases/{key}/steps/diagnoses"), &json!({ "diagnoses": ["G82.20"] }), etag),
        dana_portal.put(format!("/cases/{key}/steps/notes"), &json!({ "text": "Still there?" }), etag),
        dana_portal.post(format!("/cases/{key}/documents"), &new),
        dana_portal.delete(&path),
        dana_portal.post(format!("/cases/{key}/submission"), &json!({ "disclaimerAgreed": true })),
        withdraw(&dana, key, REASON),
    ] {
        let refused = call.refused(409, "conflict")?;
        ensure!(refused.text("/detail")?.contains("cancelled"), "{}", refused.body);
    }
    let again = cancel(&dana, key).expect(200)?;
    ensure!(again.body == ended.body, "again changes nothing: {}", again.body);
    let audits = world.audits(key)?;
    ensure!(audits.iter().any(|one| one.operation == "cancel-case" && one.by.as_str() == cam.username));
    ensure!(audits.iter().any(|one| one.operation == "cancel-case" && !one.allowed), "the stranger is on record");
    Ok(())
}

#[test]
fn an_undecided_request_is_withdrawn_and_its_reviewer_is_told() -> Result<()> {
    let world = World::open()?;
    let (clinic, servicing) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, other) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &servicing)?);
    let cam = colleague(&world, &clinic, &dana)?;
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, "colorado")?)?;
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    wizard.save("providers", &json!({ "servicing": servicing.place.provider.id, "fax": clinic.contact.fax }))?;
    wizard.wheelchair(&world)?;
    withdraw(&dana, &wizard.key, REASON).refused(409, "conflict")?;
    let number = wizard.submit()?.text("/caseId")?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let typed = json!({ "note": "Half a reason", "lines": [], "criteria": [] });
    nurse.portal.put(format!("{request}/worksheet"), &typed, "\"0\"").expect(200)?;
    let on_list = || -> Result<bool> {
        let list = nurse.portal.get("/staff/worklists/nurse?contract=colorado&limit=50").expect(200)?;
        Ok(list.list("/items")?.iter().any(|item| item["key"] == wizard.key.as_str()))
    };

    // Who only performs the service sees it and takes nothing back; others know of nothing.
    ensure!(other.portal.get(format!("/cases/{}", wizard.key)).expect(200)?.at("/requests/0/may")? == &json!(["add"]));
    withdraw(&other, &wizard.key, REASON).refused(403, "forbidden")?;
    withdraw(&stranger, &wizard.key, REASON).refused(404, "not-found")?;
    cancel(&dana, &wizard.key).refused(409, "conflict")?;
    for reason in ["", "   ", &"x".repeat(1001)] {
        withdraw(&cam, &wizard.key, reason).refused(422, "invalid")?.error_at("/reason")?;
    }
    ensure!(
        dana.portal.get(format!("/cases/{}", wizard.key)).expect(200)?.at("/requests/0/may")?
            == &json!(["add", "withdraw"])
    );
    let ended = withdraw(&cam, &number, REASON).expect(200)?;
    ensure!(ended.text("/status")? == "withdrawn" && ended.text("/by")? == cam.username, "{}", ended.body);

    // The claim, what was typed and the place on the worklist ended with it; who decides at this moment is told.
    poll::until("it to leave the worklist", PATIENCE, || Ok((!on_list()?).then_some(())))?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    for call in [
        nurse.portal.post(format!("{request}/determination"), &approved),
        nurse.portal.post(format!("{request}/claim"), &json!({})),
        nurse.portal.get(format!("{request}/worksheet")),
    ] {
        let refused = call.refused(409, "conflict")?;
        ensure!(refused.text("/detail")?.contains("The request is withdrawn"), "{}", refused.body);
    }
    let seen = nurse.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    ensure!(seen.text("/requests/0/withdrawal/reason")? == REASON && seen.at("/requests/0/may")? == &json!([]));
    ensure!(seen.text("/requests/0/clock/state")? == "stopped");
    // Nothing was decided, and both letters tell so.
    let told_by = wizard.until("both letters", |case| Ok(case.list("/letters")?.len() == 2))?;
    ensure!(told_by.list("/letters")?.iter().all(|letter| letter["about"] == "withdrawal"), "{}", told_by.body);
    let ledger = seen.list("/requests/0/clock/ledger")?;
    let last = ledger.last().context("no ledger")?;
    ensure!(last["what"] == "stopped" && last["reason"] == "Withdrawn by the provider; no decision is due.");
    ensure!(told(&seen, "R01 was withdrawn.")? == 1);

    // Automatic review that comes once more leaves it.
    let task = json!({ "event": "evt_0197a3c2f0c07d0aa1b2c3d4e5f60701", "task": "review", "case": wizard.key, "request": "R01" });
    world.stack.send("review", &task.to_string())?;
    poll::until("the queue to be empty of it", PATIENCE, || {
        Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(&wizard.key))).then_some(()))
    })?;

    // Who has submitted it is told, without a word of whom or why.
    let mail =
        mailbox::wait_for(&world.stack, clinic.contact.email.as_str(), &format!("in case {number} was withdrawn"))?;
    ensure!(mail.subject == "News on a case" && !mail.body_text.contains(REASON), "{}", mail.body_text);
    ensure!(
        !mail.body_text.contains(clinic.member.last_name.as_str()) && !mail.body_text.contains(clinic.member_number())
    );
    let again = withdraw(&dana, &wizard.key, "Another reason").expect(200)?;
    ensure!(again.body == ended.body, "again changes nothing: {}", again.body);
    let seen = wizard.look()?;
    ensure!(seen.text("/status")? == "withdrawn" && told(&seen, "was withdrawn")? == 1);
    wizard.save("notes", &json!({ "text": "Asked for in another case." }))?;
    let audits = world.audits(&wizard.key)?;
    ensure!(audits.iter().filter(|one| one.operation == "withdraw-request" && !one.allowed).count() == 2);
    ensure!(!format!("{audits:?}").contains(REASON));
    Ok(())
}

#[test]
fn of_a_decision_and_a_withdrawal_at_once_one_stands_and_the_other_is_told() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    for round in 0..3 {
        let mut wizard = waiting(&world, &clinic, &dana)?;
        let request = format!("/staff/cases/{}/requests/R01", wizard.key);
        nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
        let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
        let (decided, withdrawn) = std::thread::scope(|scope| {
            let decide = scope.spawn(|| nurse.portal.post(format!("{request}/determination"), &approved).send());
            let withdrawn = withdraw(&dana, &wizard.key, REASON).send();
            (decide.join().unwrap(), withdrawn)
        });
        let (decided, withdrawn) = (decided?, withdrawn?);
        let status = wizard.look()?.text("/status")?;
        let as_it_stands = match status.as_str() {
            "approved" => (200, 409),
            "withdrawn" => (409, 200),
            other => anyhow::bail!("round {round}: {other}"),
        };
        ensure!((decided.status, withdrawn.status) == as_it_stands, "{status}: {} {}", decided.body, withdrawn.body);
    }
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let request = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{request}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{request}/determination"), &approved).expect(200)?;
    let refused = withdraw(&dana, &wizard.key, REASON).refused(409, "conflict")?;
    ensure!(refused.text("/detail")? == "This request is approved; it cannot be withdrawn any more.");
    ensure!(wizard.look()?.at("/requests/0/may")? == &json!(["add"]));
    Ok(())
}

#[test]
fn a_withdrawal_right_behind_the_submit_holds_whatever_automatic_review_does() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    for _ in 0..3 {
        let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
        wizard.wheelchair(&world)?;
        wizard.submit()?;
        let both = std::thread::scope(|scope| {
            let one = || scope.spawn(|| withdraw(&dana, &wizard.key, REASON).expect(200));
            [one(), one()].map(|call| call.join().unwrap())
        });
        let [first, second] = both;
        ensure!(first?.body == second?.body, "both are told the same");
        poll::until("the queues to be empty of it", PATIENCE, || {
            Ok((!world.stack.waiting()?.iter().any(|message| message.body.contains(&wizard.key))).then_some(()))
        })?;
        let seen = wizard.look()?;
        ensure!(seen.text("/status")? == "withdrawn" && told(&seen, "R01 was withdrawn.")? == 1, "{}", seen.body);
        let work = json!({ "TableName": world.stack.table, "Key": {
            "pk": { "S": format!("CASE#{}", wizard.key) }, "sk": { "S": "WORK#R01" },
        } });
        ensure!(world.stack.table("GetItem", work)?.get("Item").is_none(), "it is on no worklist");
    }
    Ok(())
}

#[test]
fn the_steps_of_a_draft_are_told_as_submit_sees_them() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let mut wizard = Wizard::begin(&dana, &clinic, "outpatient")?;
    let standings = |seen: &Answer| -> Result<Vec<String>> {
        let steps = seen.list("/steps")?.iter();
        Ok(steps.map(|step| format!("{} {}", step["step"], step["standing"]).replace('"', "")).collect())
    };
    let seen = standings(&wizard.look()?)?;
    ensure!(seen[1..3] == ["service missing", "diagnoses missing"] && seen[4] == "procedures missing", "{seen:?}");
    wizard.wheelchair(&world)?;
    let seen = wizard.look()?;
    let all = standings(&seen)?;
    ensure!(all.iter().all(|step| !step.ends_with("missing")), "{all:?}");
    ensure!(all[5..] == ["questionnaires not-needed", "documents not-needed", "notes not-needed"], "{all:?}");
    wizard.save("notes", &json!({ "text": "By next week, please." }))?;
    ensure!(standings(&wizard.look()?)?[7] == "notes complete");
    wizard.submit()?;
    ensure!(wizard.look()?.body.get("steps").is_none(), "of a submitted case no step is left");
    Ok(())
}
