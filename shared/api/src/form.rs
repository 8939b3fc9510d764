//! Loose values of the wire become typed ones, with an error at each field; and typed words go back.

use jiff::civil::{Date, Time};
use portico_domain::{
    field::{FieldErrors, Objection},
    period::Period,
    wrong::Wrong,
};
use serde::{Serialize, de::DeserializeOwned};

/// A required date.
pub(crate) fn date(errors: &mut FieldErrors, pointer: &str, text: Option<&str>) -> Option<Date> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => {
            errors.add(pointer, Objection::required());
            None
        }
        Some(text) => {
            let date = text.parse().ok().filter(|_| text.len() == 10);
            if date.is_none() {
                errors.add(pointer, Objection::not_a_date());
            }
            date
        }
    }
}

/// A time of day to the minute, as 14:30.
pub(crate) fn time(errors: &mut FieldErrors, pointer: &str, text: Option<&str>) -> Option<Time> {
    let text = text.unwrap_or_default().trim();
    let time = text.parse().ok().filter(|_| text.len() == 5);
    if time.is_none() {
        let wrong = if text.is_empty() { Wrong::Missing } else { Wrong::NotATime };
        errors.add(pointer, wrong.says("A time is hours and minutes, as 14:30."));
    }
    time
}

/// All of a list, or `None` when one of them is wrong; every one is looked at.
pub(crate) fn list<A, B>(items: &[A], mut parse: impl FnMut(usize, &A) -> Option<B>) -> Option<Vec<B>> {
    let parsed: Vec<_> = items.iter().enumerate().map(|(place, item)| parse(place, item)).collect();
    parsed.into_iter().collect()
}

/// Whether a list is no longer than it may be; told before anything in it is looked at.
pub(crate) fn fits<T>(errors: &mut FieldErrors, pointer: &str, items: &[T], (most, what): (usize, &str)) -> bool {
    let fits = items.len() <= most;
    if !fits {
        errors.add(pointer, Wrong::TooMany { most }.says(format!("Send at most {most} {what}.")));
    }
    fits
}

/// One of a few words.
pub(crate) fn choice<T: DeserializeOwned>(
    errors: &mut FieldErrors,
    pointer: &str,
    text: Option<&str>,
    known: &'static str,
) -> Option<T> {
    let word = serde_json::Value::from(text.map(str::trim).unwrap_or_default());
    errors.keep(pointer, serde_json::from_value(word).map_err(|_| Wrong::word(text).says(known)))
}

/// The digits of a code or PIN as they were typed or pasted: `123 456` and `123-456` are the same.
pub(crate) fn code(text: &str) -> String {
    let between = |c: &char| {
        c.is_whitespace()
            || matches!(c, '-' | '.' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2212}')
    };
    text.chars().filter(|c| !between(c)).collect()
}

/// The days that are meant, at most so many of them; `usual` are those that were not named, the first one by the last.
pub(crate) fn days(
    errors: &mut FieldErrors,
    (from, to): (Option<&str>, Option<&str>),
    usual: (impl FnOnce(Date) -> Date, Date),
    (most, too_many): (u32, &str),
) -> Option<Period> {
    let mut day = |pointer: &str, text: Option<&str>| match text {
        None => Some(None),
        Some(_) => date(errors, pointer, text).map(Some),
    };
    let (from, to) = (day("/from", from), day("/to", to));
    let to = to?.unwrap_or(usual.1);
    let from = from?.unwrap_or_else(|| usual.0(to));
    let ends_before = |_| Wrong::EndsBeforeItBegins.says("The last day is before the first.");
    let period = errors.keep("/to", Period::new(from, to).map_err(ends_before))?;
    if period.days() > most {
        let wrong = Wrong::OutOfRange { least: 1, most: most as usize };
        errors.add("/to", wrong.says(too_many));
        return None;
    }
    Some(period)
}

/// A count within its type's bounds.
pub(crate) fn count<T>(errors: &mut FieldErrors, pointer: &str, number: Option<i64>) -> Option<T>
where
    T: TryFrom<u32>,
    T::Error: Into<Objection>,
{
    let Some(number) = number else {
        errors.add(pointer, Objection::required());
        return None;
    };
    errors.keep(pointer, T::try_from(u32::try_from(number).unwrap_or(0)))
}

/// A value of an enum without data, as it stands in JSON.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
