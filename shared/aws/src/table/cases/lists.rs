//! Lists of cases: those of a group, and worklists.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, civil::Date};
use portico_domain::{
    calendar::Calendar,
    cases::{Case, request::Request},
    id::{CaseId, CaseKey, ContractId, GroupId, ProviderId, RequestNumber, Username},
    npi::Npi,
    period::Period,
    service::{ReviewKind, Setting, Urgency},
    status::{Queue, Status},
};
use serde::{Deserialize, Serialize};

use crate::table::{Attributes, Error, Key, Table, body, key, sort_key};

/// A case in a list, or a request on a worklist.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields of Case and Request of the same names")]
pub struct CaseSummary {
    pub key: CaseKey,
    pub case_id: Option<CaseId>,
    pub contract: ContractId,
    pub setting: Setting,
    pub member_name: String,
    pub member_birth_date: Date,
    pub requesting_name: String,
    pub service_type: Option<String>,
    pub request: RequestNumber,
    pub review: ReviewKind,
    pub urgency: Urgency,
    pub status: Status,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    pub submitted_at: Option<Timestamp>,
    pub due: Option<Timestamp>,
    pub queue: Option<Queue>,
    pub claimed_by: Option<Username>,
    /// Since when; of what was stored before it was kept nothing.
    #[serde(default)]
    pub claimed_at: Option<Timestamp>,
    /// Since when there is something that no reviewer has seen (ACT-01).
    #[serde(default)]
    pub news: Option<Timestamp>,
    /// While it waits for information (REV-06), when the provider is told that the time is nearly over, then when it comes back; while
    /// it waits for coverage (CASE-27), when it comes back.
    #[serde(default)]
    pub waits_until: Option<Timestamp>,
    /// The deadline of which its holder was told that it is near (ACT-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Timestamp>,
    /// Since when those who lead know that it was not decided in time (REV-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated: Option<Timestamp>,
    /// By how many days the time for its decision was extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_days: Option<u32>,
    /// Since when there are messages on the case that no reviewer has read (ACT-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Timestamp>,
    /// When the peer-to-peer conversation about its decision is, which is still to be held (ACT-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<Timestamp>,
    /// Whoever is on it, to be searched for; of what was stored before it was kept nobody.
    #[serde(default)]
    pub providers: Vec<Named>,
    /// The days of the service, as far as they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Period>,
}

/// A provider as it is searched for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Provider of the same names")]
pub struct Named {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub npi: Option<Npi>,
    pub name: String,
}

/// Requests that are counted of one shard: whoever is told does not mind how many more there are.
const MOST_COUNTED: usize = 50;
/// Requests that are read at once, of one shard.
const PAGE: i32 = 100;
/// The same of those that wait.
const AT_ONCE: u8 = 100;

impl CaseSummary {
    /// When it is due; of a conversation, when it is to be held. None while its clock stands still.
    #[must_use]
    pub fn due_or_talk(&self) -> Option<Timestamp> {
        self.talk.or(self.due)
    }

    /// The case as lists and worklists show it, with its latest request.
    #[must_use]
    pub fn of(case: &Case, calendar: &Calendar) -> Option<Self> {
        let latest = Self::of_request(case, case.requests.last()?, calendar);
        Some(Self { submitted_at: case.submission.as_ref().map(|submission| submission.at), ..latest })
    }

