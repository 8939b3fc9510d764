//! Packages of questionnaires (Da Vinci DTR): each a Bundle with the questionnaire and one draft of its answers, with what is
//! known filled in and marked as such.

use serde::Serialize;
use serde_json::{Map, Value};

use super::OperationOutcome;
use crate::{
    types::{CodeableConcept, Extension, Meta, Reference},
    url,
};

/// What is answered to a request for packages. Where nothing is to be said it is empty.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Packages {
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameter: Vec<Parameter>,
}

#[derive(Debug, Serialize)]
struct Parameter {
    name: &'static str,
    resource: Given,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Given {
    Package(PackageBundle),
    Outcome(OperationOutcome),
}

/// A package: the questionnaire first, then the draft.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageBundle {
    resource_type: &'static str,
    meta: Meta,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    entry: [Entry; 2],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    full_url: String,
    resource: Resource,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Resource {
    Questionnaire(Value),
    Draft(Box<Draft>),
}

/// A draft of answers (`QuestionnaireResponse`).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    resource_type: &'static str,
    extension: Vec<Extension>,
    questionnaire: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Reference>,
    authored: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item: Vec<DraftItem>,
}

/// An item of a draft: a question, or a group.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "elements are documented by FHIR")]
pub struct DraftItem {
    pub link_id: String,
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answer: Vec<KnownAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<DraftItem>,
}

/// An answer that we fill in, with the mark that it was not written by whoever answers.
#[derive(Clone, Debug, Serialize)]
struct KnownAnswer {
    extension: [Extension; 1],
    #[serde(flatten)]
    value: Map<String, Value>,
}

impl DraftItem {
    /// With what is known: each value under FHIR's name of its type.
    #[must_use]
    pub fn new(link_id: String, text: String, known: Vec<Map<String, Value>>, item: Vec<Self>) -> Self {
        let source = Extension { value_code: Some("auto-server".to_owned()), ..Extension::new("source") };
        let origin = Extension { extension: vec![source], ..Extension::new(url::INFORMATION_ORIGIN) };
        let answer = known.into_iter().map(|value| KnownAnswer { extension: [origin.clone()], value }).collect();
        Self { link_id, text, answer, item }
    }
}

impl Draft {
    /// For this version of a questionnaire, about the subject; `context` is what it belongs to.
    #[must_use]
    pub fn new(
        canonical: String,
        (subject, context): (Option<Reference>, Vec<Reference>),
        authored: String,
        item: Vec<DraftItem>,
    ) -> Self {
        let of = |reference| Extension { value_reference: Some(reference), ..Extension::new(url::ANSWERS_CONTEXT) };
        let mut extension: Vec<_> = context.into_iter().map(of).collect();
        let use_of = Some(CodeableConcept::of(url::DOCUMENTATION_REASON, "withpa"));
        extension.push(Extension { value_codeable_concept: use_of, ..Extension::new(url::INTENDED_USE) });
        let questionnaire = canonical;
        let resource_type = "QuestionnaireResponse";
        Self { resource_type, extension, questionnaire, status: "in-progress", subject, authored, item }
    }
}

impl PackageBundle {
    /// A questionnaire and its draft, each under its address.
    #[must_use]
    pub fn new(timestamp: String, questionnaire: (String, Value), draft: (String, Draft)) -> Self {
        let entry = [
            Entry { full_url: questionnaire.0, resource: Resource::Questionnaire(questionnaire.1) },
            Entry { full_url: draft.0, resource: Resource::Draft(Box::new(draft.1)) },
        ];
        let meta = Meta { profile: vec![url::QUESTIONNAIRE_PACKAGE.to_owned()] };
        Self { resource_type: "Bundle", meta, kind: "collection", timestamp, entry }
    }
}

impl Packages {
    /// These packages, and what is to be said beside.
    #[must_use]
    pub fn of(bundles: Vec<PackageBundle>, outcome: Option<OperationOutcome>) -> Self {
        let packages =
            bundles.into_iter().map(|bundle| Parameter { name: "packagebundle", resource: Given::Package(bundle) });
        let outcome = outcome.map(|outcome| Parameter { name: "outcome", resource: Given::Outcome(outcome) });
        Self { resource_type: "Parameters", parameter: packages.chain(outcome).collect() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_package_has_the_questionnaire_first_and_one_draft_with_what_is_known_marked() {
        let known = json!({ "valueBoolean": true }).as_object().unwrap().clone();
        let inner = DraftItem::new("a.1".into(), "Alone?".into(), vec![known], Vec::new());
        let empty = DraftItem::new("b".into(), "Since when?".into(), Vec::new(), Vec::new());
        let group = DraftItem::new("a".into(), "At home".into(), Vec::new(), vec![inner]);
        let about = (Some(Reference::to("Patient/1")), vec![Reference::to("Coverage/1")]);
        let draft =
            Draft::new("https://x/Questionnaire/q|1".into(), about, "2026-05-11T14:00:00Z".into(), vec![group, empty]);
        let questionnaire = json!({ "resourceType": "Questionnaire", "id": "q" });
        let bundle = PackageBundle::new(
            "2026-05-11T14:00:00Z".into(),
            ("urn:uuid:1".into(), questionnaire.clone()),
            ("urn:uuid:2".into(), draft),
        );
        let told = OperationOutcome::warnings(vec!["One is unknown.".into(), "Another too.".into()]);
        let written = serde_json::to_value(Packages::of(vec![bundle], Some(told))).unwrap();
        let names: Vec<_> = written["parameter"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["packagebundle", "outcome"]);
        let bundle = &written["parameter"][0]["resource"];
        assert_eq!((&bundle["type"], &bundle["entry"][0]["resource"]), (&json!("collection"), &questionnaire));
        let draft = &bundle["entry"][1]["resource"];
        assert_eq!(
            (&draft["status"], &draft["questionnaire"]),
            (&json!("in-progress"), &json!("https://x/Questionnaire/q|1"))
        );
        assert_eq!(
            draft["extension"][0],
            json!({ "url": url::ANSWERS_CONTEXT, "valueReference": { "reference": "Coverage/1" } })
        );
        assert_eq!(draft["extension"][1]["valueCodeableConcept"]["coding"][0]["code"], "withpa");
        let origin =
            json!([{ "url": url::INFORMATION_ORIGIN, "extension": [{ "url": "source", "valueCode": "auto-server" }] }]);
        assert_eq!(draft["item"][0]["item"][0]["answer"], json!([{ "extension": origin, "valueBoolean": true }]));
        assert_eq!(draft["item"][1], json!({ "linkId": "b", "text": "Since when?" }));
        assert_eq!(written["parameter"][1]["resource"]["issue"].as_array().unwrap().len(), 2);
        assert_eq!(
            serde_json::to_value(Packages::of(Vec::new(), None)).unwrap(),
            json!({ "resourceType": "Parameters" })
        );
    }
}
