//! A TOML file read so that every fault is found and told by file and line.

use std::ops::Range;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::near;

/// Faults of a list that are told; whoever has more mends these first.
const MOST_FAULTS: usize = 1000;

/// A value of a file with its place there.
pub type Value<'i> = Spanned<DeValue<'i>>;

/// The text of one file.
#[derive(Clone, Debug)]
pub struct TomlText {
    /// Its name, as it stands before each fault.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl TomlText {
    /// The top-level keys that could be read; what could not is added to `problems`.
    pub fn keys(&self, problems: &mut Vec<String>) -> Vec<(String, Value<'_>)> {
        let (table, faults) = DeTable::parse_recoverable(&self.text);
        problems.extend(faults.iter().map(|fault| self.problem(fault, 0, "")));
        table.into_inner().into_iter().map(|(key, value)| (key.into_inner().into_owned(), value)).collect()
    }

    /// The value as `T`.
    ///
    /// # Errors
    /// What is wrong with it, with file and line.
    pub fn one<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Result<T, String> {
        let read = T::deserialize(value.clone().into_deserializer());
        read.map_err(|fault| self.problem(&fault, value.span().start, key))
    }

    /// Every fault of a value: after one the rest is looked at without what is wrong.
    #[must_use]
    pub fn faults<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Vec<String> {
        let (mut rest, mut taken, mut found) = (value.clone(), Vec::new(), Vec::new());
        while let Err(fault) = T::deserialize(rest.clone().into_deserializer()) {
            // It is missing because it was taken out.
            let missing = |name: &String| fault.message() == format!("missing field `{name}`");
            if taken.iter().any(missing) {
                break;
            }
            found.push(self.problem(&fault, value.span().start, key));
            match fault.span().and_then(|span| take_out(rest.get_mut(), &span)) {
                Some(name) => taken.push(name),
                None => break,
            }
        }
        found
    }

    /// Every fault of a list, each item by itself.
    #[must_use]
    pub fn each<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Vec<String> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().flat_map(|item| self.faults::<T>(key, item)).take(MOST_FAULTS).collect(),
            None => self.faults::<Vec<T>>(key, value),
        }
    }

    /// The places of a list's items.
    #[must_use]
    pub fn places(&self, value: &Value<'_>) -> Vec<String> {
        let items = value.get_ref().as_array().into_iter().flatten();
        items.map(|item| self.place(item.span().start)).collect()
    }

    /// Where a byte of it stands: `codes.toml:12`.
    #[must_use]
    pub fn place(&self, byte: usize) -> String {
        format!("{}:{}", self.name, 1 + self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count())
    }

    /// `codes.toml:12: codes: what is wrong`.
    fn problem(&self, fault: &toml::de::Error, start: usize, key: &str) -> String {
        let start = fault.span().map_or(start, |span| span.start);
        let colon = if key.is_empty() { "" } else { ": " };
        format!("{}: {key}{colon}{}{}", self.place(start), fault.message(), near::hint_of(fault.message()))
    }
}

/// Takes the entry out of a table that has what stands at `span`, and gives its name; none when no entry has it.
fn take_out(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    let DeValue::Table(table) = value else { return None };
    // The span of a table may be that of its title alone: what is inside is looked at first.
    if let Some(name) = table.iter_mut().find_map(|(_, inner)| take_out(inner.get_mut(), span)) {
        return Some(name);
    }
    let has = |place: Range<usize>| place.start <= span.start && span.end <= place.end;
    let found = table.iter().find(|(key, inner)| has(key.span()) || has(inner.span()));
    let key = found.map(|(key, _)| key.clone())?;
    table.remove(&key);
    Some(key.into_inner().into_owned())
}
