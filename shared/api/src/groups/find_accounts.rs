//! Support finds the account of somebody who calls and does not know their username: by their clinic, its NPI or its name,
//! and by their own name (OPS-07). Who looked, and whom they were shown, is noted before it is shown (OPS-05).

use std::{collections::BTreeSet, sync::Arc};

use axum::{Json as Answer, extract::State};
use futures::future::try_join_all;
use portico_aws::table::accounts::users::UserFile;
use portico_domain::{
    accounts::UserState,
    caller::{Denied, Reviewer, StaffRole},
    contact::Line,
    field::FieldErrors,
    id::{ContractId, GroupId, Username},
    name::fold,
    npi::Npi,
    person::Provider,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::people::PartView;
use crate::{
    Route,
    app::App,
    caller::Token,
    page::Query,
    problem::{Problem, ProblemBody},
};

/// Providers that are looked at.
const PROVIDERS: u8 = 20;
/// Users of a group that are looked at.
const LOOK: i32 = 100;
/// Accounts that are shown.
const MOST: usize = 50;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(find_accounts))
}

/// Whose account.
#[derive(Deserialize, IntoParams, Default)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct Filter {
    /// One of the caller's contracts.
    #[param(example = "arkansas")]
    contract: Option<String>,
    /// NPI of the clinic; or its name.
    npi: Option<String>,
    /// How the clinic's name, or one of its words, begins: three letters or more; or its NPI.
    provider: Option<String>,
    /// How the person's first or last name begins.
    name: Option<String>,
}

/// Accounts of a clinic's group.
#[derive(Serialize, ToSchema)]
struct FoundAccounts {
    /// By their names.
    accounts: Vec<AccountView>,
    /// Whether there are more: say more of the person or the clinic.
    more: bool,
}

/// An account as support sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountView {
    username: String,
    first_name: String,
    last_name: String,
    /// Masked: to be compared with what the caller says.
    email: String,
    /// `invited`, `active`, `locked`, `dormant` or `deactivated`.
    state: &'static str,
    /// Since when, or for an invitation until when.
    #[schema(value_type = String, format = DateTime)]
    state_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sign_in: Option<jiff::Timestamp>,
    /// Parts at providers of the caller's contracts.
    roles: Vec<PartView>,
}

struct Wanted {
    contract: ContractId,
    clinic: Clinic,
    name: Option<Line>,
}

enum Clinic {
    Number(Npi),
    Name(Line),
}

