//! A system sends documents (HL7 Da Vinci `CDex` `$submit-attachment`): they are added to the request as from the portal, and answer
//! what the provider was asked for.

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::ToSpan;
use portico_domain::caller::StaffRole::{ContractManager, Nurse};
use portico_testkit::{
    clinic::{Clinic, today},
    fhir::{System, attachment, inquiry},
    files,
    people::Person,
    portal::Answer,
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

const CONTRACT: &str = "colorado";
const DATA: &str = "/parameter/4/part/1/resource/content/0/attachment";

struct Sender {
    world: Arc<World>,
    clinic: Clinic,
    clerk: Person,
    system: System,
    token: String,
}

impl Sender {
    fn new() -> Result<Self> {
        let world = World::open()?;
        let clinic = Clinic::new(&world, CONTRACT)?;
        let clerk = Person::of_clinic(&world, &clinic)?;
        let manager = Person::of_staff(&world, CONTRACT, ContractManager)?;
        let system = System::sending(&manager, "River EHR", &[CONTRACT], &[&clinic.number()])?;
        let token = system.token()?;
        Ok(Self { world, clinic, clerk, system, token })
    }

    /// A request for a wheelchair that waits with the nurses, and its Case ID.
    fn submitted(&self) -> Result<(Wizard<'_>, String)> {
        let mut wizard = Wizard::begin(&self.clerk, &self.clinic, "outpatient")?;
        wizard.wheelchair(&self.world)?;
        wizard.submit()?;
        let case = wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
        let case_id = case.text("/caseId")?;
        Ok((wizard, case_id))
    }

    /// A nurse takes it and asks for the plan of care.
    fn asked(&self, wizard: &Wizard<'_>) -> Result<Person> {
        let nurse = Person::of_staff(&self.world, CONTRACT, Nurse)?;
        let path = format!("/staff/cases/{}/requests/R01", wizard.key);
        nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
        let due = today(&self.world, CONTRACT)?.checked_add(1.days())?;
        let ask = json!({ "items": ["The plan of care", "Notes of the last visit"], "due": due });
        nurse.portal.post(format!("{path}/pend"), &ask).expect(200)?;
        Ok(nurse)
    }

    fn send(&self, tracking: &str, case: Option<&str>, text: &str) -> Result<Answer> {
        let file = files::pdf("plan.pdf", text);
        self.sent(&attachment(&self.clinic, tracking, case, &file.content))
    }

    fn sent(&self, parameters: &Value) -> Result<Answer> {
        self.system.attach(&self.token, parameters)
    }
}

fn said(answer: &Answer) -> Result<String> {
    assert_eq!((answer.status, answer.text("/resourceType")?.as_str()), (200, "OperationOutcome"), "{}", answer.body);
    assert_eq!(answer.text("/issue/0/severity")?, "information");
    answer.text("/issue/0/details/text")
}

fn documents(case: &Answer) -> Result<Vec<(String, String, String)>> {
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    let all = case.list("/documents")?.iter();
    Ok(all.map(|one| (text(one, "fileName"), text(one, "documentType"), text(one, "state"))).collect())
}

/// REQ: API-04
#[test]
fn what_was_asked_for_is_sent_under_its_number_and_brings_the_request_back() -> Result<()> {
    let sender = Sender::new()?;
    let (mut wizard, case_id) = sender.submitted()?;
    let nurse = sender.asked(&wizard)?;

    // The inquiry says what is needed, and under which number.
    let inquired = sender.system.inquire(&sender.token, &inquiry(&sender.clinic))?;
    let answer = inquired.at("/parameter/0/resource/entry/0/resource")?;
    let reference = &answer["communicationRequest"][0]["reference"];
    let entries = inquired.list("/parameter/0/resource/entry")?;
    let asked =
        &entries.iter().find(|entry| entry["fullUrl"] == *reference).context("no request for information")?["resource"];
    assert_eq!((&asked["resourceType"], &asked["status"]), (&json!("CommunicationRequest"), &json!("active")));
    assert_eq!(asked["note"], json!([{ "text": "The plan of care" }, { "text": "Notes of the last visit" }]));
    for party in ["subject", "requester", "sender"] {
        assert!(entries.iter().any(|entry| entry["fullUrl"] == asked[party]["reference"]), "{party}");
    }
    let number = asked["identifier"][0]["value"].as_str().context("no number")?;
    assert_eq!(number, format!("{case_id}-R01-1"));

    // A part of it is added and answers nothing yet; the last one brings the request back to who asked.
    let mut part = attachment(&sender.clinic, number, None, &files::pdf("plan.pdf", "The plan.").content);
    part["parameter"].as_array_mut().context("no list")?.push(json!({ "name": "Final", "valueBoolean": false }));
    assert!(said(&sender.sent(&part)?)?.contains("will be checked"));
    assert_eq!(wizard.look()?.text("/status")?, "pended");
    let last = attachment(&sender.clinic, number, None, &files::pdf("notes.pdf", "The notes.").content);
    said(&sender.sent(&last)?)?;
    let case = wizard.checked()?;
    assert_eq!(
        (case.text("/status")?.as_str(), case.text("/requests/0/pends/0/state")?.as_str()),
        ("nurse-review", "answered")
    );
    assert_eq!(
        nurse.portal.get(format!("/staff/cases/{}", wizard.key)).expect(200)?.text("/requests/0/claim/by")?,
        nurse.username
    );
    let kept = || ("plan.pdf".to_owned(), "other".to_owned(), "accepted".to_owned());
    assert_eq!(documents(&case)?, [kept(), kept()]);

    // The reviewer reads it as any other document.
    let id = case.text("/documents/0/id")?;
    nurse.portal.get(format!("/staff/cases/{}/documents/{id}", wizard.key)).expect(200)?;

    // Sent again it adds nothing, and says what came of it; also by another number.
    assert!(said(&sender.sent(&last)?)?.contains("kept"));
    assert!(said(&sender.send("T-9", Some(&case_id), "The notes.")?)?.contains("sent before"));
    assert_eq!(wizard.look()?.list("/documents")?.len(), 2);

    // Without being asked, by the Case ID; a decided request keeps what comes.
    // The member's number may be written as people write it.
    let mut more = attachment(&sender.clinic, "T-1", Some(&case_id), &files::pdf("plan.pdf", "More of it.").content);
    let number = more["parameter"][2]["valueIdentifier"]["value"].as_str().context("no number")?.to_lowercase();
    let (head, tail) = number.split_at(3);
    more["parameter"][2]["valueIdentifier"]["value"] = json!(format!("{head} {tail}"));
    said(&sender.sent(&more)?)?;
    assert_eq!(wizard.checked()?.list("/documents")?.len(), 3);
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("/staff/cases/{}/requests/R01/determination", wizard.key), &approved).expect(200)?;
    said(&sender.send("T-2", Some(&format!("{case_id}-R01")), "Still more.")?)?;
    let case = wizard.checked()?;
    assert_eq!((case.text("/status")?.as_str(), case.list("/documents")?.len()), ("approved", 4));
    Ok(())
}

