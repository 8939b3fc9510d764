//! What rules approve for a member, one after the other: each looks at the member's other requests first, and what is approved at
//! the same moment is not among them yet.

use portico_domain::{cases::Change, id::MemberId};
use serde::{Deserialize, Serialize};

use crate::table::{Error, Key, Table, Transaction, item};

/// How often rules have approved something for a member, as it was before their other requests were read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Approvals {
    count: u64,
}

impl Table {
    /// Read before the other requests of the member are.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn approvals(&self, member: MemberId) -> Result<Approvals, Error> {
        Ok(self.get(&Key::approvals(member), "approvals").await?.unwrap_or_default())
    }
}

impl Transaction {
    /// Where a rule has approved, it is refused with [`crate::table::Guard::Version`] when another did so since `seen`: that one's request was not
    /// looked at. What goes to a nurse goes there in any case.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn approves(&mut self, table: &Table, change: &Change, seen: Approvals) -> Result<(), Error> {
        if change.determination.is_some() {
            let now = Approvals { count: seen.count + 1 };
            let key = Key::approvals(change.case.member.id);
            self.put_version(table, item(&key, "approvals", &now)?, now.count);
        }
        Ok(())
    }
}
