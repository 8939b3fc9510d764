//! Whom an administrator sees, how a user looks to them, and what holds a change together.

use portico_aws::table::{Transaction, accounts::users::UserFile};
use portico_domain::{
    accounts::{Door, UserState},
    caller::{Denied, RoleAt},
    groups::{ManageError, may_manage_account, roles::manages_at},
    id::{GroupId, Username},
    person::Provider,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, caller::Token, problem::Problem, words};

/// A user as an administrator sees them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserView {
    username: String,
    /// For If-Match.
    version: u64,
    first_name: String,
    last_name: String,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    fax: String,
    address: AddressView,
    /// `invited`, `active`, `locked`, `dormant` or `deactivated`.
    #[schema(value_type = words::UserState)]
    state: &'static str,
    /// RFC 3339: since when, or for an invitation until when.
    #[schema(value_type = String, format = DateTime)]
    state_at: jiff::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sign_in: Option<jiff::Timestamp>,
    /// The parts that the caller manages; others are not shown.
    roles: Vec<PartView>,
}

/// Where somebody is written to, as forms send it.
#[derive(Serialize, ToSchema)]
pub(super) struct AddressView {
    address1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address2: Option<String>,
    city: String,
    state: String,
    zip: String,
}

/// A part at a provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartView {
    provider: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_name: Option<String>,
    group: String,
    #[schema(value_type = words::ProviderRole)]
    role: &'static str,
    /// As people read it.
    label: String,
}

impl UserView {
    /// The user with those of their parts that somebody with the parts `by` manages.
    pub(super) fn of(file: &UserFile, by: &[RoleAt], providers: &[Provider]) -> Self {
        let (user, contact) = (&file.user, &file.user.contact);
        let state_at = match &user.state {
            UserState::Invited { until, .. } => *until,
            UserState::Active { since }
            | UserState::Locked { since }
            | UserState::Dormant { since }
            | UserState::Deactivated { since } => *since,
        };
        Self {
            username: user.username.to_string(),
            version: user.version,
            first_name: contact.first_name.to_string(),
            last_name: contact.last_name.to_string(),
            email: contact.email.to_string(),
            phone: contact.phone.as_ref().map(ToString::to_string),
            fax: contact.fax.to_string(),
            address: AddressView {
                address1: contact.address.line1.to_string(),
                address2: contact.address.line2.as_ref().map(ToString::to_string),
                city: contact.address.city.to_string(),
                state: contact.address.state.to_string(),
                zip: contact.address.zip.to_string(),
            },
            state: user.state.name(),
            state_at,
            last_sign_in: file.last_sign_in(),
            roles: seen_parts(by, &file.roles).map(|at| PartView::of(at, providers)).collect(),
        }
    }
}

impl PartView {
    /// A part, with the name of its provider when it is among these.
    pub(super) fn of(at: &RoleAt, providers: &[Provider]) -> Self {
        Self {
            provider: at.provider.to_string(),
            provider_name: providers.iter().find(|known| known.id == at.provider).map(|known| known.name.to_string()),
            group: at.group.to_string(),
            role: at.role.name(),
            label: at.role.to_string(),
        }
    }
}

/// The parts of somebody that a user with the parts `by` manages.
pub(super) fn seen_parts<'a>(by: &'a [RoleAt], of: &'a [RoleAt]) -> impl Iterator<Item = &'a RoleAt> {
    of.iter().filter(move |at| manages_at(by, at.group, at.provider))
}

/// Whether somebody is there for an administrator: at a provider that they manage. For colleagues who manage nobody
/// there they are visible, and not theirs to change.
///
/// # Errors
/// Hidden or forbidden.
pub(super) fn visible(by: &[RoleAt], of: &[RoleAt]) -> Result<(), Denied> {
    let same_group = |at: &RoleAt| by.iter().any(|mine| mine.group == at.group);
    let admin_there = |at: &RoleAt| by.iter().any(|mine| mine.group == at.group && mine.role.is_admin());
    if seen_parts(by, of).next().is_some() {
        Ok(())
    } else if of.iter().any(|at| same_group(at) && !admin_there(at)) {
        Err(Denied::Forbidden)
    } else {
        Err(Denied::Hidden)
    }
}

