//! The same rooms on every floor, and no file that takes from where it may not. `docs/rooms.md` says the same in words.

use std::{collections::BTreeSet, fs};

use crate::sources::{Module, Sources};
use portico_testkit::stack::root;

/// The rooms, each after those whose words its domain takes.
const ROOMS: [&str; 12] = [
    "events",
    "letters",
    "contracts",
    "accounts",
    "groups",
    "staff",
    "cases",
    "reviews",
    "delivery",
    "feeds",
    "reports",
    "fhir",
];

/// The floors on which a room takes nothing from another room: folder, the module that the rooms stand in, and the files
/// that list the rooms and so name all of them.
const FLOORS: [(&str, &[&str], &[&str]); 3] =
    [("shared/aws/src", &["table"], &[]), ("shared/api/src", &[], &[""]), ("shared/workers/src", &[], &["", "lambda"])];

/// The room of a module among those that stand in `place`; none for what rooms share.
fn room<'a>(module: &'a Module, place: &[&str]) -> Option<&'a str> {
    let below = module.strip_prefix(place.iter().map(ToString::to_string).collect::<Vec<_>>().as_slice())?;
    below.first().map(String::as_str).filter(|name| ROOMS.contains(name))
}

#[test]
fn a_room_of_the_domain_takes_only_from_the_rooms_before_it() {
    let domain = Sources::read(&root().join("shared/domain/src"));
    let place = |name: &str| ROOMS.iter().position(|room| *room == name);
    let mut wrong = Vec::new();
    for (from, targets) in &domain.takes {
        for to in targets {
            let (own, other) = (room(from, &[]).and_then(place), room(to, &[]).and_then(place));
            if other.is_some() && other > own {
                wrong.push(format!("{} takes from {}", from.join("::"), to.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(domain.takes.len() > 40, "only {} files were read", domain.takes.len());
}

#[test]
fn on_the_other_floors_no_room_takes_from_another_and_what_is_shared_from_none() {
    let mut wrong = Vec::new();
    for (folder, place, lists) in FLOORS {
        let floor = Sources::read(&root().join(folder));
        for (from, targets) in &floor.takes {
            let own = room(from, place);
            if own.is_none() && lists.contains(&from.join("::").as_str()) {
                continue;
            }
            for to in targets.iter().filter(|to| room(to, place).is_some_and(|other| Some(other) != own)) {
                wrong.push(format!("{folder}: {} takes from {}", from.join("::"), to.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_circle_of_files() {
    for folder in ["shared/domain/src", "shared/contracts/src"] {
        let circle = Sources::read(&root().join(folder)).circle();
        assert_eq!(circle, None, "{folder}");
    }
    // The file of a folder lists the files in it and holds what they share.
    for folder in ["shared/aws/src", "shared/workers/src", "shared/api/src", "shared/codes/src", "shared/letters/src"] {
        let circle = Sources::read(&root().join(folder)).without_folders().circle();
        assert_eq!(circle, None, "{folder}");
    }
}

/// Floors that have the rooms and, by a name of their own, what concerns all rooms or none.
const NAMED: [(&str, &[&str]); 7] = [
    ("shared/domain/src", &[]),
    ("shared/aws/src/table", &[]),
    ("shared/api/src", &[]),
    ("shared/workers/src", &[]),
    // What is below the rooms, what they share, and what stands around them.
    ("infra", &["api", "common", "data", "edge", "identity", "operations", "portal", "queues", "uses", "watch"]),
    ("portal/src", &["api", "app", "ui", "words"]),
    ("tests/tests", &["access", "contract", "failures", "house", "journeys", "outages", "packs"]),
];

/// Folders, templates and test programs are named by the rooms; a new word for an old room shows here.
#[test]
fn every_floor_uses_the_same_words() {
    let page = fs::read_to_string(root().join("docs/rooms.md")).unwrap();
    for (floor, besides) in NAMED {
        let mut seen = 0;
        for entry in fs::read_dir(root().join(floor)).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let ends = |ending: &str| path.extension().is_some_and(|found| found == ending);
            let is_named = path.is_dir() || ends("yaml") || (floor == "tests/tests" && ends("rs"));
            if !is_named {
                continue;
            }
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap();
            // What makes and checks the templates is no template.
            if floor == "infra" && path.is_dir() {
                continue;
            }
            let known = ROOMS.contains(&name) || besides.contains(&name);
            assert!(known, "{floor}/{name} is no room");
            let told = ROOMS.contains(&name) || page.contains(&format!("`{name}`"));
            assert!(told, "docs/rooms.md does not say what {floor}/{name} is");
            seen += 1;
        }
        assert!(seen > 3, "only {seen} names were read in {floor}");
    }
    let explained: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(ROOMS.iter().all(|room| explained.contains(room)), "docs/rooms.md explains {explained:?}");
}

#[test]
fn a_way_to_go_round_in_circles_would_be_found() {
    let circle = |takes: &[(&str, &str)]| {
        let module = |name: &str| vec![name.to_owned()];
        let mut sources = Sources { takes: std::collections::BTreeMap::default() };
        for (from, to) in takes {
            sources.takes.entry(module(from)).or_default().insert(module(to));
        }
        sources.circle()
    };
    assert_eq!(circle(&[("a", "b"), ("b", "c"), ("a", "c")]), None);
    assert_eq!(circle(&[("a", "b"), ("b", "c"), ("c", "b")]).map(|circle| circle.len()), Some(2));
}
