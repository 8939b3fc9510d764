//! What came of the requests of a period: by their first decisions, by a rule or by a person.

use super::{
    fact::{Fact, Made},
    numbers::{count, share},
    sheet::{Row, Sheet, Unit},
};
use crate::status::{Closed, Outcome};

/// Each request once.
#[must_use]
pub fn outcomes(facts: &[Fact]) -> Sheet {
    let whole = count(facts.iter());
    let row = |outcome: &str, by: &str, is: &dyn Fn(&Fact) -> bool| {
        let part = count(facts.iter().filter(|fact| is(fact)));
        Row::new([outcome, by], vec![part, share(part, whole)])
    };
    let decided = |outcome: Outcome, by_rule: bool| {
        move |fact: &Fact| {
            let fits = |made: &Made| !made.untimely && made.outcome == outcome && made.by.is_none() == by_rule;
            fact.first().is_some_and(fits)
        }
    };
    let lapsed = |outcome: Outcome| {
        move |fact: &Fact| fact.first().is_some_and(|made: &Made| made.untimely && made.outcome == outcome)
    };
    let mut rows = vec![
        row("approved", "rule", &decided(Outcome::Approved, true)),
        row("approved", "person", &decided(Outcome::Approved, false)),
        row("modified", "person", &decided(Outcome::Modified, false)),
        row("denied", "person", &decided(Outcome::Denied, false)),
        // Nobody decided in time.
        row("approved", "nobody", &lapsed(Outcome::Approved)),
        row("denied", "nobody", &lapsed(Outcome::Denied)),
        row("withdrawn", "provider", &|fact| fact.first().is_none() && fact.withdrawn.is_some()),
        row("closed", "person", &|fact| fact.first().is_none() && fact.voided.is_some()),
        row("open", "nobody", &Fact::is_open),
    ];
    rows.push(Row::new(["all", "all"], vec![whole, share(whole, whole)]));
    rows.push(row("overturned", "another-look", &|fact| fact.overturned.is_some()));
    // Parts of what is counted above, each by itself.
    let closed =
        |because: Closed| move |fact: &Fact| fact.voided.is_some() && fact.because.unwrap_or_default() == because;
    rows.push(row("closed-not-eligible", "person", &closed(Closed::NotEligible)));
    rows.push(row("closed-not-required", "person", &closed(Closed::NotRequired)));
    rows.push(row("closed-duplicate", "person", &closed(Closed::Duplicate)));
    rows.push(row("corrected", "person", &|fact| fact.corrected.is_some()));
    Sheet { names: &["outcome", "by"], measures: &[("requests", Unit::Count), ("share", Unit::Percent)], rows }
}
