//! Reads `table.txt`.

use anyhow::{Context, Result, ensure};

/// The columns in the order of the table.
pub(crate) const CALLERS: [&str; 16] = [
    "Group Admin",
    "Provider Admin",
    "Staff",
    "Group Admin + Reports",
    "Provider Admin + Reports",
    "Provider Admin of another location",
    "Group Admin of another clinic",
    "intake",
    "nurse",
    "physician",
    "support",
    "contract manager",
    "operations",
    "nurse of another contract",
    "made-up token",
    "nobody",
];

/// A line that says something.
pub(crate) enum Line {
    /// `== What has happened by now`.
    Phase(&'static str),
    /// An operation with its answers.
    Row(Row),
}

/// An operation with its answers.
pub(crate) struct Row {
    /// As the `OpenAPI` document names it: `GET /staff/worklists/{queue}`.
    pub(crate) operation: String,
    /// HTTP method.
    pub(crate) method: String,
    /// The path with the places that the table fills: `/staff/worklists/nurse`.
    pub(crate) path: String,
    expected: Vec<u16>,
}

impl Row {
    fn read(line: &str) -> Result<Self> {
        let mut words = line.split_whitespace();
        let (method, path) = words.next().zip(words.next()).context("a row begins with method and path")?;
        let may: u16 = words.next().context("a row has a status for who may")?.parse()?;
        let answers = words.flat_map(str::chars).map(|answer| match answer {
            'y' => Ok(may),
            'c' => Ok(409),
            'f' => Ok(403),
            'h' => Ok(404),
            'x' => Ok(401),
            other => Err(anyhow::anyhow!("no answer is written {other}")),
        });
        let expected: Vec<u16> = answers.collect::<Result<_>>()?;
        ensure!(expected.len() == CALLERS.len(), "{} answers, not {}", expected.len(), CALLERS.len());
        let (operation, path) = places(path);
        Ok(Self { operation: format!("{method} {operation}"), method: method.to_owned(), path, expected })
    }

    /// Whose answer is not the expected one.
    pub(crate) fn differences(&self, found: &[u16]) -> Vec<String> {
        let all = CALLERS.iter().zip(&self.expected).zip(found);
        let differ = all.filter(|((_, expected), found)| expected != found);
        differ
            .map(|((who, expected), found)| format!("{}, {who}: {found}, expected {expected}", self.operation))
            .collect()
    }
}

/// `/a/{b:c}/{d}` as the operation `/a/{b}/{d}` and the path `/a/c/{d}`.
fn places(path: &str) -> (String, String) {
    let place = |part: &str| match part.trim_matches(['{', '}']).split_once(':') {
        Some((name, value)) => (format!("{{{name}}}"), value.to_owned()),
        None => (part.to_owned(), part.to_owned()),
    };
    let (operation, path): (Vec<_>, Vec<_>) = path.split('/').map(place).unzip();
    (operation.join("/"), path.join("/"))
}

/// The lines of the table from top to bottom.
pub(crate) fn lines() -> Result<Vec<Line>> {
    let rows = include_str!("table.txt").lines().enumerate().filter_map(|(number, line)| {
        if line.trim().is_empty() || line.starts_with([' ', '#']) {
            return None;
        }
        let row = || Row::read(line).map(Line::Row).with_context(|| format!("table.txt, line {}", number + 1));
        Some(line.strip_prefix("== ").map_or_else(row, |phase| Ok(Line::Phase(phase))))
    });
    rows.collect()
}

#[test]
fn a_row_names_its_operation_and_fills_its_places() -> Result<()> {
    let row = Row::read("GET /staff/worklists/{queue:nurse}/{id} 200 yyyyy y h xfcfhh h x x")?;
    assert_eq!(row.operation, "GET /staff/worklists/{queue}/{id}");
    assert_eq!(row.path, "/staff/worklists/nurse/{id}");
    assert_eq!(row.expected[5..10], [200, 404, 401, 403, 409]);
    assert_eq!(row.differences(&row.expected), [""; 0]);
    assert!(
        Row::read("GET /cases 200 yyyyy y").is_err() && Row::read("GET /cases 200 yyyyy y y yyyyyy y x z").is_err()
    );
    Ok(())
}
