//! Documents and answers to questionnaires come with a request (HL7 Da Vinci PAS `Claim/$submit`): they are the case's as if a clerk
//! had attached and answered them; and what was sent is kept as it came.

use anyhow::{Context, Result};
use jiff::ToSpan;
use portico_domain::caller::StaffRole::Nurse;
use portico_testkit::{
    claims::{change, with_answers, with_document},
    fhir::{Wish, attachment, order, request},
    files,
    people::Person,
};
use serde_json::{Value, json};

use crate::sender::{Sender, actions, case_id, told};

const OXYGEN: &str = "https://portico.example/colorado/Questionnaire/home-oxygen";
const CHAIR: &str = "https://portico.example/colorado/Questionnaire/power-wheelchair";
const NEEDED: [&str; 4] =
    ["dms-693-well-child-checkup", "social-medical-history", "developmental-assessment", "therapy-evaluations"];

/// A request for a child's day services, which needs documents.
fn day_services(sender: &Sender, number: &str) -> Result<Value> {
    let wish = Wish { number, code: "T1015", diagnosis: "F84.0", on: sender.on()? };
    let mut asked = request(&sender.clinic, "PORTICO-AR", wish);
    let modifier = |code: &str| json!({ "coding": [{ "code": code }] });
    let item = &mut asked["entry"][0]["resource"]["item"][0];
    item["modifier"] = json!([modifier("U6"), modifier("UB")]);
    item["category"]["coding"][0]["code"] = json!("1");
    item["locationCodeableConcept"]["coding"][0]["code"] = json!("11");
    Ok(asked)
}

fn with_all(mut asked: Value) -> Value {
    for kind in NEEDED {
        asked = with_document(asked, kind, kind, &files::pdf(&format!("{kind}.pdf"), kind).content);
    }
    asked
}

fn documents(case: &Value) -> Vec<(&str, &str)> {
    let all = case["documents"].as_array().into_iter().flatten();
    all.filter_map(|one| Some((one["documentType"].as_str()?, one["state"].as_str()?))).collect()
}

#[test]
fn a_request_that_needs_documents_is_handed_in_with_them() -> Result<()> {
    let sender = Sender::new("arkansas", 2018)?;
    let (code, path, words) = sender.refused(&day_services(&sender, "R-1")?)?;
    assert_eq!((code.as_str(), path.as_str()), ("15", "Bundle.entry[0].resource.supportingInfo"));
    assert!(words.contains("DMS-693"), "{words}");

    let asked = with_all(day_services(&sender, "R-1")?);
    let first = sender.submit(&asked)?;
    let waits = first.at("/entry/0/resource")?;
    assert_eq!(actions(waits)?, told(&[(3, "A4")]), "{waits}");
    let id = case_id(waits)?;
    let case = sender.checked(&id)?;
    assert_eq!(case.text("/status")?, "nurse-review");
    let mut kept = documents(&case.body);
    kept.sort_unstable();
    let mut all = NEEDED.map(|kind| (kind, "accepted"));
    all.sort_unstable();
    assert_eq!(kept, all);
    assert!(case.list("/documents")?.iter().all(|one| one["request"] == "R01"));
    // A reviewer reads them; sent again they are there once.
    let nurse = Person::of_staff(&sender.world, "arkansas", Nurse)?;
    let (key, document) = (case.text("/key")?, case.text("/documents/0/id")?);
    nurse.portal.get(format!("/staff/cases/{key}/documents/{document}")).expect(200)?;
    assert_eq!(sender.submit(&asked)?.body, first.body);
    assert_eq!(sender.case(&id)?.list("/documents")?.len(), 4);

    // A change names them again, and brings one more.
    let mut item = asked["entry"][0]["resource"]["item"][0].clone();
    item["quantity"]["value"] = json!(2);
    let more = files::pdf("more.pdf", "What came since.").content;
    let changed = with_document(change(asked.clone(), ("R-2", "R-1"), &[item]), "more", "none of ours", &more);
    assert_eq!(actions(&sender.taken(&changed)?)?, told(&[(3, "A4")]));
    let case = sender.checked(&id)?;
    assert_eq!(case.list("/documents")?.len(), 5);
    let new: Vec<_> = case.list("/documents")?.iter().filter(|one| one["request"] == "R02").collect();
    assert_eq!(new.len(), 1);
    assert_eq!((&new[0]["documentType"], &new[0]["state"]), (&json!("other"), &json!("accepted")));
    // The words beside it stand once.
    assert_eq!(case.list("/notes")?.len(), 1);
    // What was asked is kept as it came.
    let kept = sender.world.claims_of(&key)?;
    let kept: Vec<Value> = kept.iter().map(|text| serde_json::from_str(text)).collect::<Result<_, _>>()?;
    assert_eq!(kept, [asked, changed]);
    Ok(())
}