    /// A request of the case as worklists show it.
    #[must_use]
    pub fn of_request(case: &Case, request: &Request, calendar: &Calendar) -> Self {
        let claim = request.queue().and_then(|(_, claim)| claim);
        Self {
            key: case.key,
            case_id: case.submission.as_ref().map(|submission| submission.case_id.clone()),
            contract: case.contract.clone(),
            setting: case.setting,
            member_name: case.member.full_name(),
            member_birth_date: case.member.birth_date,
            requesting_name: case.requesting.name.to_string(),
            service_type: case.service.as_ref().map(|service| service.service_type.clone()),
            request: request.number,
            review: request.review,
            urgency: request.urgency,
            status: request.status(),
            created_at: case.created_at,
            changed_at: case.changed_at,
            submitted_at: request.asked_at(),
            due: request.clock().and_then(|clock| clock.due(calendar)),
            queue: request.queue().map(|(queue, _)| queue),
            claimed_by: claim.map(|claim| claim.by.clone()),
            claimed_at: claim.map(|claim| claim.at),
            news: request.news(),
            waits_until: request
                .pended()
                .map(|pend| pend.remind_at.map_or(pend.until, |at| at.min(pend.until)))
                .or(request.awaits_coverage()),
            reminded: request.reminded,
            escalated: request.clock().and_then(|clock| clock.escalated(calendar)),
            more_days: request.more_time.as_ref().map(|more| more.days),
            unread: case.unread.map(|unread| unread.since),
            talk: request.talk_to_come().map(|(_, time)| time),
            providers: case.providers().map(|is| Named { npi: is.npi, name: is.name.to_string() }).collect(),
            days: request.days().or_else(|| case.service_days()),
        }
    }
}

/// The place of a case in a list, on the day on which it was begun.
#[must_use]
pub fn place(case: &Case, calendar: &Calendar) -> String {
    Key::place_of_case(calendar.time_zone.date_at(case.created_at), case.key)
}

/// Where the case is listed: for the requesting provider's group from the first step on, for the groups of the other
/// providers once it is submitted (ACT-07).
pub(super) fn list_keys(case: &Case, day: Date) -> Vec<Key> {
    let mut keys = Vec::new();
    let shown = case.providers().take(if case.submission.is_some() { 3 } else { 1 });
    for provider in shown {
        let place = match provider.group {
            Some(group) => Key::group_case(group, day, case.key),
            None => Key::provider_case(provider.id, day, case.key),
        };
        if !keys.contains(&place) {
            keys.push(place);
        }
    }
    keys
}

impl Table {
    /// A page of the cases that a group sees, newest first, before the cursor (the last entry's sort key).
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn group_cases(
        &self,
        group: GroupId,
        before: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, CaseSummary)>, Error> {
        self.cases_at(&Key::group(group).pk, before, limit).await
    }

