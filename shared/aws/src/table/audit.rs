//! Who looked at or changed what, from where, allowed or refused (OPS-05): written, never changed.

use jiff::Timestamp;
use portico_domain::{
    id::{CaseKey, EventId, Username},
    npi::Npi,
};
use serde::{Deserialize, Serialize};

use super::{Attributes, Error, Guard, Key, Table, Transaction, body, item, key::OPERATIONS, sort_key};
use crate::clock;

/// One access, or one that was refused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Username,
    /// The operation.
    pub operation: String,
    /// From which address.
    pub from: String,
    /// Allowed or refused.
    pub allowed: bool,
    /// Which part of it, or what was asked for: ids, the filters of a list, the keyed hash of what was searched; never a
    /// value that says something of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Of a system: the NPI of the person for whom it asks, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Npi>,
}

/// What a search or a list showed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Shown {
    /// Who asked, and how.
    #[serde(flatten)]
    pub access: Access,
    /// Ids of the cases or members that were in the answer.
    pub shown: Vec<String>,
}

/// What an operator changed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// When.
    pub at: Timestamp,
    /// Who: the ARN of their identity at AWS.
    pub by: String,
    /// The command.
    pub operation: String,
    /// Ids of what it changed.
    pub on: Vec<String>,
}

impl Table {
    /// Notes what an operator is about to change outside of the table.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn audit_operation(&self, operation: &Operation) -> Result<(), Error> {
        let mut transaction = Transaction::new();
        transaction.audit_operation(self, operation)?;
        self.commit(transaction).await
    }

    /// What operators changed, newest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn operations(&self, limit: u16) -> Result<Vec<Operation>, Error> {
        let items = self.page_before(OPERATIONS, "evt_", None, i32::from(limit)).await?;
        items.into_iter().map(|item| body(item, "operation")).collect()
    }

    /// Notes who looked at a case, or was refused.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn audit(&self, case: CaseKey, access: &Access) -> Result<(), Error> {
        self.put_once(item(&fresh(case), "audit", access)?).await
    }

    /// Notes what a search or a list showed to its caller.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn audit_shown(&self, shown: &Shown) -> Result<(), Error> {
        let key = Key::audit_shown(&shown.access.by, EventId::new(clock::new_uuid()));
        self.put_once(item(&key, "shown", shown)?).await
    }

    /// What searches and lists showed to a user and what the user was refused, newest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn shown_to(&self, name: &Username, limit: u16) -> Result<Vec<Shown>, Error> {
        let items = self
            .page_before_now(
                &Key::audit_shown(name, EventId::new(clock::new_uuid())).pk,
                "evt_",
                None,
                i32::from(limit),
            )
            .await?;
        items.into_iter().map(|item| body(item, "shown")).collect()
    }

    /// Who looked at or changed a case, newest first: at most `limit` before an entry, each with its place, and whether there are more.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn audits_before(
        &self,
        case: CaseKey,
        before: Option<&str>,
        limit: u8,
    ) -> Result<(Vec<(String, Access)>, bool), Error> {
        // One more tells that there are more, and the entry itself may be read again.
        let read = self.page_before_now(&fresh(case).pk, "evt_", before, i32::from(limit) + 2).await?;
        let mut items: Vec<_> = read.into_iter().filter(|item| Some(sort_key(item)) != before).collect();
        let more = items.len() > usize::from(limit);
        items.truncate(limit.into());
        let place = |item: Attributes| Ok((sort_key(&item).to_owned(), body(item, "audit")?));
        Ok((items.into_iter().map(place).collect::<Result<_, Error>>()?, more))
    }

    /// Who looked at or changed a case, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn audits(&self, case: CaseKey) -> Result<Vec<Access>, Error> {
        self.partition(&fresh(case).pk, "evt_").await?.into_iter().map(|item| body(item, "audit")).collect()
    }
}

impl Transaction {
    /// Notes what an operator changes, with the change itself.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn audit_operation(&mut self, table: &Table, operation: &Operation) -> Result<(), Error> {
        let key = Key::audit_operation(EventId::new(clock::new_uuid()));
        self.put_new(table, item(&key, "operation", operation)?, Guard::New);
        Ok(())
    }

    /// Notes whom or what a change made known to its caller, with the change itself.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn audit_shown(&mut self, table: &Table, shown: &Shown) -> Result<(), Error> {
        let key = Key::audit_shown(&shown.access.by, EventId::new(clock::new_uuid()));
        self.put_new(table, item(&key, "shown", shown)?, Guard::New);
        Ok(())
    }

    /// Notes who changed a case, with the change itself.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn audit(&mut self, table: &Table, case: CaseKey, access: &Access) -> Result<(), Error> {
        self.put_new(table, item(&fresh(case), "audit", access)?, Guard::New);
        Ok(())
    }
}

fn fresh(case: CaseKey) -> Key {
    Key::audit(case, EventId::new(clock::new_uuid()))
}
