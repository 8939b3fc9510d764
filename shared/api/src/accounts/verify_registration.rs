//! Checks an NPI and registration code before the form goes on (ACC-01 to ACC-05).
//!
//! A wrong pair gets one answer whichever half was wrong; wrong pairs are throttled by address and by NPI. A right one
//! shows what is about to be registered, and the terms to agree to (ACC-08).

use std::sync::Arc;

use axum::extract::State;
use portico_domain::{field::FieldErrors, person::ProviderKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::From as Address,
    json::Json,
    pair,
    problem::{Problem, ProblemBody},
    words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(verify_registration))
}

/// What a facility proves itself by.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Pair {
    /// The NPI; an atypical provider enters the code here too.
    #[schema(value_type = String, required = true, example = "1234567893")]
    npi: Option<String>,
    /// The registration code; what it is, the contract says.
    #[schema(value_type = String, required = true)]
    code: Option<String>,
}

/// What is about to be registered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verified {
    provider: VerifiedProvider,
    contract: VerifiedContract,
    terms: Terms,
}

/// The provider as the claims feed has it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VerifiedProvider {
    name: String,
    /// `facility` or `individual`.
    #[schema(value_type = words::ProviderKind)]
    kind: &'static str,
    provider_type: String,
    /// The lines of the address.
    address: Vec<String>,
}

/// The contract that the provider is registered in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VerifiedContract {
    id: String,
    name: String,
    /// What the registration code is here.
    code_label: String,
    code_help: String,
    support_phone: String,
    support_email: String,
}

/// The terms of use to acknowledge.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Terms {
    /// To send back with the registration.
    version: String,
    text: String,
}

/// Checks an NPI and registration code.
#[utoipa::path(
    post, path = "/registrations/verify", tag = "accounts", request_body = Pair,
    responses(
        (status = 200, body = Verified, description = "The pair is right and free to register"),
        (status = 403, body = ProblemBody, description = "The contract does not register this kind of provider"),
        (status = 409, body = ProblemBody, description = "Registered already; says whom to ask"),
        (status = 422, body = ProblemBody, description = "The pair is wrong, or a field has no form"),
        (status = 429, body = ProblemBody, description = "Too many wrong pairs"),
    ),
    security(())
)]
async fn verify_registration(
    State(app): State<Arc<App>>,
    from: Address,
    body: Json<Pair>,
) -> Result<axum::Json<Verified>, Problem> {
    let mut errors = FieldErrors::none();
    let credentials = pair::parse(&mut errors, body.value.npi.as_deref(), body.value.code.as_deref());
    let credentials = errors.finish(credentials)?;
    let (found, contract) = Box::pin(pair::look_up(&app, &from, &credentials)).await?;
    let (provider, rules) = (found.provider, &contract.registration);
    Ok(axum::Json(Verified {
        provider: VerifiedProvider {
            name: provider.name.to_string(),
            kind: match provider.kind {
                ProviderKind::Facility => "facility",
                ProviderKind::Individual => "individual",
            },
            provider_type: provider.provider_type.to_string(),
            address: provider.address.lines(),
        },
        contract: VerifiedContract {
            id: contract.id.to_string(),
            name: contract.name.clone(),
            code_label: rules.code_label.clone(),
            code_help: rules.code_help.clone(),
            support_phone: contract.support.phone.to_string(),
            support_email: contract.support.email.to_string(),
        },
        terms: Terms { version: rules.terms_version.clone(), text: rules.terms.clone() },
    }))
}
