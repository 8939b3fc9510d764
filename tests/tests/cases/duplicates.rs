//! The same service asked for twice: whoever submits is told of it and says why, and whoever reviews reads that.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic, clinic::Clinic, people::Person, seeding::World, wizard::Wizard};
use serde_json::{Value, json};

/// A wheelchair, performed by somebody.
fn chair<'a>(world: &World, by: &'a Person, clinic: &Clinic, servicing: &Clinic) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    wizard.save("providers", &json!({ "servicing": servicing.place.provider.id, "fax": clinic.contact.fax }))?;
    wizard.wheelchair(world)?;
    Ok(wizard)
}

fn duplicates(wizard: &Wizard<'_>) -> Result<Vec<Value>> {
    let found = wizard.person.portal.get(format!("/cases/{}/duplicates", wizard.key)).expect(200)?;
    Ok(found.list("/duplicates")?.to_vec())
}

fn submission(wizard: &Wizard<'_>) -> String {
    format!("/cases/{}/submission", wizard.key)
}

#[test]
fn a_possible_duplicate_is_explained_and_wants_a_reason_that_the_reviewer_reads() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, "colorado")?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let first = chair(&world, &dana, &clinic, &clinic)?;
    ensure!(duplicates(&first)?.is_empty());
    let agreed = json!({ "disclaimerAgreed": true });
    let number = dana.portal.post(submission(&first), &agreed).expect(200)?.text("/caseId")?;

    let mut again = chair(&world, &dana, &clinic, &clinic)?;
    let told = duplicates(&again)?;
    let [one] = told.as_slice() else { anyhow::bail!("{told:?}") };
    let today = clinic::today(&world, "colorado")?.to_string();
    ensure!(one["key"] == first.key && one["caseId"] == number && one["request"] == "R01", "{one}");
    ensure!(one["servicingName"] == json!(clinic.place.provider.name), "{one}");
    ensure!(one["lines"][0]["code"] == "K0001", "{one}");
    ensure!(one["lines"][0]["from"] == today && one["lines"][0]["to"] == today, "{one}");
    ensure!(one["may"] == json!(["note"]), "{one}");

    for body in [agreed.clone(), json!({ "disclaimerAgreed": true, "duplicateReason": " " })] {
        let refused = dana.portal.post(submission(&again), &body).refused(422, "invalid")?;
        refused.wrong_at("/duplicateReason", "possible-duplicate")?;
    }
    let long = json!({ "disclaimerAgreed": true, "duplicateReason": "x".repeat(1001) });
    let long = dana.portal.post(submission(&again), &long).refused(422, "invalid")?;
    ensure!(long.wrong_at("/duplicateReason", "too-long")? == json!({ "most": 1000 }));
    let reason = "The first chair was stolen.";
    let body = json!({ "disclaimerAgreed": true, "duplicateReason": reason });
    dana.portal.post(submission(&again), &body).expect(200)?;

    let seen = again.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    let expected = json!({ "of": [{ "caseId": number, "request": "R01" }], "reason": reason });
    ensure!(seen.at("/requests/0/repeats")? == &expected, "{}", seen.body);
    let nurse = Person::of_staff(&world, "colorado", StaffRole::Nurse)?;
    let reviewed = nurse.portal.get(format!("/staff/cases/{}", again.key)).expect(200)?;
    ensure!(reviewed.at("/requests/0/repeats")? == &expected, "{}", reviewed.body);
    Ok(())
}

#[test]
fn what_belongs_to_another_clinic_is_not_disclosed() -> Result<()> {
    let world = World::open()?;
    let (clinic, serving) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let other = Clinic { member: clinic.member.clone(), ..Clinic::new(&world, "colorado")? };
    let (dana, stranger) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &other)?);
    // Both are performed by a third one, so that only the access keeps them apart.
    let first = chair(&world, &dana, &clinic, &serving)?;
    first.submit()?;
    let theirs = chair(&world, &stranger, &other, &serving)?;
    ensure!(duplicates(&theirs)?.is_empty(), "another clinic's request was told");
    let agreed = json!({ "disclaimerAgreed": true });
    stranger.portal.post(submission(&theirs), &agreed).expect(200)?;
    let case = stranger.portal.get(format!("/cases/{}", theirs.key)).expect(200)?;
    ensure!(case.body.pointer("/requests/0/repeats").is_none(), "{}", case.body);
    // Another clinic's draft cannot be asked about; of the clinic's own, somebody on the case who does not ask may not.
    stranger.portal.get(format!("/cases/{}/duplicates", first.key)).refused(404, "not-found")?;
    let server = Person::of_clinic(&world, &serving)?;
    server.portal.get(format!("/cases/{}/duplicates", first.key)).refused(403, "forbidden")?;
    let shown = world.shown_to(&dana.username)?;
    ensure!(shown.iter().all(|shown| !shown.shown.contains(&theirs.key)), "{shown:?}");
    Ok(())
}

#[test]
fn who_serves_a_case_does_not_read_what_it_repeats() -> Result<()> {
    let world = World::open()?;
    let (clinic, serving) = (Clinic::new(&world, "colorado")?, Clinic::new(&world, "colorado")?);
    let (dana, server) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &serving)?);
    chair(&world, &dana, &clinic, &serving)?.submit()?;
    let again = chair(&world, &dana, &clinic, &serving)?;
    let told = duplicates(&again)?;
    ensure!(told.len() == 1, "{told:?}");
    again.submit()?;
    let seen = server.portal.get(format!("/cases/{}", again.key)).expect(200)?;
    ensure!(seen.body.pointer("/requests/0/repeats").is_none(), "{}", seen.body);
    let own = dana.portal.get(format!("/cases/{}", again.key)).expect(200)?;
    own.at("/requests/0/repeats/reason").context("the reason")?;
    Ok(())
}
