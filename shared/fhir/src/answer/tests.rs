//! What is written, looked at as whoever gets it would.

use serde_json::{Value, json, value::RawValue};

use super::*;
use crate::Fault;

fn about() -> About {
    About {
        identifier: Vec::new(),
        kind: Some(CodeableConcept::of("http://terminology.hl7.org/CodeSystem/claim-type", "professional")),
        patient: Reference::to("https://ehr.example/fhir/Patient/1"),
        insurer: Reference::to("https://ehr.example/fhir/Organization/payer"),
        requestor: Some(Reference::to("https://ehr.example/fhir/Organization/clinic")),
        request: Reference::to("https://ehr.example/fhir/Claim/1"),
        created: "2026-05-11T14:00:00Z".to_owned(),
    }
}

fn authorized(units: Option<u32>) -> Authorized {
    Authorized {
        number: "A26131000101".to_owned(),
        issued: "2026-05-11".to_owned(),
        days: ("2026-05-12".to_owned(), "2026-06-10".to_owned()),
        instead: units.map(|units| (CodeableConcept::of(url::HCPCS, "T1015"), Vec::new(), units)),
    }
}

fn item(sequence: u32, action: Action) -> Decided<'static> {
    Decided { sequence, action, traces: &[], authorization: None, reference: None, reason: None }
}

fn action_of(item: &Value) -> &Value {
    let parts = item["adjudication"][0]["extension"][0]["extension"].as_array().unwrap();
    let code = parts.iter().find(|part| part["url"] == url::REVIEW_ACTION_CODE).unwrap();
    &code["valueCodeableConcept"]["coding"][0]["code"]
}

#[test]
fn every_item_has_an_answer_with_what_belongs_to_it() {
    let items = [
        Decided { authorization: Some(authorized(None)), ..item(3, Action::Certified) },
        Decided {
            authorization: Some(authorized(Some(10))),
            reason: Some("Ten units meet the goal.".to_owned()),
            ..item(1, Action::Modified)
        },
        Decided { reason: Some("Not shown to be needed.".to_owned()), ..item(2, Action::Denied) },
    ];
    let answer = ClaimResponse::decided(about(), url::CLAIM_RESPONSE, &items, Some(true));
    let answer = serde_json::to_value(answer).unwrap();
    let actions: Vec<_> = answer["item"].as_array().unwrap().iter().map(action_of).collect();
    assert_eq!(actions, ["A1", "A6", "A3"]);
    assert_eq!((&answer["outcome"], &answer["preAuthRef"]), (&json!("complete"), &json!("A26131000101")));
    assert_eq!(answer["preAuthPeriod"], json!({ "start": "2026-05-12", "end": "2026-06-10" }));
    // What is authorized instead stands beside what was asked; a denial has no number.
    assert_eq!(
        (&answer["addItem"][0]["itemSequence"], &answer["addItem"][0]["quantity"]["value"]),
        (&json!([1]), &json!(10))
    );
    assert_eq!(action_of(&answer["addItem"][0]), "A1");
    assert!(!answer["item"][2].to_string().contains("\"number\"") && answer["item"][0]["noteNumber"].is_null());
    let notes: Vec<_> = answer["processNote"].as_array().unwrap().iter().map(|note| &note["text"]).collect();
    assert_eq!(notes, ["Ten units meet the goal.", "Not shown to be needed."]);
    assert_eq!((&answer["item"][1]["noteNumber"], &answer["item"][2]["noteNumber"]), (&json!([1]), &json!([2])));
    assert_eq!(answer["extension"][0]["extension"][0]["valueBoolean"], true);
}

#[test]
fn what_waits_says_by_which_number_it_is_tracked() {
    let items = [Decided { reference: Some("261310001".to_owned()), ..item(1, Action::Pended) }];
    let answer = serde_json::to_value(ClaimResponse::decided(about(), url::CLAIM_RESPONSE, &items, None)).unwrap();
    assert_eq!(action_of(&answer["item"][0]), "A4");
    assert_eq!(
        answer["item"][0]["extension"][0],
        json!({ "url": url::ADMINISTRATION_REFERENCE, "valueString": "261310001" })
    );
    for absent in ["preAuthRef", "preAuthPeriod", "addItem", "processNote", "error", "extension"] {
        assert!(answer[absent].is_null(), "{absent}");
    }
}

