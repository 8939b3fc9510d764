//! What a row of a file changes: decided from the row and its item as stored, and nothing else.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Put, TransactWriteItem};
use portico_domain::{
    feeds::{member::is_same_number, provider::ProviderRow},
    person::{Member, Provider},
};

use super::super::{
    Attributes, Error, Guard, Key, Table, Transaction, body, item,
    people::{every_lookup, is_hashed, lookups, member_item, name_places, registry_hashes},
};
use crate::secrets::KeyRing;

/// Attribute of an item that a feed wrote.
const MARK: &str = "import";

/// What became of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was not known.
    New,
    /// It was not known, but somebody with the same name and date of birth is, under another number.
    NewNumber,
    /// Something of it is different now.
    Changed,
    /// It was as stored.
    Unchanged,
    /// Its NPI and registration code belong to another provider; nothing was written.
    Taken,
    /// Its member number is found as another member's is; nothing was written.
    Clash,
    /// No authorization of the contract has this number; nothing was written.
    NoAuthorization,
    /// The authorization holds no such service on that day; nothing was written.
    NoLine,
    /// The case holds as many lines of claims as it can; nothing was written.
    TooMany,
    /// The table had too much to do; nothing was written, and the row has to come again.
    Throttled,
}

impl Outcome {
    /// What a written row is marked with; `None` for what is not written.
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::New | Self::NewNumber => Some("new"),
            Self::Changed => Some("changed"),
            Self::Unchanged => Some("unchanged"),
            Self::Taken | Self::Clash | Self::NoAuthorization | Self::NoLine | Self::TooMany | Self::Throttled => None,
        }
    }
}

/// The import that rows come from. Each item keeps which one wrote it last and as what: a row that is read again, because
/// the call that wrote it ended before it could say so, is counted as what it was.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a>(Option<&'a str>);

impl<'a> Source<'a> {
    /// Rows of no import.
    pub const NONE: Self = Self(None);

    /// Rows of the import with this id.
    #[must_use]
    pub const fn import(id: &'a str) -> Self {
        Self(Some(id))
    }

    fn mark(self, item: &mut Attributes, outcome: Outcome) {
        if let (Some(import), Some(word)) = (self.0, outcome.word()) {
            item.insert(MARK.to_owned(), AttributeValue::S(format!("{import} {word}")));
        }
    }

    /// What became of a row that is as stored.
    pub(super) fn of_same(self, stored: Option<&Attributes>) -> Outcome {
        let mark = stored.and_then(|item| item.get(MARK)?.as_s().ok()?.split_once(' '));
        let Some((import, word)) = mark else { return Outcome::Unchanged };
        let known = [Outcome::New, Outcome::Changed].into_iter().find(|outcome| outcome.word() == Some(word));
        known.filter(|_| self.0 == Some(import)).unwrap_or(Outcome::Unchanged)
    }
}

/// A row that differs from what is stored.
pub(super) struct Planned {
    pub(super) outcome: Outcome,
    pub(super) writes: Transaction,
    /// Items that rows may share: two rows with the same one are not in one transaction.
    pub(super) shared: Vec<Key>,
}

/// Where rows go, under which keys they are found, and where they come from.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) table: &'a Table,
    pub(super) keys: &'a KeyRing,
    pub(super) source: Source<'a>,
}

/// A row on its way into the table.
pub(super) trait Row {
    /// Its main item.
    fn key(&self) -> Key;
    /// What is to be written, given the main item as stored; `None` when nothing is.
    fn plan(&self, way: Way<'_>, stored: Option<Attributes>) -> Result<Option<Planned>, Error>;
}

impl Row for ProviderRow {
    fn key(&self) -> Key {
        Key::provider(self.provider.id)
    }

