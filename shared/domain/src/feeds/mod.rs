//! Feeds: the files in which the claims system (MMIS) and eligibility bring providers, members (ORG-10) and claims (ACT-03).
//!
//! `docs/feeds.md` says how a file looks. Here stands what a row must be, and what is wrong with one that is not: text
//! comes in, values and reasons go out. A reason never repeats a value: it may be PHI (OPS-06).

pub mod claim;
mod ids;
pub mod import;
pub mod layout;
pub mod member;
pub mod number;
pub mod provider;
pub mod rows;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use ids::IdKey;

use crate::id::{ContractId, IdError};

/// The hash of something that may stand in a file once.
pub type Key = Uuid;

/// What a file brings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A contract's registry of providers.
    Providers,
    /// A contract's members.
    Members,
    /// What was billed under a contract's authorizations.
    Claims,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Providers => "providers",
            Self::Members => "members",
            Self::Claims => "claims",
        })
    }
}

impl FromStr for Kind {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text {
            "providers" => Ok(Self::Providers),
            "members" => Ok(Self::Members),
            "claims" => Ok(Self::Claims),
            _ => Err(IdError("a kind of feed")),
        }
    }
}

/// A file by its place: `incoming/<kind>/<contract>/<name>.csv`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedFile {
    /// What it brings.
    pub kind: Kind,
    /// Whose.
    pub contract: ContractId,
    /// Its name without `.csv`: letters, digits, `.`, `_` and `-`.
    pub name: String,
}

/// What stands at a place of the bucket.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placed {
    /// A file to be read.
    Feed(FeedFile),
    /// A file that is not read, under a name that may be shown, and why.
    Misnamed(FeedFile, String),
    /// A folder.
    Folder,
}

impl Placed {
    /// What stands at this place; `None` for what is none of a contract's feeds.
    #[must_use]
    pub fn at(key: &str) -> Option<Self> {
        let (kind, rest) = key.strip_prefix("incoming/")?.split_once('/')?;
        let (folder, name) = rest.split_once('/')?;
        let (kind, contract) = (kind.parse().ok()?, folder.to_ascii_lowercase().parse::<ContractId>().ok()?);
        if name.is_empty() || name.ends_with('/') {
            return Some(Self::Folder);
        }
        let file = |name: String| FeedFile { kind, contract: contract.clone(), name };
        let misnamed = |why: &str| {
            let safe = name.chars().map(|c| if is_plain(c) { c } else { '_' }).take(FeedFile::LONGEST).collect();
            Self::Misnamed(file(safe), format!("{why} Nothing of it was read: send it again under another name."))
        };
        let stem = name.rsplit_once('.').filter(|(_, ending)| ending.eq_ignore_ascii_case("csv")).map(|(stem, _)| stem);
        Some(match stem {
            _ if folder != contract.to_string() => misnamed("The name of the contract's folder is in lower case."),
            _ if name.contains('/') => misnamed("The file stands in a folder of its own inside the contract's folder."),
            None => misnamed("The name of the file does not end in .csv."),
            Some(stem) if !stem.chars().all(is_plain) => misnamed(
                "The name of the file has other signs than letters without accents, digits, dots, underscores and hyphens, as blanks or brackets.",
            ),
            Some(stem) if !(1..=FeedFile::LONGEST).contains(&stem.len()) => {
                misnamed("The name of the file has none or more than 100 letters before .csv.")
            }
            Some(stem) => Self::Feed(file(stem.to_owned())),
        })
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

impl FeedFile {
    /// The longest name, without its ending.
    const LONGEST: usize = 100;

    /// The file at this place, if it is one that is read.
    #[must_use]
    pub fn at(key: &str) -> Option<Self> {
        match Placed::at(key)? {
            Placed::Feed(file) => Some(file),
            Placed::Misnamed(..) | Placed::Folder => None,
        }
    }

    /// Where it is, its ending in small letters.
    #[must_use]
    pub fn key(&self) -> String {
        format!("incoming/{}/{}/{}.csv", self.kind, self.contract, self.name)
    }

    /// Where the rows that were not taken are listed.
    #[must_use]
    pub fn rejects(&self) -> String {
        format!("reports/{}/{}/{}-rejects.csv", self.kind, self.contract, self.name)
    }

    /// Where it is said what was seen in rows that were taken.
    #[must_use]
    pub fn remarks(&self) -> String {
        format!("reports/{}/{}/{}-remarks.csv", self.kind, self.contract, self.name)
    }

    /// Where it is said what came of the file.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("reports/{}/{}/{}.json", self.kind, self.contract, self.name)
    }
}

/// A row, or a part of one, that was not taken; or a remark on one that was.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Reject {
    /// Line of the file at which the row begins; the header is line 1.
    pub line: u64,
    /// Column by name; `row` for the row as a whole.
    pub column: String,
    /// What is wrong and what would be right; no value of the row.
    pub reason: String,
}

/// The report of rejects as a CSV file.
#[must_use]
pub fn rejects_csv(rejects: &[Reject]) -> String {
    let mut text = "line,column,reason\r\n".to_owned();
    for Reject { line, column, reason } in rejects {
        text.push_str(&format!("{line},{column},\"{}\"\r\n", reason.replace('"', "\"\"")));
    }
    text
}

/// The rows of one file so far, by what may stand in it once. Of two rows with the same key the later is rejected.
#[derive(Clone, Debug, Default)]
pub struct Seen(BTreeMap<Uuid, u64>);

impl Seen {
    /// Notes a row by its keys, each with its column; the column and the earlier line if one of them stood before.
    ///
    /// # Errors
    /// The reject of this row.
    pub fn note(&mut self, line: u64, keys: &[(&'static str, Uuid)]) -> Result<(), Reject> {
        let earlier = keys.iter().find_map(|(column, key)| Some((column, self.0.get(key)?)));
        if let Some((column, earlier)) = earlier {
            let reason = format!("The same stands in line {earlier}, which counts; this one was left out.");
            return Err(Reject { line, column: (*column).to_owned(), reason });
        }
        self.0.extend(keys.iter().map(|(_, key)| (*key, line)));
        Ok(())
    }
}
