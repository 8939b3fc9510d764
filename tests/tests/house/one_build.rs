//! One build of what is large: cargo chooses the features of a shared dependency anew for each selection of packages, and
//! builds it and all above it again where they differ. `shared/unified` makes them alike.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use portico_testkit::stack::root;

/// Small crates that nothing large stands on: built twice they cost a second.
const SMALL: [&str; 7] = ["bitflags", "bumpalo", "console", "num-bigint", "num-integer", "simd-adler32", "zerocopy"];

/// The features of each package of a selection.
fn features(selection: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p}|{f}"])
        .args(selection)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (package, of) = line.split_once('|').unwrap();
        let package = package.split(' ').take(2).collect::<Vec<_>>().join(" ");
        let of = of.trim_end_matches(" (*)").split(',').filter(|one| !one.is_empty()).map(ToOwned::to_owned);
        features.entry(package).or_default().extend(of);
    }
    features
}

#[test]
fn every_selection_of_packages_shares_one_build_of_what_is_large() {
    let folders = fs::read_dir(root().join("functions")).unwrap();
    let functions: Vec<String> = folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    let named = |flag: &str, names: &[String]| -> Vec<String> {
        names.iter().flat_map(|name| [flag.to_owned(), name.clone()]).collect()
    };
    let one = |name: &str| named("--package", &[name.to_owned()]);
    let rest = [vec!["--workspace".to_owned()], named("--exclude", &functions)].concat();
    let selections = [
        ("the functions", named("--package", &functions), "normal,no-proc-macro"),
        ("the stories", one("portico-tests"), "normal,no-proc-macro"),
        ("the operator's program", one("portico-ops"), "normal,no-proc-macro"),
        ("the tests", rest, "normal,dev,no-proc-macro"),
    ];
    let mut known: BTreeMap<String, (&str, BTreeSet<String>)> = BTreeMap::new();
    let mut differ = Vec::new();
    for (name, selection, edges) in &selections {
        let edges = ["--edges".to_owned(), (*edges).to_owned()];
        for (package, of) in features(&[selection.as_slice(), &edges].concat()) {
            let (first, before) = known.entry(package.clone()).or_insert((name, of.clone()));
            if *before != of && !SMALL.iter().any(|small| package.starts_with(&format!("{small} "))) {
                let only: Vec<_> = before.symmetric_difference(&of).collect();
                differ.push(format!("{package}: {first} and {name} differ in {only:?}"));
            }
        }
    }
    assert!(known.len() > 300, "{} packages", known.len());
    assert!(differ.is_empty(), "name these features in shared/unified/Cargo.toml:\n{}", differ.join("\n"));
}
