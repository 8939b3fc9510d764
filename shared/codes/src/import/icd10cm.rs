//! ICD-10-CM order files and their addenda: text in fixed columns.

use std::{
    collections::{BTreeMap, HashSet},
    io::{BufRead, BufReader, Read},
};

use super::{Imported, Reason, Row};
use crate::query::code_key;

/// Reads an order file (`icd10cm_order_2027.txt`): number, code, billable, short and long description.
pub fn import_icd10cm(reader: impl Read, listed: &str) -> Imported {
    let mut imported = Imported::default();
    let mut seen = HashSet::new();
    for (line, text) in (1..).zip(BufReader::new(reader).lines()) {
        let row = text.map_err(|error| Reason::Unreadable(error.to_string()));
        let unreadable = row.is_err();
        imported.add(&mut seen, line, row.and_then(|text| order_row(&text, listed)));
        if unreadable {
            break;
        }
    }
    imported
}

/// Applies the addenda of a release (`icd10cm_order_addenda_2027.txt`) to the codes of the one before.
///
/// CMS publishes both; together they give the order file of the new release.
pub fn import_icd10cm_addenda(before: &[Row], reader: impl Read, listed: &str) -> Imported {
    let mut rejects = Vec::new();
    let mut codes: BTreeMap<String, Row> =
        before.iter().map(|row| (row.code.clone(), Row { listed: listed.to_owned(), ..row.clone() })).collect();
    for (line, text) in (1..).zip(BufReader::new(reader).lines()) {
        let text = text.map_err(|error| Reason::Unreadable(error.to_string()));
        // A summary follows the changes, after an empty line.
        if text.as_ref().is_ok_and(|text| text.trim().is_empty()) {
            break;
        }
        let unreadable = text.is_err();
        if let Err(reason) = text.and_then(|text| apply(&mut codes, &text, listed)) {
            rejects.push(super::Reject { line, reason });
        }
        if unreadable {
            break;
        }
    }
    Imported { codes: codes.into_values().collect(), rejects }
}

fn apply(codes: &mut BTreeMap<String, Row>, text: &str, listed: &str) -> Result<(), Reason> {
    let (change, flag, code) = text
        .get(..12)
        .zip(text.get(13..14))
        .zip(text.get(15..22))
        .map(|((a, b), c)| (a, b, c))
        .ok_or(Reason::Columns)?;
    let row = row(code, flag, text.get(84..), listed)?;
    match change.trim_end() {
        "Delete:" | "Revise from:" => match codes.remove(&row.code) {
            Some(old) if old == row => Ok(()),
            _ => Err(Reason::Unknown),
        },
        "Add:" | "Revise to:" => codes.insert(row.code.clone(), row).map_or(Ok(()), |_| Err(Reason::Duplicate)),
        _ => Err(Reason::Columns),
    }
}

fn order_row(text: &str, listed: &str) -> Result<Row, Reason> {
    let (code, flag) = text.get(6..13).zip(text.get(14..15)).ok_or(Reason::Columns)?;
    row(code, flag, text.get(77..), listed)
}

fn row(code: &str, flag: &str, description: Option<&str>, listed: &str) -> Result<Row, Reason> {
    let code = code_key(code)
        .filter(|code| code.len() >= 3 && code.starts_with(|c: char| c.is_ascii_uppercase()))
        .ok_or(Reason::Code)?;
    let billable = match flag {
        "1" => true,
        "0" => false,
        _ => return Err(Reason::Columns),
    };
    let description = description.map(str::trim).filter(|text| !text.is_empty()).ok_or(Reason::Description)?.to_owned();
    Ok(Row { code, description, billable, listed: listed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{import_icd10cm, import_icd10cm_addenda};
    use crate::import::{Imported, Reason, Reject};

    fn order(rows: &[(&str, &str, &str)]) -> Imported {
        let line = |(code, flag, text): &(&str, &str, &str)| format!("00001 {code:<7} {flag} {text:<60} {text}\r\n");
        import_icd10cm(rows.iter().map(line).collect::<String>().as_bytes(), "FY2026")
    }

    fn addenda(before: &Imported, changes: &[(&str, &str, &str, &str)]) -> Imported {
        let line = |(change, flag, code, text): &(&str, &str, &str, &str)| {
            format!("{change:<12} {flag} {code:<7} {text:<60} {text}\r\n")
        };
        let file: String = changes.iter().map(line).collect();
        import_icd10cm_addenda(&before.codes, format!("{file}\r\nHeaders\r\n").as_bytes(), "FY2027")
    }

    /// REQ: CASE-12
    #[test]
    fn an_order_line_is_read_by_columns() {
        let imported = order(&[("E11", "0", "Type 2 diabetes mellitus"), ("U071", "1", "COVID-19")]);
        assert_eq!(imported.rejects, []);
        let rows: Vec<_> = imported.codes.iter().map(|r| (&*r.code, r.billable, &*r.description)).collect();
        assert_eq!(rows, [("E11", false, "Type 2 diabetes mellitus"), ("U071", true, "COVID-19")]);
    }

    /// REQ: CASE-12
    #[test]
    fn broken_lines_are_refused_with_their_line() {
        let imported =
            order(&[("E11", "2", "x"), ("11", "1", "x"), ("E110", "1", ""), ("E119", "1", "x"), ("E119", "1", "x")]);
        let expected = [(1, Reason::Columns), (2, Reason::Code), (3, Reason::Description), (5, Reason::Duplicate)];
        assert_eq!(imported.rejects, expected.map(|(line, reason)| Reject { line, reason }));
        assert_eq!(imported.codes.len(), 1);
    }

    /// REQ: CASE-12
    #[test]
    fn addenda_turn_a_release_into_the_next() {
        let before = order(&[("I42", "0", "Cardiomyopathy"), ("I420", "1", "Dilated"), ("I421", "1", "Globin")]);
        let after = addenda(
            &before,
            &[
                ("Delete:", "1", "I420", "Dilated"),
                ("Add:", "0", "I420", "Dilated"),
                ("Add:", "1", "I4200", "Dilated, unspecified"),
                ("Revise from:", "1", "I421", "Globin"),
                ("Revise to:", "1", "I421", "Globulin"),
                ("Delete:", "1", "I429", "Never there"),
                ("Add:", "0", "I42", "Cardiomyopathy"),
            ],
        );
        let rows: Vec<_> = after.codes.iter().map(|r| (&*r.code, r.billable, &*r.description, &*r.listed)).collect();
        assert_eq!(
            rows,
            [
                ("I42", false, "Cardiomyopathy", "FY2027"),
                ("I420", false, "Dilated", "FY2027"),
                ("I4200", true, "Dilated, unspecified", "FY2027"),
                ("I421", true, "Globulin", "FY2027"),
            ]
        );
        assert_eq!(
            after.rejects,
            [(6, Reason::Unknown), (7, Reason::Duplicate)].map(|(line, reason)| Reject { line, reason })
        );
    }
}
