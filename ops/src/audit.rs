//! Whether what is on record of a case is as it was written: held against its chains (OPS-05). A check reads ids and hashes of what
//! happened and of who looked, and shows nothing else of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use portico_aws::{
    outbox::made,
    table::chain::{Link, Linked, Over},
};
use portico_domain::id::{CaseKey, EventId};
use serde::Serialize;

use crate::{Operator, events::case_key, operator::now};

/// A record is linked a minute or two after it was written; one that is older and is in no link was not put there by the stream.
const LINKED_WITHIN_MINUTES: i64 = 15;
/// The first month of which there can be cases.
const FIRST_MONTH: Date = Date::constant(2026, 1, 1);
/// Cases that are checked at once.
const AT_ONCE: usize = 8;

/// Which cases, as typed.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Form {
    /// By their keys (`cas_…`) or Case IDs
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub cases: Vec<String>,
    /// Every case that has a chain
    #[arg(long)]
    pub all: bool,
    /// The day from which records are linked, that of the release which began it: older ones are only counted
    #[arg(long)]
    pub from: Option<Date>,
}

/// What is wrong with a record or a link.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "is")]
pub enum Fault {
    /// It is not what it was when it was linked.
    Altered {
        /// Which record.
        record: String,
    },
    /// It was linked, and is gone.
    Missing {
        /// Which record.
        record: String,
    },
    /// It was put in later: no link has it, or it came long after the time that its id says.
    Inserted {
        /// Which record.
        record: String,
    },
    /// It does not follow from the one before, or is not what it was.
    Link {
        /// Which: the first is 1.
        number: u64,
    },
}

/// What was found of one chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// Over what.
    pub over: Over,
    /// Records there are.
    pub records: usize,
    /// Links of the chain.
    pub links: usize,
    /// Records that are too new to be linked.
    pub waiting: usize,
    /// Records from before the chains began.
    pub older: usize,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// What was found of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// The case.
    pub case: String,
    /// Who looked, and what happened.
    pub chains: Vec<Chain>,
}

impl Checked {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.chains.iter().all(|chain| chain.faults.is_empty()) && self.chains.iter().any(|chain| chain.records > 0)
    }
}

/// Checks cases. With `all`, every case that has a chain, in the order of their beginning.
///
/// # Errors
/// When the table fails, or there is no such case.
pub async fn check(operator: &Operator, form: &Form) -> Result<Vec<Checked>> {
    let mut cases = Vec::new();
    for text in &form.cases {
        cases.push(case_key(operator, text).await?);
    }
    if form.all {
        let mut month = FIRST_MONTH;
        while month <= TimeZone::UTC.to_datetime(now()).date() {
            cases.extend(operator.table().chained_in(&month.strftime("%Y-%m").to_string()).await?);
            month = month.checked_add(1.month())?;
        }
    }
    let begun = |day: Date| TimeZone::UTC.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible();
    let from = form.from.map(begun).transpose()?;
    let checked = stream::iter(cases).map(|case| of_case(operator, case, from));
    checked.buffered(AT_ONCE).try_collect().await
}

async fn of_case(operator: &Operator, case: CaseKey, from: Option<Timestamp>) -> Result<Checked> {
    let mut chains = Vec::new();
    for over in Over::ALL {
        let chain = (case, over);
        // The links first: what is linked while this reads is there already.
        let links = operator.table().chain(chain).await;
        let links = links.with_context(|| format!("a link of {case} cannot be read"))?;
        let records = operator.table().fingerprints(chain).await?;
        chains.push(judge(chain, &links, &records, (from, now())));
    }
    Ok(Checked { case: case.to_string(), chains })
}

/// Holds records against their chain.
fn judge(
    chain: (CaseKey, Over),
    links: &[Link],
    records: &BTreeMap<String, String>,
    (from, now): (Option<Timestamp>, Timestamp),
) -> Chain {
    let mut faults = BTreeSet::new();
    let mut before = None;
    for link in links {
        let is_next = link.n == before.map_or(1, |before: &Link| before.n + 1);
        if !is_next || !link.follows(before, chain) {
            faults.insert(Fault::Link { number: link.n });
        }
        before = Some(link);
    }
    let mut linked = BTreeSet::new();
    for record in links.iter().flat_map(|link| &link.records) {
        linked.insert(record.id.to_string());
        faults.extend(of_linked(record, records, now));
    }
    let (mut waiting, mut older) = (0, 0);
    for record in records.keys().filter(|record| !linked.contains(*record)) {
        let at = record.parse::<EventId>().ok().and_then(made);
        if at.is_some_and(|at| from.is_some_and(|from| at < from)) {
            older += 1;
        } else if at.is_some_and(|at| now.duration_since(at).as_mins() < LINKED_WITHIN_MINUTES) {
            waiting += 1;
        } else {
            faults.insert(Fault::Inserted { record: record.clone() });
        }
    }
    let (records, links, faults) = (records.len(), links.len(), faults.into_iter().collect());
    Chain { over: chain.1, records, links, waiting, older, faults }
}