#[test]
fn what_cannot_be_taken_of_documents_is_told_where_it_is() -> Result<()> {
    let sender = Sender::new("colorado", 1970)?;
    let content = files::pdf("plan.pdf", "The plan.").content;
    let asked = with_document(sender.asks("R-1", "K0001")?, "plan", "Treatment plan", &content);
    let file = "/entry/5/resource/content/0/attachment";
    let at = "Bundle.entry[5].resource.content[0].attachment";
    let pointed = "Bundle.entry[0].resource.supportingInfo[1].valueReference";
    for (pointer, value, path) in [
        (format!("{file}/data"), json!("%%"), format!("{at}.data")),
        (format!("{file}/data"), Value::Null, at.to_owned()),
        (format!("{file}/contentType"), json!("text/html"), format!("{at}.contentType")),
        (format!("{file}/contentType"), json!("image/tiff"), format!("{at}.data")),
        ("/entry/5/resource/content".to_owned(), json!([]), "Bundle.entry[5].resource.content".to_owned()),
        ("/entry/5/resource/resourceType".to_owned(), json!("Observation"), pointed.to_owned()),
        (
            "/entry/0/resource/supportingInfo/1/valueReference/reference".to_owned(),
            json!("Binary/none"),
            pointed.to_owned(),
        ),
    ] {
        let mut wrong = asked.clone();
        *wrong.pointer_mut(&pointer).with_context(|| pointer.clone())? = value;
        let (code, told, words) = sender.refused(&wrong)?;
        assert_eq!((code.as_str(), told), ("33", path), "{pointer}: {words}");
    }
    let mut many = asked.clone();
    for number in 0..10 {
        many = with_document(many, &format!("n{number}"), "x", &content);
    }
    assert_eq!(sender.refused(&many)?.1, "Bundle.entry[0].resource.supportingInfo");
    assert!(sender.inquired()?.is_empty());

    // In other forms: behind an address in the Bundle, as a Binary, and in the Claim itself. The same file is one document.
    let mut forms = asked;
    let attachment = forms.pointer(file).context("no file")?.clone();
    let entry = |id: &str, resource: Value| json!({ "fullUrl": format!("https://ehr.example/fhir/{id}"), "resource": resource });
    let binary = |text: &str| {
        let mut of = attachment.clone();
        let data =
            with_document(json!({ "entry": [{ "resource": { "supportingInfo": [] } }] }), "b", "x", text.as_bytes());
        of["data"] = data["entry"][1]["resource"]["content"][0]["attachment"]["data"].clone();
        json!({ "resourceType": "Binary", "contentType": "application/pdf", "data": of["data"] })
    };
    let text = |number: &str| String::from_utf8(files::pdf("b.pdf", number).content).unwrap_or_default();
    let entries = forms["entry"].as_array_mut().context("no entries")?;
    entries.push(entry("Binary/one", binary(&text("one"))));
    entries.push(entry("Binary/two", binary(&text("two"))));
    forms["entry"][5]["resource"]["content"][0]["attachment"] =
        json!({ "contentType": "application/pdf", "url": "Binary/one", "title": "one.pdf" });
    let info = forms["entry"][0]["resource"]["supportingInfo"].as_array_mut().context("no list")?;
    info.push(json!({ "sequence": 3, "valueReference": { "reference": "Binary/two" } }));
    info.push(json!({ "sequence": 4, "valueAttachment": attachment.clone() }));
    info.push(json!({ "sequence": 5, "valueAttachment": attachment }));
    let case = sender.checked(&case_id(&sender.taken(&forms)?)?)?;
    assert_eq!(documents(&case.body).iter().filter(|(_, state)| *state == "accepted").count(), 3, "{}", case.body);
    assert_eq!(case.list("/documents")?.len(), 3);
    Ok(())
}

