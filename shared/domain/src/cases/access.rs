//! Who may do what with a case (ACT-07).

use super::Case;
use crate::caller::{Caller, Denied, StaffRole};

/// What may be done with a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaseAction {
    /// See it, its documents and its letters.
    Read,
    /// Save a step, attach a document, submit.
    Write,
    /// Claim or decide a request.
    Review,
}

impl Caller {
    /// Whether the caller may do this with the case (ACT-07): any user of the group of a provider on the case sees it;
    /// only users of the requesting provider's group change it; staff see and review cases of their contracts, never drafts.
    ///
    /// # Errors
    /// Hidden or forbidden.
    pub fn may(&self, action: CaseAction, case: &Case) -> Result<(), Denied> {
        match self {
            Self::Provider { roles, .. } => {
                let of = |provider: &crate::person::Provider| {
                    roles.iter().any(|at| at.provider == provider.id || Some(at.group) == provider.group)
                };
                let requesting = of(&case.requesting);
                let draft = case.submission.is_none();
                if !(requesting || (!draft && case.providers().any(of))) {
                    return Err(Denied::Hidden);
                }
                match action {
                    CaseAction::Read => Ok(()),
                    CaseAction::Write if requesting => Ok(()),
                    CaseAction::Write | CaseAction::Review => Err(Denied::Forbidden),
                }
            }
            Self::Staff(staff) => {
                if !staff.contracts.contains(&case.contract) || case.submission.is_none() {
                    return Err(Denied::Hidden);
                }
                match (action, staff.role) {
                    // Contracts and machines are run without looking at members.
                    (_, StaffRole::Operations | StaffRole::ContractManager) => Err(Denied::Hidden),
                    (CaseAction::Read, _) | (CaseAction::Review, StaffRole::Nurse | StaffRole::Physician) => Ok(()),
                    (CaseAction::Write | CaseAction::Review, _) => Err(Denied::Forbidden),
                }
            }
        }
    }
}
