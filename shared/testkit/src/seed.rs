//! Invented members, providers and staff for the local engine and for tests.

use std::{fs, path::Path};

use jiff::tz::TimeZone;
use portico_aws::clock;
use portico_contracts::toml_text::TomlText;
use portico_domain::{
    caller::Reviewer,
    contact::Contact,
    feeds::{
        self, IdKey,
        layout::{Header, Layout, Row},
        member, provider,
    },
    field::{FieldErrors, Objection},
    id::ContractId,
    person::{Member, Provider},
};
use serde::Deserialize;

/// Everything in the seed folder.
#[derive(Debug)]
pub struct Seed {
    /// `members.csv`.
    pub members: Vec<Member>,
    /// `providers.csv`.
    pub providers: Vec<Registered>,
    /// `staff.toml`.
    pub staff: Vec<Staff>,
}

/// A provider location with the code that registers it (ACC-01).
#[derive(Clone, PartialEq, Debug)]
pub struct Registered {
    /// The location, of no group yet.
    pub provider: Provider,
    /// Its registration code, upper case.
    pub registration_code: String,
    /// What the claims system calls the location.
    pub location: String,
}

/// A person of the payer's staff.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// What they do, and how they stand in letters.
    pub reviewer: Reviewer,
    /// How to reach them.
    pub contact: Contact,
}

/// Reads `members.csv`, `providers.csv` and `staff.toml` of a folder. A row has the same id every time, made from its
/// natural key, so that seeding twice changes nothing.
///
/// # Errors
/// Every row that cannot be read, with its file and line.
pub fn load(ids: &IdKey, dir: &Path) -> Result<Seed, Vec<String>> {
    let mut problems = Vec::new();
    let today = TimeZone::UTC.to_datetime(clock::now()).date();
    let members = rows(dir, "members.csv", member::LAYOUT, &mut problems, |contract, row| {
        member::parse(ids, contract, today, row).map(|(_, member)| member)
    });
    let providers = rows(dir, "providers.csv", provider::LAYOUT, &mut problems, |contract, row| {
        let location = row.get("location").to_owned();
        provider::parse(ids, contract, row).map(|(_, row)| {
            let registration_code = row.credentials.code;
            Registered { provider: row.provider, registration_code, location }
        })
    });
    let staff = staff(dir, &mut problems);
    if problems.is_empty() { Ok(Seed { members, providers, staff }) } else { Err(problems) }
}

/// The rows of a file as an import reads them (docs/feeds.md), but of several contracts in one file.
fn rows<T>(
    dir: &Path,
    name: &str,
    layout: Layout,
    problems: &mut Vec<String>,
    read: impl Fn(&ContractId, Row<'_>) -> Result<T, FieldErrors>,
) -> Vec<T> {
    let file = match fs::read(dir.join(name)) {
        Ok(file) => file,
        Err(error) => {
            problems.push(format!("{name}: {error}"));
            return Vec::new();
        }
    };
    let (mut header, mut found): (Option<Header>, Vec<T>) = (None, Vec::new());
    for raw in feeds::rows::all(&file) {
        let fields = match raw.fields {
            Ok(fields) => fields,
            Err(error) => {
                problems.push(format!("{name}: line {}: {error}", raw.line));
                continue;
            }
        };
        let Some(header) = &header else {
            header = layout.header(&fields).map_err(|error| problems.push(format!("{name}: {error}"))).ok();
            if header.is_none() {
                break;
            }
            continue;
        };
        let row = header.row(&fields).and_then(|row| match row.get("contract").parse::<ContractId>() {
            Ok(contract) => read(&contract, row),
            Err(error) => Err(at("/contract", error)),
        });
        match row {
            Ok(row) => found.push(row),
            Err(errors) => problems.extend(errors.as_slice().iter().map(|error| {
                format!(
                    "{name}: line {}: {}: {}",
                    raw.line,
                    error.pointer.trim_start_matches('/'),
                    error.objection.sentence
                )
            })),
        }
    }
    found
}

fn at(pointer: &str, error: impl Into<Objection>) -> FieldErrors {
    let mut errors = FieldErrors::none();
    errors.add(pointer, error);
    errors
}

fn staff(dir: &Path, problems: &mut Vec<String>) -> Vec<Staff> {
    let name = "staff.toml".to_owned();
    let text = match fs::read_to_string(dir.join(&name)) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("{name}: {error}"));
            return Vec::new();
        }
    };
    let file = TomlText { name, text };
    let mut staff = Vec::new();
    for (key, value) in file.keys(problems) {
        problems.extend(file.each::<Staff>(&key, &value));
        staff.extend(file.one::<Vec<Staff>>(&key, &value).unwrap_or_default());
    }
    staff
}
