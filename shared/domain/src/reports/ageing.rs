//! What is open now, by how long ago it was received and by when it is due.

use jiff::{SignedDuration, Timestamp};

use super::{
    fact::Fact,
    numbers::count,
    sheet::{Row, Sheet, Unit},
};
use crate::service::Urgency;

/// Days since receipt: from, to before.
const AGES: [(&str, i64, i64); 6] = [
    ("under-1-day", 0, 1),
    ("1-to-3-days", 1, 3),
    ("3-to-7-days", 3, 7),
    ("7-to-14-days", 7, 14),
    ("14-to-30-days", 14, 30),
    ("30-days-or-more", 30, i64::MAX),
];
/// Hours until it is due: from, to before.
const DUES: [(&str, i64, i64); 5] = [
    ("overdue", i64::MIN, 0),
    ("within-1-day", 0, 24),
    ("within-3-days", 24, 72),
    ("within-7-days", 72, 168),
    ("later", 168, i64::MAX),
];

/// Each open request once by age, and once by when it is due.
#[must_use]
pub fn ageing(facts: &[Fact], now: Timestamp) -> Sheet {
    let open = || facts.iter().filter(|fact| fact.is_open());
    let age = |fact: &Fact| now.duration_since(fact.received).max(SignedDuration::ZERO).as_hours().div_euclid(24);
    // Rounded down also before zero: what was due a minute ago is overdue.
    let left = |due: Timestamp| due.duration_since(now).as_secs().div_euclid(3_600);
    let mut rows: Vec<Row> = Vec::new();
    for (name, from, to) in AGES {
        let in_it = |fact: &&Fact| (from..to).contains(&age(fact));
        rows.push(Row::new(["age", name], values(&open().filter(in_it))));
    }
    for (name, from, to) in DUES {
        let in_it = |fact: &&Fact| fact.due.is_some_and(|due| (from..to).contains(&left(due)));
        rows.push(Row::new(["due", name], values(&open().filter(in_it))));
    }
    rows.push(Row::new(["due", "paused"], values(&open().filter(|fact| fact.due.is_none()))));
    rows.push(Row::new(["all", "all"], values(&open())));
    Sheet {
        names: &["ageing", "bucket"],
        measures: &[
            ("open", Unit::Count),
            ("standard", Unit::Count),
            ("expedited", Unit::Count),
            ("waiting", Unit::Count),
        ],
        rows,
    }
}

fn values<'a>(facts: &(impl Iterator<Item = &'a Fact> + Clone)) -> Vec<Option<f64>> {
    let of = |urgency: Urgency| count(facts.clone().filter(|fact| fact.urgency == urgency));
    let waiting = count(facts.clone().filter(|fact| fact.waits_now()));
    vec![count(facts.clone()), of(Urgency::Standard), of(Urgency::Expedited), waiting]
}
