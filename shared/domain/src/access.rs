//! Who may do what: pure functions of the caller and the subject. What one may not see is hidden, as if it did not
//! exist; what one sees and may not do is refused.

use serde::{Deserialize, Serialize};

use crate::{
    case::Case,
    contact::Phone,
    id::{ContractId, GroupId, ProviderId, Username},
    staff::License,
};

/// A provider user's part at one provider (ORG-01, ORG-02).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleAt {
    /// The provider.
    pub provider: ProviderId,
    /// The provider's group.
    pub group: GroupId,
    /// The provider's contract.
    pub contract: ContractId,
    /// What the user is there.
    pub role: ProviderRole,
}

/// Roles of provider users. There is no "Staff + Reports".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderRole {
    /// Manages users and providers of the group.
    GroupAdmin,
    /// Manages users of assigned providers.
    ProviderAdmin,
    /// Adds requests, sees letters and status. The default.
    #[default]
    Staff,
    /// Group Admin with the contract's reports.
    GroupAdminReports,
    /// Provider Admin with the contract's reports.
    ProviderAdminReports,
}

/// Roles of payer staff.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "role names")]
pub enum StaffRole {
    Intake,
    Nurse,
    Physician,
    Support,
    ContractManager,
    Operations,
}

/// A payer's reviewer or other staff.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reviewer {
    /// Sign-in name.
    pub username: Username,
    /// As it stands in letters.
    pub name: String,
    /// What they do.
    pub role: StaffRole,
    /// Credential, e.g. "RN" or "MD".
    pub credential: String,
    /// Specialty, for physicians.
    pub specialty: Option<String>,
    /// License, for nurses and physicians.
    pub license: Option<License>,
    /// The contracts they work for.
    pub contracts: Vec<ContractId>,
}

/// A signed-in, active person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Through the provider door.
    Provider {
        /// Sign-in name.
        username: Username,
        /// The user's own fax number.
        fax: Phone,
        /// Part at each provider.
        roles: Vec<RoleAt>,
    },
    /// Through the staff door.
    Staff(Reviewer),
}

/// Why an access is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    /// As if it did not exist: 404.
    #[error("There is nothing here.")]
    Hidden,
    /// Visible, but not theirs to do: 403.
    #[error("You may see this, but your role does not allow this step.")]
    Forbidden,
}

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
    /// Sign-in name.
    #[must_use]
    pub fn username(&self) -> &Username {
        match self {
            Self::Provider { username, .. } => username,
            Self::Staff(reviewer) => &reviewer.username,
        }
    }

    /// The provider groups that the caller belongs to, each once.
    #[must_use]
    pub fn groups(&self) -> Vec<GroupId> {
        let mut groups: Vec<GroupId> = match self {
            Self::Provider { roles, .. } => roles.iter().map(|at| at.group).collect(),
            Self::Staff(_) => Vec::new(),
        };
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// Whether the caller has a part at this provider.
    #[must_use]
    pub fn role_at(&self, provider: ProviderId) -> Option<&RoleAt> {
        match self {
            Self::Provider { roles, .. } => roles.iter().find(|at| at.provider == provider),
            Self::Staff(_) => None,
        }
    }

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

    /// The reviewer, when the caller came by the staff door.
    ///
    /// # Errors
    /// Hidden for provider users: the staff door does not exist for them (ACC-18).
    pub fn reviewer(&self) -> Result<&Reviewer, Denied> {
        match self {
            Self::Staff(reviewer) => Ok(reviewer),
            Self::Provider { .. } => Err(Denied::Hidden),
        }
    }
}

impl Caller {
    /// The caller's own fax number (CASE-10).
    ///
    /// # Errors
    /// Hidden for staff: they create no cases.
    pub fn fax(&self) -> Result<Phone, Denied> {
        match self {
            Self::Provider { fax, .. } => Ok(fax.clone()),
            Self::Staff(_) => Err(Denied::Hidden),
        }
    }
}