#[test]
fn a_refusal_has_a_code_a_place_and_words_and_no_items() {
    let refusal =
        Refusal { code: "75", path: "Bundle.entry[2].resource".to_owned(), text: "No such member.".to_owned() };
    let answer = serde_json::to_value(ClaimResponse::refused(about(), url::CLAIM_RESPONSE, &[refusal])).unwrap();
    assert_eq!((&answer["outcome"], &answer["error"][0]["code"]["coding"][0]["code"]), (&json!("error"), &json!("75")));
    assert_eq!(answer["error"][0]["extension"][0]["valueString"], "Bundle.entry[2].resource");
    assert_eq!(answer["processNote"][0]["text"], "No such member.");
    assert!(answer["item"].is_null());
}

#[test]
fn what_was_sent_goes_back_as_it_came_and_once() {
    let text = r#"{"resourceType":"Patient","multiple":1.0}"#;
    let raw: &RawValue = serde_json::from_str(text).unwrap();
    let answer = ClaimResponse::decided(about(), url::CLAIM_RESPONSE, &[], None);
    let echoed = [("https://ehr.example/fhir/Patient/1", raw), ("https://ehr.example/fhir/Patient/1", raw)];
    let ours = ("urn:uuid:1".to_owned(), answer);
    let at = "2026-05-11T14:00:00Z".to_owned();
    let mut bundle = AnswerBundle::new(url::INQUIRY_RESPONSE_BUNDLE, None, at, ours, &echoed);
    bundle.warn("urn:uuid:2".to_owned(), "There are more.");
    let written = serde_json::to_string(&Parameters::of(vec![bundle])).unwrap();
    assert_eq!(written.matches(text).count(), 1);
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["parameter"][0]["name"], "return");
    let first = &written["parameter"][0]["resource"]["entry"][0]["resource"];
    assert_eq!(first["resourceType"], "ClaimResponse");
    let second = &written["parameter"][0]["resource"]["entry"][1]["resource"];
    assert_eq!(
        (&second["resourceType"], &second["issue"][0]["severity"]),
        (&json!("OperationOutcome"), &json!("warning"))
    );
    assert_eq!(serde_json::to_value(Parameters::of(Vec::new())).unwrap(), json!({ "resourceType": "Parameters" }));
}

#[test]
fn an_outcome_says_what_and_where() {
    let outcome = serde_json::to_value(OperationOutcome::from(Fault::at("Bundle.type", "No."))).unwrap();
    assert_eq!(
        (&outcome["issue"][0]["code"], &outcome["issue"][0]["expression"]),
        (&json!("invalid"), &json!(["Bundle.type"]))
    );
    let outcome = serde_json::to_value(OperationOutcome::new("login", "No.", None)).unwrap();
    assert!(outcome["issue"][0]["expression"].is_null());
}

#[test]
fn what_is_asked_of_the_provider_stands_behind_the_answer_that_points_to_it() {
    let number = Identifier { value: Some("261310001-R01-1".to_owned()), ..Identifier::default() };
    let to = |last: &str| Reference::to(format!("https://ehr.example/fhir/{last}"));
    let parties = (to("Organization/payer"), to("Organization/clinic"), to("Patient/1"));
    let days = ("2026-05-11T14:00:00Z".to_owned(), "2026-05-20".to_owned());
    let asked = CommunicationRequest::new(number, parties, days, &["The plan of care".to_owned()]);
    let mut answer = ClaimResponse::decided(about(), url::CLAIM_RESPONSE, &[], None);
    answer.communication_request = vec![Reference::to("urn:uuid:2")];
    let ours = ("urn:uuid:1".to_owned(), answer);
    let mut bundle =
        AnswerBundle::new(url::INQUIRY_RESPONSE_BUNDLE, None, "2026-05-11T14:00:00Z".to_owned(), ours, &[]);
    bundle.asks("urn:uuid:2".to_owned(), asked);
    let written = serde_json::to_value(&bundle).unwrap();
    let (first, second) = (&written["entry"][0]["resource"], &written["entry"][1]);
    assert_eq!(first["communicationRequest"][0]["reference"], second["fullUrl"]);
    let asked = &second["resource"];
    assert_eq!(
        (&asked["identifier"][0]["value"], &asked["occurrenceDateTime"]),
        (&json!("261310001-R01-1"), &json!("2026-05-20"))
    );
    assert_eq!((&asked["note"], &asked["payload"]), (&json!([{ "text": "The plan of care" }]), &Value::Null));
    assert_eq!(asked["sender"]["reference"], "https://ehr.example/fhir/Organization/clinic");
}