#[test]
fn what_belongs_to_no_request_of_this_member_and_provider_is_refused_alike() -> Result<()> {
    let (sender, stranger) = (Sender::new()?, Sender::new()?);
    let (mut wizard, case_id) = sender.submitted()?;
    let content = files::pdf("plan.pdf", "The plan.").content;
    let own = attachment(&sender.clinic, "T-1", Some(&case_id), &content);
    let mut told = Vec::new();
    let mut refused = |by: &Sender, change: &dyn Fn(&mut Value)| {
        let mut wrong = own.clone();
        change(&mut wrong);
        let answer = by.sent(&wrong)?;
        assert_eq!(answer.status, 404, "{}", answer.body);
        told.push(answer.body);
        anyhow::Ok(())
    };
    let set = |name: &'static str, value: String| {
        move |sent: &mut Value| {
            let all = sent["parameter"].as_array_mut().into_iter().flatten();
            for one in all.filter(|one| one["name"] == name) {
                one["valueIdentifier"]["value"] = json!(value);
            }
        }
    };
    refused(&sender, &set("MemberId", "M0000000000".into()))?;
    refused(&sender, &set("OrganizationId", stranger.clinic.number()))?;
    refused(&sender, &set("AdminRefNumber", "991310001".into()))?;
    refused(&sender, &set("AdminRefNumber", format!("{case_id}-R02")))?;
    refused(&sender, &set("AdminRefNumber", "none".into()))?;
    // Nothing is asked of it.
    refused(&sender, &set("TrackingId", format!("{case_id}-R01-1")))?;
    refused(&stranger, &|_| {})?;
    refused(&stranger, &set("OrganizationId", stranger.clinic.number()))?;
    let payer = json!({ "name": "PayerId", "valueIdentifier": { "value": "OTHER" } });
    refused(&sender, &|sent| sent["parameter"].as_array_mut().into_iter().for_each(|all| all.push(payer.clone())))?;
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(documents(&wizard.look()?)?.is_empty());
    said(&sender.sent(&own)?)?;
    let (system, key) = (&sender.system, &sender.system.key);
    let token = system.ask(&key.sign(&system.claims())?, "system/Claim.rs system/Claim.c")?.text("/access_token")?;
    assert_eq!(system.attach(&token, &own)?.status, 403);
    Ok(())
}