fn oxygen(on: jiff::civil::Date, saturation: i32) -> Value {
    let choice = |name: &str, code: &str| json!({ "linkId": name, "answer": [{ "valueCoding": { "code": code } }] });
    json!([
        choice("condition", "copd"), choice("test", "oximetry"), choice("when", "sleep"),
        { "linkId": "tested-on", "answer": [{ "valueDate": on }] },
        { "linkId": "saturation", "answer": [{ "valueInteger": saturation }] },
        { "linkId": "flow", "answer": [{ "valueQuantity": { "value": 2.0, "code": "L/min" } }] },
        { "linkId": "out", "answer": [{ "valueBoolean": false }] },
    ])
}

#[test]
fn answers_are_held_to_what_is_asked_and_a_reviewer_reads_them() -> Result<()> {
    let sender = Sender::new("colorado", 1970)?;
    let on = sender.on()?;
    let asks = |number: &str| {
        let mut asked = sender.asks(number, "E1390")?;
        asked["entry"][0]["resource"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] = json!("J44.9");
        anyhow::Ok(asked)
    };
    let (code, path, words) = sender.refused(&asks("R-1")?)?;
    assert_eq!((code.as_str(), path.as_str()), ("15", "Bundle.entry[0].resource.supportingInfo"));
    assert!(words.contains("Oxygen at home"), "{words}");

    let right = with_answers(asks("R-1")?, &format!("{OXYGEN}|2026.1"), &oxygen(on, 86));
    let at = |last: &str| format!("Bundle.entry[5].resource.{last}");
    let answer = |place: usize| format!("/entry/5/resource/item/{place}/answer/0");
    for (pointer, value, code, path) in [
        ("/entry/5/resource/status".to_owned(), json!("in-progress"), "33", at("status")),
        ("/entry/5/resource/questionnaire".to_owned(), json!(format!("{OXYGEN}|1999.1")), "33", at("questionnaire")),
        ("/entry/5/resource/questionnaire".to_owned(), json!(CHAIR), "33", at("questionnaire")),
        (answer(4), json!({ "valueInteger": 10 }), "33", at("item[4].answer[0].valueInteger")),
        (answer(4), json!({}), "15", at("item[4].answer[0].valueInteger")),
        (answer(3), json!({ "valueDateTime": "2026-11-01T08:00:00Z" }), "33", at("item[3].answer[0]")),
        (answer(3), json!({ "valueDate": "soon" }), "33", at("item[3].answer[0].valueDate")),
        (answer(6), json!({ "valueBoolean": true, "valueString": "yes" }), "33", at("item[6].answer[0]")),
        ("/entry/5/resource/item/0/linkId".to_owned(), json!("none"), "33", at("item[0].linkId")),
    ] {
        let mut wrong = right.clone();
        *wrong.pointer_mut(&pointer).with_context(|| pointer.clone())? = value;
        let (told, place, words) = sender.refused(&wrong)?;
        assert_eq!((told.as_str(), place), (code, path), "{pointer}: {words}");
    }
    let mut typed = right.clone();
    typed["entry"][5]["resource"]["item"][4]["answer"][0]["valueInteger"] = json!("86");
    assert_eq!(sender.submit(&typed)?.status, 400);
    assert!(sender.inquired()?.is_empty());

    let id = case_id(&sender.taken(&right)?)?;
    let case = sender.case(&id)?;
    assert_eq!(
        (case.text("/questionnaires/0/questionnaire")?.as_str(), case.text("/questionnaires/0/progress")?.as_str()),
        ("home-oxygen", "complete")
    );
    let nurse = Person::of_staff(&sender.world, "colorado", Nurse)?;
    let seen = nurse.portal.get(format!("/staff/cases/{}", case.text("/key")?)).expect(200)?;
    let saturation = seen.list("/questionnaires/0/item")?.iter().find(|item| item["linkId"] == "saturation");
    assert_eq!(saturation.context("no saturation")?["answer"][0]["valueInteger"], 86);
    assert_eq!(seen.text("/questionnaires/0/by")?, sender.system.id);
    // What was answered is known from then on.
    let known = sender.system.package(&sender.token, &order(&sender.clinic, "E1390"))?;
    assert!(known.body.to_string().contains("information-origin"), "{}", known.body);

    // A change needs no answers again while it asks for the same codes, and takes others.
    let two = [sender.item(3, "E1390", 2)?];
    assert_eq!(actions(&sender.taken(&change(asks("R-2")?, ("R-2", "R-1"), &two))?)?, told(&[(3, "A4")]));
    let more = [sender.item(3, "E1390", 2)?, sender.item(4, "E0431", 1)?];
    let (code, ..) = sender.refused(&change(asks("R-3")?, ("R-3", "R-2"), &more))?;
    assert_eq!(code, "33");
    let again = with_answers(asks("R-3")?, OXYGEN, &oxygen(on, 84));
    let third = sender.taken(&change(again, ("R-3", "R-2"), &more))?;
    assert_eq!(actions(&third)?, told(&[(3, "A4"), (4, "A4")]));
    let case = sender.case(&id)?;
    let now = case.list("/questionnaires/0/item")?.iter().find(|item| item["linkId"] == "saturation");
    assert_eq!(now.context("no saturation")?["answer"][0]["valueInteger"], 84);

    // Once something is authorized they stay as they are.
    sender.approved(&case.text("/key")?, "R03", 2)?;
    let fewer = [sender.item(3, "E1390", 1)?, sender.item(4, "E0431", 1)?];
    let other = with_answers(asks("R-4")?, OXYGEN, &oxygen(on, 83));
    let (code, path, _) = sender.refused(&change(other, ("R-4", "R-3"), &fewer))?;
    assert_eq!((code.as_str(), path), ("33", at("item")));
    let same = with_answers(asks("R-4")?, OXYGEN, &oxygen(on, 84));
    let revised = sender.taken(&change(same, ("R-4", "R-3"), &fewer))?;
    assert_eq!(actions(&revised)?, told(&[(3, "A4"), (4, "A1")]));
    Ok(())
}

