//! The own profile: who one is, what one is where, and by which rules one's account lives (ACC-16, ACC-17).
//!
//! Of several contracts the strictest value holds, one by one; each says whose it is. Addresses of providers come from
//! the claims feed and are shown, not edited.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use portico_aws::table::users::UserFile;
use portico_domain::{contact::Contact, contract::Contract, id::ContractId, person::Provider, strictest::Source};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    app::App,
    caller::Token,
    groups::rules_of,
    problem::{Problem, ProblemBody},
    version::etag,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_profile))
}

/// The own profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Profile {
    username: String,
    /// For If-Match.
    version: u64,
    contact: ContactView,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sign_in: Option<jiff::Timestamp>,
    /// What the user is at each provider.
    roles: Vec<RoleView>,
    contracts: Vec<ContractView>,
    /// The rules of the account, each the strictest of the contracts.
    rules: Vec<RuleView>,
}

/// Contact information.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContactView {
    first_name: String,
    last_name: String,
    address1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address2: Option<String>,
    city: String,
    state: String,
    zip: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    fax: String,
}

impl ContactView {
    /// As forms send it.
    pub(super) fn of(contact: &Contact) -> Self {
        let address = &contact.address;
        Self {
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            address1: address.line1.to_string(),
            address2: address.line2.as_ref().map(ToString::to_string),
            city: address.city.to_string(),
            state: address.state.to_string(),
            zip: address.zip.to_string(),
            email: contact.email.to_string(),
            phone: contact.phone.as_ref().map(ToString::to_string),
            fax: contact.fax.to_string(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RoleView {
    provider: String,
    provider_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    npi: Option<String>,
    provider_type: String,
    /// From the claims feed, read-only.
    address: Vec<String>,
    group: String,
    contract: String,
    role: &'static str,
    /// As people read it.
    label: String,
}

#[derive(Serialize, ToSchema)]
struct ContractView {
    id: String,
    name: String,
    /// Whom to ask.
    support: String,
}

#[derive(Serialize, ToSchema)]
struct RuleView {
    #[schema(example = "lockAfterFailures")]
    rule: &'static str,
    value: u32,
    /// The contract that it comes from.
    contract: String,
}

/// Gives the own profile.
#[utoipa::path(
    get, path = "/me", tag = "accounts",
    responses(
        (status = 200, body = Profile, description = "The profile; its ETag is for edits"),
        (status = 401, body = ProblemBody, description = "The session has ended"),
    ),
    security(("provider" = []))
)]
async fn get_profile(State(app): State<Arc<App>>, token: Token) -> Result<Response, Problem> {
    let file = app.caller_file(&token).await?;
    let ids: Vec<_> = file.roles.iter().map(|at| at.provider).collect();
    let (providers, rules, contracts) =
        futures::join!(app.table().providers(&ids), rules_of(&app, &file.roles), contracts_of(&app, &file));
    let (_, sources) = rules?.unwrap_or((file.user.rules, Vec::new()));
    let profile = view(&file, &providers?, &contracts?, &sources);
    Ok(([etag(file.user.version)], Answer(profile)).into_response())
}

/// The contracts of the user's providers, each once.
async fn contracts_of(app: &App, file: &UserFile) -> Result<BTreeMap<ContractId, Arc<Contract>>, Problem> {
    let mut contracts = BTreeMap::new();
    for at in &file.roles {
        if !contracts.contains_key(&at.contract) {
            contracts.insert(at.contract.clone(), app.contract(&at.contract).await?);
        }
    }
    Ok(contracts)
}

fn view(
    file: &UserFile,
    providers: &[Provider],
    contracts: &BTreeMap<ContractId, Arc<Contract>>,
    sources: &[Source],
) -> Profile {
    let role = |provider: &Provider| {
        let at = file.roles.iter().find(|at| at.provider == provider.id)?;
        Some(RoleView {
            provider: provider.id.to_string(),
            provider_name: provider.name.to_string(),
            npi: provider.npi.map(|npi| npi.to_string()),
            provider_type: provider.provider_type.to_string(),
            address: provider.address.lines(),
            group: at.group.to_string(),
            contract: at.contract.to_string(),
            role: at.role.name(),
            label: at.role.to_string(),
        })
    };
    Profile {
        username: file.user.username.to_string(),
        version: file.user.version,
        contact: ContactView::of(&file.user.contact),
        last_sign_in: file.last_sign_in,
        roles: providers.iter().filter_map(role).collect(),
        contracts: contracts
            .values()
            .map(|contract| ContractView {
                id: contract.id.to_string(),
                name: contract.name.clone(),
                support: contract.support_sentence(),
            })
            .collect(),
        rules: sources
            .iter()
            .map(|source| RuleView { rule: source.rule, value: source.value, contract: source.contract.to_string() })
            .collect(),
    }
}
