//! A system sends requests (HL7 Da Vinci PAS `Claim/$submit`): the same kind of case as a person's, decided by the same review.

use std::sync::Arc;

use anyhow::{Context, Result};
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::{Clinic, today},
    fhir::{System, Wish, inquiry, request},
    people::Person,
    portal::Answer,
    seeding::World,
};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";
const PAYER: &str = "PORTICO-CO";
const REVIEW_ACTION_CODE: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-reviewActionCode";
const CARE_TEAM_SCOPE: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-careTeamClaimScope";
const CODE_END: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-productOrServiceCodeEnd";
const ITEM_TRACE_NUMBER: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-itemTraceNumber";

struct Sender {
    world: Arc<World>,
    clinic: Clinic,
    system: System,
    token: String,
}

impl Sender {
    /// A system that acts for a clinic whose member is an adult.
    fn new() -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::with_member(&world, CONTRACT, |member| member.birth_date = jiff::civil::date(1970, 1, 2))?;
        let manager = Person::of_staff(&world, CONTRACT, ContractManager)?;
        let system = System::sending(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
        let token = system.token()?;
        Ok(Self { world, clinic, system, token })
    }

    /// One device of this code.
    fn bundle(&self, number: &str, code: &str) -> Result<Value> {
        let wish = Wish { number, code, diagnosis: "G47.33", on: today(&self.world, CONTRACT)? };
        Ok(request(&self.clinic, PAYER, wish))
    }

    fn submit(&self, bundle: &Value) -> Result<Answer> {
        self.system.submit(&self.token, bundle)
    }

    /// The `ClaimResponse` that an inquiry finds; nothing where there is none.
    fn inquired(&self) -> Result<Value> {
        let found = self.system.inquire(&self.token, &inquiry(&self.clinic))?;
        Ok(found.at("/parameter/0/resource/entry/0/resource").cloned().unwrap_or_default())
    }
}

/// The `ClaimResponse` of an answer.
fn response(answer: &Answer) -> Result<&Value> {
    assert_eq!((answer.status, answer.text("/resourceType")?.as_str()), (200, "Bundle"), "{}", answer.body);
    let response = answer.at("/entry/0/resource")?;
    assert_eq!(response["resourceType"], "ClaimResponse");
    Ok(response)
}

fn action(response: &Value) -> Result<&str> {
    let parts = response["item"][0]["adjudication"][0]["extension"][0]["extension"].as_array().context("no parts")?;
    let code = parts.iter().find(|part| part["url"] == REVIEW_ACTION_CODE).context("no code")?;
    code["valueCodeableConcept"]["coding"][0]["code"].as_str().context("no code")
}

fn reference(response: &Value) -> Result<&str> {
    let extensions = response["item"][0]["extension"].as_array().context("no extensions")?;
    extensions.iter().find_map(|one| one["valueString"].as_str()).context("no Case ID")
}