#[test]
fn answers_that_are_sent_to_a_request_are_held_to_the_same_rules() -> Result<()> {
    let sender = Sender::new("colorado", 1970)?;
    let on = sender.on()?;
    let mut asked = sender.asks("R-1", "E1390")?;
    asked["entry"][0]["resource"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] = json!("J44.9");
    let id = case_id(&sender.taken(&with_answers(asked, OXYGEN, &oxygen(on, 86)))?)?;
    let key = sender.case(&id)?.text("/key")?;
    let path = format!("/staff/cases/{key}/requests/R01");
    let nurse = Person::of_staff(&sender.world, "colorado", Nurse)?;
    nurse.portal.post(format!("{path}/claim"), &json!({})).expect(200)?;
    let ask = json!({ "items": ["The questionnaire again, with the newest test"], "due": on.checked_add(1.days())? });
    nurse.portal.post(format!("{path}/pend"), &ask).expect(200)?;

    let sends = |answers: &Value| {
        let mut sent = attachment(&sender.clinic, &format!("{id}-R01-1"), None, b"none");
        sent["parameter"][4]["part"][1]["resource"] = json!({
            "resourceType": "QuestionnaireResponse", "questionnaire": OXYGEN, "status": "completed", "item": answers,
        });
        sender.system.attach(&sender.token, &sent)
    };
    let refused = sends(&oxygen(on, 10))?;
    let at = "Parameters.parameter[4].part[1].resource.item[4].answer[0].valueInteger";
    assert_eq!((refused.status, refused.text("/issue/0/expression/0")?.as_str()), (422, at), "{}", refused.body);
    assert_eq!(sender.case(&id)?.text("/status")?, "pended");

    let taken = sends(&oxygen(on, 84))?;
    assert_eq!((taken.status, taken.text("/issue/0/severity")?.as_str()), (200, "information"), "{}", taken.body);
    assert_eq!(sends(&oxygen(on, 84))?.body, taken.body);
    let case = sender.case(&id)?;
    assert_eq!((case.text("/status")?.as_str(), case.list("/documents")?.len()), ("nurse-review", 0));
    let now = case.list("/questionnaires/0/item")?.iter().find(|item| item["linkId"] == "saturation");
    assert_eq!(now.context("no saturation")?["answer"][0]["valueInteger"], 84);
    let notes = case.list("/notes")?;
    let note = notes.last().context("no note")?["text"].as_str().unwrap_or_default();
    assert!(notes.len() == 2 && note.contains("Oxygen at home"), "{notes:?}");

    // Once it is decided they stay as they are.
    let approved = json!({ "decision": "determine", "lines": [{ "outcome": "approved" }] });
    nurse.portal.post(format!("{path}/determination"), &approved).expect(200)?;
    assert_eq!(sends(&oxygen(on, 83))?.status, 409);
    Ok(())
}

