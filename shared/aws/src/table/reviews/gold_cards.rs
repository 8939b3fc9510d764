//! What people decided of what a provider asked for, code by code: what a gold card rests on. It is told from the events: a request has up
//! to fifty codes, more than a transaction has room for beside the decision. Each decision stands under its request, so that a later one
//! on the same takes its place.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use futures::future::try_join_all;
use jiff::{Timestamp, ToSpan};
use portico_domain::{
    cases::Case,
    code::ProcedureCode,
    contracts::gold_card::{MOST_COUNTED, MOST_DAYS},
    id::{CaseKey, ContractId},
    npi::Npi,
    reviews::gold_card::{Counted, Record, Revoked, counted},
};

use crate::table::{Error, Guard, Key, Table, Transaction, body, expires, item, key, sort_key};

/// As many codes of a provider are shown at once.
const PAGE: i32 = 25;

impl Transaction {
    /// Counts what a person decided; refused with [`Guard::Version`] where something later is counted in its place.
    fn counted(
        &mut self,
        table: &Table,
        (contract, npi, code): (&ContractId, Npi, &ProcedureCode),
        (case, one): (CaseKey, &Counted),
    ) -> Result<(), Error> {
        let until = one.at.saturating_add((i64::from(MOST_DAYS) * 24).hours()).unwrap_or(Timestamp::MAX);
        let mut stored = item(&Key::counted(contract, npi, code, case, one.request), "counted", one)?;
        stored.insert("expires".to_owned(), expires(until));
        let decided = AttributeValue::N(one.at.as_microsecond().to_string());
        stored.insert("decided".to_owned(), decided.clone());
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(stored))
            .condition_expression("attribute_not_exists(pk) OR decided <= :decided")
            .expression_attribute_values(":decided", decided)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_put(put).build(), Guard::Version);
        self.keep(table, &Key::counted_code(contract, npi, code), code, until)
    }

    /// Takes a card away, or gives it back. Refused with [`Guard::Version`] when it was taken away meanwhile, or given back.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn revoked(
        &mut self,
        table: &Table,
        (contract, npi, code): (&ContractId, Npi, &ProcedureCode),
        revoked: Option<&Revoked>,
    ) -> Result<(), Error> {
        let key = Key::revoked(contract, npi, code);
        match revoked {
            Some(revoked) => self.put_new(table, item(&key, "revoked", revoked)?, Guard::Version),
            None => self.delete(table, &key),
        }
        Ok(())
    }
}

impl Table {
    /// Counts anew what people decided of a case. Told twice, or late, it is the same: what was decided last stands.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub(in crate::table) async fn tell_counted(&self, case: &Case) -> Result<(), Error> {
        let made = self.partition(&Key::case(case.key).pk, "CASE#DETERMINATION#").await?;
        let made = made.into_iter().map(|stored| body(stored, "determination")).collect::<Result<Vec<_>, _>>()?;
        let Some((npi, all)) = counted(case, &made) else { return Ok(()) };
        for (code, one) in &all {
            let mut transaction = Transaction::new();
            transaction.counted(self, (&case.contract, npi, code), (case.key, one))?;
            match self.commit(transaction).await {
                Err(error) if error.refused(Guard::Version) => {}
                done => done?,
            }
        }
        Ok(())
    }

    /// What was decided of what a provider asked for, for each of these codes.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn records(
        &self,
        contract: &ContractId,
        npi: Npi,
        codes: impl IntoIterator<Item = ProcedureCode>,
    ) -> Result<Vec<Record>, Error> {
        try_join_all(codes.into_iter().map(|code| self.record(contract, npi, code))).await
    }

    /// The same for one code.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn record(&self, contract: &ContractId, npi: Npi, code: ProcedureCode) -> Result<Record, Error> {
        let pk = key::counted_of(contract, npi, &code);
        // That it was taken away sorts behind all that was counted, and comes first.
        let most = i32::try_from(MOST_COUNTED).unwrap_or(i32::MAX).saturating_add(1);
        let mut record = Record { code, counted: Vec::new(), revoked: None };
        for stored in self.page_before(&pk, "cas_", Some("revoked"), most).await? {
            if sort_key(&stored) == "revoked" {
                record.revoked = Some(body(stored, "revoked")?);
            } else {
                record.counted.push(body::<Counted>(stored, "counted")?);
            }
        }
        Ok(record)
    }

    /// The codes that a provider asked for and people decided, in their order, after this one; at most a page of them.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn counted_codes(
        &self,
        contract: &ContractId,
        npi: Npi,
        after: Option<&ProcedureCode>,
    ) -> Result<(Vec<ProcedureCode>, bool), Error> {
        let (pk, after) = (key::counted_codes_of(contract, npi), after.map(ToString::to_string));
        let mut items = self.page_after(&pk, (" ", "~"), after.as_deref(), PAGE + 1).await?;
        let more = items.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        items.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let codes = items.into_iter().map(|stored| body(stored, "code")).collect::<Result<_, _>>()?;
        Ok((codes, more))
    }
}
