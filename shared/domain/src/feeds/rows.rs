//! Rows of a CSV file (RFC 4180) from pieces of it as they arrive: never more than one row is held.

use csv_core::{ReadRecordResult, Reader};

/// The longest row in bytes, quotes aside.
pub const MAX_ROW_BYTES: usize = 8_192;
/// The most fields of a row.
pub const MAX_FIELDS: usize = 64;

/// A row as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawRow {
    /// Line at which it begins, from 1.
    pub line: u64,
    /// Its fields.
    pub fields: Result<Vec<String>, RowError>,
}

/// A row that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RowError {
    /// More than a row may have.
    #[error(
        "The row is longer than {MAX_ROW_BYTES} bytes or {MAX_FIELDS} fields; it was read up to line {0}. A closing quotation mark may be missing."
    )]
    TooLong(u64),
    /// Not text.
    #[error("The row is not UTF-8 text. Save the file as UTF-8.")]
    Utf8,
}

/// Reads rows from pieces of a file. Line ends are LF or CRLF; a byte order mark is skipped, empty lines too.
#[derive(Debug)]
pub struct Rows {
    csv: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    /// How much of the open row is in `text` and `ends`; none between two rows.
    open: Option<(u64, usize, usize)>,
    /// Begin of a row that is too long: the rest of its line is skipped.
    skipping: Option<u64>,
    line: u64,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            csv: Reader::new(),
            text: vec![0; MAX_ROW_BYTES],
            ends: vec![0; MAX_FIELDS],
            open: None,
            skipping: None,
            line: 1,
        }
    }
}

impl Rows {
    /// The next row that ends in `piece`, which is shortened by what was read; `None` when more is needed.
    pub fn next(&mut self, piece: &mut &[u8]) -> Option<RawRow> {
        loop {
            if let Some(begin) = self.skipping {
                let Some(end) = piece.iter().position(|byte| *byte == b'\n') else {
                    *piece = &[];
                    return None;
                };
                let reached = self.line;
                self.take(piece, end + 1);
                (self.skipping, self.csv) = (None, Reader::new());
                return Some(RawRow { line: begin, fields: Err(RowError::TooLong(reached)) });
            }
            while self.open.is_none() && matches!(piece.first(), Some(b'\r' | b'\n')) {
                self.take(piece, 1);
            }
            if piece.is_empty() {
                return None;
            }
            if let Some(row) = self.step(piece) {
                return Some(row);
            }
        }
    }

    /// The last row of the file, if it does not end with a line end.
    pub fn finish(&mut self) -> Option<RawRow> {
        if let Some(begin) = self.skipping.take() {
            return Some(RawRow { line: begin, fields: Err(RowError::TooLong(self.line)) });
        }
        self.open?;
        // Without input the parser ends the row; it may say first that there is no room.
        (0..3).find_map(|_| self.step(&mut [].as_slice()))
    }

    fn step(&mut self, piece: &mut &[u8]) -> Option<RawRow> {
        let (begin, text, ends) = self.open.unwrap_or((self.line, 0, 0));
        let room = self.text.get_mut(text..).unwrap_or_default();
        let (result, read, wrote, ended) =
            self.csv.read_record(piece, room, self.ends.get_mut(ends..).unwrap_or_default());
        let (text, ends) = (text + wrote, ends + ended);
        self.take(piece, read);
        self.open = Some((begin, text, ends));
        match result {
            ReadRecordResult::InputEmpty => None,
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                (self.open, self.skipping) = (None, Some(begin));
                None
            }
            ReadRecordResult::Record => {
                self.open = None;
                Some(RawRow { line: begin, fields: self.fields(ends) })
            }
            ReadRecordResult::End => {
                self.open = None;
                None
            }
        }
    }

    fn fields(&self, count: usize) -> Result<Vec<String>, RowError> {
        let mut from = 0;
        let ends = self.ends.iter().take(count);
        ends.map(|end| {
            let field = self.text.get(std::mem::replace(&mut from, *end)..*end).unwrap_or_default();
            String::from_utf8(field.to_vec()).map_err(|_| RowError::Utf8)
        })
        .collect()
    }

    /// Takes bytes off the piece and counts their lines.
    fn take(&mut self, piece: &mut &[u8], count: usize) {
        let (taken, rest) = piece.split_at_checked(count).unwrap_or((piece, &[]));
        self.line += taken.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        *piece = rest;
    }
}

/// All rows of a file that is at hand as a whole.
#[must_use]
pub fn all(mut file: &[u8]) -> Vec<RawRow> {
    let mut rows = Rows::default();
    let mut all: Vec<RawRow> = std::iter::from_fn(|| rows.next(&mut file)).collect();
    all.extend(rows.finish());
    all
}
