//! Systems of providers that ask by FHIR: which contracts and providers each acts for, what it may do, and the keys that it
//! proves itself with (SMART Backend Services).

pub mod asked;
pub mod attached;
pub mod claims;
pub mod packages;
pub mod subscriptions;
pub mod update;
#[cfg(test)]
mod update_tests;

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    caller::{Denied, Reviewer},
    cases::Case,
    contact::{Email, Line},
    id::{ClientId, ContractId, Username, WordError, text_serde},
    npi::Npi,
    staff::StaffError,
};

/// As many contracts one client asks under: each has a list that is written with the client.
pub const MOST_CONTRACTS: usize = 25;
/// As many providers one client acts for.
pub const MOST_PROVIDERS: usize = 200;
/// As many keys a client has at once: one in use, one to come, and some to spare.
pub const MOST_KEYS: usize = 5;

/// What a client may do, in the words of SMART.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// Ask where requests stand: `Claim/$inquire`.
    Inquire,
    /// Ask for authorizations: `Claim/$submit`.
    Submit,
    /// Get questionnaires: `Questionnaire/$questionnaire-package`.
    Questionnaires,
    /// Send documents to a request: `$submit-attachment`.
    Attach,
    /// Be told of what becomes of its requests: `Subscription`.
    Subscribe,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Inquire, Self::Submit, Self::Questionnaires, Self::Attach, Self::Subscribe];

    /// Its name in tokens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inquire => "system/Claim.rs",
            Self::Submit => "system/Claim.c",
            Self::Questionnaires => "system/Questionnaire.rs",
            Self::Attach => "system/DocumentReference.c",
            Self::Subscribe => "system/Subscription.cruds",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        let known = Self::ALL.into_iter().find(|scope| scope.name() == text);
        known.ok_or(WordError(
            "system/Claim.rs, system/Claim.c, system/Questionnaire.rs, system/DocumentReference.c or system/Subscription.cruds",
        ))
    }
}
text_serde!(Scope);

/// A public key of a client. Its numbers are in hex.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientKey {
    /// Its name in the client's set of keys.
    pub kid: String,
    /// The key itself.
    #[serde(flatten)]
    pub public: PublicKey,
}

/// The two kinds of keys that SMART knows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum PublicKey {
    /// Signs with RS384.
    #[serde(rename = "RSA")]
    Rsa {
        /// Modulus.
        n: String,
        /// Exponent.
        e: String,
    },
    /// Signs with ES384.
    #[serde(rename = "EC")]
    P384 {
        /// The point, uncompressed.
        point: String,
    },
}

impl PublicKey {
    /// The algorithm of its signatures.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => "RS384",
            Self::P384 { .. } => "ES384",
        }
    }
}

/// A system that asks by FHIR.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Its id, which is also its name in tokens.
    pub id: ClientId,
    /// Grows by one with every change.
    pub version: u64,
    /// As cases show it.
    pub name: Line,
    /// Whom we write to about it.
    pub contact: Email,
    /// The contracts that it asks under.
    pub contracts: Vec<ContractId>,
    /// The providers that it acts for.
    pub providers: Vec<Npi>,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it proves itself with.
    pub keys: Vec<ClientKey>,
    /// When it was added, and by whom.
    pub added: Mark,
    /// When it was ended, and by whom: it is out at once, and stays so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Mark>,
}

/// When something was done, and by whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Username,
}

/// What may change of a client; what is absent stays.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClientEdit {
    /// Another contact.
    pub contact: Option<Email>,
    /// Other providers.
    pub providers: Option<Vec<Npi>>,
    /// Other scopes.
    pub scopes: Option<Vec<Scope>>,
    /// Other keys, in place of all that it had.
    pub keys: Option<Vec<ClientKey>>,
}

/// A step that an ended client does not take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("This client is ended. Add it anew where it is needed again.")]
pub struct EndedError;

