//! What else was asked for a member, and what rules approve for them, one after the other: each looks at the others first, and what
//! is approved at the same moment is not among them yet.

use portico_domain::{
    cases::{Case, Change},
    id::{CaseKey, MemberId},
};
use serde::{Deserialize, Serialize};

use crate::table::{Error, Key, Table, Transaction, item};

/// How often rules have approved something for a member.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Approvals {
    count: u64,
}

/// The other cases of a member, as a rule looks at them before it approves.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// The cases, in no order.
    pub cases: Vec<Case>,
    /// As it was before they were read.
    approvals: Approvals,
}

impl Table {
    /// The cases of a member other than this one, whoever began them, in no order.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn others(&self, member: MemberId, than: CaseKey) -> Result<Vec<Case>, Error> {
        let keys = self.cases_of_member(member).await?;
        self.cases(keys.into_iter().filter(|key| *key != than)).await
    }

    /// The same for a rule that may approve: what it decides is saved with [`Transaction::approves`].
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn others_for_a_rule(&self, member: MemberId, than: CaseKey) -> Result<Others, Error> {
        // Read first: what is approved from now on is not among the cases for certain.
        let approvals = self.get(&Key::approvals(member), "approvals").await?.unwrap_or_default();
        Ok(Others { cases: self.others(member, than).await?, approvals })
    }
}

impl Transaction {
    /// Where a rule has approved, it is refused with [`crate::table::Guard::Version`] when another did so since these others were
    /// read: that one's request was not looked at. What goes to a nurse goes there in any case.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn approves(&mut self, table: &Table, change: &Change, others: &Others) -> Result<(), Error> {
        if change.determination.is_some() {
            let now = Approvals { count: others.approvals.count + 1 };
            let key = Key::approvals(change.case.member.id);
            self.put_version(table, item(&key, "approvals", &now)?, now.count);
        }
        Ok(())
    }
}
