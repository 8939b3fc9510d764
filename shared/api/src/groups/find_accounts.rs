//! Support finds the account of somebody who calls and does not know their username: by their own name, e-mail address or
//! phone number, or by their clinic, its NPI or its name (OPS-07). A POST, because people have no place in a URL. Who
//! looked, and whom they were shown, is noted before it is shown (OPS-05).

use std::{collections::BTreeSet, sync::Arc};

use axum::{Json as Answer, extract::State};
use futures::future::try_join_all;
use portico_aws::table::accounts::{found::KnownBy, users::UserFile};
use portico_domain::{
    accounts::UserState,
    caller::{Denied, RoleAt, StaffRole},
    contact::{Email, Line},
    field::FieldErrors,
    id::{ContractId, GroupId, ProviderId, Username},
    name::fold,
    npi::Npi,
    person::Provider,
    phone::Phone,
    wrong::Wrong,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::people::PartView;
use crate::{
    Route,
    app::App,
    caller::Token,
    json::Json,
    problem::{Problem, ProblemBody},
    words,
};

/// Providers that are looked at.
const PROVIDERS: u8 = 20;
/// Users of a group, or of a name, that are looked at.
const LOOK: i32 = 100;
/// Accounts that are shown.
const MOST: usize = 50;

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(find_accounts))
}

/// Whose account: what is known of them, one thing or more.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase", default)]
struct AccountSearch {
    /// One of the caller's contracts; usually all of them.
    #[schema(example = "arkansas")]
    contract: Option<String>,
    /// How the person's name begins, first or last name first; three letters or more where nothing else is known.
    #[schema(example = "Smith, Jo")]
    name: Option<String>,
    /// E-mail address of the account, whole.
    email: Option<String>,
    /// Phone number of the account.
    phone: Option<String>,
    /// NPI of the clinic. Either this or `provider`.
    npi: Option<String>,
    /// How the clinic's name, or one of its words, begins: three letters or more.
    provider: Option<String>,
}

/// Accounts that fit.
#[derive(Serialize, ToSchema)]
struct FoundAccounts {
    /// By their names.
    accounts: Vec<AccountView>,
    /// Whether there may be more: say more of the person or the clinic.
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
    /// Masked as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// `invited`, `active`, `locked`, `dormant` or `deactivated`.
    #[schema(value_type = words::UserState)]
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

#[derive(Default)]
struct Wanted {
    contract: Option<ContractId>,
    clinic: Option<Clinic>,
    name: Option<Line>,
    email: Option<Email>,
    phone: Option<Phone>,
}

enum Clinic {
    Number(Npi),
    Name(Line),
}

/// Finds accounts by person or clinic.
#[utoipa::path(
    post, path = "/staff/accounts/search", tag = "groups", request_body = AccountSearch,
    responses(
        (status = 200, body = FoundAccounts, description = "Accounts with parts at such contracts, possibly none"),
        (status = 403, body = ProblemBody, description = "Only support does this"),
        (status = 404, body = ProblemBody, description = "Not one of the caller's contracts"),
        (status = 422, body = ProblemBody, description = "Fields are wrong"),
    ),
    security(("staff" = []))
)]
async fn find_accounts(
    State(app): State<Arc<App>>,
    token: Token,
    body: Json<AccountSearch>,
) -> Result<Answer<FoundAccounts>, Problem> {
    let caller = app.caller(&token).await?;
    let support = caller.reviewer()?;
    if support.role != StaffRole::Support {
        return Err(Denied::Forbidden.into());
    }
    let wanted = parse(&body.value)?;
    let what = wanted.what();
    let contracts = match &wanted.contract {
        Some(one) if !support.contracts.contains(one) => return Err(Problem::from(Denied::Hidden).asked(&what)),
        Some(one) => vec![one.clone()],
        None => support.contracts.clone(),
    };
    let (names, mut more) = Box::pin(candidates(&app, &wanted, &contracts)).await?;
    let files = try_join_all(names.iter().map(|name| app.table().user_file(name))).await?;
    let theirs = |at: &&RoleAt| contracts.contains(&at.contract);
    let fits = |file: &UserFile| wanted.known_by().all(|known| known.fits(&file.user.contact));
    let mut files: Vec<UserFile> =
        files.into_iter().flatten().filter(|file| file.roles.iter().any(|at| theirs(&at)) && fits(file)).collect();
    files.sort_by_cached_key(|file| (fold(file.user.contact.last_name.as_str()), file.user.username.clone()));
    more |= files.len() > MOST;
    files.truncate(MOST);
    // Parts at all contracts of the caller, whichever was named.
    let parts = |file: &UserFile| -> Vec<RoleAt> {
        file.roles.iter().filter(|at| support.contracts.contains(&at.contract)).cloned().collect()
    };
    let places: BTreeSet<ProviderId> = files.iter().flat_map(&parts).map(|at| at.provider).collect();
    let places = try_join_all(places.into_iter().map(|id| app.table().provider(id)));
    let shown = files.iter().map(|file| file.user.username.to_string()).collect();
    let (noted, places) = futures::join!(app.audit_shown(&token, "find-accounts", Some(what), shown), places);
    noted?;
    let places: Vec<Provider> = places?.into_iter().flatten().collect();
    let accounts = files.iter().map(|file| AccountView::of(file, &parts(file), &places)).collect();
    Ok(Answer(FoundAccounts { accounts, more }))
}

