//! Payer staff by contract: each contract has a list of who works for it, written with every change of a user, so that
//! it is read in one call.

use aws_sdk_dynamodb::types::AttributeValue;
use portico_domain::{
    accounts::User,
    id::{ContractId, Username},
};

use super::{Error, Key, Table, Transaction, body, item, key::staff_of};

impl Table {
    /// Staff of a contract in the order of their names, after the one named.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn staff_of(
        &self,
        contract: &ContractId,
        after: Option<&Username>,
        limit: i32,
    ) -> Result<Vec<User>, Error> {
        let text = |text: String| AttributeValue::S(text);
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", text(staff_of(contract)))
            // Nothing sorts between a name and the same name with a blank behind it.
            .expression_attribute_values(":low", text(after.map_or_else(|| " ".to_owned(), |name| format!("{name} "))))
            .expression_attribute_values(":high", text("~".to_owned()))
            .consistent_read(true)
            .limit(limit);
        let page = query.send().await.map_err(Error::of)?.items.unwrap_or_default();
        page.into_iter().map(|item| body(item, "user")).collect()
    }
}

impl Transaction {
    /// Puts a member of staff into the list of each of their contracts, as they are now.
    pub(super) fn staff_lists(&mut self, table: &Table, user: &User) -> Result<(), Error> {
        for contract in user.post().map(|post| post.contracts.as_slice()).unwrap_or_default() {
            self.put(table, item(&Key::staff(contract, &user.username), "user", user)?);
        }
        Ok(())
    }

    /// Takes somebody off the lists of contracts that they work for no more.
    pub fn leave_contracts(&mut self, table: &Table, user: &Username, contracts: &[ContractId]) {
        for contract in contracts {
            self.delete(table, &Key::staff(contract, user));
        }
    }
}
