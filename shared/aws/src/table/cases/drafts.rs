//! Drafts in the index `work`: by when nobody has done anything to them since, or by when they end; and who edits one now.

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use jiff::Timestamp;
use portico_domain::{
    calendar::Calendar,
    cases::{Case, editing::Editing},
    id::{CaseKey, ContractId, RequestNumber},
    status::Queue,
};

use crate::table::{Error, Guard, Key, Table, Transaction, cases::lists::CaseSummary, due::Waiting, item, key};

/// Drafts that are counted of one shard.
const MOST_COUNTED: i32 = 1000;

/// What of a contract is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Open {
    /// Drafts: the rules that hold when they are submitted are theirs.
    pub drafts: usize,
    /// Requests on worklists, or that wait for coverage: the rules that held when they were submitted stay theirs.
    pub requests: usize,
    /// Whether there may be more than was counted.
    pub more: bool,
}

/// Up to which draft those of a contract were looked at under a version of its rules.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Looked {
    /// The version.
    pub version: String,
    /// The shard, and the place in it; all are done when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(u8, String)>,
}

impl Transaction {
    /// The place of a draft, where it waits for somebody to go on with it. One that is none any more has none.
    pub(super) fn draft_in_line(&mut self, table: &Table, case: &Case, calendar: &Calendar) -> Result<(), Error> {
        let place = Key::work(case.key, RequestNumber::FIRST);
        let Some(summary) = CaseSummary::of(case, calendar).filter(|_| case.is_draft()) else {
            self.delete(table, &place);
            return Ok(());
        };
        let mut entry = item(&place, "work", &summary)?;
        let shard = key::work_shard(case.key);
        let (partition, due) = match case.ending {
            Some(ending) => (key::ending_partition(&case.contract, shard), ending.at),
            None => (key::drafts_partition(&case.contract, shard), case.changed_at),
        };
        entry.insert("work".to_owned(), AttributeValue::S(partition));
        let due = key::work_due(Some(due), case.key, RequestNumber::FIRST);
        entry.insert("workDue".to_owned(), AttributeValue::S(due));
        self.put(table, entry);
        Ok(())
    }

    /// Keeps who edits a draft; refused with [`Guard::Version`] when that is not as it was read.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn editing(
        &mut self,
        table: &Table,
        case: CaseKey,
        (before, now): (Option<&Editing>, &Editing),
    ) -> Result<(), Error> {
        let place = Key::editing(case);
        let read = before.map(|before| item(&place, "editing", before)).transpose()?;
        self.put_over(
            table,
            item(&place, "editing", now)?,
            read.and_then(|mut read| read.remove("body")),
            Guard::Version,
        );
        Ok(())
    }
}

impl Table {
    /// Who edits a draft, or did last.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn editing(&self, case: CaseKey) -> Result<Option<Editing>, Error> {
        self.get(&Key::editing(case), "editing").await
    }

    /// A page of the drafts of one shard of a contract to which nobody has done anything since `until`, longest ago first, after a
    /// place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn quiet_drafts(
        &self,
        (contract, shard): (&ContractId, u8),
        after: Option<&str>,
        until: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        self.waiting_in(key::drafts_partition(contract, shard), after, until, limit).await
    }

    /// A page of the drafts of one shard of a contract that were to end by `now`, first those of which that is longest ago, after a
    /// place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn ending_drafts(
        &self,
        (contract, shard): (&ContractId, u8),
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Waiting>, Error> {
        self.waiting_in(key::ending_partition(contract, shard), after, now, limit).await
    }

    /// How much of a contract is open, which new rules meet: of each kind and shard as much is counted as `MOST_COUNTED`.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn open_under(&self, contract: &ContractId) -> Result<Open, Error> {
        let of = |partitions: fn(&ContractId, u8) -> Vec<String>| {
            self.count_in((0..key::WORK_SHARDS).flat_map(move |shard| partitions(contract, shard)))
        };
        let drafts =
            of(|contract, shard| vec![key::drafts_partition(contract, shard), key::ending_partition(contract, shard)]);
        let requests = of(|contract, shard| {
            let queues = [Queue::Nurse, Queue::Physician].map(|queue| key::work_partition(contract, queue, shard));
            queues.into_iter().chain([key::eligibility_partition(contract, shard)]).collect()
        });
        let ((drafts, more_drafts), (requests, more_requests)) = futures::try_join!(drafts, requests)?;
        Ok(Open { drafts, requests, more: more_drafts || more_requests })
    }

    async fn count_in(&self, partitions: impl Iterator<Item = String>) -> Result<(usize, bool), Error> {
        let counts = partitions.map(|partition| async move {
            let query = self
                .client
                .query()
                .table_name(&self.name)
                .index_name("work")
                .key_condition_expression("#work = :work")
                .expression_attribute_names("#work", "work")
                .expression_attribute_values(":work", AttributeValue::S(partition))
                .select(Select::Count)
                .limit(MOST_COUNTED);
            let answer = query.send().await.map_err(Error::of)?;
            let count = usize::try_from(answer.count).unwrap_or_default();
            Ok::<_, Error>((count, answer.last_evaluated_key.is_some_and(|key| !key.is_empty())))
        });
        let counts = futures::future::try_join_all(counts).await?;
        Ok(counts.into_iter().fold((0, false), |(sum, any), (count, more)| (sum + count, any || more)))
    }

    /// Up to where the drafts of a contract were looked at.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn drafts_looked_at(&self, contract: &ContractId) -> Result<Option<Looked>, Error> {
        self.get(&Key::drafts_looked_at(contract), "looked").await
    }

    /// Keeps up to where they were.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn look_at_drafts(&self, contract: &ContractId, looked: &Looked) -> Result<(), Error> {
        let item = item(&Key::drafts_looked_at(contract), "looked", looked)?;
        self.client.put_item().table_name(&self.name).set_item(Some(item)).send().await.map_err(Error::of)?;
        Ok(())
    }
}