    fn plan(&self, way: Way<'_>, stored: Option<Attributes>) -> Result<Option<Planned>, Error> {
        let Way { table, keys, source } = way;
        let registries = registry_hashes(keys, &self.credentials);
        let registry = registries.first().cloned().unwrap_or_default();
        let (as_read, old_registry) = match &stored {
            Some(item) => (item.get("body").cloned(), item.get("registry").and_then(|hash| hash.as_s().ok()).cloned()),
            None => (None, None),
        };
        let before: Option<Provider> = stored.map(|item| body(item, "provider")).transpose()?;
        let group = before.as_ref().and_then(|before| before.group);
        let provider = Provider { group, ..self.provider.clone() };
        if before.as_ref() == Some(&provider) && old_registry.as_ref() == Some(&registry) {
            return Ok(None);
        }
        // The same pair under the key before is nothing new for whoever sent the file.
        let moved =
            before.as_ref() == Some(&provider) && old_registry.as_ref().is_some_and(|old| registries.contains(old));
        let outcome = match &before {
            None => Outcome::New,
            Some(_) if moved => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
        };
        let (id, mut writes, mut shared) = (provider.id, Transaction::new(), Vec::new());
        let mut main = item(&self.key(), "provider", &provider)?;
        main.insert("registry".to_owned(), AttributeValue::S(registry.clone()));
        source.mark(&mut main, outcome);
        writes.put_over(table, main, as_read, Guard::Version);
        if old_registry.as_ref() != Some(&registry) {
            let entry = Key::registry(&registry);
            writes.registry(table, item(&entry, "registry", &id)?);
            shared.push(entry);
            // Nobody else may have the pair under one of the other keys either.
            let others = registries.iter().skip(1).filter(|other| old_registry.as_ref() != Some(other));
            for other in others.map(|hash| Key::registry(hash)) {
                writes.nobody_elses(table, &other, item(&other, "registry", &id)?);
                shared.push(other);
            }
            // An entry is only ever written for the one provider that it names, so the old one is this row's own.
            if let Some(old) = old_registry.as_deref().map(Key::registry) {
                writes.delete(table, &old);
                shared.push(old);
            }
        }
        if let (None, Some(npi)) = (&before, provider.npi) {
            let pointer = Key::npi(&provider.contract, &npi.to_string(), id);
            writes.put(table, item(&pointer, "provider pointer", &id)?);
        }
        let (old, new) = (before.as_ref().map(name_places).unwrap_or_default(), name_places(&provider));
        for place in old.iter().filter(|place| !new.contains(place)) {
            writes.delete(table, place);
        }
        for place in new.iter().filter(|place| !old.contains(place)) {
            writes.put(table, item(place, "provider pointer", &id)?);
        }
        if let Some(group) = group {
            writes.put(table, item(&Key::group_provider(group, id), "provider", &provider)?);
        }
        Ok(Some(Planned { outcome, writes, shared }))
    }
}

impl Row for Member {
    fn key(&self) -> Key {
        Key::member(self.id)
    }

    fn plan(&self, way: Way<'_>, stored: Option<Attributes>) -> Result<Option<Planned>, Error> {
        let Way { table, keys, source } = way;
        let as_read = stored.as_ref().and_then(|item| item.get("body").cloned());
        let hashed = stored.as_ref().is_some_and(|item| is_hashed(keys, item));
        let before: Option<Self> = stored.map(|item| body(item, "member")).transpose()?;
        let own = |member: &Self| member.number().map(ToString::to_string).unwrap_or_default();
        let outcome = match &before {
            None => Outcome::New,
            Some(before) if !is_same_number(&own(before), &own(self)) => {
                return Ok(Some(Planned { outcome: Outcome::Clash, writes: Transaction::new(), shared: Vec::new() }));
            }
            Some(before) if before == self && hashed => return Ok(None),
            // It only moves to the current key.
            Some(before) if before == self => Outcome::Unchanged,
            Some(_) => Outcome::Changed,
        };
        let mut writes = Transaction::new();
        let mut main = member_item(keys, self)?;
        source.mark(&mut main, outcome);
        writes.put_over(table, main, as_read, Guard::Version);
        let places = lookups(keys, self);
        let old_places = |before| if hashed { lookups(keys, before) } else { every_lookup(keys, before) };
        for old in before.iter().flat_map(old_places).filter(|old| !places.contains(old)) {
            writes.delete(table, &old);
        }
        for place in &places {
            writes.put(table, item(place, "member", self)?);
        }
        Ok(Some(Planned { outcome, writes, shared: Vec::new() }))
    }
}

impl Transaction {
    /// A registry entry that is new or names the same provider; refused with [`Guard::New`] when it names another.
    fn registry(&mut self, table: &Table, entry: Attributes) {
        let own = entry.get("body").cloned().unwrap_or(AttributeValue::Null(true));
        let put = Put::builder()
            .table_name(&table.name)
            .set_item(Some(entry))
            .condition_expression("attribute_not_exists(pk) OR body = :own")
            .expression_attribute_values(":own", own)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_put(put).build(), Guard::New);
    }

    /// Holds the transaction to a registry entry that is none, or the same provider's; refused with [`Guard::New`].
    fn nobody_elses(&mut self, table: &Table, key: &Key, mut entry: Attributes) {
        let own = entry.remove("body").unwrap_or(AttributeValue::Null(true));
        let check = ConditionCheck::builder()
            .table_name(&table.name)
            .set_key(Some(key.attributes()))
            .condition_expression("attribute_not_exists(pk) OR body = :own")
            .expression_attribute_values(":own", own)
            .build()
            .ok();
        self.push(TransactWriteItem::builder().set_condition_check(check).build(), Guard::New);
    }
}
