//! Terms of use (ACC-08): nobody works under a contract before they have acknowledged its terms, whoever gave them the account,
//! and again when there is another version of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{contracts::Contract, events::EventKind, id::ContractId};

/// What a user acknowledged, by contract.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Acknowledged(BTreeMap<ContractId, TermsAccepted>);

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

impl Acknowledged {
    /// Whether nothing was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was acknowledged last of a contract.
    #[must_use]
    pub fn of(&self, contract: &ContractId) -> Option<&TermsAccepted> {
        self.0.get(contract)
    }

    /// Whether exactly these terms were.
    #[must_use]
    pub fn has(&self, terms: &TermsShown) -> bool {
        self.of(&terms.contract).is_some_and(|accepted| accepted.version == terms.version)
    }

    /// Notes these; gives what happened.
    pub fn note(&mut self, shown: &[TermsShown], at: Timestamp) -> Vec<EventKind> {
        let mut events = Vec::new();
        for TermsShown { contract, version } in shown.iter().cloned() {
            events.push(EventKind::TermsAcknowledged { contract: contract.clone(), version: version.clone() });
            self.0.insert(contract, TermsAccepted { version, at });
        }
        events
    }
}
