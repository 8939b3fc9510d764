//! Invented members, providers and staff for the local engine and for tests.

use std::{fs, path::Path};

use jiff::civil::Date;
use portico_domain::{
    access::Reviewer,
    contact::{Address, Contact, Line, State, Zip},
    id::{ContractId, MemberId, ProviderId},
    npi::Npi,
    person::{Gender, Member, Provider, ProviderKind},
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::toml_text::TomlText;

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
pub fn load(dir: &Path) -> Result<Seed, Vec<String>> {
    let mut problems = Vec::new();
    let members = rows(dir, "members.csv", &mut problems).into_iter().map(MemberRow::member).collect();
    let providers = rows(dir, "providers.csv", &mut problems).into_iter().map(ProviderRow::registered).collect();
    let staff = staff(dir, &mut problems);
    if problems.is_empty() { Ok(Seed { members, providers, staff }) } else { Err(problems) }
}

/// The id of what these words name: the same words give the same id (UUID version 8, of their SHA-256).
#[must_use]
pub fn id_of(kind: &str, key: &[&str]) -> Uuid {
    let mut hash = Sha256::new_with_prefix(kind);
    for part in key {
        hash.update([0]);
        hash.update(part);
    }
    let bytes = hash.finalize().first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[derive(Deserialize)]
struct MemberRow {
    contract: ContractId,
    member_number: Line,
    first: Line,
    last: Line,
    birth_date: Date,
    gender: Gender,
    address1: Line,
    address2: Option<Line>,
    city: Line,
    state: State,
    zip: Zip,
}

impl MemberRow {
    fn member(self) -> Member {
        let id = id_of("member", &[&self.contract.to_string(), self.member_number.as_str()]);
        Member {
            id: MemberId::new(id),
            contract: self.contract,
            member_number: self.member_number,
            first_name: self.first,
            last_name: self.last,
            birth_date: self.birth_date,
            gender: self.gender,
            address: Address {
                line1: self.address1,
                line2: self.address2,
                city: self.city,
                state: self.state,
                zip: self.zip,
            },
        }
    }
}

#[derive(Deserialize)]
struct ProviderRow {
    contract: ContractId,
    npi: Option<Npi>,
    registration_code: Line,
    provider_type: Line,
    name: Line,
    kind: ProviderKind,
    address1: Line,
    address2: Option<Line>,
    city: Line,
    state: State,
    zip: Zip,
}

impl ProviderRow {
    fn registered(self) -> Registered {
        let registration_code = self.registration_code.as_str().to_ascii_uppercase();
        let npi = self.npi.map(|npi| npi.to_string()).unwrap_or_default();
        let id = id_of("provider", &[&self.contract.to_string(), &npi, &registration_code]);
        let provider = Provider {
            id: ProviderId::new(id),
            contract: self.contract,
            npi: self.npi,
            name: self.name,
            kind: self.kind,
            provider_type: self.provider_type,
            address: Address {
                line1: self.address1,
                line2: self.address2,
                city: self.city,
                state: self.state,
                zip: self.zip,
            },
            group: None,
        };
        Registered { provider, registration_code }
    }
}

fn rows<T: DeserializeOwned>(dir: &Path, name: &str, problems: &mut Vec<String>) -> Vec<T> {
    match csv::Reader::from_path(dir.join(name)) {
        Ok(reader) => {
            let read = reader.into_deserialize().filter_map(|row: Result<T, csv::Error>| {
                row.map_err(|error| problems.push(format!("{name}: {error}"))).ok()
            });
            read.collect()
        }
        Err(error) => {
            problems.push(format!("{name}: {error}"));
            Vec::new()
        }
    }
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