#[test]
fn what_cannot_be_taken_is_told_where_it_is_and_what_is_damaged_is_told_afterwards() -> Result<()> {
    let sender = Sender::new()?;
    let (mut wizard, case_id) = sender.submitted()?;
    let file = files::pdf("plan.pdf", "The plan.");
    let own = attachment(&sender.clinic, "T-1", Some(&case_id), &file.content);
    let data = "Parameters.parameter[4].part[1].resource.content[0].attachment";
    for (pointer, value, status, path) in [
        ("/parameter/1/valueCode".to_owned(), json!("claim"), 422, "Parameters.parameter[1]".to_owned()),
        ("/parameter/0/name".to_owned(), json!("none"), 400, "Parameters.parameter".to_owned()),
        ("/parameter/3/valueIdentifier/value".to_owned(), json!("1"), 400, "Parameters.parameter".to_owned()),
        (format!("{DATA}/data"), json!("%%"), 400, format!("{data}.data")),
        (format!("{DATA}/data"), Value::Null, 422, data.to_owned()),
        (format!("{DATA}/contentType"), json!("text/html"), 422, format!("{data}.contentType")),
        (format!("{DATA}/contentType"), json!("image/tiff"), 422, format!("{data}.data")),
        (
            "/parameter/4/part/1/resource/resourceType".to_owned(),
            json!("QuestionnaireResponse"),
            422,
            "Parameters.parameter[4].part[1].resource".to_owned(),
        ),
    ] {
        let mut wrong = own.clone();
        *wrong.pointer_mut(&pointer).with_context(|| pointer.clone())? = value;
        let refused = sender.sent(&wrong)?;
        assert_eq!((refused.status, refused.text("/issue/0/expression/0")?), (status, path), "{}", refused.body);
    }
    let mut large = own.clone();
    *large.pointer_mut(&format!("{DATA}/data")).context("no data")? = json!("A".repeat(1_000_000));
    assert_eq!(sender.sent(&large)?.status, 413);
    assert!(documents(&wizard.look()?)?.is_empty());

    // It begins like a PDF and is none to its end: the check says so, and so does the same call.
    let damaged = attachment(&sender.clinic, "T-2", Some(&case_id), b"%PDF-1.7\nnothing more");
    said(&sender.sent(&damaged)?)?;
    wizard.checked()?;
    assert!(said(&sender.sent(&damaged)?)?.contains("not kept"));
    assert_eq!(documents(&wizard.look()?)?.len(), 1);

    // What the scan keeps out is told the same way.
    let infected = files::infected("plan.pdf").content;
    let infected = attachment(&sender.clinic, "T-3", Some(&case_id), &infected);
    said(&sender.sent(&infected)?)?;
    wizard.checked()?;
    assert!(said(&sender.sent(&infected)?)?.contains("not kept. A virus or other harmful content was found"));
    Ok(())
}

#[test]
fn of_one_call_sent_twice_at_once_one_document_is_made() -> Result<()> {
    let sender = Sender::new()?;
    let (mut wizard, case_id) = sender.submitted()?;
    let own = attachment(&sender.clinic, "T-1", Some(&case_id), &files::pdf("plan.pdf", "The plan.").content);
    let answers = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| sender.sent(&own))).collect();
        sent.into_iter().map(|one| one.join().map_err(|_| anyhow::anyhow!("it panicked"))?).collect::<Result<Vec<_>>>()
    })?;
    for answer in &answers {
        said(answer)?;
    }
    let case = wizard.checked()?;
    assert_eq!(documents(&case)?, [("plan.pdf".to_owned(), "other".to_owned(), "accepted".to_owned())]);
    Ok(())
}
