//! Managing users of provider groups: who may change whom, and that a group never loses its last Group Admin (ORG-06).

pub mod reports;
pub mod roles;

use jiff::Timestamp;

use crate::{
    accounts::{User, UserState, enrolment_end},
    caller::RoleAt,
    contracts::ReactivatedBy,
    events::EventKind,
    groups::roles::{may_give, may_take},
    id::{GroupId, ProviderId},
};

/// A change of somebody's part at one provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RoleChange {
    /// Has this part from now on.
    Give(RoleAt),
    /// Has none there from now on.
    Take(ProviderId),
}

/// Why a change of a user is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManageError {
    /// Promoting beyond, or touching somebody above, oneself.
    #[error("You cannot give, change or take a role that allows more than your own.")]
    BeyondOwn,
    /// The group would be left without one.
    #[error("A group keeps at least one Group Admin. Promote somebody else first.")]
    LastGroupAdmin,
    /// The account does not belong to the caller's providers alone.
    #[error("This user has roles that you do not manage. Change the roles at your providers, or ask support.")]
    NotYoursAlone,
    /// The account is not in a state for it.
    #[error("This cannot be done while the account is {0}.")]
    State(&'static str),
    /// Only support lifts it (ACC-14, ACC-15).
    #[error("The account is {0}. Only support can lift this.")]
    SupportOnly(&'static str),
}

/// The parts of somebody after `changes` by a user with the parts `by`.
///
/// # Errors
/// The place of the first change that goes beyond the caller's own rights.
pub fn change_roles(
    by: &[RoleAt],
    before: &[RoleAt],
    changes: &[RoleChange],
) -> Result<Vec<RoleAt>, (usize, ManageError)> {
    let mut after = before.to_vec();
    for (place, change) in changes.iter().enumerate() {
        let provider = match change {
            RoleChange::Give(at) => at.provider,
            RoleChange::Take(provider) => *provider,
        };
        let held = after.iter().position(|at| at.provider == provider);
        let taken = held.and_then(|n| after.get(n));
        let given = match change {
            RoleChange::Give(at) => Some(at),
            RoleChange::Take(_) => None,
        };
        if taken.is_some() && taken == given {
            continue;
        }
        if taken.is_some_and(|at| !may_take(by, at)) || given.is_some_and(|at| !may_give(by, at)) {
            return Err((place, ManageError::BeyondOwn));
        }
        if let Some(n) = held {
            after.remove(n);
        }
        after.extend(given.cloned());
    }
    Ok(after)
}

/// The groups that lose a Group Admin by this change; each must have another one (ORG-06).
#[must_use]
pub fn groups_left(before: &[RoleAt], after: &[RoleAt]) -> Vec<GroupId> {
    let leads = |roles: &[RoleAt], group| roles.iter().any(|at| at.group == group && at.role.is_group_admin());
    let mut left: Vec<GroupId> =
        before.iter().map(|at| at.group).filter(|group| leads(before, *group) && !leads(after, *group)).collect();
    left.sort_unstable();
    left.dedup();
    left
}

/// Whether a user with the parts `by` may act on the whole account of somebody with the parts `of`: deactivate it, or
/// reset its registration. It is theirs alone to manage, so that no group reaches into another.
///
/// # Errors
/// When some part of theirs is not the caller's to manage.
pub fn may_manage_account(by: &[RoleAt], of: &[RoleAt]) -> Result<(), ManageError> {
    let all = !of.is_empty() && of.iter().all(|at| may_take(by, at));
    if all { Ok(()) } else { Err(ManageError::NotYoursAlone) }
}

/// Whether a user with the parts `by` may edit the contact data of somebody with the parts `of`. Whoever sets the
/// address that links go to could take the account over, so they need all that it allows.
///
/// # Errors
/// When some part of theirs allows more than the caller has.
pub fn may_edit_contact(by: &[RoleAt], of: &[RoleAt]) -> Result<(), ManageError> {
    let all = !of.is_empty() && of.iter().all(|at| may_give(by, at));
    if all { Ok(()) } else { Err(ManageError::NotYoursAlone) }
}

impl UserState {
    /// Stable name, as on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "invited",
            Self::Active { .. } => "active",
            Self::Locked { .. } => "locked",
            Self::Dormant { .. } => "dormant",
            Self::Deactivated { .. } => "deactivated",
        }
    }
}

impl User {
    /// Whether a group can rely on this Group Admin: they have signed in once, and support can bring them back at most.
    #[must_use]
    pub fn stands(&self) -> bool {
        !matches!(self.state, UserState::Invited { .. } | UserState::Deactivated { .. })
    }

    /// Whether an administrator took them out.
    #[must_use]
    pub fn is_out(&self) -> bool {
        matches!(self.state, UserState::Deactivated { .. })
    }

    /// The account with a fresh link: the old one is dead, password and factor are set anew (ACC-10). It also brings
    /// back whom an administrator took out, and whom nobody saw for too long where the contract lets administrators do
    /// so; it never lifts a lock.
    ///
    /// # Errors
    /// When only support can help.
    pub fn invited_again(mut self, nonce: String, at: Timestamp) -> Result<(Self, EventKind), ManageError> {
        let support_only = match self.state {
            UserState::Locked { .. } => true,
            UserState::Dormant { .. } => self.rules.reactivated_by == ReactivatedBy::Support,
            UserState::Invited { .. } | UserState::Active { .. } | UserState::Deactivated { .. } => false,
        };
        if support_only {
            return Err(ManageError::SupportOnly(self.state.name()));
        }
        self.state = UserState::Invited { nonce: nonce.clone(), until: enrolment_end(self.rules.enrolment_days, at) };
        self.version += 1;
        Ok((self, EventKind::RegistrationReset { nonce }))
    }

    /// The account after an administrator took it out; the parts stay on record.
    ///
    /// # Errors
    /// When it is out already.
    pub fn deactivated(mut self, at: Timestamp) -> Result<(Self, EventKind), ManageError> {
        if matches!(self.state, UserState::Deactivated { .. }) {
            return Err(ManageError::State(self.state.name()));
        }
        self.state = UserState::Deactivated { since: at };
        self.version += 1;
        Ok((self, EventKind::UserDeactivated))
    }

    /// The account after support unlocked or reactivated it (ACC-14, ACC-15). `unused`: it is active, but its time is
    /// over and no sweep has been there yet. Whom an administrator took out, or who never enrolled, stays with the
    /// administrator.
    ///
    /// # Errors
    /// When there is nothing to lift.
    pub fn unlocked(mut self, unused: bool, at: Timestamp) -> Result<(Self, EventKind), ManageError> {
        let shut = matches!(self.state, UserState::Locked { .. } | UserState::Dormant { .. });
        let lifted = shut || (unused && self.is_active());
        if !lifted {
            return Err(ManageError::State(self.state.name()));
        }
        self.state = UserState::Active { since: at };
        self.version += 1;
        Ok((self, EventKind::UserUnlocked))
    }
}

#[cfg(test)]
mod tests;
