//! Providers, members and claims as a file brings them, block by block, and the record of each import (ORG-10, ACT-03).
//!
//! A row that is as stored costs a read. Others are written in transactions of as many rows as fit, each row whole or not
//! at all, on the condition that its item is as it was read: whoever registered a provider meanwhile keeps the group. When
//! a transaction is refused, its rows are read and decided again, one by one.

mod claims;
mod rows;

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use portico_domain::{
    accounts::registration::Credentials,
    feeds::{import::Import, provider::ProviderRow},
    id::ContractId,
    name::fold,
    person::{Member, Provider},
};
pub use rows::{Outcome, Source};

use self::rows::{Planned, Row, Way};
use super::{
    Attributes, Error, Guard, Key, Table, Transaction, body, item, key::imports_of, people::MemberSearch,
    size::MOST_WRITES, sort_key,
};
use crate::{pause::Pause, secrets::KeyRing};

/// New members who are looked up by name at the same time.
const NUMBERS_AT_ONCE: usize = 8;

/// People of one last name and date of birth who are looked at for another number.
const MOST_NAMESAKES: i32 = 20;

impl Transaction {
    /// Saves the record of an import; `version` is one more than the one that was read, 1 for a new one.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn import(&mut self, table: &Table, import: &Import, version: u64) -> Result<(), Error> {
        let key = Key::import(&import.file.contract, import.arrived, &import.id);
        self.put_version(table, item(&key, "import", import)?, version);
        Ok(())
    }
}

impl Table {
    /// Takes providers from a feed; what became of each, in order. No two of them are the same location or have the same
    /// NPI and code. A registered provider keeps its group (ORG-10).
    ///
    /// # Errors
    /// When the table fails or a stored item cannot be read; the same rows again do what is left to do, as those do whose
    /// outcome is [`Outcome::Throttled`].
    pub async fn import_providers(
        &self,
        keys: &KeyRing,
        source: Source<'_>,
        rows: &[ProviderRow],
    ) -> Result<Vec<Outcome>, Error> {
        Way { table: self, keys, source }.import_rows(rows).await
    }

    /// Takes members from a feed; what became of each, in order. No two of them are the same member. One search key is one
    /// person: a number that a search would take for another member's is not taken.
    ///
    /// # Errors
    /// When the table fails or a stored item cannot be read; the same rows again do what is left to do.
    pub async fn import_members(
        &self,
        keys: &KeyRing,
        source: Source<'_>,
        rows: &[Member],
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Way { table: self, keys, source }.import_rows(rows).await?;
        let new = rows.iter().zip(&mut outcomes).filter(|(_, outcome)| **outcome == Outcome::New);
        stream::iter(new)
            .map(|(member, outcome)| async move {
                if self.has_another_number(keys, member).await? {
                    *outcome = Outcome::NewNumber;
                }
                Ok(())
            })
            .buffer_unordered(NUMBERS_AT_ONCE)
            .try_collect::<()>()
            .await
            // The rows are written: what is only told must not make them come again.
            .or_else(|error: Error| if error.passes() { Ok(()) } else { Err(error) })?;
        Ok(outcomes)
    }

    /// Whether somebody with the same name and date of birth has another number.
    async fn has_another_number(&self, keys: &KeyRing, member: &Member) -> Result<bool, Error> {
        let search = MemberSearch::NameAndBirth(member.last_name.clone(), member.birth_date);
        let found = self.some_members(keys, &member.contract, &search, MOST_NAMESAKES).await?;
        let first = |of: &Member| fold(of.first_name.as_str());
        Ok(found.iter().any(|other| other.id != member.id && other.number().is_some() && first(other) == first(member)))
    }

    /// Takes one member from a feed.
    ///
    /// # Errors
    /// As [`Table::import_members`].
    pub async fn import_member(&self, keys: &KeyRing, member: &Member) -> Result<(), Error> {
        Way { table: self, keys, source: Source::NONE }.import_one(member).await.map(drop)
    }

    /// Takes one provider from a feed with what registers it.
    ///
    /// # Errors
    /// As [`Table::import_providers`].
    pub async fn import_provider(
        &self,
        keys: &KeyRing,
        provider: &Provider,
        credentials: &Credentials,
    ) -> Result<(), Error> {
        let row = ProviderRow { provider: provider.clone(), credentials: credentials.clone() };
        Way { table: self, keys, source: Source::NONE }.import_one(&row).await.map(drop)
    }

