//! What every action is given.

use portico_aws::{Aws, clock, table::Table};
use portico_domain::{access::Caller, contract::Contract, id::ContractId};
use std::sync::Arc;

use crate::{caller::Token, problem::Problem};

/// The ways out of an action: the table and, on demand, the rest of AWS.
#[derive(Debug)]
pub struct App {
    /// AWS, each client made when first used.
    pub aws: Aws,
}

impl App {
    /// The table.
    pub fn table(&self) -> &Table {
        self.aws.table()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        clock::now()
    }

    /// The active user behind a token, with roles as they are now: a user who was removed is out at once.
    ///
    /// # Errors
    /// 401 when there is no such active user.
    pub async fn caller(&self, token: &Token) -> Result<Caller, Problem> {
        let file = self.table().user_file(&token.username).await?;
        let caller = file.and_then(|file| file.user.caller(file.roles).ok());
        caller.filter(|caller| matches!(caller, Caller::Staff(_)) == token.staff).ok_or_else(Problem::signed_out)
    }

    /// The contract as it holds now.
    ///
    /// # Errors
    /// 404 when there is none of this name.
    pub async fn contract(&self, id: &ContractId) -> Result<Arc<Contract>, Problem> {
        self.table().contract(id, self.now()).await?.ok_or_else(Problem::not_found)
    }
}
