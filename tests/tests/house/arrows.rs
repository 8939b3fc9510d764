//! The arrows between the rooms: who may depend on whom, read from the manifests.

#![cfg(test)]

use std::{collections::BTreeSet, fs, path::Path};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Direct dependencies of a member, tests' own not counted.
fn dependencies(member: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    let table = manifest.get("dependencies").and_then(|d| d.as_table()).cloned().unwrap_or_default();
    table.keys().cloned().collect()
}

fn members() -> Vec<String> {
    let folders = |place: &str| {
        fs::read_dir(root().join(place))
            .unwrap()
            .map(move |entry| format!("{place}/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect::<Vec<_>>()
    };
    [folders("functions"), folders("shared"), vec!["ops".to_owned()]].concat()
}

#[test]
fn each_room_depends_only_on_the_rooms_below() {
    let allowed: [(&str, &[&str]); 10] = [
        ("shared/domain", &[]),
        ("shared/codes", &[]),
        ("shared/fhir", &[]),
        ("shared/pas", &["portico-domain", "portico-fhir"]),
        ("shared/letters", &["portico-domain", "portico-unified"]),
        ("shared/aws", &["portico-domain", "portico-unified"]),
        (
            "shared/api",
            &[
                "portico-domain",
                "portico-codes",
                "portico-contracts",
                "portico-fhir",
                "portico-letters",
                "portico-pas",
                "portico-aws",
            ],
        ),
        (
            "shared/workers",
            &["portico-domain", "portico-codes", "portico-fhir", "portico-letters", "portico-pas", "portico-aws"],
        ),
        ("shared/contracts", &["portico-domain"]),
        ("ops", &["portico-domain", "portico-contracts", "portico-aws"]),
    ];
    for (member, below) in allowed {
        let house: Vec<String> = dependencies(member).into_iter().filter(|name| name.starts_with("portico-")).collect();
        let strangers: Vec<_> = house.iter().filter(|name| !below.contains(&name.as_str())).collect();
        assert!(strangers.is_empty(), "{member} must not depend on {strangers:?}");
    }
}

#[test]
fn only_one_room_names_an_aws_sdk_and_only_one_http() {
    for member in members() {
        for name in dependencies(&member) {
            // Functions never ask who they are; an operator's changes say whose they are.
            let whose = member == "ops" && name == "aws-sdk-sts";
            assert!(!name.starts_with("aws-sdk-") || member == "shared/aws" || whose, "{member} names {name}");
            assert!(name != "axum" || member == "shared/api", "{member} names {name}");
            assert!(!name.starts_with("typst") || member == "shared/letters", "{member} names {name}");
        }
    }
}

#[test]
fn the_domain_has_no_async_no_clock_and_no_randomness() {
    let known =
        ["email_address", "hmac", "jiff", "memchr", "serde", "sha2", "thiserror", "unicode-normalization", "uuid"];
    let names = dependencies("shared/domain");
    assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
}

#[test]
fn a_function_only_mounts_one_action() {
    for member in members().into_iter().filter(|member| member.starts_with("functions/")) {
        let names = dependencies(&member);
        assert!(names.len() == 2 && names.contains("tokio"), "{member} depends on {names:?}");
        let main = fs::read_to_string(root().join(&member).join("src/main.rs")).unwrap();
        assert!(main.lines().count() <= 8, "{member} does more than mount its action");
    }
}
