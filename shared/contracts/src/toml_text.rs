//! A TOML file read so that every fault is found and told by file and line.

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

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

    /// Every fault of a list, each item by itself.
    #[must_use]
    pub fn each<T: DeserializeOwned>(&self, key: &str, value: &Value<'_>) -> Vec<String> {
        match value.get_ref().as_array() {
            Some(items) => items.iter().filter_map(|item| self.one::<T>(key, item).err()).take(MOST_FAULTS).collect(),
            None => self.one::<Vec<T>>(key, value).err().into_iter().collect(),
        }
    }

    /// The places of a list's items.
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
        format!("{}: {key}{colon}{}", self.place(start), fault.message())
    }
}
