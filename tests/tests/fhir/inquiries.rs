//! A system asks where the requests of a member stand (HL7 Da Vinci PAS `Claim/$inquire`).

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::Clinic,
    fhir::{System, inquiry},
    people::Person,
    portal::{Answer, Portal},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";
const REVIEW_ACTION_CODE: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode";

/// A clinic with its Group Admin, and a system that acts for it.
fn asking(world: &World) -> Result<(Clinic, Person, System)> {
    let clinic = Clinic::new(world, CONTRACT)?;
    let person = Person::of_clinic(world, &clinic)?;
    let manager = Person::of_staff(world, CONTRACT, ContractManager)?;
    let system = System::registered(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
    Ok((clinic, person, system))
}

/// A request for a wheelchair that waits with the nurses.
fn submitted<'a>(world: &World, clinic: &Clinic, person: &'a Person) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(person, clinic, "outpatient")?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

/// The one `ClaimResponse` of an answer.
fn one(answer: &Answer) -> Result<&Value> {
    assert_eq!((answer.status, answer.list("/parameter")?.len()), (200, 1), "{}", answer.body);
    answer.at("/parameter/0/resource/entry/0/resource")
}

fn action(response: &Value) -> Result<&str> {
    let parts = response["item"][0]["adjudication"][0]["extension"][0]["extension"].as_array().context("no parts")?;
    let code = parts.iter().find(|part| part["url"] == REVIEW_ACTION_CODE).context("no code")?;
    code["valueCodeableConcept"]["coding"][0]["code"].as_str().context("no code")
}

#[test]
fn a_system_sees_a_request_of_the_portal_wait_and_be_approved() -> Result<()> {
    let world = World::open()?;
    let (clinic, person, system) = asking(&world)?;
    let token = system.token()?;
    let nothing = system.inquire(&token, &inquiry(&clinic))?;
    assert_eq!(nothing.body, json!({ "resourceType": "Parameters" }));

    let mut wizard = submitted(&world, &clinic, &person)?;
    let case_id = person.portal.get(format!("/cases/{}", wizard.key)).expect(200)?.text("/caseId")?;
    let asked = system.inquire(&token, &inquiry(&clinic))?;
    assert_eq!(asked.header("content-type"), "application/fhir+json");
    let waits = one(&asked)?;
    assert_eq!((action(waits)?, waits["outcome"].as_str()), ("A4", Some("complete")));
    assert_eq!(waits["item"][0]["extension"][0]["valueString"], json!(case_id));
    // Every reference leads to an entry, which is as it was sent.
    let entries = asked.list("/parameter/0/resource/entry")?;
    for party in ["patient", "insurer", "requestor"] {
        let entry = entries.iter().find(|entry| entry["fullUrl"] == waits[party]["reference"]).context(party)?;
        let sent = inquiry(&clinic);
        assert!(sent["entry"].as_array().context("no entries")?.contains(entry), "{entry}");
    }

    let nurse = Person::of_staff(&world, CONTRACT, Nurse)?;
    let path = format!("/staff/cases/{}/requests/R01", wizard.key);
    nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{path}/determination"), &approved).expect(200)?;
    wizard.until("the decision", |case| Ok(case.text("/status")? == "approved"))?;
    let asked = system.inquire(&token, &inquiry(&clinic))?;
    let decided = one(&asked)?;
    assert_eq!(action(decided)?, "A1");
    let number = decided["preAuthRef"].as_str().context("no number")?;
    assert!(number.contains(&case_id), "{number}");
    assert_eq!(decided["extension"][0]["extension"][0], json!({ "url": "wasHumanReviewedFlag", "valueBoolean": true }));

    // What narrows: by number and by code.
    let mut narrow = inquiry(&clinic);
    let reference = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-authorizationNumber";
    narrow["entry"][0]["resource"]["extension"] = json!([{ "url": reference, "valueString": number }]);
    one(&system.inquire(&token, &narrow)?)?;
    narrow["entry"][0]["resource"]["extension"][0]["valueString"] = json!("A000000000");
    assert_eq!(system.inquire(&token, &narrow)?.body, nothing.body);
    Ok(())
}

