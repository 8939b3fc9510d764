//! Payer staff: what each role needs, and who may give, change and take a post (ACC-18).
//!
//! A post is a role for some contracts. The rule is that of provider groups ([`crate::groups::roles`]): nobody gives what they do
//! not hold. A Contract Manager holds every post of their contracts and none of any other; Operations acts for the whole
//! stack, so nobody's contracts hold it: the operator's program gives and takes it. Nobody changes the own post,
//! so a contract that has a Contract Manager keeps one: whoever takes another one's post stays.

use std::{fmt, str::FromStr};

use crate::{
    accounts::{Door, User, UserState},
    caller::{Denied, Reviewer, StaffRole},
    field::{AtField, FieldErrors},
    id::{ContractId, Username},
    wrong::Wrong,
};

impl StaffRole {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Intake, Self::Nurse, Self::Physician, Self::Support, Self::ContractManager, Self::Operations];

    /// Stable name, as on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Nurse => "nurse",
            Self::Physician => "physician",
            Self::Support => "support",
            Self::ContractManager => "contract-manager",
            Self::Operations => "operations",
        }
    }

    /// Whether it decides on care and so needs a license.
    #[must_use]
    pub fn is_licensed(self) -> bool {
        matches!(self, Self::Nurse | Self::Physician)
    }

    /// Whether a Contract Manager gives and takes it. Operations acts for the whole stack: the operator's program alone does.
    #[must_use]
    pub fn is_given_by_managers(self) -> bool {
        !matches!(self, Self::Operations)
    }
}

/// A name that is no role of staff.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("A role is one of intake, nurse, physician, support, contract-manager, operations.")]
pub struct StaffRoleError;

impl AtField for StaffRoleError {
    fn wrong(&self) -> Wrong {
        Wrong::NotAChoice
    }
}

impl FromStr for StaffRole {
    type Err = StaffRoleError;
    fn from_str(text: &str) -> Result<Self, StaffRoleError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(StaffRoleError)
    }
}

impl fmt::Display for StaffRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Intake => "Intake",
            Self::Nurse => "Nurse Reviewer",
            Self::Physician => "Physician Reviewer",
            Self::Support => "Support",
            Self::ContractManager => "Contract Manager",
            Self::Operations => "Operations",
        })
    }
}

/// Why a change of staff is refused.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StaffError {
    /// Not the caller's to see or to do.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The own post.
    #[error("Nobody changes their own role, contracts or account. Ask another Contract Manager.")]
    Own,
    /// A contract that the caller does not manage.
    #[error("You can give and take only contracts that you manage yourself.")]
    BeyondOwn,
    /// Somebody who works for other contracts too.
    #[error(
        "This person works for contracts that you do not manage. You can change which of your own contracts they work \
         for; the rest is for a Contract Manager of all of them."
    )]
    NotYoursAlone,
    /// A role that acts for the whole stack.
    #[error("Operations is given and taken by whoever operates the service, and not here.")]
    OfOperators,
}

