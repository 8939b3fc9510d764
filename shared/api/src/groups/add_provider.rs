//! Register New Provider: puts a further NPI or location, with its own registration code, into the caller's group
//! (ORG-07). The checks and their words are those of the first registration (ACC-02 to ACC-05, ORG-09).

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{User, registration::Credentials, terms::TermsShown},
    caller::{Denied, ProviderRole, RoleAt},
    contracts::Contract,
    events::{Actor, EventKind},
    field::FieldErrors,
    groups::roles::{Place, Right, holds, manages_group},
    id::{ContractId, GroupId},
    person::Provider,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{parts, people::manages_in};
use crate::{
    Route,
    app::App,
    caller::{From as Address, Token},
    json::Json,
    once, pair,
    problem::{Problem, ProblemBody},
    terms, words,
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(add_provider))
}

/// A further provider.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct NewProvider {
    /// The NPI; for an atypical provider the code again.
    #[schema(value_type = String, required = true)]
    npi: Option<String>,
    /// The registration code of this location.
    #[schema(value_type = String, required = true)]
    code: Option<String>,
    /// The version of the contract's terms of use that was shown. Needed where the caller has not acknowledged it yet.
    terms_version: Option<String>,
    /// They were read and are agreed to.
    terms_acknowledged: Option<bool>,
}

/// A provider that joined the group.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct JoinedProvider {
    provider: String,
    name: String,
    contract: String,
    provider_type: String,
    /// As the claims system has it.
    address: Vec<String>,
    /// The caller's part there.
    #[schema(value_type = words::ProviderRole)]
    role: &'static str,
}

/// Puts a further provider into a group.
#[utoipa::path(
    post, path = "/groups/{id}/providers", tag = "groups", request_body = NewProvider,
    params(
        ("id" = String, Path, description = "The group"),
        ("Idempotency-Key" = String, Header, description = "A new value for each new provider"),
    ),
    responses(
        (status = 201, body = JoinedProvider, description = "In the group"),
        (status = 403, body = ProblemBody, description = "Not a Group Admin, or the contract does not register this kind"),
        (status = 404, body = ProblemBody, description = "No group of the caller's"),
        (status = 409, body = ProblemBody, description = "Registered already; says whom to ask"),
        (status = 422, body = ProblemBody, description = "The pair is wrong, or fields are"),
        (status = 429, body = ProblemBody, description = "Too many wrong pairs"),
    ),
    security(("provider" = []))
)]
async fn add_provider(
    State(app): State<Arc<App>>,
    token: Token,
    from: Address,
    Path(group): Path<String>,
    key: once::Key,
    body: Json<NewProvider>,
) -> Result<Response, Problem> {
    let key = key.scoped(token.username.as_str(), "add-provider", &format!("{group} {}", body.raw));
    let group: GroupId = group.parse().map_err(|_| Problem::not_found())?;
    let credentials = parse(&body.value);
    let looked_up = async {
        match &credentials {
            Ok(credentials) => Box::pin(pair::look_up(&app, &from, credentials)).await.map(Some),
            Err(_) => Ok(None),
        }
    };
    let (replay, by, looked_up) = futures::join!(app.replay(&key), app.caller_file(&token), looked_up);
    let by = by?;
    may_add(&by.roles, group)?;
    if let Some(answer) = replay?.give(&by) {
        return Ok(answer);
    }
    credentials?;
    let (found, contract) = looked_up?.ok_or_else(Problem::not_found)?;
    let agreed = agreed(&body.value, &by.user, &contract)?;
    let provider = Provider { group: Some(group), ..found.provider.clone() };
    let role = own_role(&by.roles, group, &provider.contract);
    let part = RoleAt { provider: provider.id, group, contract: provider.contract.clone(), role };
    let mut transaction = Transaction::new();
    transaction.registered_provider(app.table(), &found, &provider)?;
    join(&app, &mut transaction, by, (part, &agreed)).await?;
    app.commit_once(transaction, &key, StatusCode::CREATED, &joined(&provider, role)).await
}

