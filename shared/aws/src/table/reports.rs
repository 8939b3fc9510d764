//! Facts that reports are made of: one item for each request, in the partition of the contract's month in which it was
//! received, and once more among the open ones of the contract while it is open.

use std::sync::atomic::{AtomicUsize, Ordering};

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use futures::future::try_join_all;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use portico_domain::{
    events::About,
    id::{CaseKey, ContractId},
    period::Period,
    reports::fact::{self, Fact},
};

use super::{
    Attributes, Error, Guard, Key, Table, Transaction,
    key::{WORK_SHARDS, facts_of, open_facts},
};
use crate::pause::Pause;

/// As many requests a report reads: a function holds them, and the gateway waits half a minute.
pub const MOST_FACTS: usize = 250_000;

/// The facts of a report.
#[derive(Clone, PartialEq, Debug)]
pub enum Read {
    /// All of them, in the order of their cases within each month.
    All(Vec<Fact>),
    /// There are more than one function reads in time.
    TooMany,
}

fn stored(key: &Key, fact: &Fact, told: usize) -> Result<Attributes, Error> {
    let text = serde_json::to_string(fact).map_err(|error| Error::Corrupt("fact", error.into()))?;
    let mut item = key.attributes();
    item.insert("entity".to_owned(), AttributeValue::S("fact".to_owned()));
    item.insert("told".to_owned(), AttributeValue::N(told.to_string()));
    item.insert("fact".to_owned(), AttributeValue::S(text));
    Ok(item)
}

fn read(item: &Attributes) -> Result<Fact, Error> {
    let text = item.get("fact").and_then(|fact| fact.as_s().ok()).map_or("", String::as_str);
    serde_json::from_str(text).map_err(|error| Error::Corrupt("fact", error.into()))
}

/// How many events whoever wrote an item had seen.
fn told_of(item: &Attributes) -> usize {
    item.get("told").and_then(|told| told.as_n().ok()).and_then(|told| told.parse().ok()).unwrap_or_default()
}

/// What becomes of the copy among the open ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Open {
    AsItWas,
    Written,
    Removed,
}

fn open_copy(was: Option<&Fact>, now: &Fact) -> Open {
    match (was, now.is_open()) {
        (Some(was), _) if was == now => Open::AsItWas,
        (_, true) => Open::Written,
        (Some(was), false) if was.is_open() => Open::Removed,
        (_, false) => Open::AsItWas,
    }
}

/// The month of a day, as facts are kept: in UTC, so that it is one for all zones.
fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// The months in which requests of these days may be kept, whatever the zone: a day more at both ends.
fn months(days: Period) -> Vec<String> {
    let around = |day: Date, by: i64| day.checked_add(by.days()).unwrap_or(day);
    let (mut day, last) = (around(days.from(), -1).first_of_month(), around(days.to(), 1));
    let mut months = Vec::new();
    while day <= last {
        months.push(month(day));
        let Ok(next) = day.checked_add(1.month()) else { break };
        day = next;
    }
    months
}

