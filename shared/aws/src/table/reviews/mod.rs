//! Worksheets: what reviewers have typed of their decisions; and requests that wait for information or for coverage.

pub mod gold_cards;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem};
use jiff::Timestamp;
use portico_domain::{
    calendar::Calendar,
    cases::{Case, request::Request},
    id::{CaseKey, ContractId, RequestNumber},
    reviews::worksheet::Worksheet,
    status::Queue,
};

use crate::table::{Error, Guard, Key, Table, Transaction, due::Waiting, item, key};

impl Transaction {
    /// Keeps what is typed; `version` is one more than the one that was read, 1 for a new one: else refused with
    /// [`Guard::Version`]. Refused with [`Guard::Rights`] when the case is not as it was read, for the claim may have ended.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn worksheet(
        &mut self,
        table: &Table,
        (case, number): (&Case, RequestNumber),
        typed: &Worksheet,
        version: u64,
    ) -> Result<(), Error> {
        self.put_version(table, item(&Key::worksheet(case.key, number), "worksheet", typed)?, version);
        let check = ConditionCheck::builder()
            .table_name(&table.name)
            .set_key(Some(Key::case(case.key).attributes()))
            .condition_expression("version = :as_read")
            .expression_attribute_values(":as_read", AttributeValue::N(case.version.to_string()))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_condition_check(check).build(), Guard::Rights);
        Ok(())
    }

    /// Ends a worksheet, if there is one.
    pub fn end_worksheet(&mut self, table: &Table, case: CaseKey, number: RequestNumber) {
        self.delete(table, &Key::worksheet(case, number));
    }
}

impl Transaction {
    /// Keeps when the time for the decision on a request is over, until what follows from that was carried out (REV-09).
    pub(in crate::table) fn expiry(
        &mut self,
        table: &Table,
        case: &Case,
        request: &Request,
        calendar: &Calendar,
    ) -> Result<(), Error> {
        let key = Key::expiry(case.key, request.number);
        let Some(due) = request.clock().and_then(|clock| clock.expires(calendar)) else {
            self.delete(table, &key);
            return Ok(());
        };
        let mut entry = item(&key, "expiry", &due)?;
        entry.insert("work".to_owned(), AttributeValue::S(key::expiry_partition(key::work_shard(case.key))));
        entry.insert("workDue".to_owned(), AttributeValue::S(key::work_due(Some(due), case.key, request.number)));
        self.put(table, entry);
        Ok(())
    }
}

/// Entries of a worklist that are counted at most, in each of its partitions.
const COUNTED: i32 = 250;

/// How much waits on a worklist.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct WorkCount {
    /// Everything.
    pub waiting: usize,
    /// What was due before now.
    pub overdue: usize,
    /// What is due from now on, soon.
    pub soon: usize,
    /// There is more than was counted.
    pub more: bool,
}

impl Table {
    /// Counts a worklist, those that are due first, up to a bound: what is overdue now, and what is due until `soon`. All its partitions
    /// are asked at once.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn count_work(
        &self,
        (contract, queue): (&ContractId, Queue),
        (now, soon): (Timestamp, Timestamp),
    ) -> Result<WorkCount, Error> {
        let shards = (0..key::WORK_SHARDS).map(|shard| {
            self.client
                .query()
                .table_name(&self.name)
                .index_name("work")
                .key_condition_expression("#work = :work")
                .expression_attribute_names("#work", "work")
                .expression_attribute_values(":work", AttributeValue::S(key::work_partition(contract, queue, shard)))
                .projection_expression("workDue")
                .limit(COUNTED)
                .send()
        });
        let (now, soon) = (key::due_by(now), key::due_by(soon));
        let mut count = WorkCount::default();
        for page in futures::future::join_all(shards).await {
            let page = page.map_err(Error::of)?;
            count.more |= page.last_evaluated_key.is_some();
            let places = page.items.unwrap_or_default();
            for place in places.iter().filter_map(|item| item.get("workDue")?.as_s().ok()) {
                count.waiting += 1;
                count.overdue += usize::from(*place <= now);
                count.soon += usize::from(*place > now && *place <= soon);
            }
        }
        Ok(count)
    }

    /// A page of the requests of one shard that waited for information until `now` or before, longest ago first, after a
    /// place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn unanswered(
        &self,
        shard: u8,
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        self.waiting_in(key::pended_partition(shard), after, now, limit).await
    }

    /// A page of the requests of one shard of a contract that wait for coverage until `until` or before, longest ago first, after
    /// a place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn awaiting_coverage(
        &self,
        (contract, shard): (&ContractId, u8),
        after: Option<&str>,
        until: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        self.waiting_in(key::eligibility_partition(contract, shard), after, until, limit).await
    }

    /// A page of the requests of one shard whose time for the decision was over by `now` and was not seen to, longest ago first, after
    /// a place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn over(
        &self,
        shard: u8,
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        self.waiting_in(key::expiry_partition(shard), after, now, limit).await
    }

    /// The worksheet of a request with the version that a change of it must follow.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn worksheet(&self, case: CaseKey, number: RequestNumber) -> Result<Option<(Worksheet, u64)>, Error> {
        self.versioned(&Key::worksheet(case, number), "worksheet").await
    }
}