impl Client {
    /// Whether it may act for a provider under a contract.
    #[must_use]
    pub fn acts_for(&self, npi: &Npi, contract: &ContractId) -> bool {
        self.ended.is_none() && self.providers.contains(npi) && self.contracts.contains(contract)
    }

    /// Whether it is told of a case that one of these providers asks about: it is submitted, and one of them is on it.
    #[must_use]
    pub fn sees(&self, case: &Case, asking: &[Npi]) -> bool {
        let asks = |npi: &Npi| asking.contains(npi) && self.acts_for(npi, &case.contract);
        case.submission.is_some() && case.providers().any(|provider| provider.npi.as_ref().is_some_and(asks))
    }

    /// Whether it changes what one of these providers asked for: it handed that in, and acts for that provider still.
    #[must_use]
    pub fn may_change(&self, case: &Case, asking: &[Npi]) -> bool {
        let own = case.submission.as_ref().is_some_and(|submission| submission.by == self.id.into());
        let asks = |npi: &Npi| asking.contains(npi) && self.acts_for(npi, &case.contract);
        own && case.requesting.npi.as_ref().is_some_and(asks)
    }

    /// Of what a token is asked for, what this client may: all that it may when nothing is named.
    #[must_use]
    pub fn granted(&self, asked: &[Scope]) -> Vec<Scope> {
        let wanted = |scope: &Scope| asked.is_empty() || asked.contains(scope);
        self.scopes.iter().copied().filter(wanted).collect()
    }

    /// The client with what an edit changes; none when nothing differs.
    ///
    /// # Errors
    /// When it is ended.
    pub fn edited(&self, edit: ClientEdit) -> Result<Option<Self>, EndedError> {
        if self.ended.is_some() {
            return Err(EndedError);
        }
        let ClientEdit { contact, providers, scopes, keys } = edit;
        let now = self.clone();
        let after = Self {
            contact: contact.unwrap_or(now.contact),
            providers: providers.unwrap_or(now.providers),
            scopes: scopes.unwrap_or(now.scopes),
            keys: keys.unwrap_or(now.keys),
            ..now
        };
        Ok((after != *self).then(|| Self { version: self.version + 1, ..after }))
    }

    /// The client, ended; none when it was ended before.
    #[must_use]
    pub fn ended(&self, at: Timestamp, by: Username) -> Option<Self> {
        let ended = Some(Mark { at, by });
        self.ended.is_none().then(|| Self { version: self.version + 1, ended, ..self.clone() })
    }
}

impl Reviewer {
    /// Whether they may see a client: a Contract Manager, of a contract that it asks under.
    ///
    /// # Errors
    /// Forbidden to other roles; hidden for clients of other contracts alone.
    pub fn may_see_client(&self, client: &Client) -> Result<(), Denied> {
        self.may_manage_staff()?;
        let shared = client.contracts.iter().any(|contract| self.managed().contains(contract));
        if shared { Ok(()) } else { Err(Denied::Hidden) }
    }

