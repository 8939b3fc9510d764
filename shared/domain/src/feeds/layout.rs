//! The columns of a file: found by name in its header, in any order.

use super::rows::RowError;
use crate::{field::FieldErrors, wrong::Wrong};

/// The columns of one kind of file.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// The columns that stand in every header.
    pub columns: &'static [&'static str],
    /// Columns that may stand there too.
    pub optional: &'static [&'static str],
}

/// Where each column of a layout stands in one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    places: Vec<(&'static str, usize)>,
    width: usize,
}

/// A first row that is not the header of such a file. It names the columns of the layout and places in the row, never
/// what stands there: a file without header begins with data.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct HeaderError(String);

impl Layout {
    /// Finds the columns by the names in the first row; letter case and blanks around a name do not matter.
    ///
    /// # Errors
    /// Every column that is missing, and the place of every one that is unknown or stands twice.
    pub fn header(&self, names: &[String]) -> Result<Header, HeaderError> {
        if let [only] = names
            && only.contains([';', '\t', '|'])
        {
            return Err(HeaderError(RowError::Separator.to_string()));
        }
        let (mut places, mut unknown, mut twice) = (Vec::new(), Vec::new(), Vec::new());
        for (place, name) in names.iter().enumerate() {
            let name = name.trim_start_matches('\u{feff}').trim();
            let mut known = self.columns.iter().chain(self.optional);
            match known.find(|column| column.eq_ignore_ascii_case(name)) {
                None => unknown.push((place + 1).to_string()),
                Some(column) if places.iter().any(|(known, _)| known == column) => twice.push((*column).to_owned()),
                Some(column) => places.push((*column, place)),
            }
        }
        let missing = self.columns.iter().filter(|column| !places.iter().any(|(known, _)| known == *column));
        let missing: Vec<String> = missing.map(|column| (*column).to_owned()).collect();
        let mut faults = Vec::new();
        for (what, list) in [("it lacks", &missing), ("unknown are its columns", &unknown), ("twice stands", &twice)] {
            if !list.is_empty() {
                faults.push(format!("{what} {}", list.join(", ")));
            }
        }
        if faults.is_empty() {
            return Ok(Header { places, width: names.len() });
        }
        Err(HeaderError(format!(
            "The first row is not the header of such a file: {}. The columns are {}{}.",
            faults.join("; "),
            self.columns.join(", "),
            if self.optional.is_empty() { String::new() } else { format!(", and may be {}", self.optional.join(", ")) }
        )))
    }
}

/// A row under its header.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    header: &'a Header,
    fields: &'a [String],
}

impl Header {
    /// The row under this header.
    ///
    /// # Errors
    /// When it has more or fewer fields.
    pub fn row<'a>(&'a self, fields: &'a [String]) -> Result<Row<'a>, FieldErrors> {
        if fields.len() == self.width {
            return Ok(Row { header: self, fields });
        }
        let mut errors = FieldErrors::none();
        let text = format!("The row has {} fields, the header has {}.", fields.len(), self.width);
        errors.add("/row", Wrong::UnreadableRow.says(text));
        Err(errors)
    }
}

impl Row<'_> {
    /// Whether nothing stands in any column: spreadsheets write such rows below the last one.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }

    /// What stands in a column, without blanks around it; empty when nothing does.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        let place = self.header.places.iter().find(|(name, _)| *name == column).map(|(_, place)| *place);
        place.and_then(|place| self.fields.get(place)).map_or("", |field| field.trim())
    }
}
