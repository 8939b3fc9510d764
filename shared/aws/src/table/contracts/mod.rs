//! Contract packs, applied as data and kept in memory for a minute; answers that their rules gave.

mod apart;
mod checks;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use jiff::Timestamp;
use portico_domain::{
    contracts::{Contract, packs::Known},
    id::{ContractId, Username},
};
use serde::{Deserialize, Serialize};

use crate::table::{
    Attributes, Error, Guard, Key, Table, Transaction, body, item,
    key::{CONTRACTS, packs_of},
    packs::{Kept, Stretch, latest_day},
    sort_key,
};

/// How long a pack is taken as current without asking again: a new pack holds within this time.
const FRESH: Duration = Duration::from_mins(1);
/// Packs that are read at once: the first one holds, unless its day has not begun where the contract is.
const AT_ONCE: i32 = 2;

/// A pack as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredPack {
    /// First day it holds, in the contract's zone.
    pub from: String,
    /// Its version.
    pub version: String,
    /// The merged pack.
    pub json: String,
    /// When it was applied, and by whom: a username, or an operator's identity at AWS. None of one that was applied before this
    /// was kept.
    pub applied: Option<(Timestamp, String)>,
}

/// A contract in the list of all.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// The contract.
    pub id: ContractId,
    /// Who was invited as its first Contract Manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_manager: Option<Username>,
    /// How often a pack was applied: of two at once, which did not know of each other, one looks again.
    #[serde(default)]
    pub applied: u64,
}

impl StoredPack {
    fn of(item: &Attributes) -> Self {
        let json = item.get("pack").and_then(|pack| pack.as_s().ok()).cloned().unwrap_or_default();
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        let applied = text("applied").and_then(|at| Some((at.parse().ok()?, text("by")?.clone())));
        let place = sort_key(item).trim_start_matches("PACK#");
        let (from, version) = place.split_once('#').unwrap_or((place, ""));
        Self { from: from.to_owned(), version: version.to_owned(), json, applied }
    }

    /// What it says, in short.
    fn said(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.version, &self.json).hash(&mut hasher);
        hasher.finish()
    }

    /// As it is compared with others.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        let zone = self.read().ok().map(|contract| contract.calendar.time_zone);
        Known { from: &self.from, version: &self.version, json: &self.json, zone }
    }

    /// The contract that it says.
    ///
    /// # Errors
    /// When this program does not understand it: it is of another one.
    pub fn read(&self) -> Result<Contract, Error> {
        serde_json::from_str(&self.json).map_err(|error| Error::Corrupt("pack", error.into()))
    }
}

impl Table {
    /// The contract as it holds at an instant, `None` when there is none. Asked again within a minute it costs no call.
    ///
    /// # Errors
    /// When the table fails or the pack that holds cannot be read.
    pub async fn contract(&self, id: &ContractId, at: Timestamp) -> Result<Option<Arc<Contract>>, Error> {
        let holds = match self.contracts.holding(id, at, FRESH) {
            Some(holds) => holds,
            None => self.read_packs(id, at).await?,
        };
        match holds {
            None => Ok(None),
            Some(Kept { contract: Some(contract), .. }) => Ok(Some(contract)),
            // One whose first day is to come holds nobody up.
            Some(Kept { contract: None, .. }) => Err(Error::Corrupt("pack", "of another version".into())),
        }
    }

