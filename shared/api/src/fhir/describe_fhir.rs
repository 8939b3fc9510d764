//! What the FHIR interface can do, and where tokens are given: the two documents that a system begins with, open to all.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::StatusCode, response::Response};
use portico_domain::{fhir::Scope, reviews::information::MOST_FILES};
use portico_fhir::{MAX_BODY, url};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{
    BASE, TOKEN_PATH,
    outcome::{self, FhirResource},
};
use crate::{Route, app::App};

/// The routes.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_metadata)).routes(routes!(get_smart_configuration))
}

/// Where and how tokens are given (SMART App Launch 2.2, conformance).
#[derive(Serialize, ToSchema)]
struct SmartConfiguration {
    token_endpoint: String,
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 2],
    scopes_supported: Vec<&'static str>,
    capabilities: [&'static str; 2],
}

/// Says where tokens are given.
#[utoipa::path(
    get, path = "/fhir/pas/2.2/.well-known/smart-configuration", tag = "fhir",
    responses((status = 200, body = SmartConfiguration, description = "Where and how tokens are given")),
    security(())
)]
async fn get_smart_configuration(State(app): State<Arc<App>>) -> Answer<SmartConfiguration> {
    let configuration = SmartConfiguration {
        token_endpoint: format!("{}{TOKEN_PATH}", app.aws.config().api_url),
        grant_types_supported: ["client_credentials"],
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported: ["RS384", "ES384"],
        scopes_supported: Scope::ALL.map(Scope::name).to_vec(),
        capabilities: ["client-confidential-asymmetric", "permission-v2"],
    };
    Answer(configuration)
}

/// Says what can be done here.
#[utoipa::path(
    get, path = "/fhir/pas/2.2/metadata", tag = "fhir",
    responses((status = 200, body = FhirResource, content_type = "application/fhir+json", description = "CapabilityStatement")),
    security(())
)]
async fn get_metadata(State(app): State<Arc<App>>) -> Response {
    outcome::answer(StatusCode::OK, &capabilities(&format!("{}{BASE}", app.aws.config().api_url)))
}

/// What is here and nothing else.
fn capabilities(base: &str) -> Value {
    let operation = |name: &str, guide: &str, last: &str| {
        let definition = format!("http://hl7.org/fhir/us/davinci-{guide}/OperationDefinition/{last}");
        json!({ "name": name, "definition": definition })
    };
    let told = json!({
        "name": "status",
        "definition": "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-status",
    });
    let topic = json!([{ "url": url::CAPABLE_TOPIC, "valueCanonical": url::TOPIC }]);
    let kept = ["create", "read", "update", "delete", "search-type"].map(|code| json!({ "code": code }));
    let claims = [operation("inquire", "pas", "Claim-inquiry"), operation("submit", "pas", "Claim-submit")];
    let questionnaires = [operation("questionnaire-package", "dtr", "questionnaire-package")];
    let smart = json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR",
    }] });
    json!({
        "resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-28", "kind": "instance",
        "software": { "name": "Portico", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Prior authorization: requests, their papers, and where they stand", "url": base },
        "fhirVersion": "4.0.1", "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "documentation": documentation(),
            "security": {
                "cors": false, "service": [smart],
                "description": "SMART Backend Services: see .well-known/smart-configuration.",
            },
            "resource": [
                { "type": "Claim", "operation": claims },
                { "type": "Questionnaire", "operation": questionnaires },
                {
                    "type": "Subscription", "supportedProfile": [url::SUBSCRIPTION], "extension": topic,
                    "interaction": kept, "operation": [told],
                },
            ],
            "operation": [operation("submit-attachment", "cdex", "submit-attachment")],
        }],
    })
}

/// What one has to know beside.
fn documentation() -> String {
    format!(
        "Da Vinci PAS 2.2: Claim/$submit and Claim/$inquire, for requests of systems and of the portal. A request may have documents \
         inline (at most {MOST_FILES}) and answers to our questionnaires; with related it changes or takes back an earlier Claim of the \
         same system. Da Vinci DTR 2.2: \
         Questionnaire/$questionnaire-package, without CQL and without adaptive forms. Da Vinci CDex 2.1: $submit-attachment for \
         preauthorizations, solicited by the control number of what was asked, unsolicited by the Case ID; documents inline (at most \
         {MOST_FILES} a call), with Final false for all calls but the last where they do not fit into one. A body has at most \
         {MAX_BODY} bytes, documents in it base64. Subscriptions (R5 Backport 1.1): rest-hook over https, filtered by org-identifier, \
          full-resource or id-only. Not here: what belongs to no request is not held."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_operations_that_have_a_route_and_no_other() {
        let told = capabilities("https://api.example/fhir/pas/2.2");
        let of = |operations: &Value, place: &str| -> Vec<String> {
            let all = operations.as_array().unwrap().iter();
            all.map(|one| format!("{BASE}{place}/${}", one["name"].as_str().unwrap())).collect()
        };
        let rest = &told["rest"][0];
        let mut named = of(&rest["operation"], "");
        for resource in rest["resource"].as_array().unwrap() {
            named.extend(of(&resource["operation"], &format!("/{}", resource["type"].as_str().unwrap())));
        }
        named.sort_unstable();
        let mut routes: Vec<String> = super::super::ACTIONS
            .iter()
            .flat_map(|(_, route)| route().get_openapi().paths.paths.keys().cloned().collect::<Vec<_>>())
            .filter(|path| path.contains("/$"))
            .map(|path| path.replace("/{id}", ""))
            .collect();
        routes.sort_unstable();
        assert_eq!(named, routes);
    }
}
