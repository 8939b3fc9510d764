//! Files for spreadsheets as CSV: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula. The mark by which spreadsheets know
//! UTF-8 is set by whoever saves a file: what stands between a function and its caller takes it off a text.

use crate::problem::Problem;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use csv::{Terminator, WriterBuilder};

/// A cell of text that no spreadsheet runs: what begins like a formula gets an apostrophe before it (OWASP, CSV injection).
pub(crate) fn harmless(text: &str) -> String {
    let begins = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let formula = begins
        .is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{text}") } else { text.to_owned() }
}

/// Rows of text with headings.
pub(crate) fn text(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String, Problem> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| Problem::internal(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(&error))?;
    String::from_utf8(bytes).map_err(|error| Problem::internal(&error))
}

/// The file.
pub(crate) fn file(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["Sunrise Clinic", "", "A-1", "3 + 4", "2026-11-01"] {
            assert_eq!(harmless(text), text);
        }
    }
}
