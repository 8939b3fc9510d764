//! The five roles of provider users, what each allows, and who may give or take them (ORG-01 to ORG-06).
//!
//! A role is a set of [`Right`]s. One rule decides everything: nobody gives a right that they do not hold. Reports are the
//! contract's: the first who has them in a group gets them from its support ([`crate::groups::reports`]).

use std::{fmt, str::FromStr};

use crate::{
    caller::{ProviderRole, RoleAt},
    id::{ContractId, GroupId, ProviderId, WordError},
};

/// One thing that a role allows. A right over a group holds at each of its providers; reports only at those of their
/// contract, for a group may have providers of several.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right<'a> {
    /// Adds requests, sees letters and status, writes to the review team (ORG-04).
    Use(Place),
    /// Manages users (ORG-03).
    ManageUsers(Place),
    /// Sees this contract's reports (ORG-05).
    Reports(Place, &'a ContractId),
}

/// Where a right holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At one provider of a group.
    Provider(GroupId, ProviderId),
    /// At every provider of the group, and over its list of providers.
    Group(GroupId),
}

impl Place {
    /// Whether what holds here holds there.
    #[must_use]
    pub fn covers(self, there: Self) -> bool {
        match (self, there) {
            (Self::Group(mine), Self::Group(other) | Self::Provider(other, _)) => mine == other,
            (Self::Provider(..), Self::Group(_)) => false,
            (Self::Provider(_, mine), Self::Provider(_, other)) => mine == other,
        }
    }
}

impl Right<'_> {
    /// Whether who holds this right holds that one too: administrators do all that Staff do (ORG-03).
    #[must_use]
    pub fn covers(self, that: Right<'_>) -> bool {
        match (self, that) {
            (Self::Use(here), Right::Use(there))
            | (Self::ManageUsers(here), Right::Use(there) | Right::ManageUsers(there)) => here.covers(there),
            (Self::Reports(here, mine), Right::Reports(there, other)) => mine == other && here.covers(there),
            (Self::Use(_), Right::ManageUsers(_) | Right::Reports(..))
            | (Self::ManageUsers(_), Right::Reports(..))
            | (Self::Reports(..), Right::Use(_) | Right::ManageUsers(_)) => false,
        }
    }
}

impl ProviderRole {
    /// All five: there is no other (ORG-01).
    pub const ALL: [Self; 5] =
        [Self::GroupAdmin, Self::ProviderAdmin, Self::Staff, Self::GroupAdminReports, Self::ProviderAdminReports];

    /// Whether it manages the whole group.
    #[must_use]
    pub fn is_group_admin(self) -> bool {
        matches!(self, Self::GroupAdmin | Self::GroupAdminReports)
    }

    /// Whether it manages users at all.
    #[must_use]
    pub fn is_admin(self) -> bool {
        !matches!(self, Self::Staff)
    }

    /// Whether it sees the contract's reports (ORG-05).
    #[must_use]
    pub fn has_reports(self) -> bool {
        matches!(self, Self::GroupAdminReports | Self::ProviderAdminReports)
    }

    /// The same role with Reports or without; none when there is no such role (ORG-01).
    #[must_use]
    pub fn with_reports(self, reports: bool) -> Option<Self> {
        match (self, reports) {
            (Self::GroupAdmin | Self::GroupAdminReports, true) => Some(Self::GroupAdminReports),
            (Self::GroupAdmin | Self::GroupAdminReports, false) => Some(Self::GroupAdmin),
            (Self::ProviderAdmin | Self::ProviderAdminReports, true) => Some(Self::ProviderAdminReports),
            (Self::ProviderAdmin | Self::ProviderAdminReports, false) => Some(Self::ProviderAdmin),
            (Self::Staff, true) => None,
            (Self::Staff, false) => Some(Self::Staff),
        }
    }

    /// Stable name, as on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GroupAdmin => "group-admin",
            Self::ProviderAdmin => "provider-admin",
            Self::Staff => "staff",
            Self::GroupAdminReports => "group-admin-reports",
            Self::ProviderAdminReports => "provider-admin-reports",
        }
    }
}

impl fmt::Display for ProviderRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GroupAdmin => "Provider Group Admin",
            Self::ProviderAdmin => "Provider Admin",
            Self::Staff => "Provider Staff Account",
            Self::GroupAdminReports => "Provider Group Admin + Reports",
            Self::ProviderAdminReports => "Provider Admin + Reports",
        })
    }
}

impl FromStr for ProviderRole {
    type Err = WordError;
    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(WordError(
            "a role: staff, provider-admin, provider-admin-reports, group-admin or group-admin-reports",
        ))
    }
}

impl RoleAt {
    /// What this part allows, and where.
    #[must_use]
    pub fn rights(&self) -> Vec<Right<'_>> {
        let at = Place::Provider(self.group, self.provider);
        let place = if self.role.is_group_admin() { Place::Group(self.group) } else { at };
        let mut rights = vec![Right::Use(at)];
        if self.role.is_admin() {
            rights.push(Right::ManageUsers(place));
        }
        if self.role.has_reports() {
            rights.push(Right::Reports(place, &self.contract));
        }
        rights
    }
}

/// Whether `roles` together hold a right.
#[must_use]
pub fn holds(roles: &[RoleAt], right: Right<'_>) -> bool {
    roles.iter().flat_map(RoleAt::rights).any(|held| held.covers(right))
}