/// Names of accounts that may be meant, by the one thing that fits the fewest, and whether there may be more.
async fn candidates(
    app: &App,
    wanted: &Wanted,
    contracts: &[ContractId],
) -> Result<(BTreeSet<Username>, bool), Problem> {
    if let Some(clinic) = &wanted.clinic
        && wanted.email.is_none()
        && wanted.phone.is_none()
    {
        return users_of(app, clinic, contracts).await;
    }
    let keys = app.lookups().await?;
    let Some(known) = wanted.known_by().next() else { return Ok((BTreeSet::new(), false)) };
    let (names, more) = app.table().accounts_known_by(&keys, known, LOOK).await?;
    Ok((names.into_iter().collect(), more))
}

/// The users of the groups of such a clinic at these contracts.
async fn users_of(app: &App, clinic: &Clinic, contracts: &[ContractId]) -> Result<(BTreeSet<Username>, bool), Problem> {
    let table = app.table();
    let found = contracts.iter().map(|contract| async move {
        match clinic {
            Clinic::Number(npi) => table.providers_by_npi(contract, npi, PROVIDERS).await,
            Clinic::Name(name) => table.providers_by_name(contract, name.as_str(), PROVIDERS).await,
        }
    });
    let found = try_join_all(found).await?;
    let mut more = found.iter().any(|providers| providers.len() >= usize::from(PROVIDERS));
    let groups: BTreeSet<GroupId> = found.into_iter().flatten().filter_map(|provider| provider.group).collect();
    let listed = try_join_all(groups.into_iter().map(|group| table.group_users(group, None, LOOK))).await?;
    more |= listed.iter().any(|users| users.len() >= usize::try_from(LOOK).unwrap_or_default());
    Ok((listed.into_iter().flatten().map(|listed| listed.user).collect(), more))
}

