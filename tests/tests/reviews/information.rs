//! What is added to a request after it was submitted: by whom, how it is told, and who has seen it.

use anyhow::{Context, Result, ensure};
use portico_domain::caller::StaffRole;
use portico_testkit::{
    clinic::Clinic,
    files::{self, File},
    people::Person,
    portal::{Answer, Call},
    seeding::World,
    wizard::Wizard,
};
use serde_json::{Value, json};

use super::{CONTRACT, listed, request, waiting};

const NOTE: &str = "The child walks ten steps with a walker since March.";

fn add<'a>(by: &'a Person, key: &str, body: &Value) -> Call<'a> {
    by.portal.post(format!("/cases/{key}/requests/R01/information"), body)
}

fn with(file: &File, note: &str) -> Value {
    let document = json!({ "documentType": "progress-notes", "fileName": file.name, "bytes": file.content.len() });
    json!({ "note": note, "documents": [document] })
}

fn document_type(by: &Person) -> Result<String> {
    let contract = by.portal.get(format!("/contracts/{CONTRACT}")).expect(200)?;
    contract.text("/documentTypes/0/id")
}

/// Who does what with a case in its events, oldest first.
fn told(case: &Answer) -> Result<Vec<String>> {
    let moments = case.list("/timeline")?.iter();
    Ok(moments.filter_map(|moment| moment["text"].as_str().map(ToOwned::to_owned)).collect())
}

/// A wheelchair that another clinic supplies.
fn supplied<'a>(world: &World, clinic: &Clinic, by: &'a Person, supplier: &Clinic) -> Result<Wizard<'a>> {
    let mut wizard = Wizard::begin(by, clinic, "outpatient")?;
    let providers = json!({ "servicing": supplier.place.provider.id, "fax": "303-555-0142" });
    wizard.save("providers", &providers)?;
    wizard.wheelchair(world)?;
    wizard.submit()?;
    wizard.until("the nurses", |case| Ok(case.text("/status")? == "nurse-review"))?;
    Ok(wizard)
}

/// REQ: ACT-01
#[test]
fn whoever_sees_the_case_adds_to_it_and_its_reviewer_is_told_until_they_have_looked() -> Result<()> {
    let world = World::open()?;
    let (clinic, supplier) = (Clinic::new(&world, CONTRACT)?, Clinic::new(&world, CONTRACT)?);
    let (dana, sam) = (Person::of_clinic(&world, &clinic)?, Person::of_clinic(&world, &supplier)?);
    let stranger = Person::of_clinic(&world, &Clinic::new(&world, CONTRACT)?)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = supplied(&world, &clinic, &dana, &supplier)?;
    let key = wizard.key.clone();
    let entry = listed(&ann, &key)?.context("it waits with the nurses")?;
    ensure!(entry["newsSince"].is_null(), "{entry}");

    // A note, a document type and a file, of whoever supplies it, in one go; sent again it is the same.
    let file = files::pdf("progress.pdf", "Progress");
    let mut body = with(&file, NOTE);
    body["documents"][0]["documentType"] = document_type(&sam)?.into();
    add(&stranger, &key, &body).refused(404, "not-found")?;
    let once = |by| add(by, &key, &body).idempotency_key("a-note-and-a-file").expect(201);
    let (added, again) = (once(&sam)?, once(&sam)?);
    ensure!(added.text("/status")? == "nurse-review", "its status stays: {}", added.body);
    let document = added.text("/documents/0/id")?;
    ensure!(again.text("/documents/0/id")? == document, "it is done once");
    let sent = sam.portal.upload(again.at("/documents/0/upload")?, &file)?;
    ensure!((200..300).contains(&sent), "{sent}");

    // The status is the same, and it stands in the lists of documents and notes, and in the timeline.
    let case = wizard.checked()?;
    ensure!(case.text("/status")? == "nurse-review");
    let stored = case.list("/documents")?.iter().find(|one| one["id"] == document.as_str()).context("the document")?;
    ensure!(stored["state"] == "accepted" && stored["request"] == "R01" && stored["by"] == sam.username.as_str());
    let note = case.list("/notes")?.last().context("the note")?;
    ensure!(note["text"] == NOTE && note["request"] == "R01" && note["by"] == sam.username.as_str(), "{note}");
    ensure!(case.text("/requests/0/added/0/note")? == note["id"].as_str().unwrap_or_default());
    ensure!(case.at("/requests/0/added/0/new")? == false, "whether it was seen is the reviewers'");
    let moments = told(&case)?;
    ensure!(moments.iter().any(|text| text == "A note and a document were added to R01."), "{moments:?}");
    let audits = world.audits(&key)?;
    ensure!(
        audits
            .iter()
            .any(|one| one.operation == "add-information" && one.allowed && one.by.to_string() == sam.username)
    );

    // The reviewers' worklist says that there is news, and since when; whoever takes it sees what is new, and has seen it.
    let entry = listed(&ann, &key)?.context("it waits still")?;
    let since = case.text("/requests/0/added/0/at")?;
    ensure!(entry["newsSince"] == since.as_str(), "{entry}");
    let seen = |by: &Person| by.portal.get(format!("/staff/cases/{key}")).expect(200);
    ensure!(seen(&ann)?.at("/requests/0/added/0/new")? == true);
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    ensure!(seen(&ann)?.at("/requests/0/added/0/new")? == true, "the mark stays while it is read");
    ensure!(listed(&ann, &key)?.context("it is ann's")?["newsSince"].is_null());
    let moments = told(&wizard.look()?)?;
    ensure!(moments.iter().any(|text| text == "A reviewer has seen what was added to R01."), "{moments:?}");

    // What comes while a reviewer works on it is news until they open it again.
    add(&dana, &key, &json!({ "note": "One more thing." })).expect(201)?;
    ensure!(!listed(&ann, &key)?.context("it is ann's")?["newsSince"].is_null());
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    ensure!(listed(&ann, &key)?.context("it is ann's")?["newsSince"].is_null());
    ann.portal.delete(request(&wizard, "claim")).expect(204)?;
    ensure!(seen(&ann)?.at("/requests/0/added/0/new")? == false, "and after the claim it is old");

    // What is added to a decided request is filed with it, and is news to nobody.
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    ann.portal.post(request(&wizard, "determination"), &approved).expect(200)?;
    let filed = add(&dana, &key, &json!({ "note": "Delivered on Monday." })).expect(201)?;
    ensure!(filed.text("/status")? == "approved");
    ensure!(seen(&ann)?.at("/requests/0/added/2/new")? == false && listed(&ann, &key)?.is_none());
    Ok(())
}

