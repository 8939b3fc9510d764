//! Registration: a facility proves who it is by its NPI and registration code (ACC-01 to ACC-05).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    accounts::{Door, User, terms::TermsShown},
    caller::{ProviderRole, RoleAt},
    contact::Contact,
    contracts::{Contract, RegistrationRules},
    events::EventKind,
    id::{GroupId, Username},
    npi::{Npi, NpiError},
    person::{Provider, ProviderKind},
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
}

/// Everything that a first registration creates, in one transaction.
#[derive(Clone, PartialEq, Debug)]
pub struct Registered {
    /// The account, waiting for enrolment.
    pub user: User,
    /// What was agreed to.
    pub agreed: Vec<EventKind>,
    /// The group.
    pub group: Group,
    /// The provider, now of the group.
    pub provider: Provider,
    /// The user's part there.
    pub role: RoleAt,
}

/// Why a provider whose NPI and code are right may not register.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RegistrationError {
    /// Somebody registered this location before (ACC-05).
    #[error("This location is registered already. Ask {0}, who administers it, to add you.")]
    Taken(String),
    /// The same, and whoever administered it is out.
    #[error("This location is registered already, and nobody administers it now.")]
    Left,
    /// The contract registers the others: who registers follows who is paid (ORG-09).
    #[error(
        "In this contract {0} do not register. Who registers follows who is paid: ask the one who is paid to register and to add you."
    )]
    Kind(&'static str),
}

/// Whether this provider may register now; `contact` is the name to ask of the group that it belongs to.
///
/// # Errors
/// When the location is taken, or the contract does not register this kind of provider.
pub fn may_register(
    provider: &Provider,
    rules: &RegistrationRules,
    contact: Option<String>,
) -> Result<(), RegistrationError> {
    if provider.group.is_some() {
        return Err(contact.map_or(RegistrationError::Left, RegistrationError::Taken));
    }
    match provider.kind {
        kind if rules.kinds.contains(&kind) => Ok(()),
        ProviderKind::Facility => Err(RegistrationError::Kind("facilities")),
        ProviderKind::Individual => Err(RegistrationError::Kind("individuals")),
    }
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
    let user = User::invite(username, contact, Door::Provider, contract.accounts, (nonce, at));
    let (user, agreed) = user.acknowledges(&[TermsShown::of(contract)], at);
    let role =
        RoleAt { provider: provider.id, group, contract: provider.contract.clone(), role: ProviderRole::GroupAdmin };
    Registered {
        group: Group { id: group, name: provider.name.to_string(), at },
        provider: Provider { group: Some(group), ..provider },
        user,
        agreed,
        role,
    }
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

    /// REQ: ACC-05, ORG-09
    #[test]
    fn a_location_registers_once_and_only_kinds_that_are_paid() {
        let rules = |kinds: &[ProviderKind]| RegistrationRules {
            code_label: "Medicaid ID".into(),
            code_help: "On your enrolment letter.".into(),
            kinds: kinds.to_vec(),
            terms_version: "1".into(),
            terms: "Terms.".into(),
        };
        let clinic = Provider { group: None, ..crate::person::samples::clinic() };
        let facilities = rules(&[ProviderKind::Facility]);
        assert_eq!(may_register(&clinic, &facilities, None), Ok(()));
        let refused = may_register(&clinic, &rules(&[ProviderKind::Individual]), None);
        assert_eq!(refused, Err(RegistrationError::Kind("facilities")));
        let taken = Provider { group: Some(GroupId::new(uuid::Uuid::from_u128(4))), ..clinic };
        let refused = may_register(&taken, &facilities, Some("Jo Smith".to_owned()));
        assert_eq!(refused, Err(RegistrationError::Taken("Jo Smith".to_owned())));
        assert_eq!(may_register(&taken, &facilities, None), Err(RegistrationError::Left));
    }
}
