//! Registration: a facility proves who it is by its NPI and registration code (ACC-01 to ACC-05).

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{
    access::{ProviderRole, RoleAt},
    account::{Door, TermsAccepted, User, UserState},
    contact::Contact,
    contract::Contract,
    event::EventKind,
    id::{GroupId, Username},
    npi::{Npi, NpiError},
    person::Provider,
};

/// The exact answer to a wrong pair, whichever half was wrong (ACC-02).
pub const WRONG_PAIR: &str = "NPI/Regcode is not valid. Please try different NPI/Regcode";

/// What a facility enters first: an NPI and its code, or for an atypical provider the code twice (ACC-03).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
    /// The NPI, or the code again.
    pub number: RegistrantNumber,
    /// The registration code.
    pub code: String,
}

/// What stands in the NPI field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RegistrantNumber {
    /// An NPI.
    Npi(Npi),
    /// The registration code of a provider without one.
    Atypical(String),
}

impl Credentials {
    /// Reads the two fields. The same text in both is the atypical way.
    ///
    /// # Errors
    /// When the first is neither an NPI nor equal to the code.
    pub fn parse(number: &str, code: &str) -> Result<Self, NpiError> {
        let (number, code) = (number.trim(), code.trim().to_ascii_uppercase());
        let number = if number.eq_ignore_ascii_case(&code) && number.parse::<Npi>().is_err() {
            RegistrantNumber::Atypical(code.clone())
        } else {
            RegistrantNumber::Npi(number.parse()?)
        };
        Ok(Self { number, code })
    }
}

impl std::fmt::Display for RegistrantNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Npi(npi) => write!(f, "{npi}"),
            Self::Atypical(code) => f.write_str(code),
        }
    }
}

/// A provider group: whoever registers first becomes its Group Admin (ACC-05).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Opaque id.
    pub id: GroupId,
    /// Name of the first provider.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The contact to ask.
    pub contact: String,
}

/// Everything that a first registration creates, in one transaction.
#[derive(Clone, PartialEq, Debug)]
pub struct Registered {
    /// The account, waiting for enrolment.
    pub user: User,
    /// The group.
    pub group: Group,
    /// The provider, now of the group.
    pub provider: Provider,
    /// The user's part there.
    pub role: RoleAt,
    /// What happened.
    pub event: EventKind,
}

/// Registers a provider that no group has yet. `nonce` is fresh randomness from which the mailed link is made.
#[must_use]
pub fn register(
    provider: Provider,
    contract: &Contract,
    username: Username,
    contact: Contact,
    (group, nonce): (GroupId, String),
    at: Timestamp,
) -> Registered {
    let user = User {
        username,
        version: 1,
        contact,
        state: UserState::Invited { nonce: nonce.clone(), until: enrolment_end(contract.accounts.enrolment_days, at) },
        door: Door::Provider,
        terms: Some(TermsAccepted { version: contract.registration.terms_version.clone(), at }),
        rules: contract.accounts,
    };
    let role =
        RoleAt { provider: provider.id, group, contract: provider.contract.clone(), role: ProviderRole::GroupAdmin };
    Registered {
        group: Group { id: group, name: provider.name.to_string(), at, contact: user.contact.full_name() },
        provider: Provider { group: Some(group), ..provider },
        user,
        role,
        event: EventKind::UserInvited { nonce },
    }
}

/// The end of an enrolment window that opens at `at`.
#[must_use]
pub fn enrolment_end(days: u32, at: Timestamp) -> Timestamp {
    at.checked_add((i64::from(days) * 24).hours()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-03
    #[test]
    fn an_atypical_provider_enters_the_code_twice() {
        let atypical = Credentials::parse("ATY-77Q", "aty-77q").unwrap();
        assert_eq!(atypical.number, RegistrantNumber::Atypical("ATY-77Q".into()));
        assert!(Credentials::parse("ATY-77Q", "OTHER").is_err());
    }

    /// REQ: ACC-04
    #[test]
    fn an_npi_is_checked_before_any_look_up() {
        assert!(Credentials::parse("1234567893", "M-1").is_ok());
        assert_eq!(Credentials::parse("1234567890", "M-1"), Err(NpiError::CheckDigit));
    }

    /// REQ: ACC-10
    #[test]
    fn the_window_is_counted_in_full_days() {
        let at: Timestamp = "2026-05-07T15:00:00Z".parse().unwrap();
        assert_eq!(enrolment_end(2, at).to_string(), "2026-05-09T15:00:00Z");
    }
}
