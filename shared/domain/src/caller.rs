//! Who may do what: pure functions of the caller and the subject. What one may not see is hidden, as if it did not
//! exist; what one sees and may not do is refused.

use serde::{Deserialize, Serialize};

use crate::{
    contact::Phone,
    id::{ContractId, GroupId, ProviderId, Username},
    license::License,
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
    /// Whether a nurse or a physician leads the others of their role: gives their requests to one another (REV-11).
    #[serde(default)]
    pub lead: bool,
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
