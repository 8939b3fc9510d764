//! Parts at providers as a form names them, and the account rules that follow from them.

use portico_domain::{
    accounts::User,
    caller::{ProviderRole, RoleAt},
    contracts::{AccountRules, strictest::Source},
    events::RoleNow,
    field::{FieldErrors, Objection},
    groups::{RoleChange, roles::manages_at},
    id::{ContractId, ProviderId},
    wrong::Wrong,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{app::App, problem::Problem, words};

/// As many as one call may change.
const MOST: usize = 25;

/// What is said of a provider where the caller may give nothing.
pub(super) fn not_yours() -> Objection {
    Wrong::NotYours.says("This is not one of your providers.")
}

/// A part at a provider.
#[derive(Deserialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartForm {
    /// One of the caller's providers.
    #[schema(value_type = String, required = true)]
    provider: Option<String>,
    /// `staff` when absent (ORG-01).
    #[schema(value_type = Option<words::ProviderRole>)]
    role: Option<String>,
    /// True to take the part away; then without a role.
    removed: Option<bool>,
}

/// What a part becomes: nothing when it is taken.
pub(super) type Wanted = (ProviderId, Option<ProviderRole>);

/// Reads parts; each provider once.
pub(super) fn parse(errors: &mut FieldErrors, forms: &[PartForm]) -> Vec<Wanted> {
    if forms.len() > MOST {
        let text = format!("Send at most {MOST} roles at once.");
        errors.add("/roles", Wrong::TooMany { most: MOST }.says(text));
        return Vec::new();
    }
    let mut wanted: Vec<Wanted> = Vec::new();
    for (n, form) in forms.iter().enumerate() {
        let provider: Option<ProviderId> = errors.parse(format!("/roles/{n}/provider"), form.provider.as_deref());
        let role = errors.parse_optional(format!("/roles/{n}/role"), form.role.as_deref());
        if form.removed == Some(true) && form.role.is_some() {
            let text = "Either give a role or take it away.";
            errors.add(format!("/roles/{n}/removed"), Wrong::NotBoth.says(text));
        }
        let Some(provider) = provider else { continue };
        if wanted.iter().any(|(other, _)| *other == provider) {
            errors.add(format!("/roles/{n}/provider"), Wrong::Repeated.says("Name each provider once."));
        }
        wanted.push((provider, if form.removed == Some(true) { None } else { Some(role.unwrap_or_default()) }));
    }
    wanted
}

/// The changes that were wanted, by somebody with the parts `by`. A provider that is not theirs to manage looks like one
/// that does not exist.
///
/// # Errors
/// 422 at each provider that is none of the caller's.
pub(super) async fn changes(app: &App, by: &[RoleAt], wanted: &[Wanted]) -> Result<Vec<RoleChange>, Problem> {
    let ids: Vec<ProviderId> = wanted.iter().map(|(provider, _)| *provider).collect();
    let known = app.table().providers(&ids).await?;
    let mut errors = FieldErrors::none();
    let mut changes = Vec::new();
    for (n, (id, role)) in wanted.iter().enumerate() {
        let provider = known.iter().find(|provider| provider.id == *id);
        let place = provider.and_then(|provider| Some((provider.group?, provider.contract.clone())));
        match (place.filter(|(group, _)| manages_at(by, *group, *id)), role) {
            (None, _) => errors.add(format!("/roles/{n}/provider"), not_yours()),
            (Some(_), None) => changes.push(RoleChange::Take(*id)),
            (Some((group, contract)), Some(role)) => {
                changes.push(RoleChange::Give(RoleAt { provider: *id, group, contract, role: *role }));
            }
        }
    }
    Ok(errors.finish(Some(changes))?)
}

/// What changed between two lists of parts, for the record.
pub(super) fn news(before: &[RoleAt], after: &[RoleAt]) -> Vec<RoleNow> {
    let given = after.iter().filter(|at| !before.contains(at)).map(|at| (at.provider, Some(at.role)));
    let taken = before.iter().filter(|at| !after.iter().any(|now| now.provider == at.provider));
    given.chain(taken.map(|at| (at.provider, None))).map(|(provider, role)| RoleNow { provider, role }).collect()
}

/// The strictest account rules of the contracts of these parts, and whose each value is; `None` without parts (ACC-16).
///
/// # Errors
/// When a contract cannot be read.
pub(super) async fn rules_of(app: &App, roles: &[RoleAt]) -> Result<Option<(AccountRules, Vec<Source>)>, Problem> {
    let mut names: Vec<ContractId> = roles.iter().map(|at| at.contract.clone()).collect();
    names.sort_unstable();
    names.dedup();
    crate::account::rules_of(app, &names).await
}

/// The user with the rules of their parts as they are now; without parts the last ones hold.
///
/// # Errors
/// When a contract cannot be read.
pub(super) async fn with_rules(app: &App, mut user: User, roles: &[RoleAt]) -> Result<User, Problem> {
    if let Some((rules, _)) = rules_of(app, roles).await? {
        user.rules = rules;
    }
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProviderRole::{GroupAdmin, Staff};

    fn form(json: &str) -> (Vec<Wanted>, Vec<String>) {
        let forms: Vec<PartForm> = serde_json::from_str(json).unwrap();
        let mut errors = FieldErrors::none();
        let wanted = parse(&mut errors, &forms);
        (wanted, errors.as_slice().iter().map(|error| error.pointer.clone()).collect())
    }

    const ID: &str = "prv_00000000000000000000000000000001";

    /// REQ: ORG-01
    #[test]
    fn the_default_role_is_staff() {
        let (wanted, errors) = form(&format!(r#"[{{"provider":"{ID}"}}]"#));
        assert_eq!((wanted, errors), (vec![(ID.parse().unwrap(), Some(ProviderRole::Staff))], vec![]));
        assert_eq!(form(&format!(r#"[{{"provider":"{ID}","role":"staff-reports"}}]"#)).1, ["/roles/0/role"]);
    }

    /// REQ: ORG-02, ORG-08
    #[test]
    fn a_part_is_given_or_taken_once_for_each_provider() {
        assert_eq!(form(&format!(r#"[{{"provider":"{ID}","removed":true}}]"#)).0, [(ID.parse().unwrap(), None)]);
        let twice =
            form(&format!(r#"[{{"provider":"{ID}"}},{{"provider":"{ID}","role":"staff","removed":true}},{{}}]"#));
        assert_eq!(twice.1, ["/roles/1/removed", "/roles/1/provider", "/roles/2/provider"]);
    }

    #[test]
    fn the_record_says_what_each_part_is_now() {
        let at = |n: u128, role| RoleAt {
            provider: format!("prv_{n:032x}").parse().unwrap(),
            group: format!("grp_{:032x}", 9).parse().unwrap(),
            contract: "arkansas".parse().unwrap(),
            role,
        };
        let news = news(&[at(1, Staff), at(2, Staff), at(3, Staff)], &[at(1, Staff), at(2, GroupAdmin)]);
        let now: Vec<_> = news.iter().map(|now| (now.provider, now.role)).collect();
        assert_eq!(now, [(at(2, Staff).provider, Some(GroupAdmin)), (at(3, Staff).provider, None)]);
    }
}
