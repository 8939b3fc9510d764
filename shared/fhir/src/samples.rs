//! A small request of our own, for tests.

use serde_json::{Value, json};

/// A request with a claim, a patient, a coverage and two organizations.
pub(crate) fn request() -> Value {
    let at = |kind: &str| format!("https://ehr.example/fhir/{kind}");
    let entry = |kind: &str, id: &str, mut resource: Value| {
        resource["resourceType"] = json!(kind);
        resource["id"] = json!(id);
        json!({ "fullUrl": at(&format!("{kind}/{id}")), "resource": resource })
    };
    let claim = json!({
        "identifier": [{ "system": "https://ehr.example/requests", "value": "R-1" }],
        "status": "active", "use": "preauthorization",
        "patient": { "reference": "Patient/1" },
        "insurer": { "reference": "Organization/payer" },
        "provider": { "reference": "Organization/clinic" },
        "insurance": [{ "sequence": 1, "focal": true, "coverage": { "reference": "Coverage/1" } }],
        "item": [{ "sequence": 1, "productOrService": { "coding": [{ "system": crate::url::HCPCS, "code": "T1015" }] } }],
    });
    json!({
        "resourceType": "Bundle", "type": "collection", "timestamp": "2026-05-11T09:00:00-05:00",
        "identifier": { "system": "https://ehr.example/bundles", "value": "B-1" },
        "entry": [
            entry("Claim", "1", claim),
            entry("Patient", "1", json!({ "name": [{ "family": "Quill", "given": ["Ada"] }], "birthDate": "2022-02-28" })),
            entry("Coverage", "1", json!({ "subscriberId": "0123456789", "beneficiary": { "reference": "Patient/1" } })),
            entry("Organization", "clinic", json!({ "identifier": [{ "system": crate::url::NPI, "value": "1234567893" }] })),
            entry("Organization", "payer", json!({ "identifier": [{ "value": "AR" }] })),
        ],
    })
}
