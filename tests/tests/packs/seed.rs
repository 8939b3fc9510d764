use std::{collections::BTreeSet, path::Path};

use jiff::civil::date;
use portico_domain::{
    caller::StaffRole,
    feeds::IdKey,
    person::{Member, ProviderKind},
};
use portico_testkit::seed::{self, Seed};

use super::NAMES;

fn seed() -> Seed {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../localstack/seed"));
    seed::load(&IdKey::new("a key"), dir).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// REQ: ORG-10
#[test]
fn seeding_twice_gives_the_same_ids_and_no_id_twice() {
    let ids = |seed: &Seed| -> Vec<String> {
        let members = seed.members.iter().map(|member| member.id.to_string());
        members.chain(seed.providers.iter().map(|row| row.provider.id.to_string())).collect()
    };
    let (first, second) = (ids(&seed()), ids(&seed()));
    assert_eq!(first, second);
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), first.len());
}

/// REQ: ACC-01, ACC-03, ORG-07
#[test]
fn each_contract_has_locations_facilities_physicians_and_a_provider_without_npi() {
    let seed = seed();
    for name in NAMES {
        let of: Vec<_> = seed.providers.iter().filter(|row| row.provider.contract.to_string() == name).collect();
        let codes: BTreeSet<_> = of.iter().map(|row| &row.registration_code).collect();
        assert_eq!(codes.len(), of.len(), "{name}: each location has a code of its own");
        let npis: Vec<_> = of.iter().filter_map(|row| row.provider.npi).collect();
        assert_eq!(npis.iter().collect::<BTreeSet<_>>().len(), npis.len() - 1, "{name}: one NPI at two locations");
        assert_eq!(of.len() - npis.len(), 1, "{name}: one without NPI");
        // Numbers that begin with 2 are valid by form, and none has ever been given to anyone.
        assert!(npis.iter().all(|npi| npi.to_string().starts_with('2')), "{name}");
        let facilities = of.iter().filter(|row| row.provider.kind == ProviderKind::Facility).count();
        assert!(facilities >= 3 && facilities < of.len(), "{name}");
    }
}

/// REQ: CASE-03, CASE-15
#[test]
fn members_have_the_ages_that_the_stories_need_and_there_are_namesakes() {
    let seed = seed();
    let ages = |name: &str| -> Vec<u8> {
        let of = seed.members.iter().filter(|member| member.contract.to_string() == name);
        of.filter_map(|member| member.age_on(date(2026, 12, 1))).collect()
    };
    assert!(ages("arkansas").contains(&4) && ages("arkansas").iter().any(|age| *age >= 21));
    assert!(ages("colorado").iter().any(|age| *age >= 18) && ages("colorado").iter().any(|age| *age < 18));
    assert!(ages("commercial").iter().any(|age| *age >= 18));
    let names: BTreeSet<_> = seed.members.iter().map(Member::full_name).collect();
    let born: BTreeSet<_> = seed.members.iter().map(|m| (m.last_name.as_str(), m.birth_date)).collect();
    assert!(names.len() < seed.members.len(), "the same name twice");
    assert!(born.len() < seed.members.len(), "the same last name and birth date twice");
}

/// REQ: ACC-18, REV-03
#[test]
fn each_contract_has_staff_of_every_role_with_what_the_role_needs() {
    let seed = seed();
    for name in NAMES {
        let with = |role| {
            let of = seed.staff.iter().filter(|s| s.reviewer.contracts.iter().any(|id| id.to_string() == name));
            of.filter(|s| s.reviewer.role == role).collect::<Vec<_>>()
        };
        for role in StaffRole::ALL {
            assert!(!with(role).is_empty(), "{name} has no {role}");
        }
    }
    for staff in &seed.staff {
        assert!(staff.reviewer.lacks().is_empty(), "{}: {:?}", staff.reviewer.username, staff.reviewer.lacks());
        assert_eq!(staff.reviewer.name, staff.contact.full_name());
    }
}
