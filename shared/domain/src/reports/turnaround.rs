//! How long decisions took, from receipt to the first decision (REV-07, REV-08).

use jiff::SignedDuration;

use super::{
    fact::Fact,
    numbers::{Times, count, share},
    sheet::{Row, Sheet, Unit},
};
use crate::service::Urgency;

/// By urgency, and all.
#[must_use]
pub fn turnaround(facts: &[Fact]) -> Sheet {
    let of = |urgency: Urgency| facts.iter().filter(move |fact| fact.urgency == urgency);
    Sheet {
        names: &["urgency"],
        measures: &[
            ("received", Unit::Count),
            ("decided", Unit::Count),
            ("open", Unit::Count),
            ("mean", Unit::Hours),
            ("median", Unit::Hours),
            ("ninetieth", Unit::Hours),
            ("mean-without-waits", Unit::Hours),
            ("in-time", Unit::Count),
            ("in-time-share", Unit::Percent),
            ("extended", Unit::Count),
        ],
        rows: vec![
            Row::new(["standard"], values(of(Urgency::Standard))),
            Row::new(["expedited"], values(of(Urgency::Expedited))),
            Row::new(["all"], values(facts.iter())),
        ],
    }
}

fn values<'a>(facts: impl Iterator<Item = &'a Fact> + Clone) -> Vec<Option<f64>> {
    let decided = facts.clone().filter(|fact| fact.first().is_some());
    let times = Times::of(decided.clone().filter_map(Fact::took));
    let without = |fact: &Fact| Some((fact.took()? - fact.waited()).max(SignedDuration::ZERO));
    let in_time = count(decided.clone().filter(|fact| fact.in_time() == Some(true)));
    vec![
        count(facts.clone()),
        count(decided.clone()),
        count(facts.clone().filter(|fact| fact.is_open())),
        times.mean(),
        times.median(),
        times.ninetieth(),
        Times::of(decided.clone().filter_map(without)).mean(),
        in_time,
        share(in_time, count(decided)),
        count(facts.filter(|fact| fact.extended)),
    ]
}
