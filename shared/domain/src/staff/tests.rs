use crate::license::License;
use std::collections::BTreeMap;

use super::*;
use proptest::prelude::*;

fn contract(n: usize) -> ContractId {
    ["arkansas", "colorado", "commercial"][n].parse().unwrap()
}

fn post(name: &str, role: StaffRole, contracts: &[usize]) -> Reviewer {
    Reviewer {
        username: name.parse().unwrap(),
        name: "Grace Tan".into(),
        role,
        credential: "RN".into(),
        specialty: Some("Pediatrics".into()),
        license: Some("AR R-900001".parse().unwrap()),
        lead: false,
        contracts: contracts.iter().map(|n| contract(*n)).collect(),
    }
}

/// REQ: ACC-18
#[test]
fn a_license_is_a_state_and_a_number() {
    for text in ["AR E-900001", "co DR.900001", " PA OS900001 "] {
        let license: License = text.parse().unwrap();
        assert_eq!(license.to_string(), text.trim().to_ascii_uppercase());
        assert_eq!(serde_json::from_value::<License>(serde_json::to_value(&license).unwrap()).unwrap(), license);
    }
    for bad in ["Arkansas E-900001", "E-900001", "AR", "AR x", "AR pending", "AR 12 34"] {
        assert!(bad.parse::<License>().is_err(), "{bad}");
    }
}

/// REQ: ACC-18
#[test]
fn there_are_six_roles_and_each_has_one_name() {
    for role in StaffRole::ALL {
        assert_eq!(role.name().parse(), Ok(role));
        assert_eq!(serde_json::to_value(role).unwrap(), role.name());
    }
    assert!("admin".parse::<StaffRole>().is_err());
}

/// REQ: OPS-08, ACC-18
#[test]
fn the_operator_gives_a_contract_one_manager_and_all_others_are_given_by_managers() {
    let user = |post: Reviewer| {
        let contact = serde_json::from_value(serde_json::json!({
            "firstName": "Grace", "lastName": "Tan", "email": "grace@example.org", "fax": "501-555-0123",
            "address": { "line1": "1 Review Plaza", "city": "Little Rock", "state": "AR", "zip": "72201" },
        }));
        let rules = crate::accounts::samples::rules();
        let (name, door) = (post.username.clone(), Door::Staff(post));
        User::invite(name, contact.unwrap(), door, rules, ("n1".into(), jiff::Timestamp::UNIX_EPOCH))
    };
    let first = |name: &str, staff: &[User]| may_be_first_manager(&name.parse().unwrap(), &contract(0), staff);
    let (manager, nurse) =
        (user(post("grace", StaffRole::ContractManager, &[0, 1])), user(post("ann", StaffRole::Nurse, &[0])));
    assert_eq!(first("sam", std::slice::from_ref(&nurse)), Ok(()));
    let has = HasManager { contract: contract(0), manager: "grace".parse().unwrap() };
    assert_eq!(first("sam", &[nurse.clone(), manager.clone()]), Err(has));
    assert_eq!(first("grace", std::slice::from_ref(&manager)), Ok(()), "the same person again");
    let (out, _) = manager.deactivated(jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(first("sam", &[nurse, out]), Ok(()));
}

/// REQ: ACC-18, REV-03
#[test]
fn who_decides_on_care_is_licensed() {
    use StaffRole::{ContractManager, Intake, Nurse, Operations, Physician, Support};
    let bare = |role| Reviewer { license: None, specialty: None, ..post("ann", role, &[0]) };
    let lacks = |post: &Reviewer| -> Vec<String> {
        post.lacks().as_slice().iter().map(|error| error.pointer.clone()).collect()
    };
    assert_eq!(lacks(&bare(Nurse)), ["/license"]);
    assert_eq!(lacks(&bare(Physician)), ["/license", "/specialty"]);
    for role in [Intake, Support, ContractManager, Operations] {
        assert_eq!(lacks(&bare(role)), [""; 0], "{role}");
    }
    for role in StaffRole::ALL {
        let wrong = lacks(&Reviewer { lead: true, ..post("ann", role, &[0]) });
        assert_eq!(wrong.is_empty(), [Nurse, Physician].contains(&role), "{role} leads: {wrong:?}");
    }
    assert_eq!(lacks(&post("ann", Nurse, &[])), ["/contracts"]);
    assert!(post("ann", Physician, &[1]).lacks().is_empty());
}

/// REQ: ACC-18
#[test]
fn a_contract_manager_manages_the_staff_of_their_contracts_and_nobody_the_own_post() {
    use StaffRole::{ContractManager, Nurse, Operations, Support};
    let manager = post("grace", ContractManager, &[0, 1]);
    let nurse = post("ann", Nurse, &[0]);
    assert_eq!(manager.may_give_post(&nurse), Ok(()));
    assert_eq!(manager.may_give_post(&post("ann", Nurse, &[0, 2])), Err(StaffError::BeyondOwn));
    for role in [Nurse, Support, Operations] {
        let by = post("sam", role, &[0, 1]);
        assert_eq!(by.may_give_post(&nurse), Err(StaffError::Denied(Denied::Forbidden)), "{role}");
        assert_eq!(by.may_see_staff(&nurse), Err(Denied::Forbidden), "{role}");
    }
    assert_eq!(manager.may_see_staff(&post("ann", Nurse, &[2])), Err(Denied::Hidden));

    // Somebody who works for another contract too: only the own contract is given or taken.
    let shared = post("ann", Nurse, &[1, 2]);
    assert_eq!(manager.may_change_post(&shared, &post("ann", Nurse, &[2])), Ok(()));
    assert_eq!(manager.may_change_post(&shared, &post("ann", Nurse, &[0, 1, 2])), Ok(()));
    assert_eq!(manager.may_change_post(&shared, &post("ann", Nurse, &[1])), Err(StaffError::BeyondOwn));
    let up = post("ann", ContractManager, &[1, 2]);
    assert_eq!(manager.may_change_post(&shared, &up), Err(StaffError::NotYoursAlone));
    assert_eq!(manager.may_manage_staff_account(&shared), Err(StaffError::NotYoursAlone));
    assert_eq!(manager.may_manage_staff_account(&nurse), Ok(()));

    let down = post("grace", Nurse, &[0, 1]);
    assert_eq!(manager.may_change_post(&manager, &down), Err(StaffError::Own));
    assert_eq!(manager.may_manage_staff_account(&manager), Err(StaffError::Own));
}

#[test]
fn operations_is_neither_given_nor_taken_nor_touched_by_a_contract_manager() {
    use StaffRole::{ContractManager, Nurse, Operations};
    let manager = post("grace", ContractManager, &[0, 1, 2]);
    let (operator, nurse) = (post("omar", Operations, &[0]), post("omar", Nurse, &[0]));
    let refused = Err(StaffError::OfOperators);
    assert_eq!(manager.may_see_staff(&operator), Ok(()));
    assert_eq!(manager.may_give_post(&operator), refused);
    assert_eq!(manager.may_change_post(&nurse, &operator), refused);
    assert_eq!(manager.may_change_post(&operator, &nurse), refused);
    assert_eq!(manager.may_change_post(&operator, &post("omar", Operations, &[0, 1])), refused);
    assert_eq!(manager.may_manage_staff_account(&operator), refused);
    assert_eq!(
        StaffRole::ALL.into_iter().filter(|role| !role.is_given_by_managers()).collect::<Vec<_>>(),
        [Operations]
    );
}

#[derive(Clone, Debug)]
enum Act {
    Change(u8, u8, usize, Vec<usize>),
    TakeOut(u8, u8),
}

fn any_contracts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::btree_set(0usize..3, 1..4).prop_map(|set| set.into_iter().collect())
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0u8..5, 0u8..5, 0usize..6, any_contracts()).prop_map(|(by, of, role, at)| Act::Change(by, of, role, at)),
        1 => (0u8..5, 0u8..5).prop_map(|(by, of)| Act::TakeOut(by, of)),
    ]
}

