use std::collections::BTreeMap;

use super::*;
use crate::{
    accounts::Door,
    caller::ProviderRole::{self, GroupAdmin, GroupAdminReports, ProviderAdmin, Staff},
    contact::Contact,
    contracts::ReactivatedBy,
    groups::roles::samples::{any_role, role_at},
};
use proptest::prelude::*;

fn user(name: &str, state: UserState) -> User {
    let contact = Contact {
        first_name: "Ann".parse().unwrap(),
        last_name: "Lee".parse().unwrap(),
        address: crate::person::samples::address(),
        email: "ann@example.org".parse().unwrap(),
        phone: None,
        fax: "501-555-0123".parse().unwrap(),
    };
    let rules = crate::accounts::samples::rules();
    let user = User::invite(name.parse().unwrap(), contact, Door::Provider, rules, ("nonce".into(), at()));
    User { state, ..user }
}

fn at() -> Timestamp {
    "2026-05-07T15:00:00Z".parse().unwrap()
}

fn active() -> UserState {
    UserState::Active { since: at() }
}

/// REQ: ORG-02, ORG-06
#[test]
fn promoting_demoting_and_assigning_change_one_part_each() {
    let lead = [role_at(0, GroupAdmin)];
    let staff = [role_at(0, Staff)];
    let promoted = change_roles(&lead, &staff, &[RoleChange::Give(role_at(0, GroupAdmin))]).unwrap();
    assert_eq!(promoted, [role_at(0, GroupAdmin)]);
    let assigned = change_roles(&lead, &staff, &[RoleChange::Give(role_at(1, ProviderAdmin))]).unwrap();
    assert_eq!(assigned, [role_at(0, Staff), role_at(1, ProviderAdmin)]);
    let take = RoleChange::Take(role_at(0, Staff).provider);
    assert_eq!(change_roles(&lead, &assigned, &[take]).unwrap(), [role_at(1, ProviderAdmin)]);
    let other_group = RoleChange::Give(role_at(3, Staff));
    assert_eq!(change_roles(&lead, &staff, &[other_group]), Err((0, ManageError::BeyondOwn)));
}

/// REQ: ORG-03, ORG-06
#[test]
fn a_provider_admin_neither_makes_nor_touches_a_group_admin() {
    let admin = [role_at(0, ProviderAdmin)];
    let up = RoleChange::Give(role_at(0, GroupAdmin));
    assert_eq!(change_roles(&admin, &[role_at(0, Staff)], &[up]), Err((0, ManageError::BeyondOwn)));
    let down = RoleChange::Give(role_at(0, Staff));
    assert_eq!(change_roles(&admin, &[role_at(0, GroupAdmin)], &[down]), Err((0, ManageError::BeyondOwn)));
    let next_door = RoleChange::Give(role_at(1, Staff));
    assert_eq!(change_roles(&admin, &[], &[next_door]), Err((0, ManageError::BeyondOwn)));
}

/// REQ: ORG-08
#[test]
fn an_account_is_managed_by_whoever_manages_all_of_it() {
    let lead = [role_at(0, GroupAdmin)];
    assert_eq!(may_manage_account(&lead, &[role_at(1, Staff), role_at(2, GroupAdminReports)]), Ok(()));
    assert_eq!(may_manage_account(&lead, &[role_at(1, Staff), role_at(3, Staff)]), Err(ManageError::NotYoursAlone));
    assert_eq!(may_manage_account(&lead, &[]), Err(ManageError::NotYoursAlone));
    assert_eq!(may_edit_contact(&lead, &[role_at(2, GroupAdminReports)]), Err(ManageError::NotYoursAlone));
    assert_eq!(may_edit_contact(&lead, &[role_at(2, GroupAdmin)]), Ok(()));
}

/// REQ: ACC-10, ACC-14, ACC-15
#[test]
fn a_reset_gives_a_fresh_link_and_never_lifts_a_lock() {
    let (again, event) = user("ann", active()).invited_again("fresh".into(), at()).unwrap();
    assert!(again.may_enrol("fresh", at()).is_ok() && again.may_enrol("nonce", at()).is_err());
    assert_eq!(event, EventKind::RegistrationReset { nonce: "fresh".into() });
    for (state, name) in
        [(UserState::Locked { since: at() }, "locked"), (UserState::Dormant { since: at() }, "dormant")]
    {
        let user = user("ann", state);
        assert_eq!(user.clone().invited_again("fresh".into(), at()).unwrap_err(), ManageError::SupportOnly(name));
        assert!(user.unlocked(false, at()).unwrap().0.is_active());
    }
    for state in [active(), UserState::Deactivated { since: at() }] {
        assert!(matches!(user("ann", state).unlocked(false, at()), Err(ManageError::State(_))));
    }
    let (back, event) = user("ann", active()).unlocked(true, at()).unwrap();
    assert_eq!((back.version, event), (2, EventKind::UserUnlocked), "unused for too long, and no sweep has been there");
}

