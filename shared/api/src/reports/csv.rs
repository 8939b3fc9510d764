//! A report as CSV: RFC 4180, UTF-8, and no cell that a spreadsheet would run as a formula. The mark by which spreadsheets know
//! UTF-8 is set by whoever saves a file: what stands between a function and its caller takes it off a text.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use csv::{Terminator, WriterBuilder};
use portico_domain::reports::sheet::{Sheet, Unit};

use crate::problem::Problem;

/// A cell of text that no spreadsheet runs: what begins like a formula gets an apostrophe before it (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    let begins = text.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let formula = begins
        .is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if formula { format!("'{text}") } else { text.to_owned() }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "",
        Unit::Percent => " (percent)",
        Unit::Hours => " (hours)",
        Unit::Days => " (days)",
    }
}

fn in_words(id: &str) -> String {
    id.replace('-', " ")
}

/// Rows of text with headings.
pub(super) fn text(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String, Problem> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| Problem::internal(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| Problem::internal(&error))?;
    String::from_utf8(bytes).map_err(|error| Problem::internal(&error))
}

/// The rows of a report, its headings first.
pub(super) fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let names = sheet.names.iter().map(|name| in_words(name));
    let measures = sheet.measures.iter().map(|(name, told)| format!("{}{}", in_words(name), unit(*told)));
    let head = names.chain(measures).collect();
    let row = |row: &portico_domain::reports::sheet::Row| {
        let values = row.values.iter().map(|value| value.map_or_else(String::new, |number| number.to_string()));
        row.names.iter().map(|name| harmless(name)).chain(values).collect()
    };
    [head].into_iter().chain(sheet.rows.iter().map(row)).collect()
}

/// The file.
pub(super) fn file(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_domain::reports::sheet::Row;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_is_one_cell() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["Sunrise Clinic", "", "A-1", "3 + 4", "2026-11-01"] {
            assert_eq!(harmless(text), text);
        }
        let sheet = Sheet {
            names: &["provider"],
            measures: &[("in-time-share", Unit::Percent), ("received", Unit::Count)],
            rows: vec![
                Row::new(["=HYPERLINK(\"http://x\",\"y\"), Clinic"], vec![Some(66.67), Some(3.0)]),
                Row::new(["Peña\r\nand sons"], vec![None, Some(0.0)]),
            ],
        };
        let expected = "provider,in time share (percent),received\r\n\
                        \"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\"), Clinic\",66.67,3\r\n\
                        \"Peña\r\nand sons\",,0\r\n";
        assert_eq!(text(rows(&sheet)).unwrap(), expected);
    }
}
