//! What intake does with the faxes that nobody could file by their bars.

use anyhow::{Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{clinic::Clinic, people::Person, poll, poll::PATIENCE, seeding::World};
use serde_json::json;

use crate::{CONTRACT, ELSEWHERE, arrives, by_fax, nurse, paper, waiting, with_intake};

fn clerk(world: &World, contract: &str) -> Result<Person> {
    Person::of_staff(world, contract, StaffRole::Intake)
}

/// A form without bars waits with the intake of the contract whose number was dialled, and with nobody else.
#[test]
fn a_form_without_bars_is_seen_and_taken_by_one_of_the_contracts_intake() -> Result<()> {
    let world = World::open()?;
    let (ina, ned) = (clerk(&world, CONTRACT)?, clerk(&world, CONTRACT)?);
    let (other, ann) = (clerk(&world, ELSEWHERE)?, nurse(&world)?);
    let id = arrives(&world, CONTRACT, &paper::form()?)?;
    let path = format!("/staff/faxes/{id}");
    let fax = with_intake(&ina, &id)?;
    ensure!(fax.text("/why")? == "no-barcode" && fax.text("/state")? == "waiting", "{}", fax.body);
    ensure!(fax.text("/from")? == "501-555-0142" && fax.at("/pageCount")? == 1);
    let picture = ina.portal.download(&fax.text("/pages/0")?)?;
    ensure!(picture.starts_with(b"\x89PNG"));

    // It stands in the list of its contract, page by page.
    let listed = poll::until("the list", PATIENCE, || {
        let (mut found, mut cursor) = (false, String::new());
        loop {
            let page = ina.portal.get(format!("/staff/faxes?contract={CONTRACT}&limit=50{cursor}")).expect(200)?;
            found |= page.list("/items")?.iter().any(|item| item["id"] == id.as_str());
            match page.body["next"].as_str() {
                Some(next) if !found => cursor = format!("&cursor={next}"),
                _ => return Ok(found.then_some(())),
            }
        }
    });
    listed?;
    ensure!(world.shown_to(&ina.username)?.iter().any(|one| one.access.operation == "list-faxes"));
    ann.portal.get("/staff/faxes").refused(403, "forbidden")?;
    ann.portal.get(&path).refused(403, "forbidden")?;
    other.portal.get(&path).refused(404, "not-found")?;
    other.portal.get(format!("/staff/faxes?contract={CONTRACT}")).refused(404, "not-found")?;
    other.portal.post(format!("{path}/claim"), &json!({})).refused(404, "not-found")?;

    let close = json!({ "reason": "other", "note": "An advertisement." });
    let put = |by: &Person, what: &str, body: &serde_json::Value| {
        by.portal.put(format!("{path}/{what}"), body, "").without("If-Match").send()
    };
    ensure!(put(&ina, "closure", &close)?.status == 409, "it is taken first");
    ina.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    ensure!(ina.portal.post(format!("{path}/claim"), &json!({})).expect(200)?.text("/claim/by")? == ina.username);
    ned.portal.post(format!("{path}/claim"), &json!({})).refused(409, "conflict")?;
    ned.portal.delete(format!("{path}/claim")).refused(409, "conflict")?;
    ensure!(put(&ned, "closure", &close)?.status == 409);
    ina.portal.delete(format!("{path}/claim")).expect(200)?;
    ned.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    ensure!(put(&ned, "closure", &json!({ "reason": "other" }))?.status == 422);
    ensure!(put(&ned, "closure", &close)?.text("/ended/reason")? == "other");
    ensure!(put(&ned, "closure", &close)?.status == 200, "done again it is the same");
    ina.portal.post(format!("{path}/claim"), &json!({})).refused(409, "conflict")?;
    Ok(())
}

/// Intake files a fax to the case that it names, as a document that its clinic and its reviewer see.
#[test]
fn intake_files_a_fax_to_a_case() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let (dana, ina) = (Person::of_clinic(&world, &clinic)?, clerk(&world, CONTRACT)?);
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let number = wizard.look()?.text("/caseId")?;
    let id = arrives(&world, CONTRACT, &paper::form()?)?;
    with_intake(&ina, &id)?;
    let path = format!("/staff/faxes/{id}");
    ina.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let file = |case: &str, request: &str| {
        let body = json!({ "caseId": case, "request": request });
        ina.portal.put(format!("{path}/filing"), &body, "").without("If-Match").send()
    };
    file("991230001", "R01")?.wrong_at("/caseId", "not-found")?;
    file(&number, "R07")?.wrong_at("/request", "not-found")?;
    let filed = file(&number, "R01")?;
    ensure!(filed.status == 200 && filed.text("/state")? == "filed", "{}", filed.body);
    ensure!(filed.text("/ended/case")? == wizard.key && file(&number, "R01")?.status == 200);
    let case = wizard.look()?;
    ensure!(by_fax(&case)?.len() == 1 && case.text("/status")? == "nurse-review");
    ensure!(
        world.audits(&wizard.key)?.iter().any(|one| one.operation == "file-fax" && one.by.to_string() == ina.username)
    );
    let seen = nurse(&world)?.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?;
    ensure!(by_fax(&seen)?.len() == 1 && seen.at("/requests/0/added/0/new")? == true);
    Ok(())
}

/// Intake begins a case with a form: a draft of the clinic's, with the form as its document.
#[test]
fn intake_opens_a_case_that_the_clinic_completes() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let (dana, ina) = (Person::of_clinic(&world, &clinic)?, clerk(&world, CONTRACT)?);
    let id = arrives(&world, CONTRACT, &paper::form()?)?;
    with_intake(&ina, &id)?;
    let path = format!("/staff/faxes/{id}");
    ina.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let search = format!("/staff/providers?contract={CONTRACT}&npi={}", clinic.number());
    let provider = ina.portal.get(&search).expect(200)?.text("/providers/0/id")?;
    clerk(&world, ELSEWHERE)?.portal.get(&search).refused(404, "not-found")?;
    nurse(&world)?.portal.get(&search).refused(403, "forbidden")?;
    let form = |born: &str, requesting: &str| {
        let body = json!({
            "memberNumber": clinic.member_number(), "birthDate": born, "requesting": requesting,
            "setting": "outpatient", "fax": "501-555-0142",
        });
        ina.portal.post(format!("{path}/case"), &body).send()
    };
    let born = clinic.member.birth_date.to_string();
    form("1901-01-01", &provider)?.wrong_at("/memberNumber", "not-found")?;
    let stranger = Clinic::new(&world, CONTRACT)?;
    form(&born, &stranger.place.provider.id.to_string())?.wrong_at("/requesting", "not-offered")?;
    let opened = form(&born, &provider)?;
    ensure!(opened.status == 200 && opened.text("/state")? == "opened", "{}", opened.body);
    let key = opened.text("/ended/case")?;
    ensure!(form(&born, &provider)?.text("/ended/case")? == key, "done again it is the same case");

    let case = dana.portal.get(format!("/cases/{key}")).expect(200)?;
    ensure!(case.text("/status")? == "draft" && by_fax(&case)?.len() == 1, "{}", case.body);
    let listed = dana.portal.get("/cases").expect(200)?;
    ensure!(listed.list("/cases")?.iter().any(|case| case["key"] == key.as_str()));
    let step = json!({ "serviceType": "home-infusion", "placeOfService": "12" });
    dana.portal.put(format!("/cases/{key}/steps/service"), &step, case.header("etag")).expect(200)?;
    ina.portal.get(format!("/staff/cases/{key}")).refused(404, "not-found")?;
    Ok(())
}
