//! Users of a group, parts at providers, and what an account waits for.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, TransactWriteItem};
use jiff::Timestamp;
use portico_domain::{
    caller::RoleAt,
    contact::{Email, Phone},
    id::{GroupId, ProviderId, Username},
    person::Provider,
};
use serde::{Deserialize, Serialize};

use super::{Attributes, Error, Guard, Key, Table, Transaction, body, expires, item, sort_key};
use crate::{passwords::History, secrets::sha256};

/// A user in the list of a group, with their parts there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupUser {
    /// Sign-in name.
    pub user: Username,
    /// Their parts at providers of the group.
    pub roles: Vec<RoleAt>,
}

/// A new e-mail address that waits for the PIN that was mailed to it (ACC-17).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingEmail {
    /// The address.
    pub email: Email,
    /// From which the PIN is made.
    pub nonce: String,
}

/// A new phone number that waits for the PIN that was spoken to it (ACC-17).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PendingPhone {
    /// The number.
    pub phone: Phone,
    /// From which the PIN is made.
    pub nonce: String,
}

impl Table {
    /// The number to which a PIN is to be spoken, while it works.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn pin_call(&self, nonce: &str, now: Timestamp) -> Result<Option<Phone>, Error> {
        self.kept(&Key::pin(&sha256(nonce)), now).await
    }

    /// Users of a group in the order of their names, after the one named.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn group_users(
        &self,
        group: GroupId,
        after: Option<&Username>,
        limit: i32,
    ) -> Result<Vec<GroupUser>, Error> {
        let text = |text: String| AttributeValue::S(text);
        // Nothing sorts between a name and the same name with a blank behind it.
        let low = after.map_or_else(|| "USER#".to_owned(), |name| format!("USER#{name} "));
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", text(Key::group(group).pk))
            .expression_attribute_values(":low", text(low))
            .expression_attribute_values(":high", text("USER#~".to_owned()))
            .consistent_read(true)
            .limit(limit);
        let page = query.send().await.map_err(Error::of)?.items.unwrap_or_default();
        page.into_iter().map(|item| body(item, "group user")).collect()
    }

    /// Another user who stands as Group Admin of this group, with the version that says so.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn other_group_admin(&self, group: GroupId, than: &Username) -> Result<Option<(Username, u64)>, Error> {
        let mut after: Option<Username> = None;
        loop {
            let page = self.group_users(group, after.as_ref(), 100).await?;
            let Some(last) = page.last().map(|last| last.user.clone()) else { return Ok(None) };
            let leads = |at: &GroupUser| at.user != *than && at.roles.iter().any(|at| at.role.is_group_admin());
            for other in page.iter().filter(|at| leads(at)) {
                let file = self.user_file(&other.user).await?;
                if let Some(file) = file.filter(|file| file.user.stands()) {
                    return Ok(Some((file.user.username, file.user.version)));
                }
            }
            after = Some(last);
        }
    }

    /// These providers as the feed has them now, those that exist.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn providers(&self, ids: &[ProviderId]) -> Result<Vec<Provider>, Error> {
        let found = futures::future::join_all(ids.iter().map(|id| self.provider(*id))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    /// The passwords that a user had last, as hashes.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn password_history(&self, user: &Username) -> Result<History, Error> {
        Ok(self.get(&Key::passwords(user), "password history").await?.unwrap_or_default())
    }
}

/// What an item beside the user is.
pub(crate) fn part_of_user(item: &Attributes) -> PartOfUser {
    match sort_key(item) {
        "USER" => PartOfUser::User,
        "USER#SEEN" => PartOfUser::Usage,
        sk if sk.starts_with("USER#SESSION#") => PartOfUser::Session,
        _ => PartOfUser::Role,
    }
}

/// What stands under a user's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PartOfUser {
    User,
    Role,
    Usage,
    Session,
}

impl Transaction {
    /// Saves a user's parts at providers, and the lists of the groups that change by it. The caller saves the user in
    /// the same transaction, whose version guards both.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn roles(&mut self, table: &Table, user: &Username, before: &[RoleAt], after: &[RoleAt]) -> Result<(), Error> {
        let mut groups: BTreeMap<GroupId, bool> = BTreeMap::new();
        for gone in before.iter().filter(|at| !after.iter().any(|now| now.provider == at.provider)) {
            self.delete(table, &Key::role(user, gone.provider));
            groups.insert(gone.group, true);
        }
        for new in after.iter().filter(|at| !before.contains(at)) {
            self.put(table, item(&Key::role(user, new.provider), "role", new)?);
            groups.insert(new.group, true);
        }
        for group in groups.into_keys() {
            let roles: Vec<RoleAt> = after.iter().filter(|at| at.group == group).cloned().collect();
            let key = Key::group_user(group, user);
            if roles.is_empty() {
                self.delete(table, &key);
            } else {
                self.put(table, item(&key, "group user", &GroupUser { user: user.clone(), roles })?);
            }
        }
        Ok(())
    }

    /// Holds the transaction to what was read of another user: who decides still has the rights, and who stays Group
    /// Admin still is one. Refused with [`Guard::Rights`].
    pub fn witness(&mut self, table: &Table, user: &Username, version: u64) {
        let check = ConditionCheck::builder()
            .table_name(&table.name)
            .set_key(Some(Key::user(user).attributes()))
            .condition_expression("version = :version")
            .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_condition_check(check).build(), Guard::Rights);
    }

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

    /// Keeps a new e-mail address until its PIN comes back or its time is over. It replaces one that waited before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pending_email(
        &mut self,
        table: &Table,
        user: &Username,
        pending: &PendingEmail,
        until: Timestamp,
    ) -> Result<(), Error> {
        self.keep(table, &Key::pending_email(user), pending, until)
    }

    /// Takes away what waits for a PIN.
    pub fn no_pending_email(&mut self, table: &Table, user: &Username) {
        self.delete(table, &Key::pending_email(user));
    }

    /// Keeps a new phone number until its PIN comes back or its time is over. It replaces one that waited before.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pending_phone(
        &mut self,
        table: &Table,
        user: &Username,
        pending: &PendingPhone,
        until: Timestamp,
    ) -> Result<(), Error> {
        self.keep(table, &Key::pending_phone(user), pending, until)
    }

    /// Takes away what waits for a PIN.
    pub fn no_pending_phone(&mut self, table: &Table, user: &Username) {
        self.delete(table, &Key::pending_phone(user));
    }

    /// Keeps to which number a PIN is to be spoken, for as long as it works.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn pin_call(&mut self, table: &Table, nonce: &str, to: &Phone, until: Timestamp) -> Result<(), Error> {
        self.keep(table, &Key::pin(&sha256(nonce)), to, until)
    }

    /// A PIN works no more: whoever has not been called yet is not called.
    pub fn no_pin_call(&mut self, table: &Table, nonce: &str) {
        self.delete(table, &Key::pin(&sha256(nonce)));
    }

    /// Keeps the hashes of the last passwords.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn password_history(&mut self, table: &Table, user: &Username, history: &History) -> Result<(), Error> {
        self.put(table, item(&Key::passwords(user), "password history", history)?);
        Ok(())
    }
}
