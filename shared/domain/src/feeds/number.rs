//! Numbers and codes as files bring them: what a spreadsheet has made of one is no number.

use crate::{
    contact::{ContactError, Line},
    field::AtField,
    wrong::Wrong,
};

/// A number that cannot be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberError {
    /// No line of text.
    #[error(transparent)]
    Line(#[from] ContactError),
    /// Only a spreadsheet writes so.
    #[error(
        "A spreadsheet has changed this number: it shows it rounded, as a date, as a formula, or with marks of its own. Export the column as text, from the source."
    )]
    Spreadsheet,
    /// Other signs than a number has.
    #[error("A number has digits and letters, and only hyphens, dots, blanks, slashes or underscores between them.")]
    Form,
}

impl AtField for NumberError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Line(error) => error.wrong(),
            Self::Spreadsheet => Wrong::ChangedBySpreadsheet,
            Self::Form => Wrong::NotANumber,
        }
    }
}

/// Refuses what a spreadsheet has made of a number: `9.31043E+07`, `93104291.0`, `="009"`, `'009`, `#####`, `12-Mar`.
///
/// # Errors
/// When it has such a form.
pub fn whole(line: &Line) -> Result<(), NumberError> {
    let text = line.as_str();
    let marked = text
        .starts_with(['=', '+', '-', '@', '#', '\'', '`', '\u{2018}', '\u{2019}', '\u{b4}', '"', '\u{201c}'])
        || text.ends_with(['\'', '"', '\u{2026}', '%', '\u{201d}', '\u{2019}'])
        || text.ends_with("..")
        || text.contains(['=', '"', '#']);
    if marked || is_float(text) || is_grouped(text) || is_date(text) { Err(NumberError::Spreadsheet) } else { Ok(()) }
}

/// `9.31043E+07`, `9,31E+07`, `93104291.0`.
fn is_float(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_fraction = |text: &str| text.split_once(['.', ',']).is_some_and(|(a, b)| is_digits(a) && is_digits(b));
    match text.split_once(['E', 'e']) {
        Some((number, power)) => {
            let signed = power.strip_prefix(['+', '-', '\u{2212}']);
            let is_number = is_digits(number) || is_fraction(number);
            is_number && (signed.is_some_and(is_digits) || (is_fraction(number) && is_digits(power)))
        }
        None => text
            .split_once('.')
            .is_some_and(|(a, b)| is_digits(a) && !b.is_empty() && b.len() <= 2 && b.bytes().all(|byte| byte == b'0')),
    }
}

/// `93,104,291`.
fn is_grouped(text: &str) -> bool {
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    text.contains(',')
        && (1..=3).contains(&first.len())
        && is_digits(first)
        && groups.all(|g| g.len() == 3 && is_digits(g))
}

/// `12-Mar`, `Mar-26`, `12-Mar-26`, `3/12/2026`.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<String> = text.split(['-', '/', ' ']).map(str::to_ascii_lowercase).collect();
    let is_number =
        |part: &String, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_month = |part: &String| MONTHS.contains(&part.as_str());
    match parts.as_slice() {
        [a, b] => (is_month(a) && is_number(b, 4)) || (is_number(a, 2) && is_month(b)),
        [a, b, c] => {
            (is_number(a, 2) && is_month(b) && is_number(c, 4))
                || (text.contains('/') && is_number(a, 2) && is_number(b, 2) && is_number(c, 4))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_a_spreadsheet_writes_is_no_number() {
        for text in [
            "9.31043E+07",
            "9.31043e7",
            "9E+07",
            "1.2E-5",
            "93104291.0",
            "=\"0093104291\"",
            "'0093104291",
            "\u{2019}0093104291",
            "`0093104291",
            "0093104291\u{2026}",
            "0093104291...",
            "#####",
            "#N/A",
            "+93104291",
            "-93104291",
            "@12",
            "\"0093",
            "93,104,291",
            "12-Mar",
            "Mar-26",
            "3/12/2026",
            "12-Mar-26",
            "93%",
        ] {
            assert_eq!(whole(&text.parse().unwrap()), Err(NumberError::Spreadsheet), "{text}");
        }
        for text in
            ["0093104291", "A-309919", "1EG4-TE5-MK73", "12E07", "E0601", "123.456", "AR 12", "MAR-DAY-001", "1.5"]
        {
            assert_eq!(whole(&text.parse().unwrap()), Ok(()), "{text}");
        }
    }
}