    /// The providers of a group that were on cases before it registered them: those cases are listed with the provider.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn held_providers(&self, group: GroupId) -> Result<Vec<ProviderId>, Error> {
        let items = self.partition(&Key::group(group).pk, "HELD#").await?;
        items.into_iter().map(|item| body(item, "held provider")).collect()
    }

    /// A page of the cases that a provider was on before a group registered it, as [`Self::group_cases`].
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn provider_cases(
        &self,
        provider: ProviderId,
        before: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, CaseSummary)>, Error> {
        self.cases_at(&Key::provider(provider).pk, before, limit).await
    }

    async fn cases_at(&self, pk: &str, before: Option<&str>, limit: u8) -> Result<Vec<(String, CaseSummary)>, Error> {
        let items = self.page_before(pk, "CASE#", before, i32::from(limit) + 1).await?;
        summaries(items.into_iter().filter(|item| Some(sort_key(item)) != before).collect())
    }

    /// A page of a worklist by due time, after the cursor (the last entry's place). All shards are asked at once.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn worklist(
        &self,
        contract: &ContractId,
        queue: Queue,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, CaseSummary)>, Error> {
        let shards = (0..key::WORK_SHARDS).map(|shard| {
            self.client
                .query()
                .table_name(&self.name)
                .index_name("work")
                .key_condition_expression("#work = :work AND workDue > :after")
                .expression_attribute_names("#work", "work")
                .expression_attribute_values(":work", AttributeValue::S(key::work_partition(contract, queue, shard)))
                .expression_attribute_values(":after", AttributeValue::S(after.unwrap_or("0").to_owned()))
                .limit(i32::from(limit))
                .send()
        });
        let mut entries = Vec::new();
        for page in futures::future::join_all(shards).await {
            for item in page.map_err(Error::of)?.items.unwrap_or_default() {
                let place = item.get("workDue").and_then(|due| due.as_s().ok()).cloned().unwrap_or_default();
                entries.push((place, body(item, "work")?));
            }
        }
        entries.sort_by(|a: &(String, CaseSummary), b| a.0.cmp(&b.0));
        entries.truncate(usize::from(limit));
        Ok(entries)
    }

    /// Requests of a worklist that somebody has and that are to be decided soon, between now and then, of which nobody was told.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn nearly_due(
        &self,
        contract: &ContractId,
        queue: Queue,
        (now, then): (Timestamp, Timestamp),
    ) -> Result<Vec<(CaseKey, RequestNumber)>, Error> {
        let mut found = Vec::new();
        for shard in 0..key::WORK_SHARDS {
            let mut after = Some(key::due_by(now));
            while let Some(place) = after {
                let page = self.due(key::work_partition(contract, queue, shard), Some(&place), then, PAGE).await?;
                after = page.last().and_then(|last| last.get("workDue")?.as_s().ok().cloned());
                for item in page {
                    let Ok(entry) = body::<CaseSummary>(item, "work") else {
                        tracing::error!("an entry of a worklist cannot be read");
                        continue;
                    };
                    let told = entry.reminded.is_some() && entry.reminded == entry.due;
                    if entry.queue.is_some() && entry.claimed_by.is_some() && !told {
                        found.push((entry.key, entry.request));
                    }
                }
            }
        }
        Ok(found)
    }

    /// How many requests of a worklist should be decided by `now`: the longest due of each shard, as many as `MOST_COUNTED`.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn overdue(&self, contract: &ContractId, queue: Queue, now: Timestamp) -> Result<usize, Error> {
        self.count_due(contract, queue, (None, now)).await
    }

    /// How many requests should be decided by `now` and wait: for information, in all contracts, or for coverage, in one. They are on no
    /// worklist; of very many only some are counted.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn overdue_while_waiting(&self, contract: Option<&ContractId>, now: Timestamp) -> Result<usize, Error> {
        let shards = (0..key::WORK_SHARDS).map(|shard| async move {
            let partition =
                || contract.map_or_else(|| key::pended_partition(shard), |of| key::eligibility_partition(of, shard));
            let (mut count, mut after) = (0, None::<String>);
            while count < MOST_COUNTED {
                let page: Vec<(String, CaseSummary)> =
                    self.in_line(partition(), after.as_deref(), AT_ONCE, "work").await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(last.clone());
                count += page.iter().filter(|(_, entry)| entry.due.is_some_and(|due| due < now)).count();
            }
            Ok::<_, Error>(count)
        });
        Ok(futures::future::try_join_all(shards).await?.into_iter().sum())
    }

    /// How many are to be decided after `now` and by `then`, counted alike.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn due_soon(
        &self,
        contract: &ContractId,
        queue: Queue,
        (now, then): (Timestamp, Timestamp),
    ) -> Result<usize, Error> {
        self.count_due(contract, queue, (Some(key::due_by(now)), then)).await
    }

    /// Conversations and messages that stand there too wait for no decision.
    async fn count_due(
        &self,
        contract: &ContractId,
        queue: Queue,
        (from, by): (Option<String>, Timestamp),
    ) -> Result<usize, Error> {
        let from = &from;
        let shards = (0..key::WORK_SHARDS).map(|shard| async move {
            let (mut count, mut after) = (0, from.clone());
            while count < MOST_COUNTED {
                let partition = key::work_partition(contract, queue, shard);
                let page = self.due(partition, after.as_deref(), by, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.get("workDue").and_then(|due| due.as_s().ok().cloned());
                for entry in page {
                    count += usize::from(body::<CaseSummary>(entry, "work")?.queue.is_some());
                }
            }
            Ok::<_, Error>(count)
        });
        Ok(futures::future::try_join_all(shards).await?.into_iter().sum())
    }
}

fn summaries(items: Vec<Attributes>) -> Result<Vec<(String, CaseSummary)>, Error> {
    items.into_iter().map(|item| Ok((sort_key(&item).to_owned(), body(item, "summary")?))).collect()
}
