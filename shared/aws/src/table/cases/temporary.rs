//! Temporary members (CASE-06): found by name and birth date as others, listed until the real one arrives, and after that
//! a pointer, so that old ids still lead to the member.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem};
use futures::{StreamExt, TryStreamExt, stream};
use portico_domain::{
    cases::{Case, temporary::TemporaryMember},
    id::{CaseKey, ContractId, MemberId},
    person::{Member, Standing},
};

use crate::{
    secrets::KeyRing,
    table::{
        Error, Guard, Key, Table, Transaction, body, item,
        key::temporary_of,
        people::{every_lookup, is_hashed, lookups, member_item},
        sort_key,
    },
};

/// Cases that are read at once.
const AT_ONCE: usize = 16;

impl Transaction {
    /// Adds a temporary member.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn temporary_member(&mut self, table: &Table, keys: &KeyRing, added: &TemporaryMember) -> Result<(), Error> {
        let member = &added.member;
        self.put_new(table, member_item(keys, member)?, Guard::New);
        self.put_new(table, item(&Key::temporary(&member.contract, member.id), "temporary member", added)?, Guard::New);
        for place in lookups(keys, member) {
            self.put(table, item(&place, "member", member)?);
        }
        Ok(())
    }

    /// Makes a temporary member a pointer to the real one: no search finds it, and no case can be begun for it any more.
    /// Refused with [`Guard::Version`] when it is not temporary now.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn merged_member(
        &mut self,
        table: &Table,
        keys: &KeyRing,
        temporary: &Member,
        into: MemberId,
    ) -> Result<(), Error> {
        let pointer = Member { standing: Standing::Merged { into }, ..temporary.clone() };
        let pointer = item(&Key::member(temporary.id), "member", &pointer)?;
        self.put_over(table, pointer, Some(value(temporary)?), Guard::Version);
        for place in every_lookup(keys, temporary) {
            self.delete(table, &place);
        }
        Ok(())
    }

    /// Holds the transaction to a member who is still temporary; refused with [`Guard::New`].
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn still_temporary(&mut self, table: &Table, member: &Member) -> Result<(), Error> {
        let check = ConditionCheck::builder()
            .table_name(&table.name)
            .set_key(Some(Key::member(member.id).attributes()))
            .condition_expression("body = :as_read")
            .expression_attribute_values(":as_read", value(member)?)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_condition_check(check).build(), Guard::New);
        Ok(())
    }

    /// Nothing is left to do for a temporary member.
    pub fn no_longer_temporary(&mut self, table: &Table, contract: &ContractId, id: MemberId) {
        self.delete(table, &Key::temporary(contract, id));
    }

    /// Lists a case with its member.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn case_of_member(&mut self, table: &Table, case: &Case) -> Result<(), Error> {
        self.put(table, item(&Key::member_case(case.member.id, case.key), "case of member", &case.key)?);
        Ok(())
    }
}

impl Table {
    /// Moves the look-ups of a temporary member who waits to the current key. What is there already stays; whoever is
    /// merged at the same moment is not found again.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn rehash_temporary(&self, keys: &KeyRing, member: &Member) -> Result<(), Error> {
        let Some(stored) = self.get_raw(&Key::member(member.id)).await? else { return Ok(()) };
        if is_hashed(keys, &stored) {
            return Ok(());
        }
        let mut transaction = Transaction::new();
        transaction.put_over(self, member_item(keys, member)?, Some(value(member)?), Guard::Version);
        let places = lookups(keys, member);
        for old in every_lookup(keys, member).into_iter().filter(|old| !places.contains(old)) {
            transaction.delete(self, &old);
        }
        for place in places {
            transaction.put(self, item(&place, "member", member)?);
        }
        match self.commit(transaction).await {
            Err(error) if error.refused(Guard::Version) => Ok(()),
            done => done,
        }
    }

    /// The temporary members of a contract whose real ones have not arrived, or whose cases wait to be moved.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn temporary_members(&self, contract: &ContractId) -> Result<Vec<TemporaryMember>, Error> {
        let items = self.partition(&temporary_of(contract), "mbr_").await?;
        items.into_iter().map(|item| body(item, "temporary member")).collect()
    }

    /// A page of them, those who wait longest first, after this one.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn temporary_page(
        &self,
        contract: &ContractId,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, TemporaryMember)>, Error> {
        let items = self.page_after(&temporary_of(contract), ("mbr_", "mbr_~"), after, limit.into()).await?;
        items.into_iter().map(|item| Ok((sort_key(&item).to_owned(), body(item, "temporary member")?))).collect()
    }

    /// The cases that were begun for a member.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn cases_of_member(&self, id: MemberId) -> Result<Vec<CaseKey>, Error> {
        let items = self.partition(&Key::member(id).pk, "CASE#").await?;
        let key = |item| {
            let text = sort_key(item).trim_start_matches("CASE#");
            text.parse().map_err(|error: portico_domain::id::IdError| Error::Corrupt("case of member", error.into()))
        };
        items.iter().map(key).collect()
    }

    /// These cases, in no order, those left out that are not there.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn cases(&self, keys: impl IntoIterator<Item = CaseKey>) -> Result<Vec<Case>, Error> {
        let read = stream::iter(keys).map(|key| self.case(key)).buffer_unordered(AT_ONCE);
        let read: Vec<_> = read.try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }
}

fn value(member: &Member) -> Result<AttributeValue, Error> {
    serde_dynamo::to_attribute_value(member)
        .map_err(|error: serde_dynamo::Error| Error::Corrupt("member", error.into()))
}
