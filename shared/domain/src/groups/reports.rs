//! Granting Reports and withdrawing them (ORG-05): they are the contract's, so support of the contract does it.
//!
//! Administrators give what they hold ([`crate::groups::roles`]), and whoever registers a clinic holds no Reports (ACC-05). The
//! first in a group gets them from here and passes them on.

use crate::{
    caller::{Denied, Reviewer, RoleAt, StaffRole},
    id::ProviderId,
};

/// Why Reports are not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportsError {
    /// Not the caller's to do.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The role does not exist (ORG-01).
    #[error("There is no Staff + Reports. An administrator of the group makes this user a Provider Admin first.")]
    NoStaffReports,
}

/// Where somebody with these parts can be granted Reports by this member of staff: at providers of their contracts.
///
/// # Errors
/// Forbidden to staff who are not support; hidden when there is no such place.
pub fn served<'a>(support: &Reviewer, parts: &'a [RoleAt]) -> Result<Vec<&'a RoleAt>, Denied> {
    if support.role != StaffRole::Support {
        return Err(Denied::Forbidden);
    }
    let served: Vec<_> = parts.iter().filter(|at| support.contracts.contains(&at.contract)).collect();
    if served.is_empty() { Err(Denied::Hidden) } else { Ok(served) }
}

/// The parts of somebody after support granted or withdrew Reports at one provider. Nothing else of them changes, and
/// what is so already stays so.
///
/// # Errors
/// Denied, or the role does not exist with Reports.
pub fn grant_reports(
    support: &Reviewer,
    parts: &[RoleAt],
    provider: ProviderId,
    reports: bool,
) -> Result<Vec<RoleAt>, ReportsError> {
    let served = served(support, parts)?;
    let part = served.into_iter().find(|at| at.provider == provider).ok_or(Denied::Hidden)?;
    let role = part.role.with_reports(reports).ok_or(ReportsError::NoStaffReports)?;
    let change = |at: &RoleAt| if at == part { RoleAt { role, ..at.clone() } } else { at.clone() };
    Ok(parts.iter().map(change).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        caller::ProviderRole::{GroupAdmin, GroupAdminReports, ProviderAdmin, ProviderAdminReports, Staff},
        groups::{
            groups_left,
            roles::{
                has_reports_at, may_give,
                samples::{any_role, role_at},
            },
        },
    };
    use proptest::prelude::*;

    fn staff(role: StaffRole, contract: &str) -> Reviewer {
        Reviewer {
            username: "sam.hill".parse().unwrap(),
            name: "Sam Hill".into(),
            role,
            credential: String::new(),
            specialty: None,
            license: None,
            lead: false,
            contracts: vec![contract.parse().unwrap()],
        }
    }

    /// REQ: ORG-01, ORG-05
    #[test]
    fn administrators_have_reports_or_not_and_staff_never() {
        let support = staff(StaffRole::Support, "arkansas");
        let of = |role, reports| {
            let parts = grant_reports(&support, &[role_at(0, role)], role_at(0, role).provider, reports)?;
            Ok(parts[0].role)
        };
        for (plain, with) in [(GroupAdmin, GroupAdminReports), (ProviderAdmin, ProviderAdminReports)] {
            for role in [plain, with] {
                assert_eq!(of(role, true), Ok(with));
                assert_eq!(of(role, false), Ok(plain));
            }
        }
        assert_eq!(of(Staff, true), Err(ReportsError::NoStaffReports));
        assert_eq!(of(Staff, false), Ok(Staff), "it is so already");
    }

    /// REQ: ORG-05
    #[test]
    fn only_support_of_the_providers_contract_grants_them() {
        let parts = [role_at(0, GroupAdmin), role_at(2, GroupAdmin)];
        let by = |role, contract, n| grant_reports(&staff(role, contract), &parts, role_at(n, Staff).provider, true);
        let changed = by(StaffRole::Support, "arkansas", 0).unwrap();
        assert_eq!(changed, [role_at(0, GroupAdminReports), role_at(2, GroupAdmin)]);
        let hidden = Err(ReportsError::Denied(Denied::Hidden));
        assert_eq!(by(StaffRole::Support, "arkansas", 2), hidden, "a provider of another contract");
        assert_eq!(by(StaffRole::Support, "arkansas", 1), hidden, "no part there");
        assert_eq!(by(StaffRole::Support, "commercial", 0), hidden);
        for role in StaffRole::ALL.into_iter().filter(|role| *role != StaffRole::Support) {
            assert_eq!(by(role, "arkansas", 0), Err(ReportsError::Denied(Denied::Forbidden)));
        }
    }

    /// REQ: ORG-05, ORG-06
    #[test]
    fn the_first_who_has_them_passes_them_on() {
        let first = [role_at(0, GroupAdmin)];
        let colleague = role_at(1, ProviderAdminReports);
        assert!(!may_give(&first, &colleague));
        let support = staff(StaffRole::Support, "arkansas");
        let first = grant_reports(&support, &first, first[0].provider, true).unwrap();
        assert!(may_give(&first, &colleague));
        assert!(!may_give(&first, &role_at(2, ProviderAdminReports)), "another contract of the group");
    }

    proptest! {
        /// REQ: ORG-05
        #[test]
        fn a_grant_reaches_providers_of_its_contract_only(
            parts in prop::collection::vec(any_role(), 0..4), n in 0u8..6, reports: bool, arkansas: bool,
        ) {
            let support = staff(StaffRole::Support, if arkansas { "arkansas" } else { "colorado" });
            let Ok(after) = grant_reports(&support, &parts, role_at(n, Staff).provider, reports) else { return Ok(()) };
            for place in (0..6).map(|n| role_at(n, Staff)) {
                if has_reports_at(&parts, &place) != has_reports_at(&after, &place) {
                    prop_assert!(support.contracts.contains(&place.contract), "another contract's reports: {place:?}");
                    prop_assert_eq!(has_reports_at(&after, &place), reports);
                }
            }
            for (before, after) in parts.iter().zip(&after) {
                prop_assert_eq!(before, &RoleAt { role: before.role, ..after.clone() });
                prop_assert_eq!(before.role.with_reports(false), after.role.with_reports(false), "reach stays");
            }
            prop_assert_eq!(groups_left(&parts, &after), []);
            let again = grant_reports(&support, &after, role_at(n, Staff).provider, reports);
            prop_assert_eq!(again.as_ref(), Ok(&after), "the same again changes nothing");
        }

        /// REQ: ORG-05
        #[test]
        fn reports_are_seen_where_a_part_of_the_same_contract_has_them(
            parts in prop::collection::vec(any_role(), 0..4), n in 0u8..6,
        ) {
            let place = role_at(n, Staff);
            let reaches = |at: &RoleAt| {
                let here = at.provider == place.provider || (at.role.is_group_admin() && at.group == place.group);
                at.role.has_reports() && at.contract == place.contract && here
            };
            prop_assert_eq!(has_reports_at(&parts, &place), parts.iter().any(reaches));
        }
    }
}
