//! What the FHIR interface can do, and where tokens are given: the two documents that a system begins with, open to all.

use std::sync::Arc;

use axum::{Json as Answer, extract::State, http::StatusCode, response::Response};
use portico_domain::fhir::Scope;
use portico_fhir::MAX_BODY;
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
    let operations = [("inquire", "Claim-inquiry"), ("submit", "Claim-submit")].map(|(name, last)| {
        let definition = format!("http://hl7.org/fhir/us/davinci-pas/OperationDefinition/{last}");
        json!({ "name": name, "definition": definition })
    });
    let smart = json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service", "code": "SMART-on-FHIR",
    }] });
    json!({
        "resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-28", "kind": "instance",
        "software": { "name": "Portico", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Prior authorization: requests, and where they stand", "url": base },
        "fhirVersion": "4.0.1", "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "documentation": documentation(),
            "security": {
                "cors": false, "service": [smart],
                "description": "SMART Backend Services: see .well-known/smart-configuration.",
            },
            "resource": [{ "type": "Claim", "operation": operations }],
        }],
    })
}

/// What one has to know beside.
fn documentation() -> String {
    format!(
        "Da Vinci PAS 2.2: Claim/$submit and Claim/$inquire, for requests of systems and of the portal. A body has at most {MAX_BODY} \
         bytes. Not here: documents and answers to questionnaires in a request, changes of an earlier Claim, subscriptions."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_the_operations_that_have_a_route_and_no_other() {
        let told = capabilities("https://api.example/fhir/pas/2.2");
        let operations = told["rest"][0]["resource"][0]["operation"].as_array().unwrap();
        let named: Vec<String> =
            operations.iter().map(|one| format!("{BASE}/Claim/${}", one["name"].as_str().unwrap())).collect();
        let routes: Vec<String> = super::super::ACTIONS
            .iter()
            .flat_map(|(_, route)| route().get_openapi().paths.paths.keys().cloned().collect::<Vec<_>>())
            .filter(|path| path.contains("/Claim/"))
            .collect();
        assert_eq!(named, routes);
    }
}
