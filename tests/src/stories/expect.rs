//! Expectations in sentences: what a story finds is compared, and a difference is told.

use std::fmt::Debug;

use anyhow::{Context, Result, bail, ensure};
use jiff::{Timestamp, ToSpan, civil::Date};
use portico_domain::{
    clock::Clock,
    contracts::Contract,
    service::{Admission, ReviewKind, Setting, Urgency},
};
use portico_testkit::portal::Answer;
use serde_json::Value;

/// Both are the same, or a sentence says what is not.
pub(super) fn same<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<()> {
    ensure!(found == expected, "{what} is {found:?}, expected {expected:?}");
    Ok(())
}

/// The text has these words.
pub(super) fn says(what: &str, text: &str, words: &str) -> Result<()> {
    ensure!(text.contains(words), "{what} does not say “{words}”: {text}");
    Ok(())
}

/// The text has none of these words, in whatever letter case.
pub(super) fn hides(what: &str, text: &str, words: &[String]) -> Result<()> {
    let text = text.to_lowercase();
    for word in words {
        ensure!(!text.contains(&word.to_lowercase()), "{what} says “{word}”, which has no place there");
    }
    Ok(())
}

/// The text at a pointer of a JSON value.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no text at {pointer} of {value}"))
}

/// The whole number at a pointer of a JSON value.
pub(super) fn number(value: &Value, pointer: &str) -> Result<u64> {
    let found = value.pointer(pointer).and_then(Value::as_u64);
    found.with_context(|| format!("no number at {pointer} of {value}"))
}

/// Puts another value at a pointer of a JSON value.
pub(super) fn set(value: &mut Value, pointer: &str, to: Value) -> Result<()> {
    *value.pointer_mut(pointer).with_context(|| format!("nothing at {pointer}"))? = to;
    Ok(())
}

/// The item of a list for which a field has this value.
pub(super) fn item<'a>(list: &'a [Value], field: &str, value: &str) -> Result<&'a Value> {
    let found = list.iter().find(|item| item.get(field).and_then(Value::as_str) == Some(value));
    found.with_context(|| format!("none of {} items has {field} {value}: {list:?}", list.len()))
}

/// Checks a submitted case's clock against the pack: limit, due instant and day, and the ledger's first line. Gives the
/// day it is due.
pub(super) fn clock(
    case: &Answer,
    contract: &Contract,
    setting: Setting,
    admission: Option<Admission>,
) -> Result<Date> {
    let turnaround = contract
        .turnaround_for(ReviewKind::Initial, setting, admission, Urgency::Standard)
        .context("the pack has no limit for this request")?;
    let submitted: Timestamp = case.text("/submission/at")?.parse()?;
    let limit = turnaround.limit;
    let expected = Clock::start(limit, submitted, String::new(), String::new()).due(&contract.calendar);
    let due: Timestamp = case.text("/requests/0/clock/due")?.parse()?;
    same("the due instant", &Some(due), &expected)?;
    same("the limit", &case.text("/requests/0/clock/limit")?, &limit.to_string())?;
    same("the zone", &case.text("/requests/0/clock/zone")?, &contract.calendar.time_zone.to_string())?;
    let day: Date = case.text("/requests/0/clock/dueLocal")?.parse()?;
    same("the due day", &day, &contract.calendar.time_zone.date_at(due))?;
    same("the ledger's first line", &case.text("/requests/0/clock/ledger/0/what")?.as_str(), &"started")?;
    same("its time", &case.text("/requests/0/clock/ledger/0/at")?.parse()?, &submitted)?;
    same("its rule version", &case.text("/requests/0/clock/ledger/0/ruleVersion")?, &contract.version)?;
    Ok(day)
}

/// A day as letters write it.
pub(super) fn in_words(day: Date) -> String {
    day.strftime("%B %-d, %Y").to_string()
}

/// A day some days after another.
pub(super) fn plus(day: Date, days: u32) -> Result<Date> {
    Ok(day.checked_add(i64::from(days).days())?)
}

/// A Case ID is the contract's day and at least four digits (CASE-24).
pub(super) fn case_id(id: &str, contract: &Contract, submitted: Timestamp) -> Result<()> {
    let day = contract.calendar.time_zone.date_at(submitted);
    let prefix = portico_domain::id::CaseId::day_prefix(day);
    match id.strip_prefix(&prefix) {
        Some(rest) if rest.len() >= 4 && rest.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        _ => bail!("the Case ID {id} is not {prefix} and four digits"),
    }
}