impl Wanted {
    /// What is known of the person, the rarest first.
    fn known_by(&self) -> impl Iterator<Item = KnownBy<'_>> {
        let email = self.email.as_ref().map(KnownBy::Email);
        let phone = self.phone.as_ref().map(KnownBy::Phone);
        let name = self.name.as_ref().map(|name| KnownBy::Name(name.as_str()));
        [email, phone, name].into_iter().flatten()
    }

    /// What was asked for, for the record: who works at a clinic is no PHI.
    fn what(&self) -> String {
        let clinic = self.clinic.as_ref().map(|clinic| match clinic {
            Clinic::Number(npi) => npi.to_string(),
            Clinic::Name(name) => name.to_string(),
        });
        let parts = [
            self.contract.as_ref().map(ToString::to_string),
            clinic,
            self.name.as_ref().map(ToString::to_string),
            self.email.as_ref().map(ToString::to_string),
            self.phone.as_ref().map(ToString::to_string),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl AccountView {
    fn of(file: &UserFile, parts: &[RoleAt], providers: &[Provider]) -> Self {
        let user = &file.user;
        let state_at = match &user.state {
            UserState::Invited { until, .. } => *until,
            UserState::Active { since }
            | UserState::Locked { since }
            | UserState::Dormant { since }
            | UserState::Deactivated { since } => *since,
        };
        Self {
            username: user.username.to_string(),
            first_name: user.contact.first_name.to_string(),
            last_name: user.contact.last_name.to_string(),
            email: user.contact.email.masked(),
            phone: user.contact.phone.as_ref().map(Phone::masked),
            state: user.state.name(),
            state_at,
            last_sign_in: file.last_sign_in(),
            roles: parts.iter().map(|at| PartView::of(at, providers)).collect(),
        }
    }
}

fn parse(body: &AccountSearch) -> Result<Wanted, FieldErrors> {
    let mut errors = FieldErrors::none();
    let mut wanted = Wanted {
        contract: errors.parse_optional("/contract", body.contract.as_deref()),
        clinic: None,
        name: errors.parse_optional("/name", body.name.as_deref()),
        email: errors.parse_optional("/email", body.email.as_deref()),
        phone: errors.parse_optional("/phone", body.phone.as_deref()),
    };
    let npi = errors.parse_optional("/npi", body.npi.as_deref()).map(Clinic::Number);
    let provider = errors.parse_optional::<Line>("/provider", body.provider.as_deref());
    if provider.as_ref().is_some_and(is_short) {
        let text = "Enter three letters or more of the clinic's name.";
        errors.add("/provider", Wrong::TooShort { least: 3 }.says(text));
    }
    if npi.is_some() && provider.is_some() {
        let text = "Search either by NPI or by the clinic's name.";
        errors.add("/provider", Wrong::NotBoth.says(text));
    }
    wanted.clinic = npi.or(provider.map(Clinic::Name));
    // What is wrong is said first: it may be all that was known.
    let by_name_alone =
        errors.as_slice().is_empty() && wanted.clinic.is_none() && wanted.email.is_none() && wanted.phone.is_none();
    if by_name_alone && wanted.name.as_ref().is_some_and(is_short) {
        let text = "Enter three letters or more of the name, or something else beside it.";
        errors.add("/name", Wrong::TooShort { least: 3 }.says(text));
    }
    if by_name_alone && wanted.name.is_none() {
        let text = "Enter the person's name, e-mail address or phone number, or the clinic's NPI or name.";
        errors.add("/name", Wrong::OneNeeded.says(text));
    }
    errors.finish(Some(wanted))
}

fn is_short(name: &Line) -> bool {
    fold(name.as_str()).chars().count() < 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(json: &str) -> Vec<String> {
        let parsed = parse(&serde_json::from_str(json).unwrap());
        parsed.map_or_else(|e| e.as_slice().iter().map(|error| error.pointer.clone()).collect(), |_| Vec::new())
    }

    #[test]
    fn something_is_said_of_the_person_or_of_the_clinic_and_a_clinic_is_named_in_one_way() {
        for enough in [
            r#"{"npi":"1234567893"}"#,
            r#"{"contract":"arkansas","provider":"River","name":"Sm"}"#,
            r#"{"name":"Smi"}"#,
            r#"{"email":"jo@example.org"}"#,
            r#"{"phone":"501-555-0100","name":"J"}"#,
        ] {
            assert_eq!(pointers(enough), [""; 0], "{enough}");
        }
        assert_eq!(pointers("{}"), ["/name"]);
        assert_eq!(pointers(r#"{"contract":"arkansas","name":"Sm"}"#), ["/name"]);
        assert_eq!(pointers(r#"{"npi":"1234567893","provider":"River"}"#), ["/provider"]);
        assert_eq!(pointers(r#"{"provider":"Ri"}"#), ["/provider"]);
        assert_eq!(pointers(r#"{"email":"jo","phone":"12"}"#), ["/email", "/phone"]);
    }

    #[test]
    fn what_was_asked_for_is_on_record_whole() {
        let asked = parse(&AccountSearch {
            contract: Some("arkansas".to_owned()),
            name: Some("Smith".to_owned()),
            email: Some("jo@example.org".to_owned()),
            phone: Some("501-555-0100".to_owned()),
            ..AccountSearch::default()
        });
        assert_eq!(asked.unwrap().what(), "arkansas Smith jo@example.org 501-555-0100");
    }
}