fn of_linked(linked: &Linked, records: &BTreeMap<String, String>, now: Timestamp) -> Option<Fault> {
    let record = linked.id.to_string();
    match records.get(&record) {
        Some(hash) if *hash != linked.hash => Some(Fault::Altered { record }),
        // The table keeps some for a while only.
        None if linked.until.is_some_and(|until| until <= now.as_second()) => None,
        None => Some(Fault::Missing { record }),
        Some(_) => {
            let late =
                made(linked.id).is_none_or(|at| linked.written.duration_since(at).as_mins() >= LINKED_WITHIN_MINUTES);
            late.then_some(Fault::Inserted { record })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2025-07-01T12:00:00Z";

    fn chain() -> (CaseKey, Over) {
        ("cas_0197a3c2f0c07d0aa1b2c3d4e5f60001".parse().unwrap(), Over::Audit)
    }

    /// Made on 24 June 2025.
    fn linked(n: u8) -> Linked {
        let id: EventId = format!("evt_0197a3c2f0c07d0aa1b2c3d4e5f600{n:02x}").parse().unwrap();
        Linked { id, hash: format!("hash {n}"), written: made(id).unwrap(), until: None }
    }

    fn two() -> Vec<Link> {
        let one = Link::after(None, chain(), vec![linked(1), linked(2)]);
        let two = Link::after(Some(&one), chain(), vec![linked(3)]);
        vec![one, two]
    }

    fn table() -> BTreeMap<String, String> {
        [1, 2, 3].map(|n| (linked(n).id.to_string(), linked(n).hash)).into()
    }

    fn found(links: &[Link], records: &BTreeMap<String, String>) -> Chain {
        judge(chain(), links, records, (None, NOW.parse().unwrap()))
    }

    #[test]
    fn what_is_as_it_was_written_is_whole() {
        let whole = Chain { over: Over::Audit, records: 3, links: 2, waiting: 0, older: 0, faults: Vec::new() };
        assert_eq!(found(&two(), &table()), whole);
        // A record that came again is linked twice, and is the same.
        let mut links = two();
        links.push(Link::after(links.last(), chain(), vec![linked(2)]));
        assert_eq!(found(&links, &table()), Chain { links: 3, ..whole });
    }

    #[test]
    fn what_was_altered_removed_or_put_in_is_named() {
        let id = |n| linked(n).id.to_string();
        let mut records = table();
        records.insert(id(1), "another".to_owned());
        records.remove(&id(3));
        records.insert(id(4), linked(4).hash);
        let faults = found(&two(), &records).faults;
        let expected =
            [Fault::Altered { record: id(1) }, Fault::Missing { record: id(3) }, Fault::Inserted { record: id(4) }];
        assert_eq!(faults, expected);

        // It came by the stream, a week after the time that its id says.
        let late = Linked { written: NOW.parse().unwrap(), ..linked(4) };
        let mut links = two();
        links.push(Link::after(links.last(), chain(), vec![late]));
        let mut records = table();
        records.insert(id(4), linked(4).hash);
        assert_eq!(found(&links, &records).faults, [Fault::Inserted { record: id(4) }]);
    }

    #[test]
    fn a_link_that_was_altered_or_taken_out_is_named() {
        let mut links = two();
        links[0].records[0].hash = "forged".to_owned();
        let mut records = table();
        records.insert(linked(1).id.to_string(), "forged".to_owned());
        assert_eq!(found(&links, &records).faults, [Fault::Link { number: 1 }]);
        links[0] = Link::after(None, chain(), links[0].records.clone());
        assert_eq!(found(&links, &records).faults, [Fault::Link { number: 2 }], "the next one shows it");
        let faults = found(&two()[1..], &table()).faults;
        assert!(faults.contains(&Fault::Link { number: 2 }), "{faults:?}");
        assert_eq!(found(&two()[..1], &table()).faults, [Fault::Inserted { record: linked(3).id.to_string() }]);
    }

    #[test]
    fn what_is_new_waits_what_is_older_than_the_chains_is_counted_and_what_is_over_is_missed_by_nobody() {
        let links = &two()[..1];
        let soon = made(linked(3).id).unwrap().checked_add(5.minutes()).unwrap();
        let chain_of = judge(chain(), links, &table(), (None, soon));
        assert_eq!((chain_of.waiting, chain_of.faults.len()), (1, 0));
        let from = Some("2025-06-30T00:00:00Z".parse().unwrap());
        let chain_of = judge(chain(), links, &table(), (from, NOW.parse().unwrap()));
        assert_eq!((chain_of.older, chain_of.faults.len()), (1, 0));
        let over = Linked { until: Some(1), ..linked(1) };
        let links = [Link::after(None, chain(), vec![over])];
        assert_eq!(found(&links, &BTreeMap::new()).faults, []);
        let nothing = Checked { case: String::new(), chains: vec![found(&[], &BTreeMap::new())] };
        assert!(!nothing.is_whole(), "nothing is on record");
    }
}
