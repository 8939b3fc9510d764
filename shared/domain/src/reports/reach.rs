//! Who sees reports: contract managers those of their contracts, and provider users with Reports what concerns the providers at
//! which they have it (ORG-05).

use super::fact::Fact;
use crate::{
    caller::{Caller, Denied, RoleAt, StaffRole},
    groups::roles::{Place, Right, holds},
    id::ContractId,
};

/// How far somebody sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach<'a> {
    /// The whole contract, and its own people.
    Contract,
    /// What is asked for at providers at which these parts have Reports.
    Providers(&'a [RoleAt]),
}

/// How far the caller sees of a contract's reports.
///
/// # Errors
/// Hidden where they have nothing to do with the contract; forbidden where they have, without Reports.
pub fn reach<'a>(caller: &'a Caller, contract: &ContractId) -> Result<Reach<'a>, Denied> {
    match caller {
        Caller::Staff(post) if !post.contracts.contains(contract) => Err(Denied::Hidden),
        Caller::Staff(post) => match post.role {
            StaffRole::ContractManager => Ok(Reach::Contract),
            StaffRole::Intake
            | StaffRole::Nurse
            | StaffRole::Physician
            | StaffRole::Support
            | StaffRole::Operations => Err(Denied::Forbidden),
        },
        Caller::Provider { roles, .. } => {
            let mut there = roles.iter().filter(|at| at.contract == *contract).peekable();
            there.peek().ok_or(Denied::Hidden)?;
            if there.any(|at| at.role.has_reports()) { Ok(Reach::Providers(roles)) } else { Err(Denied::Forbidden) }
        }
    }
}

impl Reach<'_> {
    /// Whether a request of the contract is within it.
    #[must_use]
    pub fn covers(self, fact: &Fact, contract: &ContractId) -> bool {
        match self {
            Self::Contract => true,
            Self::Providers(roles) => fact
                .group
                .is_some_and(|group| holds(roles, Right::Reports(Place::Provider(group, fact.provider), contract))),
        }
    }
}
