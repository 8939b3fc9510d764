//! Terms of use (ACC-08): nobody works under a contract before they have acknowledged its terms, whoever gave them the account,
//! and again when there is another version of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Door, User};
use crate::{contracts::Contract, events::EventKind, id::ContractId};

/// What a user acknowledged, by contract.
pub type Acknowledged = BTreeMap<ContractId, TermsAccepted>;

/// Acknowledged terms of use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermsAccepted {
    /// Which text.
    pub version: String,
    /// When.
    pub at: Timestamp,
}

/// Terms that were shown to be acknowledged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TermsShown {
    /// Of which contract.
    pub contract: ContractId,
    /// Which text.
    pub version: String,
}

impl TermsShown {
    /// The terms of a contract as they are.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        Self { contract: contract.id.clone(), version: contract.registration.terms_version.clone() }
    }
}

impl User {
    /// Whether terms of a contract of theirs are to be acknowledged still. Staff work for the payer, under its own rules.
    #[must_use]
    pub fn owes(&self, terms: &TermsShown) -> bool {
        self.door == Door::Provider
            && self.terms.get(&terms.contract).is_none_or(|accepted| accepted.version != terms.version)
    }

    /// With these terms acknowledged; the version of the account is the caller's to raise.
    #[must_use]
    pub fn acknowledges(mut self, shown: &[TermsShown], at: Timestamp) -> (Self, Vec<EventKind>) {
        let mut events = Vec::new();
        for TermsShown { contract, version } in shown.iter().cloned() {
            events.push(EventKind::TermsAcknowledged { contract: contract.clone(), version: version.clone() });
            self.terms.insert(contract, TermsAccepted { version, at });
        }
        (self, events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::samples::invited,
        caller::{Reviewer, StaffRole},
    };

    fn terms(contract: &str, version: &str) -> TermsShown {
        TermsShown { contract: contract.parse().unwrap(), version: version.to_owned() }
    }

    #[test]
    fn terms_are_owed_by_contract_until_this_version_is_acknowledged() {
        let user = invited(Door::Provider);
        assert!(user.owes(&terms("arkansas", "1")));
        let (user, events) = user.acknowledges(&[terms("arkansas", "1")], Timestamp::UNIX_EPOCH);
        let first = EventKind::TermsAcknowledged { contract: "arkansas".parse().unwrap(), version: "1".into() };
        assert_eq!((events, user.version), (vec![first], 1));
        assert!(!user.owes(&terms("arkansas", "1")));
        assert!(user.owes(&terms("arkansas", "2")) && user.owes(&terms("colorado", "1")));
        let (user, _) = user.acknowledges(&[terms("arkansas", "2"), terms("colorado", "1")], Timestamp::UNIX_EPOCH);
        assert!(!user.owes(&terms("arkansas", "2")) && !user.owes(&terms("colorado", "1")));
    }

    #[test]
    fn staff_owe_none() {
        let post = Reviewer {
            username: "jo.smith".parse().unwrap(),
            name: "Jo Smith".into(),
            role: StaffRole::Nurse,
            credential: "RN".into(),
            specialty: None,
            license: None,
            lead: false,
            contracts: vec!["arkansas".parse().unwrap()],
        };
        assert!(!invited(Door::Staff(post)).owes(&terms("arkansas", "1")));
    }
}
