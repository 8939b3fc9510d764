//! Things that are kept until their time is over, and used once.

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use jiff::Timestamp;
use serde::Serialize;

use super::{Error, Guard, Key, Table, Transaction, expires, item};

impl Transaction {
    /// Keeps something until its time is over, as [`Table::keep`] does.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn keep<T: Serialize>(&mut self, table: &Table, key: &Key, value: &T, until: Timestamp) -> Result<(), Error> {
        let mut stored = item(key, "kept", value)?;
        stored.insert("expires".to_owned(), expires(until));
        self.put(table, stored);
        Ok(())
    }

    /// Keeps something else under a key that is still in use; refused with [`Guard::New`] when it is gone.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn keep_on<T: Serialize>(
        &mut self,
        table: &Table,
        key: &Key,
        value: &T,
        until: Timestamp,
    ) -> Result<(), Error> {
        let mut stored = item(key, "kept", value)?;
        stored.insert("expires".to_owned(), expires(until));
        let put = table.put_of(stored, Some("attribute_exists(pk)"));
        self.push(TransactWriteItem::builder().set_put(put).build(), Guard::New);
        Ok(())
    }

    /// Keeps something in the place of what was read, whose `nonce` is given; refused with [`Guard::Rights`] when something
    /// else is there meanwhile.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn keep_instead<T: Serialize>(
        &mut self,
        table: &Table,
        key: &Key,
        (read, value): (&str, &T),
        until: Timestamp,
    ) -> Result<(), Error> {
        let mut stored = item(key, "kept", value)?;
        stored.insert("expires".to_owned(), expires(until));
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(stored))
            .condition_expression("body.nonce = :read")
            .expression_attribute_values(":read", AttributeValue::S(read.to_owned()));
        self.push(TransactWriteItem::builder().set_put(put.build().ok()).build(), Guard::Rights);
        Ok(())
    }

    /// Forgets what is kept, if it still is.
    pub fn forget(&mut self, table: &Table, key: &Key) {
        self.delete(table, key);
    }

    /// Takes what is kept, so that nobody can use it twice; refused with [`Guard::New`] when it is gone.
    pub fn use_up(&mut self, table: &Table, key: &Key) {
        let delete = Delete::builder()
            .table_name(&table.name)
            .set_key(Some(key.attributes()))
            .condition_expression("attribute_exists(pk)")
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_delete(delete).build(), Guard::New);
    }
}
