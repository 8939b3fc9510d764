//! Words for codes beside their descriptions, as CSV.

use std::io::Read;

use crate::{Index, query::code_key};

/// A text by which a code is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Canonical code.
    pub code: String,
    /// What people call it.
    pub text: String,
    /// Whether people use the term every day, so that its code comes first.
    pub common: bool,
}

/// Why terms cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// Not CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A line without two columns.
    #[error("line {0}: not two columns")]
    Columns(u64),
    /// A term for a code that is not in the index, or groups others only.
    #[error("line {0}: {1} cannot be billed")]
    Code(u64, String),
}

/// Reads `terms,codes`: everyday names with `;` between them, and the codes that they mean, the best first.
///
/// # Errors
/// [`TermError`] at the first line that is wrong: this file is our own.
pub fn common_terms(reader: impl Read, index: &Index) -> Result<Vec<Term>, TermError> {
    let mut terms = Vec::new();
    for record in csv::Reader::from_reader(reader).records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let (texts, codes) = record.get(0).zip(record.get(1)).ok_or(TermError::Columns(line))?;
        for code in codes.split_whitespace() {
            let entry = index.get(code).filter(|entry| entry.billable);
            let entry = entry.ok_or_else(|| TermError::Code(line, code.to_owned()))?;
            for text in texts.split(';') {
                terms.push(Term { code: entry.code.to_owned(), text: text.to_owned(), common: true });
            }
        }
    }
    Ok(terms)
}

/// Reads `code,term`: the inclusion terms of the federal tabular list. What stands at a header is said of the unspecified code below
/// it too, because the header itself cannot be billed.
///
/// # Errors
/// [`TermError`] if the file is not CSV with two columns.
pub fn inclusion(reader: impl Read, index: &Index) -> Result<Vec<Term>, TermError> {
    let mut terms = Vec::new();
    for record in csv::Reader::from_reader(reader).records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let (code, text) = record.get(0).zip(record.get(1)).ok_or(TermError::Columns(line))?;
        let Some(code) = code_key(code) else { return Err(TermError::Code(line, code.to_owned())) };
        let unspecified = ["9", "90", "909", "900"].map(|end| format!("{code}{end}"));
        let below = unspecified.into_iter().find(|code| index.get(code).is_some_and(|entry| entry.billable));
        let header = index.get(&code).is_some_and(|entry| !entry.billable);
        for code in below.filter(|_| header).into_iter().chain([code]) {
            terms.push(Term { code, text: text.to_owned(), common: false });
        }
    }
    Ok(terms)
}

#[cfg(test)]
mod tests {
    use super::{Term, common_terms, inclusion};
    use crate::icd10cm;

    fn term(code: &str, text: &str, common: bool) -> Term {
        Term { code: code.into(), text: text.into(), common }
    }

    #[test]
    fn terms_are_read_with_their_codes() {
        let read = common_terms("term,codes\nheart attack,I21.9 I21.3\n".as_bytes(), icd10cm()).expect("good");
        assert_eq!(read, [term("I219", "heart attack", true), term("I213", "heart attack", true)]);
        let read = inclusion("code,term\nJ18,\"Pneumonia, any\"\nI10,high blood pressure\n".as_bytes(), icd10cm());
        let any = |code| term(code, "Pneumonia, any", false);
        assert_eq!(read.expect("good"), [any("J189"), any("J18"), term("I10", "high blood pressure", false)]);
    }

    #[test]
    fn terms_of_what_cannot_be_billed_are_refused() {
        for (codes, told) in [("E11", "line 3: E11 cannot be billed"), ("X", "line 3: X cannot be billed")] {
            let file = format!("term,codes\nstroke,I63.9\nsugar,{codes}\n");
            assert_eq!(common_terms(file.as_bytes(), icd10cm()).unwrap_err().to_string(), told);
        }
        assert!(common_terms("term\nx\n".as_bytes(), icd10cm()).is_err());
        assert!(inclusion("code,term\n?,x\n".as_bytes(), icd10cm()).is_err());
    }
}