impl Reviewer {
    /// What is wrong with the post, each at its field: a nurse decides with a license, a physician with a license and a
    /// specialty (42 CFR 438.210(b)(3)), and everybody works for a contract.
    #[must_use]
    pub fn lacks(&self) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let needed = || Wrong::NeededForRole { role: self.role.name().to_owned() };
        if self.role.is_licensed() && self.credential.trim().is_empty() {
            let text = format!("A {} needs a credential, as RN or MD: it stands in letters.", self.role);
            errors.add("/credential", needed().says(text));
        }
        if self.role.is_licensed() && self.license.is_none() {
            let text = format!("A {} needs a license: its state and number.", self.role);
            errors.add("/license", needed().says(text));
        }
        if self.role == StaffRole::Physician && self.specialty.is_none() {
            errors.add("/specialty", needed().says("A Physician Reviewer needs a specialty."));
        }
        if self.lead && !self.role.is_licensed() {
            errors.add("/lead", Wrong::NotAChoice.says("Only a nurse or a physician leads the others of their role."));
        }
        if self.contracts.is_empty() {
            errors.add("/contracts", Wrong::Missing.says("Choose at least one contract."));
        }
        errors
    }

    /// The contracts that they manage.
    #[must_use]
    pub fn managed(&self) -> &[ContractId] {
        if self.role == StaffRole::ContractManager { &self.contracts } else { &[] }
    }

    /// The contract that a Contract Manager names, one of theirs.
    ///
    /// # Errors
    /// When they are none, or it is not theirs.
    pub fn manages(&self, id: &str) -> Result<ContractId, Denied> {
        self.may_manage_staff()?;
        id.parse().ok().filter(|contract| self.managed().contains(contract)).ok_or(Denied::Hidden)
    }

    /// Whether it is a post of contracts, and none of the whole stack.
    fn is_of_contracts(&self) -> Result<(), StaffError> {
        if self.role.is_given_by_managers() { Ok(()) } else { Err(StaffError::OfOperators) }
    }

    fn manages_all(&self, contracts: &[ContractId]) -> bool {
        contracts.iter().all(|contract| self.managed().contains(contract))
    }

    /// Whether they manage staff at all.
    ///
    /// # Errors
    /// Forbidden to everybody but Contract Managers.
    pub fn may_manage_staff(&self) -> Result<(), Denied> {
        if self.role == StaffRole::ContractManager { Ok(()) } else { Err(Denied::Forbidden) }
    }

    /// Whether they may see somebody's account: a Contract Manager, of a contract that the other one works for.
    ///
    /// # Errors
    /// Forbidden to other roles; hidden for staff of other contracts alone.
    pub fn may_see_staff(&self, of: &Self) -> Result<(), Denied> {
        self.may_manage_staff()?;
        let shared = of.contracts.iter().any(|contract| self.contracts.contains(contract));
        if shared { Ok(()) } else { Err(Denied::Hidden) }
    }

    /// Whether they may give this post to somebody new.
    ///
    /// # Errors
    /// When they are no Contract Manager, or it is for a contract that is not theirs, or Operations.
    pub fn may_give_post(&self, given: &Self) -> Result<(), StaffError> {
        self.may_manage_staff()?;
        given.is_of_contracts()?;
        if self.manages_all(&given.contracts) { Ok(()) } else { Err(StaffError::BeyondOwn) }
    }

    /// Whether they may make the post `before` of somebody into `after`. Contracts are given and taken one by one; the
    /// role and what belongs to it hold for all contracts of a person, so they need them all.
    ///
    /// # Errors
    /// When it is not theirs to see or to change.
    pub fn may_change_post(&self, before: &Self, after: &Self) -> Result<(), StaffError> {
        self.may_see_staff(before)?;
        if self.username == before.username {
            return Err(StaffError::Own);
        }
        before.is_of_contracts()?;
        after.is_of_contracts()?;
        let differs = |from: &[ContractId], to: &[ContractId]| -> Vec<ContractId> {
            from.iter().filter(|contract| !to.contains(contract)).cloned().collect()
        };
        let (given, taken) =
            (differs(&after.contracts, &before.contracts), differs(&before.contracts, &after.contracts));
        if !self.manages_all(&given) || !self.manages_all(&taken) {
            return Err(StaffError::BeyondOwn);
        }
        let same_work = Self { contracts: before.contracts.clone(), ..after.clone() } == *before;
        if same_work || self.manages_all(&before.contracts) { Ok(()) } else { Err(StaffError::NotYoursAlone) }
    }

    /// Whether they may act on somebody's whole account: take it out, bring it back, mail a fresh link.
    ///
    /// # Errors
    /// When it is not theirs to see, their own, an operator's, or not theirs alone.
    pub fn may_manage_staff_account(&self, of: &Self) -> Result<(), StaffError> {
        self.may_see_staff(of)?;
        if self.username == of.username {
            return Err(StaffError::Own);
        }
        of.is_of_contracts()?;
        if self.manages_all(&of.contracts) { Ok(()) } else { Err(StaffError::NotYoursAlone) }
    }
}

/// A contract whose staff are added by its own Contract Managers.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{contract} has a Contract Manager, {manager}, who adds further staff in the portal.")]
pub struct HasManager {
    /// The contract.
    pub contract: ContractId,
    /// Who manages it.
    pub manager: Username,
}

/// Whether the operator may give somebody the post of a contract's first Contract Manager, where `staff` are all who work
/// for it: every further post is given by Contract Managers. Who was taken out manages nothing.
///
/// # Errors
/// When somebody else manages it.
pub fn may_be_first_manager(name: &Username, contract: &ContractId, staff: &[User]) -> Result<(), HasManager> {
    let manages = |user: &&User| {
        let managed = user.post().map(Reviewer::managed).unwrap_or_default();
        managed.contains(contract) && !user.is_deactivated() && user.username != *name
    };
    match staff.iter().find(manages) {
        None => Ok(()),
        Some(manager) => Err(HasManager { contract: contract.clone(), manager: manager.username.clone() }),
    }
}

impl User {
    /// The post, when the user is payer staff.
    #[must_use]
    pub fn post(&self) -> Option<&Reviewer> {
        match &self.door {
            Door::Staff(post) => Some(post),
            Door::Provider => None,
        }
    }

    /// Whether the user was taken out by an administrator.
    #[must_use]
    pub fn is_deactivated(&self) -> bool {
        matches!(self.state, UserState::Deactivated { .. })
    }
}

#[cfg(test)]
mod tests;
