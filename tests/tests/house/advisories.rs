//! Known weaknesses of third-party crates: the advisories of rustsec.org as the project keeps them, and what they say of
//! `Cargo.lock`.
//!
//! The project holds a copy, so that the same commit is judged alike everywhere and without a network.
//! `ADVISORIES=FOLDER cargo test -p portico-tests --test house advisories` writes it anew from a checkout of
//! `https://github.com/rustsec/advisory-db`. What does not reach us is accepted in `tests/accepted.toml`, with the reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use anyhow::{Context, Result};
use portico_testkit::stack::root;
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

/// One advisory, as far as it is needed to judge a version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Advisory {
    /// `RUSTSEC-2020-0071`.
    id: String,
    /// The crate.
    package: String,
    /// What is wrong, in a line.
    title: String,
    /// Versions in which it is mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patched: Vec<VersionReq>,
    /// Versions that never had it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unaffected: Vec<VersionReq>,
}

/// What stands in a file of the database.
#[derive(Deserialize)]
struct Entry {
    advisory: About,
    versions: Versions,
}

#[derive(Deserialize)]
struct About {
    id: String,
    package: String,
    withdrawn: Option<String>,
}

#[derive(Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

/// What is locked.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// A package of a lock file.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
struct Locked {
    /// Its name.
    name: String,
    /// Its version.
    version: Version,
}

impl Advisory {
    /// Reads a file of the database: front matter in TOML, then a title. `None` for one that was withdrawn.
    fn parse(text: &str) -> Result<Option<Self>> {
        let text = text.strip_prefix("```toml").context("no front matter")?;
        let (front, rest) = text.split_once("\n```").context("the front matter does not end")?;
        let Entry { advisory, versions } = toml::from_str(front)?;
        let title = rest.lines().find_map(|line| line.strip_prefix("# ")).context("no title")?.trim().to_owned();
        Ok(advisory.withdrawn.is_none().then_some(Self {
            id: advisory.id,
            package: advisory.package,
            title,
            patched: versions.patched,
            unaffected: versions.unaffected,
        }))
    }

    /// Whether this version has it.
    fn concerns(&self, locked: &Locked) -> bool {
        let fine = |versions: &[VersionReq]| versions.iter().any(|versions| versions.matches(&locked.version));
        self.package == locked.name && !fine(&self.patched) && !fine(&self.unaffected)
    }
}

/// Every advisory of a checkout of the database, in order of their crates and ids.
fn of_database(folder: &Path) -> Result<Vec<Advisory>> {
    let mut found = Vec::new();
    for package in fs::read_dir(folder.join("crates")).context("no folder `crates`")? {
        for file in fs::read_dir(package?.path())? {
            let path = file?.path();
            let read = Advisory::parse(&fs::read_to_string(&path)?);
            found.extend(read.with_context(|| path.display().to_string())?);
        }
    }
    found.sort_by(|one, other| (&one.package, &one.id).cmp(&(&other.package, &other.id)));
    Ok(found)
}

/// The copy, one advisory a line, so that a change of it can be read.
fn read_copy(text: &str) -> Result<Vec<Advisory>> {
    text.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

/// As [`read_copy`] reads it.
fn write_copy(advisories: &[Advisory]) -> Result<String> {
    advisories.iter().map(|advisory| Ok(serde_json::to_string(advisory)? + "\n")).collect()
}

/// What a lock file holds.
fn locked(text: &str) -> Result<Vec<Locked>> {
    Ok(toml::from_str::<Lock>(text)?.package)
}

/// Which advisories concern which locked versions.
fn concerning<'a>(advisories: &'a [Advisory], locked: &'a [Locked]) -> BTreeMap<&'a str, (&'a Advisory, &'a Locked)> {
    let pairs = advisories.iter().flat_map(|advisory| locked.iter().map(move |one| (advisory, one)));
    pairs.filter(|(advisory, one)| advisory.concerns(one)).map(|pair| (pair.0.id.as_str(), pair)).collect()
}

/// A weakness that does not reach us.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    id: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    accepted: Vec<Accepted>,
}

#[test]
fn no_locked_crate_has_a_known_weakness() {
    let copy = root().join("tests/advisories.jsonl");
    #[expect(clippy::disallowed_methods, reason = "whoever takes a newer copy says where it is")]
    let newer = env::var("ADVISORIES");
    if let Ok(folder) = newer {
        fs::write(&copy, write_copy(&of_database(Path::new(&folder)).unwrap()).unwrap()).unwrap();
    }
    let advisories = read_copy(&fs::read_to_string(copy).unwrap()).unwrap();
    assert!(advisories.len() > 1000, "the copy is not whole");
    let lock = locked(&fs::read_to_string(root().join("Cargo.lock")).unwrap()).unwrap();
    let list: List = toml::from_str(&fs::read_to_string(root().join("tests/accepted.toml")).unwrap()).unwrap();
    let accepted: BTreeSet<&str> = list.accepted.iter().map(|one| one.id.as_str()).collect();
    assert!(list.accepted.iter().all(|one| one.reason.len() > 40), "each has a reason");
    let found = concerning(&advisories, &lock);
    let open: Vec<String> = found
        .iter()
        .filter(|(id, _)| !accepted.contains(*id))
        .map(|(id, (advisory, one))| format!("{id}: {} {}: {}", one.name, one.version, advisory.title))
        .collect();
    assert!(open.is_empty(), "{}", open.join("\n"));
    let gone: Vec<_> = accepted.into_iter().filter(|id| !found.contains_key(id)).collect();
    assert!(gone.is_empty(), "what is accepted and does not concern us any more: {gone:?}");
}

#[test]
fn a_version_is_judged_by_what_is_patched_and_what_never_had_it() {
    let text = "```toml\n[advisory]\nid = \"RUSTSEC-2020-0071\"\npackage = \"time\"\ndate = \"2020-11-18\"\n\n[versions]\n\
                patched = [\">= 0.2.23\"]\nunaffected = [\"=0.2.0\", \"< 0.1.3\"]\n```\n\n# Potential segfault\n\nText.\n";
    let advisory = Advisory::parse(text).unwrap().unwrap();
    assert_eq!(advisory.title, "Potential segfault");
    for (version, concerned) in
        [("0.1.2", false), ("0.1.43", true), ("0.2.0", false), ("0.2.22", true), ("0.3.1", false)]
    {
        let lock = format!("[[package]]\nname = \"time\"\nversion = \"{version}\"\n");
        let lock = locked(&lock).unwrap();
        let found = concerning(std::slice::from_ref(&advisory), &lock).len();
        assert_eq!(found == 1, concerned, "{version}");
    }
    let withdrawn = text.replace("date =", "withdrawn = \"2021-01-01\"\ndate =");
    assert_eq!(Advisory::parse(&withdrawn).unwrap(), None);
    assert!(Advisory::parse("# Only a title").is_err());
}
