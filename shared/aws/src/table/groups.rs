//! Users of a group, and parts at providers.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem};
use portico_domain::{
    accounts::User,
    caller::RoleAt,
    id::{ContractId, GroupId, ProviderId, Username},
    person::Provider,
};
use serde::{Deserialize, Serialize};

use super::{Attributes, Error, Guard, Key, Table, Transaction, body, item};

/// A user in the list of a group, with their parts there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupUser {
    /// Sign-in name.
    pub user: Username,
    /// Their parts at providers of the group.
    pub roles: Vec<RoleAt>,
}

impl Table {
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
        let items = self.list_of(group, "USER#", after.map(Username::as_str), limit).await?;
        items.into_iter().map(|item| body(item, "group user")).collect()
    }

    /// Providers of a group in the order of their ids, after the one named.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn group_providers(
        &self,
        group: GroupId,
        after: Option<ProviderId>,
        limit: i32,
    ) -> Result<Vec<Provider>, Error> {
        let items = self.list_of(group, "PROVIDER#", after.map(|id| id.to_string()).as_deref(), limit).await?;
        items.into_iter().map(|item| body(item, "provider")).collect()
    }

    /// A part of one of a group's lists, after the entry named.
    async fn list_of(
        &self,
        group: GroupId,
        prefix: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Vec<Attributes>, Error> {
        let text = |text: String| AttributeValue::S(text);
        // Nothing sorts between a name and the same name with a blank behind it.
        let low = after.map_or_else(|| prefix.to_owned(), |name| format!("{prefix}{name} "));
        let query = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :low AND :high")
            .expression_attribute_values(":pk", text(Key::group(group).pk))
            .expression_attribute_values(":low", text(low))
            .expression_attribute_values(":high", text(format!("{prefix}~")))
            .consistent_read(true)
            .limit(limit);
        Ok(query.send().await.map_err(Error::of)?.items.unwrap_or_default())
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

    /// Whom to ask about a group: a Group Admin who works with their account; else one who may come back to it, or has yet to
    /// enrol.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn group_contact(&self, group: GroupId) -> Result<Option<User>, Error> {
        let (mut after, mut absent): (Option<Username>, Option<User>) = (None, None);
        loop {
            let page = self.group_users(group, after.as_ref(), 100).await?;
            let Some(last) = page.last().map(|last| last.user.clone()) else { return Ok(absent) };
            for admin in page.iter().filter(|at| at.roles.iter().any(|at| at.role.is_group_admin())) {
                match self.user(&admin.user).await? {
                    Some(user) if user.is_active() => return Ok(Some(user)),
                    Some(user) if !user.is_out() => {
                        absent = absent.or(Some(user));
                    }
                    _ => {}
                }
            }
            after = Some(last);
        }
    }

    /// Whether a group has a provider under this contract.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn group_is_under(&self, group: GroupId, contract: &ContractId) -> Result<bool, Error> {
        for item in self.partition(&Key::group(group).pk, "PROVIDER#").await? {
            let provider: Provider = body(item, "provider")?;
            if provider.contract == *contract {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// These providers as the feed has them now, those that exist.
    ///
    /// # Errors
    /// When the table fails or an item cannot be read.
    pub async fn providers(&self, ids: &[ProviderId]) -> Result<Vec<Provider>, Error> {
        let found = futures::future::join_all(ids.iter().map(|id| self.provider(*id))).await;
        found.into_iter().filter_map(Result::transpose).collect()
    }
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
}