/// Whether a case is on the nurses' worklist, which is read to its end.
fn listed(by: &Person, key: &str) -> Result<bool> {
    let mut cursor = String::new();
    loop {
        let page = by.portal.get(format!("/staff/worklists/nurse?contract={CONTRACT}&limit=50{cursor}")).expect(200)?;
        if page.list("/items")?.iter().any(|item| item["key"] == key) {
            return Ok(true);
        }
        let Some(next) = page.body.get("next").and_then(Value::as_str) else { return Ok(false) };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn what_a_rule_fits_is_approved_at_once_and_a_repetition_is_answered_again() -> Result<()> {
    let sender = Sender::new()?;
    let bundle = sender.bundle("R-1", "E0601")?;
    let first = sender.submit(&bundle)?;
    let approved = response(&first)?;
    assert_eq!((action(approved)?, approved["outcome"].as_str()), ("A1", Some("complete")), "{approved}");
    assert!(approved["preAuthRef"].is_string(), "{approved}");
    assert_eq!(
        approved["extension"][0]["extension"][0],
        json!({ "url": "wasHumanReviewedFlag", "valueBoolean": false })
    );
    // The item is named by its number, with its sender's own; the parties come back as they were sent.
    assert_eq!(approved["item"][0]["itemSequence"], 3);
    assert_eq!(approved["item"][0]["extension"][0]["url"], ITEM_TRACE_NUMBER);
    assert_eq!(approved["request"]["reference"], bundle["entry"][0]["fullUrl"]);
    let entries = first.list("/entry")?;
    for party in ["patient", "insurer", "requestor"] {
        let of = |entry: &&Value| entry["fullUrl"] == approved[party]["reference"];
        assert!(bundle["entry"].as_array().context("no entries")?.contains(entries.iter().find(of).context(party)?));
    }
    assert_eq!(first.at("/identifier")?, &bundle["identifier"]);

    assert_eq!(sender.submit(&bundle)?.body, first.body);
    // Put together anew at another moment, it is the same.
    let mut later = bundle.clone();
    later["timestamp"] = json!("2026-05-11T09:05:00-05:00");
    assert_eq!(sender.submit(&later)?.body, first.body);
    // Other content is another request, whatever its identifiers are: here one for the same days.
    let mut other = sender.bundle("R-1", "E0601")?;
    other["entry"][0]["resource"]["item"][0]["quantity"]["value"] = json!(2);
    let refused = sender.submit(&other)?;
    let refused = response(&refused)?;
    assert_eq!((refused["outcome"].as_str(), &refused["item"]), (Some("error"), &Value::Null));
    assert_eq!(refused["error"][0]["code"]["coding"][0]["code"], "33");
    assert!(
        refused["processNote"][0]["text"].as_str().is_some_and(|text| text.contains("asked for before")),
        "{refused}"
    );

    // What an inquiry says is the same; asked for once more, it is a duplicate.
    let inquired = sender.inquired()?;
    for part in ["preAuthRef", "preAuthPeriod", "request", "outcome"] {
        assert_eq!(inquired[part], approved[part], "{part}");
    }
    assert_eq!((action(&inquired)?, &inquired["item"][0]["itemSequence"]), ("A1", &json!(3)));
    assert_eq!(inquired["item"][0]["extension"][0], approved["item"][0]["extension"][0]);
    let again = sender.submit(&sender.bundle("R-2", "E0601")?)?;
    assert_eq!(response(&again)?["error"][0]["code"]["coding"][0]["code"], "33");
    // Senders use their numbers again: for another device it is a case of its own.
    let chair = sender.submit(&sender.bundle("R-1", "K0001")?)?;
    assert_eq!(action(response(&chair)?)?, "A4");
    assert_eq!(sender.submit(&bundle)?.body, first.body);
    Ok(())
}

#[test]
fn an_answer_is_of_the_type_that_was_asked_with() -> Result<()> {
    let sender = Sender::new()?;
    let mut bundle = sender.bundle("R-1", "K0001")?;
    bundle["entry"][0]["resource"]["type"]["coding"][0]["code"] = json!("institutional");
    let answer = sender.submit(&bundle)?;
    let kind = &response(&answer)?["type"];
    assert_eq!(kind["coding"][0]["code"], "institutional");
    assert_eq!(&sender.inquired()?["type"], kind);
    Ok(())
}

#[test]
fn who_performs_is_read_of_a_team_without_roles() -> Result<()> {
    let sender = Sender::new()?;
    let other = Clinic::new(&sender.world, CONTRACT)?;
    let clerk = Person::of_clinic(&sender.world, &sender.clinic)?;
    let mut bundle = sender.bundle("R-1", "K0001")?;
    let scope = json!([{ "url": CARE_TEAM_SCOPE, "valueBoolean": true }]);
    let role = json!({ "sequence": 1, "provider": { "reference": "PractitionerRole/performs" }, "extension": scope });
    bundle["entry"][0]["resource"]["careTeam"] = json!([role]);
    bundle["entry"][0]["resource"]["item"][0]["careTeamSequence"] = json!([1]);
    let npi = json!([{ "system": "http://hl7.org/fhir/sid/us-npi", "value": other.number() }]);
    for (place, resource) in [
        (
            "PractitionerRole/performs",
            json!({
                "resourceType": "PractitionerRole", "id": "performs", "organization": { "reference": "Organization/other" },
            }),
        ),
        ("Organization/other", json!({ "resourceType": "Organization", "id": "other", "identifier": npi })),
    ] {
        let address = bundle["entry"][4]["fullUrl"].as_str().context("no address")?;
        let address = address.replace("Organization/clinic", place);
        let entry = json!({ "fullUrl": address, "resource": resource });
        bundle["entry"].as_array_mut().context("no entries")?.push(entry);
    }
    let answer = sender.submit(&bundle)?;
    let case_id = reference(response(&answer)?)?.to_owned();
    let case = clerk.portal.get(format!("/cases/{case_id}")).expect(200)?;
    assert_eq!(case.text("/servicing/npi")?, other.number());
    assert_eq!(case.text("/requesting/npi")?, sender.clinic.number());

    // A role that is not read is told, and nobody is passed over.
    let mut wrong = bundle.clone();
    wrong["entry"][0]["resource"]["identifier"][0]["value"] = json!("R-2");
    wrong["entry"][0]["resource"]["careTeam"][0]["role"] =
        json!({ "coding": [{ "system": "https://codesystem.x12.org/005010/98", "code": "DN" }] });
    let refused = sender.submit(&wrong)?;
    let error = &response(&refused)?["error"][0];
    assert_eq!(error["code"]["coding"][0]["code"], "33");
    assert_eq!(error["extension"][0]["valueString"], "Bundle.entry[0].resource.careTeam[0].role");
    Ok(())
}

#[test]
fn items_at_different_places_or_of_different_kinds_are_told_so() -> Result<()> {
    let sender = Sender::new()?;
    for (element, pointer, code) in [
        ("locationCodeableConcept", "/locationCodeableConcept/coding/0/code", "11"),
        ("category", "/category/coding/0/code", "1"),
    ] {
        let mut bundle = sender.bundle("R-1", "K0001")?;
        let mut second = bundle["entry"][0]["resource"]["item"][0].clone();
        second["sequence"] = json!(4);
        *second.pointer_mut(pointer).context(pointer)? = json!(code);
        bundle["entry"][0]["resource"]["item"].as_array_mut().context("no items")?.push(second);
        let refused = sender.submit(&bundle)?;
        let error = &response(&refused)?["error"][0];
        assert_eq!(error["code"]["coding"][0]["code"], "33", "{element}");
        assert_eq!(error["extension"][0]["valueString"], format!("Bundle.entry[0].resource.item[1].{element}"));
    }
    Ok(())
}

#[test]
fn what_waits_is_on_the_worklist_and_a_clerk_sees_the_case() -> Result<()> {
    let sender = Sender::new()?;
    let Sender { world, clinic, .. } = &sender;
    let clerk = Person::of_clinic(world, clinic)?;
    let answer = sender.submit(&sender.bundle("R-1", "K0001")?)?;
    let waits = response(&answer)?;
    assert_eq!((action(waits)?, waits["outcome"].as_str()), ("A4", Some("complete")));
    let case_id = reference(waits)?;

    let case = clerk.portal.get(format!("/cases/{case_id}")).expect(200)?;
    assert_eq!((case.text("/caseId")?.as_str(), case.text("/status")?.as_str()), (case_id, "nurse-review"));
    assert_eq!(case.text("/createdBy")?, sender.system.id);
    // Both doors name the system that sent it, and not the number that it signs in with.
    let nurse = Person::of_staff(world, CONTRACT, Nurse)?;
    let key = case.text("/key")?;
    let seen = nurse.portal.get(format!("/staff/cases/{key}")).expect(200)?;
    for view in [&case, &seen] {
        assert_eq!(view.text("/submission/system")?, "River EHR");
        for by in ["/submission/by", "/timeline/0/by", "/notes/0/by"] {
            assert_eq!(view.text(by)?, "River EHR (system)", "{by}");
        }
    }
    assert_eq!(case.text("/notes/0/text")?, "Sent home today.");
    assert!(listed(&nurse, &key)?, "the nurses do not see it");
    let path = format!("/staff/cases/{key}/requests/R01");
    nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    assert_eq!(action(&sender.inquired()?)?, "A4");
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{path}/determination"), &approved).expect(200)?;
    let decided = sender.inquired()?;
    assert_eq!(action(&decided)?, "A1");
    assert_eq!(decided["extension"][0]["extension"][0]["valueBoolean"], true);
    Ok(())
}

#[test]
fn another_system_sees_nothing_of_it_and_sends_nothing_for_others() -> Result<()> {
    let (sender, stranger) = (Sender::new()?, Sender::new()?);
    let bundle = sender.bundle("R-1", "K0001")?;
    response(&sender.submit(&bundle)?)?;
    let refused = stranger.submit(&bundle)?;
    assert_eq!((refused.status, refused.text("/issue/0/code")?.as_str()), (403, "forbidden"));
    // The member, asked about by its own provider.
    let mut about = inquiry(&sender.clinic);
    about["entry"][4]["resource"]["identifier"][0]["value"] = json!(stranger.clinic.number());
    let found = stranger.system.inquire(&stranger.token, &about)?;
    assert_eq!(found.body, json!({ "resourceType": "Parameters" }));
    // A token for inquiries alone sends nothing.
    let (system, key) = (&sender.system, &sender.system.key);
    let token = system.ask(&key.sign(&system.claims())?, "system/Claim.rs")?.text("/access_token")?;
    assert_eq!(system.submit(&token, &bundle)?.status, 403);
    Ok(())
}

#[test]
fn what_is_wrong_is_told_where_it_is() -> Result<()> {
    let sender = Sender::new()?;
    let claim = "/entry/0/resource";
    // Bodies that cannot be worked with.
    for (pointer, value, path) in [
        ("/use", json!("claim"), "use"),
        ("/identifier", json!([]), "identifier"),
        ("/item/0/sequence", Value::Null, "item[0].sequence"),
        ("/patient", json!({ "reference": "Patient/none" }), "patient"),
        ("/item", json!("none"), "item"),
    ] {
        let mut wrong = sender.bundle("R-1", "K0001")?;
        *wrong.pointer_mut(&format!("{claim}{pointer}")).context(pointer)? = value;
        let refused = sender.submit(&wrong)?;
        assert_eq!((refused.status, refused.text("/resourceType")?.as_str()), (400, "OperationOutcome"), "{pointer}");
        assert_eq!(refused.text("/issue/0/expression/0")?, format!("Bundle.entry[0].resource.{path}"));
    }
    // Requests that cannot be taken: X12's code, and where.
    for (pointer, value, code, path) in [
        ("/entry/1/resource/birthDate", json!("1999-01-01"), "75", "Bundle.entry[1].resource.identifier"),
        ("/entry/3/resource/identifier/0/value", json!("OTHER"), "T4", "Bundle.entry[3].resource.identifier"),
        ("/entry/4/resource/telecom", json!([]), "15", "Bundle.entry[4].resource.telecom"),
        ("/entry/0/resource/item", json!([]), "15", "Bundle.entry[0].resource.item"),
        ("/entry/0/resource/item/0/quantity/value", json!(0.5), "33", "Bundle.entry[0].resource.item[0].quantity"),
        (
            "/entry/0/resource/item/0/servicedDate",
            json!("soon"),
            "33",
            "Bundle.entry[0].resource.item[0].servicedPeriod",
        ),
        (
            "/entry/0/resource/item/0/productOrService/coding/0/code",
            json!("E9999"),
            "33",
            "Bundle.entry[0].resource.item[0].productOrService",
        ),
        (
            "/entry/0/resource/diagnosis/0/diagnosisCodeableConcept/coding/0/code",
            json!("Z99.999"),
            "33",
            "Bundle.entry[0].resource.diagnosis[0]",
        ),
        // What is not read is not passed over.
        (
            "/entry/0/resource/diagnosis/0/diagnosisCodeableConcept/coding/0/system",
            json!("http://snomed.info/sct"),
            "33",
            "Bundle.entry[0].resource.diagnosis[0]",
        ),
        (
            "/entry/0/resource/item/0/extension",
            json!([{ "url": CODE_END, "valueCodeableConcept": { "coding": [{ "code": "K0009" }] } }]),
            "33",
            "Bundle.entry[0].resource.item[0].extension",
        ),
        (
            "/entry/0/resource/supportingInfo/0",
            json!({ "sequence": 1, "valueReference": { "reference": "DocumentReference/1" } }),
            "33",
            "Bundle.entry[0].resource.supportingInfo[0].valueReference",
        ),
    ] {
        let mut wrong = sender.bundle("R-1", "K0001")?;
        *wrong.pointer_mut(pointer).context(pointer)? = value;
        let refused = sender.submit(&wrong)?;
        let refused = response(&refused)?;
        let error = &refused["error"][0];
        assert_eq!(refused["outcome"], "error", "{pointer}: {refused}");
        assert_eq!(
            (&error["code"]["coding"][0]["code"], &error["extension"][0]["valueString"]),
            (&json!(code), &json!(path))
        );
        assert!(refused["processNote"][0]["text"].is_string());
    }
    let mut update = sender.bundle("R-1", "K0001")?;
    update["entry"][0]["resource"]["related"] = json!([{ "claim": { "reference": "Claim/before" } }]);
    let refused = sender.submit(&update)?;
    assert_eq!(response(&refused)?["error"][0]["extension"][0]["valueString"], "Bundle.entry[0].resource.related[0]");
    // Nothing of all that has made a case, and the identifiers are free still.
    assert_eq!(sender.inquired()?, Value::Null);
    assert_eq!(action(response(&sender.submit(&sender.bundle("R-1", "K0001")?)?)?)?, "A4");
    Ok(())
}

#[test]
fn of_one_request_sent_twice_at_once_one_case_is_made() -> Result<()> {
    let sender = Sender::new()?;
    let bundle = sender.bundle("R-1", "K0001")?;
    let answers = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| sender.submit(&bundle))).collect();
        sent.into_iter().map(|one| one.join().map_err(|_| anyhow::anyhow!("it panicked"))?).collect::<Result<Vec<_>>>()
    })?;
    for answer in &answers {
        assert_eq!(reference(response(answer)?)?, reference(response(&answers[0])?)?);
    }
    let found = sender.system.inquire(&sender.token, &inquiry(&sender.clinic))?;
    assert_eq!(found.list("/parameter")?.len(), 1);
    Ok(())
}

