//! How accounts are used, and what disuse asks for next (ACC-15). The item of a user's usage carries the attributes of
//! the index `work` while something may become due: a sweep reads only that.

use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use jiff::Timestamp;
use portico_domain::{
    accounts::{User, dormancy::Usage},
    id::Username,
};

use crate::table::{Attributes, Error, Guard, Key, Table, Transaction, item, key};

/// An account of which something may be due.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disused {
    /// Whose.
    pub user: Username,
    /// Its place in the index: the next page begins after it.
    pub place: String,
}

impl Table {
    /// How a user's account is used; none before enrolment.
    ///
    /// # Errors
    /// When the table fails or the item cannot be read.
    pub async fn usage(&self, user: &Username) -> Result<Option<Usage>, Error> {
        self.get(&Key::user_seen(user), "usage").await
    }

    /// A page of the accounts of one shard of which something is due by `now`, longest due first, after a place.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn disused(
        &self,
        shard: u8,
        after: Option<&str>,
        now: Timestamp,
        limit: i32,
    ) -> Result<Vec<Disused>, Error> {
        let page = self.due(key::dormancy_partition(shard), after, now, limit).await?;
        Ok(page.iter().filter_map(disused).collect())
    }
}

fn disused(item: &Attributes) -> Option<Disused> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
    let user = text("pk")?.strip_prefix("USER#")?.parse().ok()?;
    Some(Disused { user, place: text("workDue")?.clone() })
}

impl Transaction {
    /// Saves how a user's account is used, and when something is due next by the user's rules.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn usage(&mut self, table: &Table, user: &User, usage: &Usage) -> Result<(), Error> {
        self.put(table, scheduled(user, usage)?);
        Ok(())
    }

    /// The same, held to what was read: refused with [`Guard::Rights`] when the user signed in meanwhile, or another
    /// sweep was here.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn usage_after(&mut self, table: &Table, user: &User, read: &Usage, usage: &Usage) -> Result<(), Error> {
        self.replace_usage(table, scheduled(user, usage)?, read);
        Ok(())
    }

    /// Nothing becomes due of this account any more, held to what was read as [`Transaction::usage_after`] is.
    ///
    /// # Errors
    /// When it cannot be written as an item.
    pub fn usage_rests(&mut self, table: &Table, user: &Username, read: &Usage) -> Result<(), Error> {
        self.replace_usage(table, item(&Key::user_seen(user), "usage", read)?, read);
        Ok(())
    }

    /// Something is due at another time: the user's rules have changed. Who signs in at the same moment is only looked
    /// at too early.
    pub fn usage_due(&mut self, table: &Table, user: &User, usage: &Usage) {
        let update = Update::builder()
            .table_name(&table.name)
            .set_key(Some(Key::user_seen(&user.username).attributes()))
            .condition_expression("attribute_exists(workDue)")
            .update_expression("SET workDue = :due")
            .expression_attribute_values(":due", due(user, usage))
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_update(update).build(), Guard::Rights);
    }

    fn replace_usage(&mut self, table: &Table, item: Attributes, read: &Usage) {
        let warned = read.warned.map_or("attribute_not_exists(body.warned)", |_| "body.warned = :warned");
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(item))
            .condition_expression(format!("body.#since = :since AND {warned}"))
            .expression_attribute_names("#since", "since")
            .expression_attribute_values(":since", AttributeValue::S(read.since.to_string()));
        let put = match read.warned {
            Some(days) => put.expression_attribute_values(":warned", AttributeValue::N(days.to_string())),
            None => put,
        };
        self.push(TransactWriteItem::builder().set_put(put.build().ok()).build(), Guard::Rights);
    }
}

fn due(user: &User, usage: &Usage) -> AttributeValue {
    AttributeValue::S(key::dormancy_due(usage.next(&user.rules), &user.username))
}

fn scheduled(user: &User, usage: &Usage) -> Result<Attributes, Error> {
    let mut stored = item(&Key::user_seen(&user.username), "usage", usage)?;
    let shard = key::dormancy_shard(&user.username);
    stored.insert("work".to_owned(), AttributeValue::S(key::dormancy_partition(shard)));
    stored.insert("workDue".to_owned(), due(user, usage));
    Ok(stored)
}
