//! A report as rows of CSV.

use portico_domain::reports::sheet::{Sheet, Unit};

use crate::csv::harmless;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::text;
    use portico_domain::reports::sheet::Row;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_is_one_cell() {
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