/// Whether somebody with the parts `by` manages users of this group at all.
///
/// # Errors
/// Hidden to strangers, forbidden to Staff.
pub(super) fn manages_in(by: &[RoleAt], group: GroupId) -> Result<(), Denied> {
    match by.iter().filter(|at| at.group == group).map(|at| at.role.is_admin()).max() {
        None => Err(Denied::Hidden),
        Some(false) => Err(Denied::Forbidden),
        Some(true) => Ok(()),
    }
}

/// The caller, and a provider user whose account they see.
///
/// # Errors
/// 401, 404 or 403.
pub(super) async fn seen_user(app: &App, token: &Token, name: &Username) -> Result<(UserFile, UserFile), Problem> {
    let (by, file) = futures::join!(app.caller_file(token), app.table().user_file(name));
    let (by, file) = (by?, file?.filter(|file| file.user.door == Door::Provider).ok_or(Denied::Hidden)?);
    visible(&by.roles, &file.roles)?;
    Ok((by, file))
}

/// The caller, and a provider user whose whole account is theirs to manage.
///
/// # Errors
/// 401, 404 or 403.
pub(super) async fn managed_user(app: &App, token: &Token, name: &Username) -> Result<(UserFile, UserFile), Problem> {
    let (by, file) = seen_user(app, token, name).await?;
    may_manage_account(&by.roles, &file.roles)?;
    Ok((by, file))
}

/// Holds a change to what it was decided by: the rights of whoever makes it, and for each of the groups in `left`,
/// which lose `of` as their Group Admin, another one who stays (ORG-06). Whoever takes a Group Admin's part from
/// somebody else is one, and stays.
///
/// # Errors
/// 409 when there is no other Group Admin.
pub(super) async fn hold(
    app: &App,
    transaction: &mut Transaction,
    by: &UserFile,
    of: &Username,
    left: &[GroupId],
) -> Result<(), Problem> {
    let table = app.table();
    if by.user.username != *of {
        transaction.witness(table, &by.user.username, by.user.version);
        return Ok(());
    }
    let mut stay: Vec<(Username, u64)> = Vec::new();
    for group in left {
        stay.push(table.other_group_admin(*group, of).await?.ok_or(ManageError::LastGroupAdmin)?);
    }
    stay.sort_unstable();
    stay.dedup_by(|a, b| a.0 == b.0);
    for (name, version) in stay {
        transaction.witness(table, &name, version);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_domain::caller::ProviderRole::{self, GroupAdmin, ProviderAdmin, Staff};

    fn at(provider: u128, group: u128, role: ProviderRole) -> RoleAt {
        RoleAt {
            provider: format!("prv_{provider:032x}").parse().unwrap(),
            group: format!("grp_{group:032x}").parse().unwrap(),
            contract: "arkansas".parse().unwrap(),
            role,
        }
    }

    /// REQ: ORG-03, ORG-08
    #[test]
    fn who_is_visible_to_whom() {
        let staff_at_2 = [at(2, 1, Staff)];
        for (by, expected) in [
            (at(1, 1, GroupAdmin), Ok(())),
            (at(2, 1, ProviderAdmin), Ok(())),
            (at(1, 1, ProviderAdmin), Err(Denied::Hidden)),
            (at(1, 1, Staff), Err(Denied::Forbidden)),
            (at(3, 2, GroupAdmin), Err(Denied::Hidden)),
        ] {
            assert_eq!(visible(std::slice::from_ref(&by), &staff_at_2), expected, "{by:?}");
        }
        let both = [at(1, 1, Staff), at(2, 1, GroupAdmin), at(3, 2, Staff)];
        let seen: Vec<_> = seen_parts(&[at(1, 1, ProviderAdmin)], &both).cloned().collect();
        assert_eq!(seen, [at(1, 1, Staff)], "a Provider Admin sees their providers only");
    }

    /// REQ: ORG-03
    #[test]
    fn the_list_of_a_group_is_for_its_administrators() {
        let group = at(1, 1, Staff).group;
        assert_eq!(manages_in(&[at(1, 1, Staff)], group), Err(Denied::Forbidden));
        assert_eq!(manages_in(&[at(3, 2, GroupAdmin)], group), Err(Denied::Hidden));
        assert_eq!(manages_in(&[at(1, 1, Staff), at(2, 1, ProviderAdmin)], group), Ok(()));
    }
}
