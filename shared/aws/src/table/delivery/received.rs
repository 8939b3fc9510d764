//! Faxes that came in (LTR-08), and those of them that wait for the intake of a contract.

use aws_sdk_dynamodb::types::AttributeValue;
use portico_domain::{
    delivery::received::{ReceivedFax, Stands},
    id::{ContractId, EventId, FaxId},
};

use crate::{
    clock,
    table::{Error, Key, Table, Transaction, audit::Access, item, key},
};

impl Transaction {
    /// Saves a fax as it was announced or changed; refused with [`crate::table::Guard::Version`] when the stored one is not the
    /// one that was changed, or is there already.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn received_fax(&mut self, table: &Table, fax: &ReceivedFax) -> Result<(), Error> {
        let mut stored = item(&Key::received_fax(fax.id), "received fax", fax)?;
        if let Some(kept) = fax.kept().filter(|kept| matches!(kept.stands, Stands::Waits { .. })) {
            stored.insert("work".to_owned(), AttributeValue::S(key::intake_partition(&kept.contract)));
            stored.insert("workDue".to_owned(), AttributeValue::S(key::intake_place(fax.at, fax.id)));
        }
        self.put_version(table, stored, fax.version);
        Ok(())
    }

    /// Notes who changed a fax, with the change itself.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn audit_fax(&mut self, table: &Table, fax: FaxId, access: &Access) -> Result<(), Error> {
        let noted = item(&Key::audit_fax(fax, EventId::new(clock::new_uuid())), "audit", access)?;
        self.put_new(table, noted, crate::table::Guard::New);
        Ok(())
    }
}

impl Table {
    /// A fax that came in.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn received_fax(&self, id: FaxId) -> Result<Option<ReceivedFax>, Error> {
        self.get(&Key::received_fax(id), "received fax").await
    }

    /// A page of the faxes that wait for the intake of a contract, the one that waits longest first, after a place.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn intake(
        &self,
        contract: &ContractId,
        after: Option<&str>,
        limit: u8,
    ) -> Result<Vec<(String, ReceivedFax)>, Error> {
        self.in_line(key::intake_partition(contract), after, limit, "received fax").await
    }

    /// Notes who looked at a fax, or was refused.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn audit_fax(&self, fax: FaxId, access: &Access) -> Result<(), Error> {
        self.put_once(item(&Key::audit_fax(fax, EventId::new(clock::new_uuid())), "audit", access)?).await
    }
}
