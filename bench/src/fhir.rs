//! A system that asks by FHIR, in which every action of that room takes part.

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    claims::{change, with_document},
    clinic::{Clinic, today},
    fhir::{System, Wish, attachment, inquiry, item, order, request, subscription},
    files,
    people::Person,
    seeding::World,
};
use serde_json::json;

const CONTRACT: &str = "colorado";

/// Plays it.
///
/// # Errors
/// When anything is answered otherwise than expected.
pub(crate) fn play(world: &World) -> Result<()> {
    let manager = Person::of_staff(world, CONTRACT, StaffRole::ContractManager)?;
    let clinic = Clinic::new(world, CONTRACT)?;
    let system = System::sending(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
    let on = today(world, CONTRACT)?;
    let wish = Wish { number: "R-1", code: "E0601", diagnosis: "G47.33", on };
    let file = files::pdf("plan.pdf", "The plan of care.");
    let asked = request(&clinic, "PORTICO-CO", wish);
    let more = [item(3, wish.code, on), item(4, "K0001", on)];
    let changed = with_document(change(asked.clone(), ("R-2", "R-1"), &more), "note", "Other", &file.content);
    for sent in [asked, changed] {
        let answer = system.submit(&system.token()?, &sent)?;
        ensure!(
            answer.status == 200 && answer.text("/entry/0/resource/outcome")? == "complete",
            "the request: {}",
            answer.body
        );
    }
    let answer = system.inquire(&system.token()?, &inquiry(&clinic))?;
    ensure!(answer.status == 200, "the inquiry: {}", answer.body);
    let case = answer.at("/parameter/0/resource/entry/0/resource/identifier/0/value")?.as_str().unwrap_or_default();
    let answer = system.package(&system.token()?, &order(&clinic, "E1390"))?;
    ensure!(answer.status == 200, "the questionnaires: {}", answer.body);
    let file = files::pdf("plan.pdf", "The plan of care, once more.");
    let answer = system.attach(&system.token()?, &attachment(&clinic, "T-1", Some(case), &file.content))?;
    ensure!(answer.status == 200, "the document: {}", answer.body);
    // To nobody: that it is taken is all.
    let answer = system.subscribe(&system.token()?, &subscription(&clinic, "https://ehr.example/hooks", "id-only"))?;
    ensure!(answer.status == 201, "the subscription: {}", answer.body);
    let place = format!("Subscription/{}", answer.text("/id")?);
    for path in [place.clone(), format!("{place}/$status"), "Subscription".to_owned()] {
        let answer = system.read(&system.token()?, &path)?;
        ensure!(answer.status == 200, "{path}: {}", answer.body);
    }
    let answer = system.remove(&system.token()?, &place)?;
    ensure!(answer.status == 200, "its end: {}", answer.body);
    system.portal.get("/fhir/pas/2.2/metadata").expect(200)?;
    manager.portal.get("/staff/clients").expect(200)?;
    let one = format!("/staff/clients/{}", system.id);
    let etag = manager.portal.get(&one).expect(200)?.header("etag").to_owned();
    manager.portal.patch(&one, &json!({ "end": true }), &etag).expect(200)?;
    Ok(())
}
