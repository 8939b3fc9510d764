//! A row of the claims file: a line of a claim that was made under an authorization (ACT-03).

use jiff::civil::Date;
use uuid::Uuid;

use super::{
    IdKey,
    layout::{Layout, Row},
    member::own_contract,
    number::whole,
};
use crate::{
    cases::billing::ClaimLine,
    code::{Modifier, ProcedureCode},
    contact::Line,
    field::{FieldErrors, Objection},
    id::{AuthorizationNumber, ContractId},
    name::fold,
    period::{CountError, Units},
    wrong::Wrong,
};

/// The columns.
pub const LAYOUT: Layout = Layout {
    columns: &[
        "contract",
        "claim_number",
        "claim_line",
        "authorization_number",
        "code",
        "modifiers",
        "service_date",
        "units",
    ],
    optional: &[],
};

/// Modifiers of a line at most.
const MOST_MODIFIERS: usize = 4;

/// What may stand in a file once.
#[must_use]
pub fn keys(id: Uuid) -> [(&'static str, Uuid); 1] {
    [("claim_line", id)]
}

/// Reads a row of a file that was dropped for `contract`; nothing is billed that was given after `today`.
///
/// # Errors
/// Everything wrong with it, each at its column.
pub fn parse(ids: &IdKey, contract: &ContractId, today: Date, row: Row<'_>) -> Result<ClaimLine, FieldErrors> {
    let mut errors = FieldErrors::none();
    own_contract(&mut errors, contract, row);
    let mut part = |column: &str| {
        let line = errors.parse::<Line>(format!("/{column}"), Some(row.get(column)))?;
        errors.keep(format!("/{column}"), whole(&line).map(|()| fold(line.as_str())))
    };
    let (claim, line) = (part("claim_number"), part("claim_line"));
    let authorization =
        errors.parse::<AuthorizationNumber>("/authorization_number", Some(row.get("authorization_number")));
    let code = errors.parse::<ProcedureCode>("/code", Some(row.get("code")));
    let modifiers = modifiers(&mut errors, row.get("modifiers"));
    let on = service_date(&mut errors, row.get("service_date"), today);
    let units = errors.keep("/units", units(row.get("units")));
    let read = || {
        Some(ClaimLine {
            id: ids.id("claim", &[&contract.to_string(), &claim?, &line?]),
            contract: contract.clone(),
            authorization: authorization?,
            code: code?,
            modifiers: modifiers?,
            on: on?,
            units: units?,
        })
    };
    let read = read();
    errors.finish(read)
}

/// As claims have them, with blanks between.
fn modifiers(errors: &mut FieldErrors, text: &str) -> Option<Vec<Modifier>> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if words.len() > MOST_MODIFIERS {
        let wrong = Wrong::TooMany { most: MOST_MODIFIERS };
        errors.add("/modifiers", wrong.says("A line of a claim has at most four modifiers."));
        return None;
    }
    errors.keep("/modifiers", words.into_iter().map(str::parse).collect::<Result<_, _>>())
}

fn service_date(errors: &mut FieldErrors, text: &str, today: Date) -> Option<Date> {
    match text.parse::<Date>().ok().filter(|_| text.len() == 10) {
        None if text.is_empty() => errors.add("/service_date", Objection::required()),
        None => errors.add("/service_date", Objection::not_a_date()),
        Some(on) if on > today => {
            errors.add("/service_date", Wrong::InTheFuture.says("This day of service is in the future."));
        }
        Some(on) => return Some(on),
    }
    None
}

/// How many units; 0 says that the line was taken back.
fn units(text: &str) -> Result<Option<Units>, Objection> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<u32>().ok().filter(|_| digits) {
        _ if text.is_empty() => Err(Objection::required()),
        Some(0) => Ok(None),
        count => count.ok_or(CountError::Units).and_then(Units::try_from).map(Some).map_err(Objection::from),
    }
}