#[test]
fn of_requests_for_the_same_that_are_sent_at_once_a_rule_approves_one() -> Result<()> {
    let sender = Sender::new()?;
    let numbers = ["R-1", "R-2", "R-3", "R-4"];
    let bundles = numbers.map(|number| sender.bundle(number, "E0601")).into_iter().collect::<Result<Vec<_>>>()?;
    let answers = std::thread::scope(|scope| {
        let sent: Vec<_> = bundles.iter().map(|bundle| scope.spawn(|| sender.submit(bundle))).collect();
        sent.into_iter().map(|one| one.join().map_err(|_| anyhow::anyhow!("it panicked"))?).collect::<Result<Vec<_>>>()
    })?;
    let mut approved = 0;
    for (bundle, mut answer) in bundles.iter().zip(answers) {
        // Something was approved at the same moment: as the answer says, the same is sent again.
        for _ in 0..4 {
            if answer.status == 409 {
                answer = sender.submit(bundle)?;
            }
        }
        let told = response(&answer)?;
        if told["outcome"] == "error" {
            assert_eq!(told["error"][0]["code"]["coding"][0]["code"], "33");
        } else {
            assert_eq!(action(told)?, "A1");
            approved += 1;
        }
    }
    assert_eq!(approved, 1);
    let found = sender.system.inquire(&sender.token, &inquiry(&sender.clinic))?;
    assert_eq!(found.list("/parameter")?.len(), 1);
    Ok(())
}