    /// Whether they may add, change and end it: as a member of staff, whoever manages all of its contracts.
    ///
    /// # Errors
    /// When it is not theirs to see, or not theirs alone.
    pub fn may_manage_client(&self, client: &Client) -> Result<(), StaffError> {
        self.may_see_client(client)?;
        let all = client.contracts.iter().all(|contract| self.managed().contains(contract));
        if all { Ok(()) } else { Err(StaffError::BeyondOwn) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::person::Provider;

    fn client() -> Client {
        serde_json::from_value(json!({
            "id": "cli_00000000000000000000000000000001", "version": 1, "name": "River EHR",
            "contact": "ehr@example.org", "contracts": ["arkansas", "commercial"],
            "providers": ["1234567893"], "scopes": ["system/Claim.rs"],
            "keys": [{ "kid": "a", "kind": "EC", "point": "04ff" }],
            "added": { "at": "2026-05-01T00:00:00Z", "by": "grace" },
        }))
        .unwrap()
    }

    fn staff(role: &str, contracts: &[&str]) -> Reviewer {
        serde_json::from_value(json!({
            "username": "grace", "name": "Grace Tan", "role": role, "credential": "", "specialty": null,
            "license": null, "contracts": contracts,
        }))
        .unwrap()
    }

    #[test]
    fn a_client_acts_for_its_providers_under_its_contracts_until_it_is_ended() {
        let (client, npi) = (client(), "1234567893".parse().unwrap());
        let arkansas = "arkansas".parse().unwrap();
        assert!(client.acts_for(&npi, &arkansas));
        assert!(!client.acts_for(&npi, &"colorado".parse().unwrap()));
        assert!(!client.acts_for(&"1245319599".parse().unwrap(), &arkansas));
        let ended = client.ended("2026-06-01T00:00:00Z".parse().unwrap(), "grace".parse().unwrap()).unwrap();
        assert!(!ended.acts_for(&npi, &arkansas) && ended.version == 2);
        assert_eq!(ended.ended("2026-06-02T00:00:00Z".parse().unwrap(), "grace".parse().unwrap()), None);
        assert_eq!(ended.edited(ClientEdit::default()), Err(EndedError));
    }

    #[test]
    fn a_client_changes_what_it_handed_in_while_it_acts_for_who_asked() {
        let (client, other) = (client(), "1245319599".parse().unwrap());
        let asking: [Npi; 2] = ["1234567893".parse().unwrap(), other];
        let mut case = crate::tests::submitted();
        case.requesting.npi = Some(asking[0]);
        assert!(!client.may_change(&case, &asking), "somebody else handed it in");
        if let Some(submission) = &mut case.submission {
            submission.by = client.id.into();
        }
        assert!(client.may_change(&case, &asking));
        assert!(!client.may_change(&case, &asking[1..]), "another provider asks");
        // Who performs it is still the client's, who asked is not any more.
        let performs = Provider { npi: Some(asking[1]), ..case.requesting.clone() };
        case.servicing = Some(performs);
        let narrowed = Client { providers: vec![asking[1]], ..client };
        assert!(narrowed.sees(&case, &asking) && !narrowed.may_change(&case, &asking));
    }

    #[test]
    fn nobody_is_granted_what_a_client_may_not() {
        let client = client();
        assert_eq!(client.granted(&[]), [Scope::Inquire]);
        assert_eq!(client.granted(&[Scope::Inquire]), [Scope::Inquire]);
        assert_eq!(Client { scopes: Vec::new(), ..client }.granted(&[Scope::Inquire]), []);
        assert!("system/Claim.cruds".parse::<Scope>().is_err());
    }

    #[test]
    fn an_edit_changes_what_it_names() {
        let client = client();
        assert_eq!(client.edited(ClientEdit::default()), Ok(None));
        assert_eq!(
            client.edited(ClientEdit { scopes: Some(client.scopes.clone()), ..ClientEdit::default() }),
            Ok(None)
        );
        let edit = ClientEdit { contact: Some("other@example.org".parse().unwrap()), ..ClientEdit::default() };
        let after = client.edited(edit).unwrap().unwrap();
        assert_eq!((after.version, after.contact.as_str(), &after.keys), (2, "other@example.org", &client.keys));
    }

    #[test]
    fn clients_are_the_contract_managers_each_for_their_contracts() {
        let client = client();
        assert_eq!(staff("contract-manager", &["arkansas", "commercial"]).may_manage_client(&client), Ok(()));
        assert_eq!(staff("contract-manager", &["arkansas"]).may_see_client(&client), Ok(()));
        assert_eq!(staff("contract-manager", &["arkansas"]).may_manage_client(&client), Err(StaffError::BeyondOwn));
        assert_eq!(staff("contract-manager", &["colorado"]).may_see_client(&client), Err(Denied::Hidden));
        for role in ["intake", "nurse", "physician", "support", "operations"] {
            assert_eq!(staff(role, &["arkansas"]).may_see_client(&client), Err(Denied::Forbidden), "{role}");
        }
    }
}
