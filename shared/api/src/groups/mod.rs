//! Provider groups: their users and providers, and the accounts that administrators and support look after.

mod parts;
mod people;

pub mod add_provider;
pub mod add_user;
pub mod find_accounts;
pub mod grant_reports;
pub mod list_providers;
pub mod list_users;
pub mod reset_registration;
pub mod unlock_user;
pub mod update_user;

use portico_domain::groups::ManageError;

use crate::{
    Action,
    problem::{Kind, Problem},
};

/// The actions of this room.
pub(crate) const ACTIONS: &[Action] = &[
    ("list-users", list_users::route),
    ("list-providers", list_providers::route),
    ("add-user", add_user::route),
    ("update-user", update_user::route),
    ("reset-registration", reset_registration::route),
    ("find-accounts", find_accounts::route),
    ("unlock-user", unlock_user::route),
    ("grant-reports", grant_reports::route),
    ("add-provider", add_provider::route),
];

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Self {
        match error {
            ManageError::BeyondOwn | ManageError::NotYoursAlone => Self::new(Kind::Forbidden, error.to_string()),
            ManageError::LastGroupAdmin => Self::conflict(error.to_string(), "last-group-admin"),
            ManageError::State(state) | ManageError::SupportOnly(state) => Self::conflict(error.to_string(), state),
        }
    }
}
