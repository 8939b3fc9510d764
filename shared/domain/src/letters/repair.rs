//! Letters that are held because they lack an element (LTR-04): who sees them across cases, and has them written again.

use crate::{
    caller::{Denied, Reviewer, StaffRole},
    id::ContractId,
};

/// Whether somebody of this role does: reviewers, whose decisions they tell, and whoever looks after the contract's texts and files.
#[must_use]
pub fn may(role: StaffRole) -> bool {
    match role {
        StaffRole::Nurse | StaffRole::Physician | StaffRole::ContractManager => true,
        StaffRole::Intake | StaffRole::Support | StaffRole::Operations => false,
    }
}

impl Reviewer {
    /// Whether they repair the letters of a contract.
    ///
    /// # Errors
    /// Hidden for staff of other contracts, forbidden to other roles.
    pub fn may_repair(&self, contract: &ContractId) -> Result<(), Denied> {
        if !self.contracts.contains(contract) {
            return Err(Denied::Hidden);
        }
        if may(self.role) { Ok(()) } else { Err(Denied::Forbidden) }
    }
}