#[test]
fn a_member_of_another_name_and_a_provider_of_another_system_are_not_shown() -> Result<()> {
    let world = World::open()?;
    let (clinic, person, system) = asking(&world)?;
    submitted(&world, &clinic, &person)?;
    let token = system.token()?;
    one(&system.inquire(&token, &inquiry(&clinic))?)?;
    let nothing = json!({ "resourceType": "Parameters" });
    for (pointer, value) in [
        ("/entry/1/resource/birthDate", json!("1999-01-01")),
        ("/entry/1/resource/name/0/family", json!("Nobody")),
        ("/entry/2/resource/subscriberId", json!("M0000000000")),
    ] {
        let mut other = inquiry(&clinic);
        *other.pointer_mut(pointer).context(pointer)? = value;
        assert_eq!(system.inquire(&token, &other)?.body, nothing, "{pointer}");
    }
    // Another clinic of the contract, not on the case, has a system of its own.
    let (stranger, _, other) = asking(&world)?;
    let mut asked = inquiry(&clinic);
    let refused = other.inquire(&other.token()?, &asked)?;
    assert_eq!((refused.status, refused.text("/issue/0/code")?.as_str()), (403, "forbidden"));
    asked["entry"][4]["resource"]["identifier"][0]["value"] = json!(stranger.number());
    assert_eq!(other.inquire(&other.token()?, &asked)?.body, nothing);
    Ok(())
}

#[test]
fn what_cannot_be_read_is_told_where_it_is_and_a_token_holds_while_its_client_does() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let manager = Person::of_staff(&world, CONTRACT, ContractManager)?;
    let system = System::registered(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
    let token = system.token()?;
    for (pointer, value, path) in [
        ("/type", json!("batch"), "Bundle.type"),
        ("/entry", json!([]), "Bundle.entry[0].resource"),
        ("/entry/0/resource/patient", json!({ "reference": "Patient/none" }), "Bundle.entry[0].resource.patient"),
        ("/entry/0/resource/insurance", json!("none"), "Bundle.entry[0].resource.insurance"),
    ] {
        let mut wrong = inquiry(&clinic);
        *wrong.pointer_mut(pointer).context(pointer)? = value;
        let refused = system.inquire(&token, &wrong)?;
        assert_eq!((refused.status, refused.text("/resourceType")?.as_str()), (400, "OperationOutcome"), "{pointer}");
        assert_eq!(refused.text("/issue/0/expression/0")?, path);
    }
    let ask = |portal: &Portal| portal.post("/fhir/pas/2.2/Claim/$inquire", &json!({})).send();
    let signed_in = system.portal.with_token(Some(token.clone()));
    let twice =
        signed_in.post("/fhir/pas/2.2/Claim/$inquire", &json!({})).text(r#"{"type":"a","type":"b"}"#.to_owned());
    assert_eq!(twice.expect(400)?.text("/issue/0/expression/0")?, "Bundle.type");
    let xml = signed_in.post("/fhir/pas/2.2/Claim/$inquire", &json!({})).header("Content-Type", "application/fhir+xml");
    xml.expect(415)?;
    for portal in [system.portal.clone(), system.portal.with_token(Some(format!("{token}0"))), manager.portal.clone()] {
        let refused = ask(&portal)?;
        assert_eq!((refused.status, refused.text("/issue/0/code")?.as_str()), (401, "login"));
    }
    manager.portal.patch(format!("/staff/clients/{}", system.id), &json!({ "end": true }), "\"1\"").expect(200)?;
    assert_eq!(system.inquire(&token, &inquiry(&clinic))?.status, 401);
    Ok(())
}