/// Finds accounts by clinic and name.
#[utoipa::path(
    get, path = "/staff/accounts", tag = "groups", params(Filter),
    responses(
        (status = 200, body = FoundAccounts, description = "Accounts of the groups of such clinics, possibly none"),
        (status = 403, body = ProblemBody, description = "Only support does this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn find_accounts(
    State(app): State<Arc<App>>,
    token: Token,
    query: Query<Filter>,
) -> Result<Answer<FoundAccounts>, Problem> {
    let caller = app.caller(&token).await?;
    let support = caller.reviewer()?;
    if support.role != StaffRole::Support {
        return Err(Denied::Forbidden.into());
    }
    let wanted = parse(&query.0)?;
    let what = wanted.what();
    if !support.contracts.contains(&wanted.contract) {
        return Err(Problem::from(Denied::Hidden).asked(&what));
    }
    let providers = clinics(&app, &wanted).await?;
    let (files, more) = people(&app, &providers, wanted.name.as_ref()).await?;
    let shown = files.iter().map(|file| file.user.username.to_string()).collect();
    app.audit_shown(&token, "find-accounts", Some(what), shown).await?;
    let accounts = files.iter().map(|file| AccountView::of(file, support, &providers)).collect();
    Ok(Answer(FoundAccounts { accounts, more }))
}

/// The registered providers that are asked for.
async fn clinics(app: &App, wanted: &Wanted) -> Result<Vec<Provider>, Problem> {
    let found = match &wanted.clinic {
        Clinic::Number(npi) => app.table().providers_by_npi(&wanted.contract, npi, PROVIDERS).await?,
        Clinic::Name(name) => app.table().providers_by_name(&wanted.contract, name.as_str(), PROVIDERS).await?,
    };
    Ok(found.into_iter().filter(|provider| provider.group.is_some()).collect())
}

/// The users of their groups whose name begins so, and whether there are more.
async fn people(app: &App, providers: &[Provider], name: Option<&Line>) -> Result<(Vec<UserFile>, bool), Problem> {
    let table = app.table();
    let mut groups: Vec<GroupId> = providers.iter().filter_map(|provider| provider.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let listed = try_join_all(groups.into_iter().map(|group| table.group_users(group, None, LOOK))).await?;
    let mut more = listed.iter().any(|users| users.len() >= usize::try_from(LOOK).unwrap_or_default());
    let names: BTreeSet<Username> = listed.into_iter().flatten().map(|listed| listed.user).collect();
    let files = try_join_all(names.iter().map(|name| table.user_file(name))).await?;
    let mut files: Vec<UserFile> = files.into_iter().flatten().filter(|file| is_named(file, name)).collect();
    files.sort_by_cached_key(|file| (fold(file.user.contact.last_name.as_str()), file.user.username.clone()));
    more |= files.len() > MOST;
    files.truncate(MOST);
    Ok((files, more))
}

fn is_named(file: &UserFile, name: Option<&Line>) -> bool {
    let Some(name) = name.map(|name| fold(name.as_str())) else { return true };
    let contact = &file.user.contact;
    [&contact.first_name, &contact.last_name].iter().any(|part| fold(part.as_str()).starts_with(&name))
}

impl Wanted {
    /// What was asked for, for the record: who works at a clinic is no PHI.
    fn what(&self) -> String {
        let clinic = match &self.clinic {
            Clinic::Number(npi) => npi.to_string(),
            Clinic::Name(name) => name.to_string(),
        };
        let name = self.name.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{} {clinic} {name}", self.contract).trim_end().to_owned()
    }
}

impl AccountView {
    fn of(file: &UserFile, support: &Reviewer, providers: &[Provider]) -> Self {
        let user = &file.user;
        let state_at = match &user.state {
            UserState::Invited { until, .. } => *until,
            UserState::Active { since }
            | UserState::Locked { since }
            | UserState::Dormant { since }
            | UserState::Deactivated { since } => *since,
        };
        let own = file.roles.iter().filter(|at| support.contracts.contains(&at.contract));
        Self {
            username: user.username.to_string(),
            first_name: user.contact.first_name.to_string(),
            last_name: user.contact.last_name.to_string(),
            email: user.contact.email.masked(),
            state: user.state.name(),
            state_at,
            last_sign_in: file.last_sign_in(),
            roles: own.map(|at| PartView::of(at, providers)).collect(),
        }
    }
}

fn parse(query: &Filter) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::none();
    let contract = errors.parse("/contract", query.contract.as_deref());
    let npi = errors.parse_optional("/npi", query.npi.as_deref()).map(Clinic::Number);
    let provider = errors.parse_optional::<Line>("/provider", query.provider.as_deref());
    if provider.as_ref().is_some_and(|name| fold(name.as_str()).chars().count() < 3) {
        let text = "Enter three letters or more of the clinic's name.";
        errors.add("/provider", Wrong::TooShort { least: 3 }.says(text));
    }
    let name = errors.parse_optional("/name", query.name.as_deref());
    let clinic = match (npi, provider.map(Clinic::Name)) {
        (Some(_), Some(_)) => {
            let text = "Search either by NPI or by the clinic's name.";
            errors.add("/provider", Wrong::NotBoth.says(text));
            None
        }
        (None, None) => {
            errors.add("/npi", Wrong::OneNeeded.says("Enter the clinic's NPI or its name."));
            None
        }
        (npi, provider) => npi.or(provider),
    };
    errors.finish(contract.zip(clinic).map(|(contract, clinic)| Wanted { contract, clinic, name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(json: &str) -> Vec<String> {
        let parsed = parse(&serde_json::from_str(json).unwrap());
        parsed.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    #[test]
    fn a_clinic_is_named_in_one_way() {
        assert_eq!(pointers(r#"{"contract":"arkansas","npi":"1234567893"}"#), [""; 0]);
        assert_eq!(pointers(r#"{"contract":"arkansas","provider":"River","name":"Sm"}"#), [""; 0]);
        assert_eq!(pointers("{}"), ["/contract", "/npi"]);
        assert_eq!(pointers(r#"{"contract":"arkansas","npi":"1234567893","provider":"River"}"#), ["/provider"]);
        assert_eq!(pointers(r#"{"contract":"arkansas","provider":"Ri"}"#), ["/provider"]);
    }
}
