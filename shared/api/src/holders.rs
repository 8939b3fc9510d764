//! Which claims have ended with the account or the post of their holder (REV-11): looked up where a claim is shown or taken,
//! so that nothing has to be undone when somebody is taken out.

use std::collections::BTreeSet;

use portico_domain::{
    cases::Case,
    id::{ContractId, RequestNumber, Username},
    reviews::{Holder, claims},
    status::Queue,
};

use crate::{app::App, problem::Problem};

/// Who has a request, on which worklist of which contract.
pub(crate) type Held<'a> = (&'a Username, Queue, &'a ContractId);

impl App {
    /// Of each of these claims, whether its holder may still work it; read at once.
    pub(crate) async fn holders(&self, held: &[Held<'_>]) -> Result<Vec<Holder>, Problem> {
        let names: BTreeSet<&Username> = held.iter().map(|(name, ..)| *name).collect();
        let users = self.table().users(names).await?;
        Ok(held.iter().map(|(name, queue, contract)| Holder::of(users.get(*name), *queue, contract)).collect())
    }

    /// The requests of a case whose claims have ended with their holders.
    pub(crate) async fn left_by_holder(&self, case: &Case) -> Result<Vec<RequestNumber>, Problem> {
        let held: Vec<Held<'_>> = claims(case).map(|(_, queue, claim)| (&claim.by, queue, &case.contract)).collect();
        let holders = self.holders(&held).await?;
        let left = claims(case).zip(holders).filter(|(_, holder)| *holder == Holder::Gone);
        Ok(left.map(|((number, ..), _)| number).collect())
    }
}