/// Whether a user with `roles` may give this part to somebody: they manage users there and hold all that it allows.
#[must_use]
pub fn may_give(roles: &[RoleAt], given: &RoleAt) -> bool {
    manages_at(roles, given.group, given.provider) && given.rights().into_iter().all(|right| holds(roles, right))
}

/// Whether a user with `roles` may change or take this part of somebody: administrators of the same reach promote and
/// demote each other, with Reports or without (ORG-06).
#[must_use]
pub fn may_take(roles: &[RoleAt], taken: &RoleAt) -> bool {
    let reach = |right: &Right<'_>| !matches!(right, Right::Reports(..));
    manages_at(roles, taken.group, taken.provider)
        && taken.rights().into_iter().filter(reach).all(|right| holds(roles, right))
}

/// Whether a user with `roles` manages users at this provider.
#[must_use]
pub fn manages_at(roles: &[RoleAt], group: GroupId, provider: ProviderId) -> bool {
    holds(roles, Right::ManageUsers(Place::Provider(group, provider)))
}

/// Whether a user with `roles` sees the reports of a provider, which are of its contract (ORG-05).
#[must_use]
pub fn has_reports_at(roles: &[RoleAt], at: &RoleAt) -> bool {
    holds(roles, Right::Reports(Place::Provider(at.group, at.provider), &at.contract))
}

/// Whether a user with `roles` manages the whole group.
#[must_use]
pub fn manages_group(roles: &[RoleAt], group: GroupId) -> bool {
    holds(roles, Right::ManageUsers(Place::Group(group)))
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// Provider `n` belongs to group `n / 3`, whose last one has another contract.
    pub(crate) fn role_at(n: u8, role: ProviderRole) -> RoleAt {
        RoleAt {
            provider: ProviderId::new(Uuid::from_u128(u128::from(n) + 100)),
            group: GroupId::new(Uuid::from_u128(u128::from(n / 3) + 1)),
            contract: if n % 3 == 2 { "colorado" } else { "arkansas" }.parse().unwrap(),
            role,
        }
    }

    pub(crate) fn any_role() -> impl Strategy<Value = RoleAt> {
        (0u8..6, 0usize..5).prop_map(|(n, role)| role_at(n, ProviderRole::ALL[role]))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        samples::{any_role, role_at},
        *,
    };
    use ProviderRole::{GroupAdmin, GroupAdminReports, ProviderAdmin, ProviderAdminReports, Staff};
    use proptest::prelude::*;

    /// REQ: ORG-01
    #[test]
    fn there_are_five_roles_and_no_staff_with_reports() {
        for role in ProviderRole::ALL {
            assert_eq!(role.name().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        assert!("staff-reports".parse::<ProviderRole>().is_err());
        assert_eq!(ProviderRole::default(), Staff);
    }

    /// REQ: ORG-03, ORG-04, ORG-05
    #[test]
    fn what_each_role_allows() {
        // providers 0 to 2 are of one group, 2 by another contract; provider 3 of another group
        let (here, there, other_contract) = (role_at(0, Staff), role_at(1, Staff), role_at(2, Staff));
        let elsewhere = role_at(3, Staff);
        //   role                  manages here, the group, reports here, reports of a sibling, of one by another contract
        for (role, expected) in [
            (Staff, [false, false, false, false, false]),
            (ProviderAdmin, [true, false, false, false, false]),
            (ProviderAdminReports, [true, false, true, false, false]),
            (GroupAdmin, [true, true, false, false, false]),
            (GroupAdminReports, [true, true, true, true, false]),
        ] {
            let roles = [role_at(0, role)];
            let reports = |at: &RoleAt| has_reports_at(&roles, at);
            let got = [
                manages_at(&roles, here.group, here.provider),
                manages_group(&roles, here.group),
                reports(&here),
                reports(&there),
                reports(&other_contract),
            ];
            assert_eq!(got, expected, "{role}");
            assert!(holds(&roles, Right::Use(Place::Provider(here.group, here.provider))), "{role} does what Staff do");
            assert!(!manages_at(&roles, elsewhere.group, elsewhere.provider), "{role} of another group");
        }
    }

    /// REQ: ORG-05, ORG-06
    #[test]
    fn who_may_give_what() {
        //   giver, given at the same provider: staff, provider admin, with reports, group admin, with reports
        let order = [Staff, ProviderAdmin, ProviderAdminReports, GroupAdmin, GroupAdminReports];
        for (giver, expected) in [
            (Staff, [false, false, false, false, false]),
            (ProviderAdmin, [true, true, false, false, false]),
            (ProviderAdminReports, [true, true, true, false, false]),
            (GroupAdmin, [true, true, false, true, false]),
            (GroupAdminReports, [true, true, true, true, true]),
        ] {
            let given = order.map(|role| may_give(&[role_at(0, giver)], &role_at(0, role)));
            assert_eq!(given, expected, "{giver}");
        }
        assert!(!may_give(&[role_at(0, GroupAdminReports)], &role_at(2, ProviderAdminReports)), "another contract");
        assert!(may_take(&[role_at(0, GroupAdmin)], &role_at(1, GroupAdminReports)));
        assert!(!may_take(&[role_at(0, ProviderAdminReports)], &role_at(0, GroupAdmin)));
    }

    proptest! {
        /// REQ: ORG-06
        #[test]
        fn what_may_be_given_is_held(roles in prop::collection::vec(any_role(), 0..4), given in any_role()) {
            if may_give(&roles, &given) {
                for right in given.rights() {
                    prop_assert!(holds(&roles, right));
                }
                prop_assert!(may_take(&roles, &given), "what one gives, one may take back");
            }
        }
    }
}