#[test]
fn a_file_in_an_answer_is_a_document_of_the_case() -> Result<()> {
    let sender = Sender::new("colorado", 1970)?;
    let mut asked = sender.asks("R-1", "K0823")?;
    asked["entry"][0]["resource"]["diagnosis"][0]["diagnosisCodeableConcept"]["coding"][0]["code"] = json!("G82.20");
    let choice = |name: &str, code: &str| json!({ "linkId": name, "answer": [{ "valueCoding": { "code": code } }] });
    let asked = with_document(asked, "evaluation", "Other", &files::pdf("evaluation.pdf", "By a therapist.").content);
    let file = asked["entry"][5]["resource"]["content"][0]["attachment"].clone();
    let items = |file: Value| {
        json!([
            { "linkId": "seen-on", "answer": [{ "valueDate": "2026-05-01" }] },
            choice("walk", "not"), choice("aids", "none"),
            { "linkId": "weight", "answer": [{ "valueQuantity": { "value": 80, "code": "kg" } }] },
            { "linkId": "home", "answer": [{ "valueBoolean": true }] },
            { "linkId": "operates", "answer": [{ "valueBoolean": true }] },
            { "linkId": "evaluation", "answer": [{ "valueAttachment": file }] },
        ])
    };
    let nowhere = with_answers(asked.clone(), CHAIR, &items(json!({ "url": "DocumentReference/none" })));
    let (code, path, _) = sender.refused(&nowhere)?;
    assert_eq!((code.as_str(), path.as_str()), ("33", "Bundle.entry[6].resource.item[6].answer[0].valueAttachment"));
    // By the address of a document of the Bundle, or inline: the same file is one document.
    let pointed = with_answers(asked.clone(), CHAIR, &items(json!({ "url": "DocumentReference/evaluation" })));
    let id = case_id(&sender.taken(&pointed)?)?;
    let case = sender.checked(&id)?;
    assert_eq!(documents(&case.body), [("other", "accepted")]);
    let named = case.list("/questionnaires/0/item")?.iter().find(|item| item["linkId"] == "evaluation");
    let named = named.context("no evaluation")?["answer"][0]["valueAttachment"].clone();
    assert_eq!((&named["url"], &named["title"]), (case.at("/documents/0/id")?, &json!("evaluation.pdf")));
    let two = [sender.item(3, "K0823", 2)?];
    let inline = with_answers(change(asked, ("R-2", "R-1"), &two), CHAIR, &items(file));
    sender.taken(&inline)?;
    assert_eq!(sender.checked(&id)?.list("/documents")?.len(), 1);
    Ok(())
}