    /// Every stored pack of a contract in the order of their first days, none of them from memory.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn packs(&self, id: &ContractId) -> Result<Vec<StoredPack>, Error> {
        Ok(self.partition(&packs_of(id), "PACK#").await?.iter().map(StoredPack::of).collect())
    }

    /// The contracts that a pack was ever applied for, each with who was invited as its first Contract Manager.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn contracts(&self) -> Result<Vec<Listed>, Error> {
        self.partition(CONTRACTS, "CONTRACT#").await?.into_iter().map(|item| body(item, "contract")).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn listed(&self, id: &ContractId) -> Result<Option<Listed>, Error> {
        self.get(&Key::contract(id), "contract").await
    }

    /// Reads the newest packs that had begun by an instant, until one of them holds then: not those before, which nobody asks for.
    async fn read_packs(&self, id: &ContractId, at: Timestamp) -> Result<Option<Kept>, Error> {
        let upto = latest_day(at);
        let mut before = format!("PACK#{upto}~");
        let mut stretch = Stretch { upto, packs: Vec::new(), all: false };
        loop {
            let page = self.page_before_now(&packs_of(id), "PACK#", Some(&before), AT_ONCE).await?;
            stretch.all = page.len() < usize::try_from(AT_ONCE).unwrap_or_default();
            // From the second page on, the first item is the one that it follows.
            let from = before.clone();
            for item in page.iter().filter(|item| sort_key(item) != from) {
                let stored = StoredPack::of(item);
                let said = stored.said();
                let contract = self.contracts.same(id, said).or_else(|| stored.read().ok().map(Arc::new));
                stretch.packs.push(Kept { contract, from: stored.from, said });
                sort_key(item).clone_into(&mut before);
            }
            if let Some(holds) = stretch.holding(at).map(Option::<&Kept>::cloned) {
                self.contracts.keep(id, stretch, FRESH);
                return Ok(holds);
            }
        }
    }
}

impl Transaction {
    /// Stores a pack: `json` is the merged pack that `contract` was read from, in place of the one that says `before`; and who
    /// applied it.
    pub fn pack(
        &mut self,
        table: &Table,
        (contract, json): (&Contract, String),
        before: Option<String>,
        applied: (Timestamp, &str),
    ) {
        let mut item = Key::pack(&contract.id, contract.effective_from, &contract.version).attributes();
        item.insert("entity".to_owned(), AttributeValue::S("pack".to_owned()));
        item.insert("pack".to_owned(), AttributeValue::S(json));
        item.insert("applied".to_owned(), AttributeValue::S(applied.0.to_string()));
        item.insert("by".to_owned(), AttributeValue::S(applied.1.to_owned()));
        let Some(before) = before else { return self.put_new(table, item, Guard::Version) };
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(item))
            .condition_expression("pack = :before")
            .expression_attribute_values(":before", AttributeValue::S(before))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_put(put).build(), Guard::Version);
    }

    /// Applies a pack, in place of the stored one of its version, to a contract that is `listed` so: of two at once one is refused, and
    /// looks again.
    ///
    /// # Errors
    /// When it cannot be written as items.
    pub fn apply_pack(
        &mut self,
        table: &Table,
        (contract, json): (&Contract, &str),
        (stored, listed): (&[StoredPack], Option<&Listed>),
        applied: (Timestamp, &str),
    ) -> Result<(), Error> {
        let before = stored.iter().find(|known| known.version == contract.version).map(|known| known.json.clone());
        self.pack(table, (contract, json.to_owned()), before, applied);
        let was =
            listed.cloned().unwrap_or_else(|| Listed { id: contract.id.clone(), first_manager: None, applied: 0 });
        self.list_contract(table, &Listed { applied: was.applied + 1, ..was }, listed)
    }

    /// Takes a pack away that is as it was read.
    pub fn withdraw_pack(&mut self, table: &Table, contract: &Contract, before: String) {
        let key = Key::pack(&contract.id, contract.effective_from, &contract.version);
        let delete = Delete::builder()
            .table_name(&table.name)
            .set_key(Some(key.attributes()))
            .condition_expression("pack = :before")
            .expression_attribute_values(":before", AttributeValue::S(before))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_delete(delete).build(), Guard::Version);
    }

    /// Puts a contract into the list of all, in place of what was read there.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn list_contract(&mut self, table: &Table, now: &Listed, before: Option<&Listed>) -> Result<(), Error> {
        let of = |listed: &Listed| item(&Key::contract(&listed.id), "contract", listed);
        let before = before.map(of).transpose()?.and_then(|mut item| item.remove("body"));
        self.put_over(table, of(now)?, before, Guard::Version);
        Ok(())
    }
}
