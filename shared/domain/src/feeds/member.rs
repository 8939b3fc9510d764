//! A row of the member file: one person as eligibility has them.

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::{
    IdKey,
    layout::{Layout, Row},
    number::{NumberError, whole},
};
use crate::{
    contact::{Address, Country, Line, State, Zip},
    field::{FieldErrors, Objection},
    id::{ContractId, MemberId},
    name::fold,
    person::{Coverage, Gender, Member, Standing},
    reading,
    wrong::Wrong,
};

/// The columns.
pub const LAYOUT: Layout = Layout {
    columns: &[
        "contract",
        "member_number",
        "first",
        "last",
        "birth_date",
        "gender",
        "address1",
        "address2",
        "city",
        "state",
        "zip",
    ],
    optional: &["coverage_from", "coverage_to", "language", "format"],
};

/// The id of a member: the contract's number for them, as a search finds it. One search key is one person.
#[must_use]
pub fn identity(ids: &IdKey, contract: &ContractId, number: &str) -> Uuid {
    ids.id("member", &[&contract.to_string(), &fold(number)])
}

/// Whether two numbers with one search key are one number: letter case does not matter, hyphens and blanks do.
#[must_use]
pub fn is_same_number(one: &str, other: &str) -> bool {
    one.to_uppercase() == other.to_uppercase()
}

/// A member's number: letters and digits, and between them hyphens, dots, blanks and the like.
///
/// # Errors
/// For the remains of a number that a spreadsheet has taken for something else, and for what is no number.
pub fn number(text: &str) -> Result<Line, NumberError> {
    let line: Line = text.parse()?;
    whole(&line)?;
    let text = line.as_str();
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ' ' | '_' | '/');
    let form = text.starts_with(char::is_alphanumeric)
        && text.ends_with(char::is_alphanumeric)
        && text.chars().all(inside)
        && text.chars().any(char::is_numeric);
    if form { Ok(line) } else { Err(NumberError::Form) }
}

/// What may stand in a file once.
#[must_use]
pub fn keys(id: Uuid) -> [(&'static str, Uuid); 1] {
    [("member_number", id)]
}

/// Reads a row of a file that was dropped for `contract`; nobody is born after `today`.
///
/// # Errors
/// Everything wrong with it, each at its column.
pub fn parse(ids: &IdKey, contract: &ContractId, today: Date, row: Row<'_>) -> Result<(Uuid, Member), FieldErrors> {
    let mut errors = FieldErrors::none();
    own_contract(&mut errors, contract, row);
    let number = match row.get("member_number") {
        "" => errors.parse::<Line>("/member_number", None),
        text => errors.keep("/member_number", number(text)),
    };
    let first = errors.parse::<Line>("/first", Some(row.get("first")));
    let last = errors.parse::<Line>("/last", Some(row.get("last")));
    let born = birth(&mut errors, "/birth_date", row.get("birth_date"), today);
    let gender = gender(row.get("gender")).or_else(|| is_other_gender(row.get("gender")).then_some(Gender::Unknown));
    if gender.is_none() {
        let text = "The gender is female, male or unknown; F, M and U say the same.";
        errors.add("/gender", Wrong::word(Some(row.get("gender"))).says(text));
    }
    let address = address(&mut errors, row);
    let coverage = coverage(&mut errors, row);
    let reading = reading::parse(&mut errors, (Some(row.get("language")), Some(row.get("format"))));
    let read = || {
        let number = number?;
        let id = identity(ids, contract, number.as_str());
        let member = Member {
            id: MemberId::new(id),
            contract: contract.clone(),
            first_name: first?,
            last_name: last?,
            birth_date: born?,
            gender: gender?,
            address: address?,
            standing: Standing::Enrolled { number },
            coverage: coverage?,
            reading: reading?,
        };
        Some((id, member))
    };
    let read = read();
    errors.finish(read)
}

/// What the sender is told of a row that is taken: column and reason.
#[must_use]
pub fn remarks(row: Row<'_>) -> Vec<(&'static str, String)> {
    let told = is_other_gender(row.get("gender"));
    let reason = "Taken as unknown: the gender is female, male or unknown here.";
    told.then(|| ("gender", reason.to_owned())).into_iter().collect()
}

/// Words of other systems for a gender that is neither, or not stated.
fn is_other_gender(text: &str) -> bool {
    const OTHERS: [&str; 9] = ["", "x", "n", "o", "other", "nonbinary", "notstated", "notspecified", "undisclosed"];
    OTHERS.contains(&fold(text).as_str())
}

fn coverage(errors: &mut FieldErrors, row: Row<'_>) -> Option<Coverage> {
    let mut day = |column: &str| match row.get(column) {
        "" => Some(None),
        text => {
            let read = text.parse::<Date>().ok().filter(|_| text.len() == 10);
            if read.is_none() {
                errors.add(format!("/{column}"), Objection::not_a_date());
            }
            read.map(Some)
        }
    };
    let (from, to) = (day("coverage_from"), day("coverage_to"));
    let coverage = Coverage { from: from?, to: to? };
    if coverage.from.zip(coverage.to).is_some_and(|(from, to)| to < from) {
        let text = "The coverage ends before it begins.";
        errors.add("/coverage_to", Wrong::EndsBeforeItBegins.says(text));
    }
    Some(coverage)
}

/// The first day on which somebody was born who may be alive.
const EARLIEST_BIRTH: Date = date(1900, 1, 1);

/// A date of birth: not in the future, and of somebody who may be alive.
pub fn birth(errors: &mut FieldErrors, pointer: &str, text: &str, today: Date) -> Option<Date> {
    let read = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    match read {
        None if text.is_empty() => errors.add(pointer, Objection::required()),
        None => errors.add(pointer, Objection::not_a_date()),
        Some(born) if born > today => {
            errors.add(pointer, Wrong::InTheFuture.says("This date of birth is in the future."));
        }
        Some(born) if born < EARLIEST_BIRTH => {
            let wrong = Wrong::TooEarly { earliest: EARLIEST_BIRTH };
            errors.add(pointer, wrong.says("This date of birth is before 1900."));
        }
        Some(born) => return Some(born),
    }
    None
}

/// Gender by its word or letter.
#[must_use]
pub fn gender(text: &str) -> Option<Gender> {
    match text.to_ascii_lowercase().as_str() {
        "female" | "f" => Some(Gender::Female),
        "male" | "m" => Some(Gender::Male),
        "unknown" | "u" => Some(Gender::Unknown),
        _ => None,
    }
}

/// A row of another contract than the one that the file was dropped for is not taken.
pub(super) fn own_contract(errors: &mut FieldErrors, contract: &ContractId, row: Row<'_>) {
    if row.get("contract") != contract.to_string() {
        let text = format!("This file is for the contract {contract}.");
        errors.add("/contract", Wrong::OtherContract.says(text));
    }
}

pub(super) fn address(errors: &mut FieldErrors, row: Row<'_>) -> Option<Address> {
    let line1 = errors.parse::<Line>("/address1", Some(row.get("address1")));
    let line2 = errors.parse_optional::<Line>("/address2", Some(row.get("address2")));
    let city = errors.parse::<Line>("/city", Some(row.get("city")));
    let state = errors.parse::<State>("/state", Some(row.get("state")));
    let state = state.and_then(|state| errors.keep("/state", state.of(Country::UnitedStates)));
    let zip = errors.parse::<Zip>("/zip", Some(row.get("zip")));
    Some(Address { line1: line1?, line2, city: city?, state: state?, zip: zip?.into() })
}