proptest! {
    /// What is given is held: by nobody, however often, can a contract be had that no manager of it gave.
    ///
    /// REQ: ACC-18
    #[test]
    fn what_is_given_is_held(mine in any_contracts(), role in 0usize..6, before in any_contracts(), after in any_contracts()) {
        let by = post("grace", StaffRole::ALL[role], &mine);
        let (before, after) = (post("ann", StaffRole::Nurse, &before), post("ann", StaffRole::ContractManager, &after));
        if by.may_change_post(&before, &after).is_ok() {
            for contract in before.contracts.iter().chain(&after.contracts) {
                prop_assert!(by.managed().contains(contract));
            }
        }
        if by.may_give_post(&after).is_ok() {
            prop_assert!(after.contracts.iter().all(|contract| by.managed().contains(contract)));
            prop_assert_eq!(by.may_manage_staff_account(&after), Ok(()), "what one gives, one may take back");
        }
    }

    /// REQ: ACC-18, ORG-06
    #[test]
    fn no_sequence_of_accepted_changes_leaves_a_contract_without_its_manager(acts in prop::collection::vec(any_act(), 1..60)) {
        use StaffRole::{ContractManager, Nurse};
        let people = [(0u8, ContractManager, vec![0, 1]), (1, ContractManager, vec![1, 2]), (2, ContractManager, vec![0, 1, 2]), (3, Nurse, vec![0]), (4, Nurse, vec![2])];
        let mut world: BTreeMap<u8, (Reviewer, bool)> =
            people.into_iter().map(|(n, role, at)| (n, (post(&format!("user{n}"), role, &at), true))).collect();
        for act in acts {
            let (Act::Change(by, of, ..) | Act::TakeOut(by, of)) = &act;
            let ((by, in_office), (before, _)) = (world[by].clone(), world[of].clone());
            if !in_office {
                continue;
            }
            match act {
                Act::Change(_, of, role, at) => {
                    let after = Reviewer { role: StaffRole::ALL[role], ..post(before.username.as_str(), Nurse, &at) };
                    if by.may_change_post(&before, &after).is_ok() {
                        world.entry(of).and_modify(|person| person.0 = after);
                    }
                }
                Act::TakeOut(_, of) => {
                    if by.may_manage_staff_account(&before).is_ok() {
                        world.entry(of).and_modify(|person| person.1 = false);
                    }
                }
            }
            for n in 0..3 {
                prop_assert!(world.values().any(|(person, active)| *active && person.managed().contains(&contract(n))));
            }
        }
    }
}