#[test]
fn what_cannot_be_added_is_told_at_its_field_and_nothing_is_kept_of_it() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let draft = Wizard::begin(&dana, &clinic, "outpatient")?;
    add(&dana, &draft.key, &json!({ "note": NOTE })).refused(409, "conflict")?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let key = wizard.key.clone();
    add(&dana, &key, &json!({})).refused(422, "invalid")?.wrong_at("/note", "missing")?;
    add(&dana, &key, &json!({ "note": NOTE })).without("Idempotency-Key").refused(400, "malformed")?;
    let odd = json!({ "documents": [{ "documentType": "x-ray", "fileName": "run.exe", "bytes": 5 }] });
    add(&dana, &key, &odd).refused(422, "invalid")?.wrong_at("/documents/0/fileName", "file-kind-not-taken")?;
    let nowhere = format!("/cases/{key}/requests/R02/information");
    dana.portal.post(&nowhere, &json!({ "note": NOTE })).refused(404, "not-found")?;
    // A file that is not what it says is refused by itself, with its reason, and the note stays.
    let file = files::executable("history.pdf");
    let mut body = with(&file, NOTE);
    body["documents"][0]["documentType"] = document_type(&dana)?.into();
    let added = add(&dana, &key, &body).expect(201)?;
    dana.portal.upload(added.at("/documents/0/upload")?, &file)?;
    let case = wizard.checked()?;
    let stored = case.list("/documents")?.last().context("the document")?;
    ensure!(stored["state"] == "refused" && stored["reason"].is_string(), "{stored}");
    ensure!(case.list("/notes")?.len() == 1 && case.list("/requests/0/added")?.len() == 1);
    Ok(())
}

#[test]
fn a_file_that_arrives_after_the_look_is_news_again() -> Result<()> {
    let world = World::open()?;
    let clinic = Clinic::new(&world, CONTRACT)?;
    let dana = Person::of_clinic(&world, &clinic)?;
    let ann = Person::of_staff(&world, CONTRACT, StaffRole::Nurse)?;
    let mut wizard = waiting(&world, &clinic, &dana)?;
    let file = files::pdf("progress.pdf", "Progress");
    let mut body = with(&file, NOTE);
    body["documents"][0]["documentType"] = document_type(&dana)?.into();
    let added = add(&dana, &wizard.key, &body).expect(201)?;
    ann.portal.post(request(&wizard, "claim"), &json!({})).expect(200)?;
    ensure!(listed(&ann, &wizard.key)?.context("it is ann's")?["newsSince"].is_null());
    dana.portal.upload(added.at("/documents/0/upload")?, &file)?;
    wizard.checked()?;
    ensure!(!listed(&ann, &wizard.key)?.context("it is ann's")?["newsSince"].is_null());
    Ok(())
}
