//! HCPCS Level II as CSV.

use std::{collections::HashSet, io::Read};

use super::{Imported, Reason, Row};
use crate::{is_cpt_form, release::validity};

const HEADER: [&str; 4] = ["code", "short_description", "long_description", "listed"];

/// Reads the CSV form of the federal file, record by record: `code,short_description,long_description,listed`.
///
/// Lines with CPT or CDT codes are refused, because their descriptions are not public domain.
pub fn import_hcpcs(reader: impl Read) -> Imported {
    let mut imported = Imported::default();
    let mut seen = HashSet::new();
    let mut file = csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(reader);
    let mut line = 1;
    for (at, record) in file.records().enumerate() {
        match record {
            Ok(record) => {
                line = record.position().map_or(line, csv::Position::line);
                if at > 0 {
                    imported.add(&mut seen, line, row(&record));
                } else if record.iter().ne(HEADER) {
                    imported.reject(line, Reason::Header);
                    return imported;
                }
            }
            Err(error) => {
                line = error.position().map_or(line, csv::Position::line);
                imported.reject(line, Reason::Unreadable(error.to_string()));
                if error.is_io_error() {
                    break;
                }
            }
        }
    }
    imported
}

fn row(record: &csv::StringRecord) -> Result<Row, Reason> {
    let fields: Vec<&str> = record.iter().collect();
    let [code, short, long, listed] = *fields else { return Err(Reason::Columns) };
    let code = code.to_ascii_uppercase();
    match code.as_bytes() {
        _ if is_cpt_form(&code) => return Err(Reason::Cpt),
        [b'A'..=b'V', digits @ ..] if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit) => {
            if code.starts_with('D') {
                return Err(Reason::Cdt);
            }
        }
        _ => return Err(Reason::Code),
    }
    let description = if long.is_empty() { short } else { long };
    if description.is_empty() {
        return Err(Reason::Description);
    }
    validity(listed).ok_or(Reason::Label)?;
    Ok(Row { code, description: description.to_owned(), billable: true, listed: listed.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::import_hcpcs;
    use crate::import::{Reason, Reject};

    fn reasons(rows: &str) -> Vec<(u64, Reason)> {
        let file = format!("code,short_description,long_description,listed\n{rows}");
        import_hcpcs(file.as_bytes()).rejects.into_iter().map(|Reject { line, reason }| (line, reason)).collect()
    }

    /// REQ: CASE-14
    #[test]
    fn quoted_fields_are_read_whole() {
        let file = "code,short_description,long_description,listed\r\n\
                    e0601,Cont airway,\"Device, \"\"cpap\"\"\",2026-04\r\nT1015,Clinic service,,2018\r\n";
        let imported = import_hcpcs(file.as_bytes());
        assert_eq!(imported.rejects, []);
        let rows: Vec<_> = imported.codes.iter().map(|r| (&*r.code, &*r.description, &*r.listed)).collect();
        assert_eq!(rows, [("E0601", "Device, \"cpap\"", "2026-04"), ("T1015", "Clinic service", "2018")]);
    }

    /// REQ: CASE-14
    #[test]
    fn codes_of_the_ama_and_the_ada_are_refused_with_their_line() {
        let rows = "99213,x,y,2018\nA0021,x,y,2018\n0001U,x,y,2018\n0042t,x,y,2018\nD0120,x,y,2018\n";
        assert_eq!(reasons(rows), [(2, Reason::Cpt), (4, Reason::Cpt), (5, Reason::Cpt), (6, Reason::Cdt)]);
    }

    /// REQ: CASE-14
    #[test]
    fn broken_lines_are_refused_and_the_rest_is_read() {
        let rows = "W0001,x,y,2018\nA00,x,y,2018\nA0021,x\nA0021,,,2018\nA0021,x,y,soon\nA0021,x,\"a\nb\",2018\nA0021,x,y,2018\n";
        let expected = [Reason::Code, Reason::Code, Reason::Columns, Reason::Description, Reason::Label];
        let mut expected: Vec<_> = (2..).zip(expected).collect();
        expected.push((9, Reason::Duplicate));
        assert_eq!(reasons(rows), expected);
    }

    /// REQ: CASE-14
    #[test]
    fn another_file_is_not_read() {
        let imported = import_hcpcs("id,name\nA0021,x,y,2018\n".as_bytes());
        assert_eq!(imported.rejects, [Reject { line: 1, reason: Reason::Header }]);
        assert_eq!(imported.codes, []);
    }

    /// REQ: CASE-14
    #[test]
    fn bytes_that_are_no_text_cost_their_line_only() {
        let file = b"code,short_description,long_description,listed\nA0021,\xff,y,2018\nA0080,x,y,2018\n";
        let imported = import_hcpcs(&file[..]);
        assert_eq!(imported.codes.len(), 1);
        assert!(
            matches!(&*imported.rejects, [Reject { line: 2, reason: Reason::Unreadable(_) }]),
            "{:?}",
            imported.rejects
        );
    }
}
