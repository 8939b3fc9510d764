//! The own profile: who one is, what one is where, and by which rules one's account lives (ACC-16, ACC-17).
//!
//! Of several contracts the strictest value holds, one by one; each says whose it is. Addresses of providers come from
//! the claims feed and are shown, not edited.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use portico_aws::table::accounts::users::UserFile;
use portico_domain::{
    contact::Contact,
    contracts::{Contract, strictest::Source},
    factor::Reach,
    id::ContractId,
    person::Provider,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{
    Route,
    account::rules_of,
    app::App,
    caller::Token,
    doors,
    form::word,
    post_view::PostView,
    problem::{Problem, ProblemBody},
    version::etag,
    words,
};

/// The routes: one for each door.
#[must_use]
pub fn route() -> Route {
    doors::at_both(Route::new().routes(routes!(get_profile)))
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
    /// The second factors that sign-in can ask for.
    factors: Vec<FactorView>,
    /// What the user is at each provider; empty for staff.
    roles: Vec<RoleView>,
    /// What a member of staff does, and for whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    post: Option<PostView>,
    /// Of which news on cases they want mail.
    #[schema(value_type = words::NewsMail)]
    news_mail: String,
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
struct FactorView {
    /// `app`, `email`, `text` or `voice`.
    #[schema(value_type = words::Factor)]
    factor: &'static str,
    /// Where its PINs go, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "(***) ***-0123")]
    sent_to: Option<String>,
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
    #[schema(value_type = words::ProviderRole)]
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
    /// The terms of use that the user acknowledged last; none for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<AcknowledgedView>,
}

/// Acknowledged terms of use.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcknowledgedView {
    version: String,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
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
        (status = 200, body = Profile, description = "The profile; its ETag is for edits", headers(("ETag" = String, description = "Version, for If-Match"))),
        (status = 401, body = ProblemBody, description = "The session has ended"),
    ),
    security(("provider" = []))
)]
async fn get_profile(State(app): State<Arc<App>>, token: Token) -> Result<Response, Problem> {
    profile(&app, &token).await
}

async fn profile(app: &App, token: &Token) -> Result<Response, Problem> {
    let file = app.caller_file(token).await?;
    let ids: Vec<_> = file.roles.iter().map(|at| at.provider).collect();
    let names = contract_names(&file);
    let (providers, rules, contracts) =
        futures::join!(app.table().providers(&ids), rules_of(app, &names), contracts_of(app, &names));
    let (_, sources) = rules?.unwrap_or((file.user.rules, Vec::new()));
    let profile = view(&file, &providers?, &contracts?, &sources);
    Ok(([etag(file.user.version)], Answer(profile)).into_response())
}

/// The contracts of the user's providers or post, each once.
fn contract_names(file: &UserFile) -> Vec<ContractId> {
    let of_roles = file.roles.iter().map(|at| &at.contract);
    let names: BTreeSet<&ContractId> =
        of_roles.chain(file.user.post().iter().flat_map(|post| &post.contracts)).collect();
    names.into_iter().cloned().collect()
}

async fn contracts_of(app: &App, names: &[ContractId]) -> Result<BTreeMap<ContractId, Arc<Contract>>, Problem> {
    let found = futures::future::join_all(names.iter().map(|id| app.contract(id))).await;
    names.iter().cloned().zip(found).map(|(id, contract)| Ok((id, contract?))).collect()
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
    let factor = |reach: &Reach| FactorView { factor: reach.factor().name(), sent_to: reach.hint() };
    Profile {
        username: file.user.username.to_string(),
        version: file.user.version,
        contact: ContactView::of(&file.user.contact),
        last_sign_in: file.last_sign_in(),
        factors: file.user.factors.iter().map(factor).collect(),
        roles: providers.iter().filter_map(role).collect(),
        post: file.user.post().map(|post| PostView::of(post, |_| true)),
        news_mail: word(&file.user.news_mail),
        contracts: contracts
            .values()
            .map(|contract| ContractView {
                id: contract.id.to_string(),
                name: contract.name.clone(),
                support: contract.support_sentence(),
                terms: file
                    .user
                    .terms
                    .of(&contract.id)
                    .map(|terms| AcknowledgedView { version: terms.version.clone(), at: terms.at }),
            })
            .collect(),
        rules: sources
            .iter()
            .map(|source| RuleView { rule: source.rule, value: source.value, contract: source.contract.to_string() })
            .collect(),
    }
}
