//! Who may do what with a case (ACT-07).

use super::Case;
use crate::{
    caller::{Caller, Denied, StaffRole},
    groups::roles::{Place, Right, holds},
    id::GroupId,
    letters::repair,
    person::Provider,
};

/// What may be done with a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CaseAction {
    /// See it, its documents and its letters.
    Read,
    /// Save a step, attach a document, submit.
    Write,
    /// Add a note or a document to a submitted request (ACT-01).
    Add,
    /// Write to the other side (ACT-09).
    Message,
    /// Claim or decide a request.
    Review,
    /// Give a request to a reviewer, whoever has it.
    Assign,
    /// Have a letter that is held written again (LTR-04).
    Repair,
    /// See who has viewed it (OPS-05).
    Trace,
    /// Take that away as a file.
    TakeTrace,
}

impl Caller {
    /// Whether the caller asks for services in the name of this provider: who has a part there, and who administers its
    /// group, which all of its providers are part of (ORG-03).
    #[must_use]
    pub fn works_for(&self, provider: &Provider) -> bool {
        let Self::Provider { roles, .. } = self else { return false };
        let here = |group| Right::Use(Place::Provider(group, provider.id));
        provider.group.is_some_and(|group| holds(roles, here(group)))
    }

    /// The groups that the caller administers.
    #[must_use]
    pub fn administers(&self) -> Vec<GroupId> {
        let Self::Provider { roles, .. } = self else { return Vec::new() };
        let manages = |group: &GroupId| holds(roles, Right::ManageUsers(Place::Group(*group)));
        self.groups().into_iter().filter(manages).collect()
    }

    /// Whether the caller may do this with the case (ACT-07): any user of the group of a provider on the case sees it;
    /// only users of the requesting provider's group change it, and all of them add to what is submitted; staff see and
    /// review cases of their contracts, never drafts.
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
                    CaseAction::Read | CaseAction::Add | CaseAction::Message | CaseAction::Trace => Ok(()),
                    CaseAction::Write if requesting => Ok(()),
                    CaseAction::Write
                    | CaseAction::Review
                    | CaseAction::Assign
                    | CaseAction::Repair
                    | CaseAction::TakeTrace => Err(Denied::Forbidden),
                }
            }
            Self::Staff(staff) => {
                if !staff.contracts.contains(&case.contract) || case.submission.is_none() {
                    return Err(Denied::Hidden);
                }
                match (action, staff.role) {
                    // Whoever leads the staff of the contract: nothing of the member is shown for it.
                    (CaseAction::Assign | CaseAction::Trace | CaseAction::TakeTrace, StaffRole::ContractManager) => {
                        Ok(())
                    }
                    // Whoever lists them has them written.
                    (CaseAction::Repair, role) if repair::may(role) => Ok(()),
                    (CaseAction::Assign | CaseAction::TakeTrace, StaffRole::Nurse | StaffRole::Physician)
                        if staff.lead =>
                    {
                        Ok(())
                    }
                    // Contracts and machines are run without looking at members.
                    (_, StaffRole::Operations | StaffRole::ContractManager) => Err(Denied::Hidden),
                    (CaseAction::Read | CaseAction::Trace, _)
                    | (CaseAction::Review | CaseAction::Message, StaffRole::Nurse | StaffRole::Physician) => Ok(()),
                    (
                        CaseAction::Write
                        | CaseAction::Add
                        | CaseAction::Message
                        | CaseAction::Review
                        | CaseAction::Assign
                        | CaseAction::Repair
                        | CaseAction::TakeTrace,
                        _,
                    ) => Err(Denied::Forbidden),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::caller::{ProviderRole, RoleAt};

    fn provider(n: u8, group: Option<u8>) -> Provider {
        let address = json!({ "line1": "12 Elm Street", "city": "Little Rock", "state": "AR", "zip": "72201" });
        let mut provider = json!({
            "id": format!("prv_{n:032x}"), "contract": "arkansas", "npi": "1234567893", "name": "River Day Clinic",
            "kind": "facility", "providerType": "Day treatment", "address": address,
        });
        if let Some(group) = group {
            provider["group"] = json!(format!("grp_{group:032x}"));
        }
        serde_json::from_value(provider).unwrap()
    }

    fn caller(role: ProviderRole) -> Caller {
        let at = RoleAt {
            provider: provider(1, None).id,
            group: provider(1, Some(1)).group.unwrap(),
            contract: "arkansas".parse().unwrap(),
            role,
        };
        let (username, fax) = ("jo.smith".parse().unwrap(), "501-555-0123".parse().unwrap());
        Caller::Provider { username, fax, roles: vec![at] }
    }

    #[test]
    fn a_group_admin_works_for_every_provider_of_the_group_and_others_for_their_own() {
        for role in ProviderRole::ALL {
            let by = caller(role);
            assert!(by.works_for(&provider(1, Some(1))), "{role}");
            assert_eq!(by.works_for(&provider(2, Some(1))), role.is_group_admin(), "{role}");
            assert!(!by.works_for(&provider(2, Some(2))) && !by.works_for(&provider(2, None)), "{role}");
            assert_eq!(by.administers().len(), usize::from(role.is_group_admin()), "{role}");
        }
    }
}
