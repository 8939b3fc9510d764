//! Requests of systems with what comes with them, changes of earlier ones, and what is kept of them, as an auditor finds it.

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use portico_aws::files::claim;
use serde_json::{Value, json};

use crate::{
    fhir::{coded, entry},
    seeding::World,
};

impl World {
    /// The Bundles in which the Claims of a case came, oldest first.
    ///
    /// # Errors
    /// When the case or one of them is not there.
    pub fn claims_of(&self, key: &str) -> Result<Vec<String>> {
        let key = key.parse()?;
        self.wait(async {
            let case = self.aws.table().case(key).await?.context("no such case")?;
            let bucket = &self.aws.config().documents_bucket;
            let mut all = Vec::new();
            for one in case.claims() {
                let name = one.bundle.as_deref().context("a Claim without its Bundle")?;
                let content = self.aws.files().read(bucket, &claim(name), 1_000_000).await?;
                all.push(String::from_utf8(content.context("a Bundle that is not there")?)?);
            }
            Ok(all)
        })
    }
}

/// The same item taken back, as a change of an earlier claim marks it.
#[must_use]
pub fn cancelled(mut item: Value) -> Value {
    let mark = json!([{
        "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled",
        "valueBoolean": true,
    }]);
    set(&mut item, "", &[("modifierExtension", mark)]);
    push(&mut item, "/extension", certification("3"));
    item
}

/// X12's kind of a certification, as an extension.
#[must_use]
pub fn certification(code: &str) -> Value {
    json!({
        "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType",
        "valueCodeableConcept": coded("https://codesystem.x12.org/005010/1322", code),
    })
}

/// The request as a change of the one of this earlier number, under a number of its own and with these items.
#[must_use]
pub fn change(mut request: Value, (number, earlier): (&str, &str), items: &[Value]) -> Value {
    let identifier = |value: &str| json!({ "system": "https://ehr.example/requests", "value": value });
    let related = json!([{
        "claim": { "identifier": identifier(earlier) },
        "relationship": coded("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior"),
    }]);
    set(&mut request, "", &[("identifier", identifier(number))]);
    let address = json!(format!("https://ehr.example/fhir/Claim/{number}"));
    set(&mut request, "/entry/0", &[("fullUrl", address)]);
    let claim = [
        ("id", json!(number)),
        ("identifier", json!([identifier(number)])),
        ("item", json!(items)),
        ("related", related),
    ];
    set(&mut request, "/entry/0/resource", &claim);
    request
}

/// Puts these fields into the object there.
fn set(value: &mut Value, pointer: &str, fields: &[(&str, Value)]) {
    if let Some(object) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
        object.extend(fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())));
    }
}

/// Puts one more into the list there.
fn push(value: &mut Value, pointer: &str, one: Value) {
    if let Some(list) = value.pointer_mut(pointer).and_then(Value::as_array_mut) {
        list.push(one);
    }
}

/// The request with a PDF of this type inline.
#[must_use]
pub fn with_document(request: Value, id: &str, kind: &str, content: &[u8]) -> Value {
    let file =
        json!({ "contentType": "application/pdf", "title": format!("{id}.pdf"), "data": STANDARD.encode(content) });
    let document = json!({
        "resourceType": "DocumentReference", "id": id, "status": "current", "type": { "text": kind },
        "content": [{ "attachment": file }],
    });
    supported(request, &format!("DocumentReference/{id}"), &document)
}

/// The request with answers to a questionnaire.
#[must_use]
pub fn with_answers(request: Value, questionnaire: &str, item: &Value) -> Value {
    let answers = json!({
        "resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "questionnaire": questionnaire,
        "item": item,
    });
    supported(request, "QuestionnaireResponse/q", &answers)
}

/// With a resource that supports it.
fn supported(mut request: Value, address: &str, resource: &Value) -> Value {
    let info = "/entry/0/resource/supportingInfo";
    let sequence = request.pointer(info).and_then(Value::as_array).map_or(1, |all| all.len() + 1);
    let category = coded("x", "additionalInformation");
    let one = json!({ "sequence": sequence, "category": category, "valueReference": { "reference": address } });
    push(&mut request, info, one);
    push(&mut request, "/entry", entry(address, resource));
    request
}
