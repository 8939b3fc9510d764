//! What every action is given.

use std::sync::Arc;

use portico_aws::{Aws, clock, secrets::KeyRing, table::Table};
use portico_domain::{
    caller::Caller,
    cases::{Case, request::Request},
    contracts::Contract,
    id::{ContractId, RequestNumber},
};

use crate::problem::Problem;

/// The ways out of an action: the table and, on demand, the rest of AWS.
#[derive(Debug)]
pub struct App {
    /// AWS, each client made when first used.
    pub aws: Aws,
}

impl App {
    /// The keys of links, PINs and hashes of passwords.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn tokens(&self) -> Result<KeyRing, Problem> {
        Ok(self.aws.secrets().ring(&self.aws.config().token_secret).await?)
    }

    /// The keys of the blind look-ups of people.
    ///
    /// # Errors
    /// When Secrets Manager does not give them.
    pub async fn lookups(&self) -> Result<KeyRing, Problem> {
        Ok(self.aws.secrets().ring(&self.aws.config().lookup_secret).await?)
    }

    /// A fresh nonce, from which a link's token or a PIN is made.
    ///
    /// # Errors
    /// When there are no keys or no randomness.
    pub async fn fresh_nonce(&self) -> Result<String, Problem> {
        self.tokens().await?.nonce().map_err(|error| Problem::internal(&error))
    }

    /// The table.
    pub fn table(&self) -> &Table {
        self.aws.table()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        clock::now()
    }

    /// The contract as it holds now.
    ///
    /// # Errors
    /// 404 when there is none of this name.
    pub async fn contract(&self, id: &ContractId) -> Result<Arc<Contract>, Problem> {
        self.table().contract(id, self.now()).await?.ok_or_else(Problem::not_found)
    }

    /// The contract as it holds now, with its rules for what the case asks for.
    ///
    /// # Errors
    /// As [`App::contract`].
    pub(crate) async fn contract_for(&self, case: &Case) -> Result<Arc<Contract>, Problem> {
        self.table().contract_for(case, self.now()).await?.ok_or_else(Problem::not_found)
    }

    /// The contract as it held when a request of the case was submitted, whose rules decide it; of a draft as it holds now.
    ///
    /// # Errors
    /// As [`App::contract`].
    pub(crate) async fn rules_of(&self, case: &Case, number: RequestNumber) -> Result<Arc<Contract>, Problem> {
        let at = case.request(number).and_then(Request::submitted).unwrap_or_else(|| self.now());
        self.table().contract_for(case, at).await?.ok_or_else(Problem::not_found)
    }

    /// The contract as it holds now, with what it offered when requests of the case were decided: what may follow a decision
    /// stays as the letters told it.
    ///
    /// # Errors
    /// As [`App::contract`].
    pub(crate) async fn promised(&self, case: &Case) -> Result<Arc<Contract>, Problem> {
        let now = self.contract_for(case).await?;
        let mut promised: Option<Contract> = None;
        for decided in case.requests.iter().filter_map(Request::decided) {
            // Read with the first.
            let then = self.table().contract(&case.contract, decided.at).await?;
            if let Some(then) = then.filter(|then| then.version != now.version) {
                promised = Some(promised.unwrap_or_else(|| (*now).clone()).as_promised(&then));
            }
        }
        Ok(promised.map_or(now, Arc::new))
    }

    /// Whether the caller works under the contract: at a provider of theirs, or at one of a group that they administer
    /// (ORG-03). Other contracts do not exist for them.
    ///
    /// # Errors
    /// When the table fails.
    pub(crate) async fn works_under(&self, caller: &Caller, contract: &ContractId) -> Result<bool, Problem> {
        let Caller::Provider { roles, .. } = caller else { return Ok(false) };
        if roles.iter().any(|role| role.contract == *contract) {
            return Ok(true);
        }
        let groups = caller.administers();
        let groups = groups.into_iter().map(|group| self.table().group_is_under(group, contract));
        Ok(futures::future::try_join_all(groups).await?.contains(&true))
    }
}
