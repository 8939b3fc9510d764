//! A TOML file read so that every fault is found and told by file and line.

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A value of a file with its place there.
pub(crate) type Value<'i> = Spanned<DeValue<'i>>;

/// The text of one file.
pub(crate) struct TomlText {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl TomlText {
    /// The top-level keys that could be read; what could not is added to `problems`.
    pub(crate) fn keys(&self, problems: &mut Vec<String>) -> Vec<(String, Value<'_>)> {
        let (table, faults) = DeTable::parse_recoverable(&self.text);
        problems.extend(faults.iter().map(|fault| self.problem(fault, 0, "")));
        table.into_inner().into_iter().map(|(key, value)| (key.into_inner().into_owned(), value)).collect()
    }

    /// The value as `T`, or what is wrong with it.
    pub(crate) fn one<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Result<T, String> {
        let read = T::deserialize(value.clone().into_deserializer());
        read.map_err(|fault| self.problem(&fault, value.span().start, key))
    }

    /// Every fault of a list, each item by itself.
    pub(crate) fn each<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Vec<String> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.one::<T>(key, item).err()).collect(),
            None => self.one::<Vec<T>>(key, value).err().into_iter().collect(),
        }
    }

    /// `codes.toml:12: codes: what is wrong`.
    fn problem(&self, fault: &toml::de::Error, start: usize, key: &str) -> String {
        let start = fault.span().map_or(start, |span| span.start);
        let line = 1 + self.text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        let colon = if key.is_empty() { "" } else { ": " };
        format!("{}:{line}: {key}{colon}{}", self.name, fault.message())
    }
}
