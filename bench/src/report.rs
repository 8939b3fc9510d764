//! The table of what was measured.

use std::fmt::Write;

/// A line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came out.
    pub measured: String,
    /// What it may be.
    pub budget: String,
    /// Whether it is.
    pub kept: bool,
}

impl Row {
    /// A line.
    pub fn new(what: impl Into<String>, measured: impl Into<String>, budget: impl Into<String>, kept: bool) -> Self {
        Self { what: what.into(), measured: measured.into(), budget: budget.into(), kept }
    }
}

/// The rows as a table in Markdown that reads well as text.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let head = ["what", "measured", "budget", "kept"].map(ToOwned::to_owned);
    let cells = |row: &Row| {
        let kept = if row.kept { "yes" } else { "NO" };
        [row.what.clone(), row.measured.clone(), row.budget.clone(), kept.to_owned()]
    };
    let lines: Vec<[String; 4]> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let mut widths = [0; 4];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        for (width, cell) in widths.iter().zip(line) {
            // Writing to a String cannot fail.
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
        if place == 0 {
            for width in widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text.push_str("|\n");
        }
    }
    text
}

/// Bytes in millions.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_budget_is_seen() {
        let text = table(&[Row::new("size", megabytes(5_340_000), "5 MB", false)]);
        assert_eq!(text.lines().last(), Some("| size | 5.3 MB   | 5 MB   | NO   |"));
    }
}