/// REQ: ACC-15
#[test]
fn an_administrator_brings_a_dormant_account_back_where_the_contract_says_so() {
    let mut dormant = user("ann", UserState::Dormant { since: at() });
    dormant.rules.reactivated_by = ReactivatedBy::Administrator;
    assert!(dormant.clone().invited_again("fresh".into(), at()).is_ok());
    let locked = User { state: UserState::Locked { since: at() }, ..dormant };
    assert_eq!(locked.invited_again("fresh".into(), at()).unwrap_err(), ManageError::SupportOnly("locked"));
}

/// What somebody tries to do to somebody.
#[derive(Clone, Debug)]
enum Act {
    Change(u8, u8, RoleChange),
    Deactivate(u8, u8),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u8..5, 0u8..5, any_role()).prop_map(|(by, of, to)| Act::Change(by, of, RoleChange::Give(to))),
        2 => (0u8..5, 0u8..5, any_role()).prop_map(|(by, of, at)| Act::Change(by, of, RoleChange::Take(at.provider))),
        1 => (0u8..5, 0u8..5).prop_map(|(by, of)| Act::Deactivate(by, of)),
    ]
}

type World = BTreeMap<u8, (User, Vec<RoleAt>)>;

fn leads(roles: &[RoleAt], group: GroupId) -> bool {
    roles.iter().any(|at| at.group == group && at.role.is_group_admin())
}

/// Does it as the action does: rights first, then the last Group Admin, then the new state.
fn act(world: &mut World, act: &Act) -> Result<(), ManageError> {
    let (Act::Change(by, of, _) | Act::Deactivate(by, of)) = act;
    let (actor, rights) = world[by].clone();
    let (target, before) = world[of].clone();
    if !actor.is_active() {
        return Err(ManageError::State(actor.state.name()));
    }
    let (user, after) = match act {
        Act::Change(_, _, change) => {
            let after = change_roles(&rights, &before, std::slice::from_ref(change)).map_err(|(_, error)| error)?;
            (target, after)
        }
        Act::Deactivate(..) => {
            may_manage_account(&rights, &before)?;
            (target.deactivated(at())?.0, before.clone())
        }
    };
    let remaining: &[RoleAt] = if user.stands() || matches!(act, Act::Change(..)) { &after } else { &[] };
    for group in groups_left(&before, remaining) {
        let other = world.iter().any(|(name, (user, roles))| name != of && user.stands() && leads(roles, group));
        if !other {
            return Err(ManageError::LastGroupAdmin);
        }
    }
    world.insert(*of, (user, after));
    Ok(())
}

proptest! {
    /// REQ: ORG-06
    #[test]
    fn no_sequence_of_accepted_changes_leaves_a_group_without_group_admin(acts in prop::collection::vec(any_act(), 1..60)) {
        let people = [(0, Some((0, GroupAdmin))), (1, Some((3, GroupAdminReports))), (2, Some((1, ProviderAdmin))), (3, None), (4, None)];
        let mut world: World = people
            .into_iter()
            .map(|(n, part): (u8, Option<(u8, ProviderRole)>)| {
                (n, (user(&format!("user{n}"), active()), part.map(|(p, role)| role_at(p, role)).into_iter().collect()))
            })
            .collect();
        for next in &acts {
            let (Act::Change(by, of, _) | Act::Deactivate(by, of)) = next;
            let (rights, before) = (world[by].1.clone(), world[of].1.clone());
            let accepted = act(&mut world, next).is_ok();
            if let (true, Act::Change(_, of, RoleChange::Give(given))) = (accepted, next) {
                prop_assert!(world[of].1.contains(given));
                prop_assert!(may_give(&rights, given) || before.contains(given), "given ⊆ held");
            }
            for first in [0, 3] {
                let group = role_at(first, Staff).group;
                prop_assert!(world.values().any(|(user, roles)| user.stands() && leads(roles, group)));
            }
        }
    }
}
