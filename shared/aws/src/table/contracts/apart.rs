//! Rules for single codes that are kept apart from their pack. They never change: a pack names them by what they are.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;
use jiff::Timestamp;
use portico_domain::{
    cases::Case,
    code::ProcedureCode,
    contracts::{Contract, apart::shelf, code_rule::CodeRule},
    id::ContractId,
};

use crate::table::{Attributes, Error, Key, Table, Transaction, key::rules_of, packs::Rules, sort_key};

/// Items written in one transaction.
const AT_ONCE: usize = 10;

impl Table {
    /// The contract as it holds at an instant, with the rules of the codes that a case asks for or has authorized.
    ///
    /// # Errors
    /// As [`Table::contract`].
    pub async fn contract_for(&self, case: &Case, at: Timestamp) -> Result<Option<Arc<Contract>>, Error> {
        match self.contract(&case.contract, at).await? {
            Some(contract) => self.with_rules(contract, case.codes()).await.map(Some),
            None => Ok(None),
        }
    }

    /// The contract with the rules of these codes. Those that were read before cost no call.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn with_rules<'a>(
        &self,
        contract: Arc<Contract>,
        codes: impl IntoIterator<Item = &'a ProcedureCode>,
    ) -> Result<Arc<Contract>, Error> {
        let Some(name) = contract.codes_apart.as_deref() else { return Ok(contract) };
        let codes: BTreeSet<&ProcedureCode> = codes.into_iter().collect();
        let shelves: BTreeSet<&str> = codes.iter().map(|code| shelf(code)).collect();
        let found = try_join_all(shelves.into_iter().map(|shelf| self.shelf(&contract.id, name, shelf))).await?;
        let wanted = |rule: &&CodeRule| rule.code.one().is_some_and(|code| codes.contains(code));
        Ok(Arc::new(contract.with_rules(found.iter().flat_map(|rules| rules.iter()).filter(wanted))))
    }

    /// The contract with all its rules.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn with_all_rules(&self, contract: Arc<Contract>) -> Result<Arc<Contract>, Error> {
        let Some(name) = contract.codes_apart.as_deref() else { return Ok(contract) };
        let mut rules = Vec::new();
        for shelf in self.shelves(&contract.id, name).await? {
            rules.extend(read(&shelf)?);
        }
        Ok(Arc::new(contract.with_rules(&rules)))
    }

    /// All rules that are kept apart from a stored pack, a list of each shelf; nothing of one that this program cannot read.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn rules_beside(&self, contract: &ContractId, json: &str) -> Result<Vec<String>, Error> {
        match serde_json::from_str::<Contract>(json).ok().and_then(|pack| pack.codes_apart) {
            Some(name) => self.shelves(contract, &name).await,
            None => Ok(Vec::new()),
        }
    }

    async fn shelves(&self, contract: &ContractId, name: &str) -> Result<Vec<String>, Error> {
        let items = self.partition(&rules_of(contract, name), "CODES#").await?;
        Ok(items.iter().filter_map(|item| item.get("rules")?.as_s().ok().cloned()).collect())
    }

    /// Keeps rules apart, before the pack that names them: written again they are the same.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn keep_rules(
        &self,
        contract: &ContractId,
        name: &str,
        shelves: &BTreeMap<String, String>,
    ) -> Result<(), Error> {
        let there = self.partition(&rules_of(contract, name), "CODES#").await?;
        let there: BTreeSet<&str> = there.iter().map(|item| sort_key(item).trim_start_matches("CODES#")).collect();
        let new: Vec<_> = shelves.iter().filter(|(shelf, _)| !there.contains(shelf.as_str())).collect();
        // As many as are surely within the bytes of a transaction.
        for some in new.chunks(AT_ONCE) {
            let mut transaction = Transaction::new();
            for (shelf, rules) in some {
                let mut item = Key::rules(contract, name, shelf).attributes();
                item.insert("entity".to_owned(), AttributeValue::S("rules".to_owned()));
                item.insert("rules".to_owned(), AttributeValue::S((*rules).clone()));
                transaction.put(self, item);
            }
            self.commit(transaction).await?;
        }
        Ok(())
    }

    async fn shelf(&self, contract: &ContractId, name: &str, shelf: &str) -> Result<Rules, Error> {
        if let Some(known) = self.contracts.rules(name, shelf) {
            return Ok(known);
        }
        let found: Option<Attributes> = self.get_raw(&Key::rules(contract, name, shelf)).await?;
        let text = found.as_ref().and_then(|item| item.get("rules")?.as_s().ok());
        let rules: Rules = Arc::new(text.map(|text| read(text)).transpose()?.unwrap_or_default());
        self.contracts.know(name, shelf, rules.clone());
        Ok(rules)
    }
}

fn read(rules: &str) -> Result<Vec<CodeRule>, Error> {
    serde_json::from_str(rules).map_err(|error| Error::Corrupt("rules", error.into()))
}
