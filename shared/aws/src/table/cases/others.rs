//! What rules look at beside a case: what else was asked for the member, and what was decided of what the provider asked for. And what
//! rules approve for a member, one after the other: each looks at the others first, and what
//! is approved at the same moment is not among them yet.

use std::collections::BTreeSet;

use portico_domain::{
    cases::{Case, Change},
    code::ProcedureCode,
    contracts::Contract,
    id::{CaseKey, MemberId},
    npi::Npi,
    reviews::{Known, gold_card::Record},
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
    /// What was decided of what the provider asked for, where a rule rests on it.
    pub records: Vec<Record>,
    /// As it was before they were read.
    approvals: Approvals,
}

impl Others {
    /// As automatic review takes it.
    #[must_use]
    pub fn known(&self) -> Known<'_> {
        Known { others: &self.cases, records: &self.records }
    }
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
        Ok(Others { cases: self.others(member, than).await?, records: Vec::new(), approvals })
    }

    /// What was decided of what a provider asked for of these codes, where a rule of the contract for them rests on it.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn records_for_a_rule(
        &self,
        contract: &Contract,
        npi: Option<Npi>,
        lines: impl IntoIterator<Item = &ProcedureCode>,
    ) -> Result<Vec<Record>, Error> {
        let Some(npi) = npi.filter(|_| contract.gold_card.is_some()) else { return Ok(Vec::new()) };
        let rules = || contract.auto_review.iter().filter(|rule| rule.gold_card);
        let rests = |code: &&ProcedureCode| rules().any(|rule| rule.codes.contains(code));
        let codes: BTreeSet<_> = lines.into_iter().filter(rests).cloned().collect();
        self.records(&contract.id, npi, codes).await
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
