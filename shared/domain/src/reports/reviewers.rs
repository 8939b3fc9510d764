//! Who did how much with the requests of a period.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::{
    fact::{Deed, Did, Fact},
    numbers::{Times, count},
    sheet::{Row, Sheet, Unit},
};
use crate::{id::Username, status::Outcome};

/// In the order of their usernames.
#[must_use]
pub fn reviewers(facts: &[Fact]) -> Sheet {
    let mut of: BTreeMap<&Username, Vec<(&Fact, &Did)>> = BTreeMap::new();
    for fact in facts {
        for did in &fact.work {
            of.entry(&did.by).or_default().push((fact, did));
        }
    }
    Sheet {
        names: &["reviewer"],
        measures: &[
            ("taken", Unit::Count),
            ("referred", Unit::Count),
            ("asked", Unit::Count),
            ("decided", Unit::Count),
            ("approved", Unit::Count),
            ("modified", Unit::Count),
            ("denied", Unit::Count),
            ("median-from-taken", Unit::Hours),
        ],
        rows: of.into_iter().map(|(by, work)| Row::new([by.as_str()], values(&work))).collect(),
    }
}

fn values(work: &[(&Fact, &Did)]) -> Vec<Option<f64>> {
    let did = |what: Deed| count(work.iter().filter(|(_, did)| did.what == what));
    let decided = || work.iter().filter(|(_, did)| did.what == Deed::Decided);
    let with = |outcome: Outcome| {
        let kept =
            |fact: &Fact, did: &Did| fact.decisions.iter().find(|made| made.at == did.at).map(|made| made.outcome);
        count(decided().filter(|(fact, did)| did.outcome.or_else(|| kept(fact, did)) == Some(outcome)))
    };
    let times = Times::of(decided().filter_map(|(fact, did)| took(fact, did)));
    vec![
        did(Deed::Took),
        did(Deed::Referred),
        did(Deed::Asked),
        count(decided()),
        with(Outcome::Approved),
        with(Outcome::Modified),
        with(Outcome::Denied),
        times.median(),
    ]
}

/// From when they last took it to their decision.
fn took(fact: &Fact, decided: &Did) -> Option<SignedDuration> {
    let taken = fact.work.iter().filter(|did| did.by == decided.by && did.what == Deed::Took && did.at <= decided.at);
    taken.map(|did| did.at).max().map(|at| decided.at.duration_since(at))
}
