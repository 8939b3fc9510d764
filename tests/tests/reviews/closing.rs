//! A request is closed without a decision for each of its reasons, and the letters say which (REV-04).

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    files,
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, request, waiting};

const FOUND: &str = "The hospital lends the chair for these days, and nobody is billed for it.";

fn close<'a>(by: &'a Person, wizard: &Wizard<'_>, more: &Value) -> Call<'a> {
    let mut body = json!({ "decision": "void" });
    if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
        body.extend(more.clone());
    }
    by.portal.post(request(wizard, "determination"), &body)
}

/// The words of both letters of a closed request, the provider's first.
fn letters(wizard: &mut Wizard<'_>, by: &Person) -> Result<[String; 2]> {
    let about = |letter: &&Value| letter["about"] == "void";
    let case = wizard.until("both letters", |case| Ok(case.list("/letters")?.iter().filter(about).count() == 2))?;
    let words = |audience: &str| -> Result<String> {
        let all = case.list("/letters")?;
        let letter = all.iter().find(|one| one["audience"] == audience && about(one)).context("a letter")?;
        let id = letter["id"].as_str().unwrap_or_default();
        let url = by.portal.get(format!("/cases/{}/letters/{id}", wizard.key)).expect(200)?.text("/url")?;
        files::words_of_pdf(&by.portal.download(&url)?)
    };
    Ok([words("provider")?, words("member")?])
}

fn seen(by: &Person, wizard: &Wizard<'_>) -> Result<Answer> {
    by.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)
}

#[test]
fn a_duplicate_is_closed_with_the_name_of_the_other_request() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut first = waiting(&world, &clinic, &dana)?;
    let mut again = waiting(&world, &clinic, &dana)?;
    let id = first.look()?.text("/caseId")?;

    ensure!(seen(&ann, &again)?.body.pointer("/requests/0/closes").is_none(), "nobody has it yet");
    close(&ann, &again, &json!({ "because": "duplicate", "duplicateOf": { "caseId": id, "request": "R01" } }))
        .refused(409, "conflict")?;
    ann.portal.post(request(&again, "claim"), &json!({})).expect(200)?;
    ensure!(seen(&ann, &again)?.at("/requests/0/closes")? == &json!(["not-required", "duplicate"]));

    // What is wrong is told at its field, and a case of nobody's is as one of another member.
    let itself = again.look()?.text("/caseId")?;
    let refused = |more: &Value, pointer: &str, code: &str| -> Result<()> {
        close(&ann, &again, more).refused(422, "invalid")?.wrong_at(pointer, code).map(drop)
    };
    refused(&json!({ "because": "lost" }), "/because", "not-a-choice")?;
    let of = |case: &str, number: &str| json!({ "because": "duplicate", "duplicateOf": { "caseId": case, "request": number } });
    refused(&json!({ "because": "duplicate" }), "/duplicateOf/caseId", "missing")?;
    refused(&of("12", "R01"), "/duplicateOf/caseId", "not-a-case-id")?;
    refused(&of(&id, "1"), "/duplicateOf/request", "not-found")?;
    refused(&of(&id, "R02"), "/duplicateOf/request", "not-found")?;
    refused(&of(&itself, "R01"), "/duplicateOf/caseId", "not-found")?;
    refused(&json!({ "because": "not-required", "note": " " }), "/note", "missing")?;
    refused(&json!({ "because": "not-eligible", "note": FOUND }), "/decision", "not-a-choice")?;

    close(&ann, &again, &of(&id, "R01")).expect(200)?;
    let [provider, member] = letters(&mut again, &dana)?;
    ensure!(provider.contains("Another request asks for the same services") && provider.contains(&id), "{provider}");
    ensure!(member.contains("We have another request for the same services") && !member.contains(&id), "{member}");
    let case = again.look()?;
    ensure!(case.text("/requests/0/voided/because")? == "duplicate" && case.text("/status")? == "void");
    ensure!(case.at("/requests/0/voided/duplicateOf")? == &json!({ "caseId": id, "request": "R01" }));
    let told = "R01 was closed without a decision: it repeats another request.";
    ensure!(case.list("/timeline")?.iter().any(|moment| moment["text"] == told), "{}", case.at("/timeline")?);
    // The other one goes on.
    ensure!(first.look()?.text("/status")? == "nurse-review");
    Ok(())
}

#[test]
fn what_needs_no_authorization_is_closed_with_what_was_found() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let physician = Person::of_staff(&world, CONTRACT, StaffRole::Physician)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    physician.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let body = json!({ "because": "not-required", "note": FOUND });
    close(&dana, &wizard, &body).expect(401)?;
    let both = std::thread::scope(|scope| {
        let calls = [(); 2].map(|()| scope.spawn(|| close(&physician, &wizard, &body).send()));
        calls.map(|call| call.join().ok().and_then(Result::ok).map(|answer| answer.status))
    });
    let mut statuses: Vec<_> = both.into_iter().flatten().collect();
    statuses.sort_unstable();
    ensure!(statuses == [200, 409], "{statuses:?}");
    let [provider, member] = letters(&mut wizard, &dana)?;
    ensure!(provider.contains("needs no authorization under this program") && provider.contains(FOUND), "{provider}");
    ensure!(member.contains("does not need our approval for this") && member.contains(FOUND), "{member}");
    let case = wizard.look()?;
    ensure!(
        case.text("/requests/0/voided/because")? == "not-required" && case.at("/requests/0/determination")?.is_null()
    );
    ensure!(case.text("/requests/0/clock/state")? == "stopped");
    Ok(())
}