    /// The items of these keys, as many as there are, in blocks of a hundred.
    pub(crate) async fn get_many(&self, keys: &[Key]) -> Result<HashMap<Key, Attributes>, Error> {
        let mut found = HashMap::new();
        for block in keys.chunks(100) {
            let mut wanted: Vec<Attributes> = block.iter().map(Key::attributes).collect();
            // What a full partition left out is asked for again, ever later, a bounded number of times.
            let mut pause = Pause::patient();
            loop {
                let of_table = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true).build();
                let of_table = of_table.map_err(|error| Error::Unavailable(error.into()))?;
                let answer = self.client.batch_get_item().request_items(&self.name, of_table).send().await;
                let answer = answer.map_err(Error::of)?;
                for item in answer.responses.into_iter().flat_map(HashMap::into_values).flatten() {
                    let text = |name: &str| item.get(name).and_then(|key| key.as_s().ok()).cloned().unwrap_or_default();
                    found.insert(Key { pk: text("pk"), sk: text("sk") }, item);
                }
                let left = answer.unprocessed_keys.into_iter().flat_map(HashMap::into_values);
                wanted = left.flat_map(|left| left.keys).collect();
                if wanted.is_empty() {
                    break;
                }
                if !pause.again().await {
                    return Err(Error::Throttled);
                }
            }
        }
        Ok(found)
    }

    /// The record of an import, with the version that a change of it must follow.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn import(
        &self,
        contract: &ContractId,
        arrived: Timestamp,
        id: &str,
    ) -> Result<Option<(Import, u64)>, Error> {
        self.versioned(&Key::import(contract, arrived, id), "import").await
    }

    /// A page of a contract's imports, newest first, each with its place; before the place `before`.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn imports(
        &self,
        contract: &ContractId,
        before: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, Import)>, Error> {
        let items = self.page_before(&imports_of(contract), "IMPORT#", before, i32::from(limit) + 1).await?;
        let page = items.into_iter().filter(|item| Some(sort_key(item)) != before);
        page.map(|item| Ok((sort_key(&item).to_owned(), body(item, "import")?))).collect()
    }
}

impl Way<'_> {
    async fn import_rows<R: Row>(self, rows: &[R]) -> Result<Vec<Outcome>, Error> {
        let places: Vec<Key> = rows.iter().map(Row::key).collect();
        let mut stored = self.table.get_many(&places).await?;
        let mut outcomes = vec![Outcome::Unchanged; rows.len()];
        let mut block = Block::default();
        for ((place, row), key) in rows.iter().enumerate().zip(&places) {
            let planned = self.planned(row, stored.remove(key))?;
            if planned.writes.is_empty() {
                if let Some(outcome) = outcomes.get_mut(place) {
                    *outcome = planned.outcome;
                }
                continue;
            }
            if !block.takes(&planned) {
                self.commit_block(rows, std::mem::take(&mut block), &mut outcomes).await?;
            }
            block.add(place, planned);
        }
        self.commit_block(rows, block, &mut outcomes).await?;
        Ok(outcomes)
    }

    /// What is to be done with a row: nothing is written of one that is as stored.
    fn planned<R: Row>(self, row: &R, stored: Option<Attributes>) -> Result<Planned, Error> {
        let same = self.source.of_same(stored.as_ref());
        let planned = row.plan(self, stored)?;
        Ok(planned.unwrap_or_else(|| Planned { outcome: same, writes: Transaction::new(), shared: Vec::new() }))
    }

    async fn commit_block<R: Row>(self, rows: &[R], block: Block, outcomes: &mut [Outcome]) -> Result<(), Error> {
        if block.writes.is_empty() {
            return Ok(());
        }
        let (refused, throttled) = match self.table.commit(block.writes).await {
            Ok(()) => (false, false),
            Err(Error::Refused(_) | Error::Busy) => (true, false),
            Err(Error::Throttled) => (false, true),
            Err(error) => return Err(error),
        };
        for (place, outcome) in block.places {
            let (Some(at), Some(row)) = (outcomes.get_mut(place), rows.get(place)) else { continue };
            *at = if throttled {
                Outcome::Throttled
            } else if refused {
                match self.import_one(row).await {
                    Err(error) if error.passes() => Outcome::Throttled,
                    outcome => outcome?,
                }
            } else {
                outcome
            };
        }
        Ok(())
    }

    /// One row by itself, read and decided again as often as others change it meanwhile.
    async fn import_one<R: Row>(self, row: &R) -> Result<Outcome, Error> {
        let mut pause = Pause::patient();
        loop {
            let stored = self.table.get_raw(&row.key()).await?;
            let planned = self.planned(row, stored)?;
            if planned.writes.is_empty() {
                return Ok(planned.outcome);
            }
            match self.table.commit(planned.writes).await {
                Ok(()) => return Ok(planned.outcome),
                Err(error) if error.refused(Guard::Version) && pause.again().await => {}
                Err(error) if error.refused(Guard::New) => return Ok(Outcome::Taken),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Rows that are written together.
#[derive(Default)]
struct Block {
    writes: Transaction,
    places: Vec<(usize, Outcome)>,
    shared: HashSet<Key>,
}

impl Block {
    fn takes(&self, planned: &Planned) -> bool {
        self.writes.len() + planned.writes.len() <= MOST_WRITES
            && !planned.shared.iter().any(|key| self.shared.contains(key))
    }

    fn add(&mut self, place: usize, planned: Planned) {
        self.writes.append(planned.writes);
        self.places.push((place, planned.outcome));
        self.shared.extend(planned.shared);
    }
}