/// The contract's terms of use, where the caller works under them for the first time or they have changed (ACC-08).
fn agreed(body: &NewProvider, by: &User, contract: &Contract) -> Result<Vec<TermsShown>, Problem> {
    let terms = TermsShown::of(contract);
    if !by.owes(&terms) {
        return Ok(Vec::new());
    }
    let mut errors = FieldErrors::none();
    terms::check(&mut errors, body.terms_acknowledged);
    errors.finish(Some(()))?;
    let mut errors = FieldErrors::none();
    let version: Option<String> = errors.parse("/termsVersion", body.terms_version.as_deref());
    terms::current(&errors.finish(version)?, contract)?;
    Ok(vec![terms])
}

/// Gives the caller their part at the new provider, and the rules of its contract.
async fn join(
    app: &App,
    transaction: &mut Transaction,
    by: UserFile,
    (part, agreed): (RoleAt, &[TermsShown]),
) -> Result<(), Problem> {
    let (table, now) = (app.table(), app.now());
    let after = [by.roles.as_slice(), &[part]].concat();
    let (mut user, mut events) = parts::with_rules(app, by.user.clone(), &after).await?.acknowledges(agreed, now);
    user.version += 1;
    events.push(EventKind::RolesGiven { roles: parts::news(&by.roles, &after) });
    transaction.user(table, &user, &Actor::User(user.username.clone()), events, now)?;
    by.reschedule(transaction, table, &user);
    Ok(transaction.roles(table, &user.username, &by.roles, &after)?)
}

fn joined(provider: &Provider, role: ProviderRole) -> JoinedProvider {
    JoinedProvider {
        provider: provider.id.to_string(),
        name: provider.name.to_string(),
        contract: provider.contract.to_string(),
        provider_type: provider.provider_type.to_string(),
        address: provider.address.lines(),
        role: role.name(),
    }
}

fn may_add(by: &[RoleAt], group: GroupId) -> Result<(), Denied> {
    manages_in(by, group)?;
    if manages_group(by, group) { Ok(()) } else { Err(Denied::Forbidden) }
}

/// What a Group Admin is at a provider that they add: what they are in the group for this contract.
fn own_role(by: &[RoleAt], group: GroupId, contract: &ContractId) -> ProviderRole {
    let reports = holds(by, Right::Reports(Place::Group(group), contract));
    if reports { ProviderRole::GroupAdminReports } else { ProviderRole::GroupAdmin }
}

fn parse(body: &NewProvider) -> Result<Credentials, Problem> {
    let mut errors = FieldErrors::none();
    let credentials = pair::parse(&mut errors, body.npi.as_deref(), body.code.as_deref());
    Ok(errors.finish(credentials)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderRole::{GroupAdmin, GroupAdminReports, ProviderAdmin, ProviderAdminReports, Staff};

    /// REQ: ORG-07
    #[test]
    fn only_a_group_admin_adds_providers_and_is_there_what_they_are() {
        let at = |group: u8, role| RoleAt {
            provider: format!("prv_{:032x}", 1).parse().unwrap(),
            group: format!("grp_{group:032x}").parse().unwrap(),
            contract: "arkansas".parse().unwrap(),
            role,
        };
        for (role, expected) in [
            (GroupAdmin, Ok(GroupAdmin)),
            (GroupAdminReports, Ok(GroupAdminReports)),
            (ProviderAdmin, Err(Denied::Forbidden)),
            (ProviderAdminReports, Err(Denied::Forbidden)),
            (Staff, Err(Denied::Forbidden)),
        ] {
            let (by, group) = ([at(1, role)], at(1, role).group);
            let found = may_add(&by, group).map(|()| own_role(&by, group, &at(1, role).contract));
            assert_eq!(found, expected, "{role}");
        }
        assert_eq!(may_add(&[at(2, GroupAdmin)], at(1, Staff).group), Err(Denied::Hidden));
        let (by, elsewhere) = ([at(1, GroupAdminReports)], "colorado".parse().unwrap());
        assert_eq!(own_role(&by, at(1, Staff).group, &elsewhere), GroupAdmin, "reports are of one contract");
    }
}
