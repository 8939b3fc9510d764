//! Contract packs, applied as data and kept in memory for a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use portico_domain::{contracts::Contract, id::ContractId};

use super::{Error, Key, Table, key::packs_of};

/// How long a pack is taken as current without asking again: a new pack holds within this time.
const FRESH: Duration = Duration::from_mins(1);

type Packs = Arc<Vec<Arc<Contract>>>;

/// Packs read before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(Arc<Mutex<HashMap<ContractId, (Instant, Packs)>>>);

impl Table {
    /// The contract as it holds at an instant, `None` when there is none. Asked again within a minute it costs no call.
    ///
    /// # Errors
    /// When the table fails or a stored pack cannot be read.
    pub async fn contract(&self, id: &ContractId, at: Timestamp) -> Result<Option<Arc<Contract>>, Error> {
        let packs = match self.cached(id) {
            Some(packs) => packs,
            None => self.read_packs(id).await?,
        };
        let holds = |pack: &&Arc<Contract>| pack.effective_from <= pack.calendar.time_zone.date_at(at);
        Ok(packs.iter().filter(holds).max_by_key(|pack| pack.effective_from).cloned())
    }

    /// Applies a pack: `json` is the merged pack that `contract` was read from. The same pack again changes nothing.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn apply_pack(&self, contract: &Contract, json: String) -> Result<(), Error> {
        let mut item = Key::pack(&contract.id, contract.effective_from, &contract.version).attributes();
        item.insert("entity".to_owned(), AttributeValue::S("pack".to_owned()));
        item.insert("pack".to_owned(), AttributeValue::S(json));
        self.put_alone(item).await
    }

    fn cached(&self, id: &ContractId) -> Option<Packs> {
        let known = self.contracts.0.lock().ok()?;
        known.get(id).filter(|(read, _)| read.elapsed() < FRESH).map(|(_, packs)| packs.clone())
    }

    async fn read_packs(&self, id: &ContractId) -> Result<Packs, Error> {
        let mut packs = Vec::new();
        for item in self.partition(&packs_of(id), "PACK#").await? {
            let text = item.get("pack").and_then(|pack| pack.as_s().ok()).map_or("", String::as_str);
            packs.push(Arc::new(serde_json::from_str(text).map_err(|error| Error::Corrupt("pack", error.into()))?));
        }
        let packs: Packs = Arc::new(packs);
        if let Ok(mut known) = self.contracts.0.lock() {
            known.insert(id.clone(), (Instant::now(), packs.clone()));
        }
        Ok(packs)
    }
}
