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
    key::{facts_of, open_facts},
};

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
    /// Tells anew what is known of the requests of a case, from all that happened to it. Told twice, or late, it is the
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
        Ok(())
    }

    async fn tell_fact(&self, (contract, case): (&ContractId, CaseKey), fact: &Fact, told: usize) -> Result<(), Error> {
        let key = Key::fact(contract, &month(TimeZone::UTC.to_datetime(fact.received).date()), case, fact.request);
        let open = Key::open_fact(contract, case, fact.request);
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(stored(&key, fact, told)?))
            .condition_expression("attribute_not_exists(pk) OR told <= :told")
            .expression_attribute_values(":told", AttributeValue::N(told.to_string()))
            .build()
            .ok();
        let mut transaction = Transaction::new();
        transaction.push(TransactWriteItem::builder().set_put(put).build(), Guard::Version);
        if fact.is_open() {
            transaction.put(self, stored(&open, fact, told)?);
        } else {
            transaction.delete(self, &open);
        }
        match self.commit(transaction).await {
            // Somebody who had seen more was here before.
            Err(error) if error.refused(Guard::Version) => Ok(()),
            done => done,
        }
    }

    /// The facts about requests that were received on these days, and some from around them: in which zone they are days
    /// is for the caller to say.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn facts(&self, contract: &ContractId, days: Period) -> Result<Read, Error> {
        let partitions = months(days).into_iter().map(|month| facts_of(contract, &month)).collect();
        self.read_facts(partitions).await
    }

    /// The facts about requests that are open.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn open_facts(&self, contract: &ContractId) -> Result<Read, Error> {
        self.read_facts(vec![open_facts(contract)]).await
    }

    /// All partitions at once, until they have more than a report reads.
    async fn read_facts(&self, partitions: Vec<String>) -> Result<Read, Error> {
        let count = AtomicUsize::new(0);
        let each = partitions.iter().map(|partition| self.read_partition(partition, &count));
        let facts: Vec<Fact> = try_join_all(each).await?.into_iter().flatten().collect();
        Ok(if facts.len() > MOST_FACTS { Read::TooMany } else { Read::All(facts) })
    }

    async fn read_partition(&self, partition: &str, count: &AtomicUsize) -> Result<Vec<Fact>, Error> {
        let (mut facts, mut from) = (Vec::new(), None);
        while count.load(Ordering::Relaxed) <= MOST_FACTS {
            let query = self.beginning(partition, "cas_").set_exclusive_start_key(from);
            let page = Box::pin(query.send()).await.map_err(Error::of)?;
            for item in page.items.unwrap_or_default() {
                facts.push(read(&item)?);
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
    fn days_are_read_from_all_months_that_they_may_lie_in() {
        let days = |from: &str, to: &str| months(Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap());
        assert_eq!(days("2026-11-10", "2026-11-20"), ["2026-11"]);
        assert_eq!(days("2026-11-01", "2026-11-30"), ["2026-10", "2026-11", "2026-12"]);
        let year = days("2026-01-01", "2026-12-31");
        assert_eq!((year.len(), year[0].as_str(), year[13].as_str()), (14, "2025-12", "2027-01"));
        assert_eq!(days("2024-02-29", "2024-02-29"), ["2024-02", "2024-03"]);
    }
}
