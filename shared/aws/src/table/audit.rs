//! Who looked at or changed what, from where, allowed or refused (OPS-05): written, never changed.

use jiff::Timestamp;
use portico_domain::id::{CaseKey, EventId, Username};
use serde::{Deserialize, Serialize};

use super::{Error, Guard, Key, Table, Transaction, body, item};
use crate::clock;

/// One access to a case.
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

impl Table {
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

    /// Who looked at or changed a case, oldest first.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn audits(&self, case: CaseKey) -> Result<Vec<Access>, Error> {
        self.partition(&fresh(case).pk, "evt_").await?.into_iter().map(|item| body(item, "audit")).collect()
    }
}

impl Transaction {
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
