//! The sheet of codes: the rules by procedure code as an agency exports them from its spreadsheet, in place of the table
//! `codes`.

use portico_domain::contracts::code_rule::CodeRule;
use serde_json::{Map, Value, json};

/// Its file.
pub(crate) const FILE: &str = "codes.csv";

/// Faults that are told; whoever has more mends these first.
const MOST_FAULTS: usize = 1000;

/// How a cell is read.
#[derive(Clone, Copy)]
enum Cell {
    Text,
    Number,
    /// Several, with blanks or semicolons between them.
    Words,
}

/// The columns, which may stand in any order: those of the table.
const COLUMNS: [(&str, Cell); 21] = [
    ("code", Cell::Text),
    ("modifiers", Cell::Words),
    ("description", Cell::Text),
    ("unit", Cell::Text),
    ("description-es", Cell::Text),
    ("unit-es", Cell::Text),
    ("authorization", Cell::Text),
    ("settings", Cell::Words),
    ("service-types", Cell::Words),
    ("places", Cell::Words),
    ("diagnoses", Cell::Words),
    ("age-from", Cell::Number),
    ("age-under", Cell::Number),
    ("max-units-per-day", Cell::Number),
    ("max-units-per-week", Cell::Number),
    ("max-units-per-month", Cell::Number),
    ("max-units-per-year", Cell::Number),
    ("max-units", Cell::Number),
    ("shortest-days", Cell::Number),
    ("longest-days", Cell::Number),
    ("documents", Cell::Words),
];

/// Columns without which there is no rule.
const NEEDED: [&str; 4] = ["code", "description", "unit", "authorization"];

/// Its rules as the table would have them, and the place of each; every fault is added to `problems` with its line.
pub(crate) fn read(text: &str, problems: &mut Vec<String>) -> (Value, Vec<String>) {
    let mut sheet = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns = match sheet.headers() {
        Ok(titles) => columns(titles, problems),
        Err(error) => {
            problems.push(format!("{FILE}:1: codes: {error}"));
            return (json!([]), Vec::new());
        }
    };
    let width = columns.len();
    let (mut rules, mut places) = (Vec::new(), Vec::new());
    for row in sheet.records() {
        if problems.len() >= MOST_FAULTS {
            problems.push(format!("{FILE}: codes: there may be more faults"));
            break;
        }
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                problems.push(format!("{FILE}:{line}: codes: {error}"));
                continue;
            }
        };
        // What spreadsheets add below and beside.
        if row.iter().all(str::is_empty) {
            continue;
        }
        let line = row.position().map_or(1, csv::Position::line);
        let mut wrong = |what: String| problems.push(format!("{FILE}:{line}: codes: {what}"));
        if row.iter().skip(width).any(|cell| !cell.is_empty()) {
            wrong(format!("this line has more than {width} cells"));
            continue;
        }
        let mut rule = Map::new();
        let cells = columns.iter().zip(row.iter()).filter_map(|(column, cell)| Some((column.as_ref()?, cell)));
        for ((name, how), cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            match value(*how, cell) {
                Some(value) => drop(rule.insert((*name).to_owned(), value)),
                None => wrong(format!("{name}: {cell} is no whole number")),
            }
        }
        match serde_json::from_value::<CodeRule>(Value::Object(rule.clone())) {
            Ok(_) => {
                rules.push(Value::Object(rule));
                places.push(format!("{FILE}:{line}"));
            }
            Err(error) => wrong(error.to_string()),
        }
    }
    (Value::Array(rules), places)
}

/// What each column of the sheet is.
fn columns(titles: &csv::StringRecord, problems: &mut Vec<String>) -> Vec<Option<(&'static str, Cell)>> {
    let mut found = Vec::new();
    for title in titles {
        let name = title.to_lowercase().replace([' ', '_'], "-");
        let column = COLUMNS.into_iter().find(|(known, _)| *known == name);
        if column.is_none() && !title.is_empty() {
            let known: Vec<_> = COLUMNS.iter().map(|(name, _)| *name).collect();
            problems.push(format!("{FILE}:1: codes: there is no column “{title}”; there are {}", known.join(", ")));
        }
        let again = |(name, _): &(&str, Cell)| found.iter().flatten().any(|(before, _): &(&str, Cell)| before == name);
        if column.as_ref().is_some_and(again) {
            problems.push(format!("{FILE}:1: codes: the column “{title}” stands there twice"));
        }
        found.push(column);
    }
    let there = |needed: &str| found.iter().flatten().any(|(name, _)| *name == needed);
    for needed in NEEDED.into_iter().filter(|needed| !there(needed)) {
        problems.push(format!("{FILE}:1: codes: the column “{needed}” is missing"));
    }
    found
}

fn value(how: Cell, cell: &str) -> Option<Value> {
    Some(match how {
        Cell::Text => json!(cell),
        Cell::Number => json!(cell.parse::<u32>().ok()?),
        Cell::Words => json!(cell.split([' ', ';']).filter(|word| !word.is_empty()).collect::<Vec<_>>()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Value, Vec<String>) {
        let mut problems = Vec::new();
        (read(text, &mut problems).0, problems)
    }

    #[test]
    fn a_sheet_is_the_table() {
        let (rules, problems) = told(
            "Code,Authorization,Max units per day,Unit,Description,Modifiers,Service types,\r\n\
             T1015,required,5,1 hour,\"Habilitative services, in a group\",U6 UB,day-habilitative; respite,\r\n\
             ,,,,,,,\r\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        let rule = json!({
            "code": "T1015", "authorization": "required", "max-units-per-day": 5, "unit": "1 hour",
            "description": "Habilitative services, in a group", "modifiers": ["U6", "UB"],
            "service-types": ["day-habilitative", "respite"],
        });
        assert_eq!(rules, json!([rule]));
    }

    #[test]
    fn every_fault_of_a_sheet_is_told_with_its_line() {
        let (rules, problems) = told(
            "code,unit,description,authorization,max-units,ward,unit\n\
             T1015,1 hour,Care,required,five,,\n\
             W1,1 hour,Care,required,5,,\n\
             E0601,1 device,CPAP,perhaps,,,,over\n\
             E0601,,CPAP,required,,,\n\
             E0601,1 device,CPAP,required,1,,\n",
        );
        assert_eq!(rules.as_array().map(Vec::len), Some(2), "{rules}");
        let at = |place: usize| problems.get(place).map(String::as_str).unwrap_or_default();
        assert!(
            at(0).starts_with("codes.csv:1: codes: there is no column “ward”; there are code, modifiers"),
            "{problems:#?}"
        );
        assert_eq!(at(1), "codes.csv:1: codes: the column “unit” stands there twice");
        assert_eq!(at(2), "codes.csv:2: codes: max-units: five is no whole number");
        assert!(at(3).starts_with("codes.csv:3: codes: A procedure code is"), "{problems:#?}");
        assert_eq!(at(4), "codes.csv:4: codes: this line has more than 7 cells");
        assert!(at(5).starts_with("codes.csv:5: codes: missing field `unit`"), "{problems:#?}");
        assert_eq!(problems.len(), 6, "{problems:#?}");
    }
}
