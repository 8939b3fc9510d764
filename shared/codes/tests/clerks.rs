//! Queries as clerks type them, with the codes they mean. A third was held back while terms and ranks were tuned.

use portico_codes::{Finder, find_hcpcs, find_icd10cm};

/// Whoever does not see it here types something else.
const FIRST: usize = 5;

/// System, query, codes, and whether it was held back. A line of other columns is missing in the counts.
fn queries() -> impl Iterator<Item = [&'static str; 4]> {
    include_str!("data/clerk-queries.csv").lines().skip(1).filter_map(|line| {
        let columns: Vec<&str> = line.split(',').collect();
        columns.try_into().ok()
    })
}

fn is_found(finder: &Finder, query: &str, codes: &str) -> bool {
    let found = finder.search(query, FIRST, 0);
    codes.split(' ').map(|code| code.replace('.', "")).any(|code| {
        found.iter().any(|entry| match code.strip_suffix('*') {
            Some(begin) => entry.code.starts_with(begin),
            None => entry.code == code,
        })
    })
}

#[test]
fn what_a_clerk_means_is_among_the_first_five() {
    for held_back in ["no", "yes"] {
        let asked: Vec<_> = queries().filter(|[.., held]| *held == held_back).collect();
        let missed: Vec<&str> = asked
            .iter()
            .filter(|[system, query, codes, _]| {
                let finder = if *system == "hcpcs" { find_hcpcs() } else { find_icd10cm() };
                !is_found(finder, query, codes)
            })
            .map(|[_, query, ..]| *query)
            .collect();
        assert!(asked.len() >= 170, "too few to measure");
        assert!(missed.len() * 100 <= asked.len() * 5, "held back {held_back}: {missed:?}");
    }
}

#[test]
fn every_query_has_codes_that_are_listed() {
    assert_eq!(queries().count() + 1, include_str!("data/clerk-queries.csv").lines().count(), "four columns each");
    for [system, query, codes, _] in queries() {
        let index = if system == "hcpcs" { find_hcpcs().index() } else { find_icd10cm().index() };
        for code in codes.split(' ').map(|code| code.replace('.', "")) {
            let known = match code.strip_suffix('*') {
                Some(begin) => index.codes().any(|code| code.starts_with(begin)),
                None => index.get(&code).is_some_and(|entry| entry.billable),
            };
            assert!(known, "{query}: {code}");
        }
    }
}