impl Table {
    /// Tells anew what is known of the requests of a case, from all that happened to it, and counts what was decided. Told twice, or late, it is the
    /// same: who has seen more of the case's events wins.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn tell_facts(&self, case: CaseKey) -> Result<(), Error> {
        // The log first: a case that is read later is as far as the log or further, and what brought it there tells it again.
        let log = self.events(&About::Case(case)).await?;
        let Some(case) = self.case(case).await? else { return Ok(()) };
        let Some(at) = case.submission.as_ref().map(|submission| submission.at) else { return Ok(()) };
        let Some(contract) = self.contract(&case.contract, at).await? else { return Ok(()) };
        let facts = fact::facts(&case, &log, &contract);
        let told = facts.iter().map(|fact| self.tell_fact((&case.contract, case.key), fact, log.len()));
        try_join_all(told).await?;
        // What gold cards rest on is of the same kind: counted from what happened, as often as it is told.
        if facts.iter().any(|fact| !fact.decisions.is_empty()) {
            self.tell_counted(&case).await?;
        }
        Ok(())
    }

    /// Tells one. The open copy is touched only when something of it changed: most of what happens to a request happens once it is
    /// decided, and all open ones of a contract stand together.
    async fn tell_fact(&self, (contract, case): (&ContractId, CaseKey), fact: &Fact, told: usize) -> Result<(), Error> {
        let key = Key::fact(contract, &month(TimeZone::UTC.to_datetime(fact.received).date()), case, fact.request);
        let open = Key::open_fact(contract, case, fact.request);
        let now = stored(&key, fact, told)?;
        let mut pause = Pause::short();
        loop {
            let before = self.get_raw(&key).await?;
            // Somebody who had seen more was here before.
            if before.as_ref().is_some_and(|before| told_of(before) > told) {
                return Ok(());
            }
            let put = Put::builder().table_name(&self.name).set_item(Some(now.clone()));
            let put = match before.as_ref().and_then(|before| before.get("told")) {
                None => put.condition_expression("attribute_not_exists(pk)"),
                Some(seen) => {
                    put.condition_expression("told = :seen").expression_attribute_values(":seen", seen.clone())
                }
            };
            let mut transaction = Transaction::new();
            transaction.push(TransactWriteItem::builder().set_put(put.build().ok()).build(), Guard::Version);
            let was = before.as_ref().map(read).transpose()?;
            match open_copy(was.as_ref(), fact) {
                Open::AsItWas => {}
                Open::Written => transaction.put(self, stored(&open, fact, told)?),
                Open::Removed => transaction.delete(self, &open),
            }
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::Version) => {}
                done => return done,
            }
            if !pause.again().await {
                return Err(Error::Busy);
            }
        }
    }

    /// The facts about requests that were received on these days, and some from around them: in which zone they are days
    /// is for the caller to say.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn facts(&self, contract: &ContractId, days: Period) -> Result<Read, Error> {
        let of = |month: String| (0..WORK_SHARDS).map(|shard| facts_of(contract, &month, shard)).collect();
        self.read_facts(months(days).into_iter().map(of).collect()).await
    }

    /// The facts about requests that are open.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn open_facts(&self, contract: &ContractId) -> Result<Read, Error> {
        self.read_facts(vec![(0..WORK_SHARDS).map(|shard| open_facts(contract, shard)).collect()]).await
    }

    /// All partitions at once, until they have more than a report reads; the shards of one month as one.
    async fn read_facts(&self, months: Vec<Vec<String>>) -> Result<Read, Error> {
        let count = AtomicUsize::new(0);
        let of = |shards: Vec<String>| {
            let count = &count;
            async move {
                let each = shards.iter().map(|partition| self.read_partition(partition, count));
                let mut facts: Vec<_> = try_join_all(each).await?.into_iter().flatten().collect();
                facts.sort_by(|(a, _), (b, _)| a.cmp(b));
                Ok::<_, Error>(facts)
            }
        };
        let all = try_join_all(months.into_iter().map(of)).await?;
        let facts: Vec<Fact> = all.into_iter().flatten().map(|(_, fact)| fact).collect();
        Ok(if facts.len() > MOST_FACTS { Read::TooMany } else { Read::All(facts) })
    }

    async fn read_partition(&self, partition: &str, count: &AtomicUsize) -> Result<Vec<(String, Fact)>, Error> {
        let (mut facts, mut from) = (Vec::new(), None);
        while count.load(Ordering::Relaxed) <= MOST_FACTS {
            let query = self.beginning(partition, "cas_").set_exclusive_start_key(from);
            let page = Box::pin(query.send()).await.map_err(Error::of)?;
            for item in page.items.unwrap_or_default() {
                let place = item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
                facts.push((place, read(&item)?));
                count.fetch_add(1, Ordering::Relaxed);
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(facts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_copy_is_touched_when_it_changes_and_removed_once() {
        let open: Fact = serde_json::from_value(serde_json::json!({
            "case": "261270001", "request": "R01", "review": "initial", "urgency": "standard",
            "provider": "prv_00000000000000000000000000000002", "providerName": "River Day Clinic", "setting": "outpatient",
            "serviceType": "therapy", "received": "2026-05-07T15:00:00Z",
        }))
        .unwrap();
        let withdrawn = Fact { withdrawn: Some(open.received), ..open.clone() };
        let later = Fact { due: Some(open.received), ..withdrawn.clone() };
        let waits = Fact { due: Some(open.received), ..open.clone() };
        for (was, now, copy) in [
            (None, &open, Open::Written),
            (Some(&open), &open, Open::AsItWas),
            (Some(&open), &waits, Open::Written),
            (Some(&open), &withdrawn, Open::Removed),
            (Some(&withdrawn), &later, Open::AsItWas),
            (None, &withdrawn, Open::AsItWas),
            (Some(&withdrawn), &open, Open::Written),
        ] {
            assert_eq!(open_copy(was, now), copy, "{was:?} {now:?}");
        }
    }

    #[test]
    fn days_are_read_from_all_months_that_they_may_lie_in() {
        let days = |from: &str, to: &str| months(Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap());
        assert_eq!(days("2026-11-10", "2026-11-20"), ["2026-11"]);
        assert_eq!(days("2026-11-01", "2026-11-30"), ["2026-10", "2026-11", "2026-12"]);
        let year = days("2026-01-01", "2026-12-31");
        assert_eq!((year.len(), year[0].as_str(), year[13].as_str()), (14, "2025-12", "2027-01"));
        assert_eq!(days("2024-02-29", "2024-02-29"), ["2024-02", "2024-03"]);
    }
}
