//! Rows of a CSV file (RFC 4180) from pieces of it as they arrive: never more than one row is held.
//!
//! Quotation marks are read strictly, and every line of a file is accounted for: a row whose quotation marks are wrong
//! is given up as far as its first line goes, and reading goes on in the next line, so that a mark which is never closed
//! takes no other row with it.

use crate::{field::AtField, name::composed, wrong::Wrong};

/// The longest row in bytes.
pub const MAX_ROW_BYTES: usize = 8_192;
/// The most fields of a row.
pub const MAX_FIELDS: usize = 64;

/// A row as it stands in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawRow {
    /// Line at which it begins, from 1.
    pub line: u64,
    /// Line at which it ends: a later one when a quoted field has line ends.
    pub last_line: u64,
    /// Its fields.
    pub fields: Result<Vec<String>, RowError>,
}

/// A row that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RowError {
    /// More than a row may have.
    #[error("The row is longer than {MAX_ROW_BYTES} bytes or {MAX_FIELDS} fields.")]
    TooLong,
    /// A field begins with a quotation mark, and what ends it is not there or stands in another field.
    #[error("A quotation mark is opened in this line and not closed before {0}. Close it, or write it twice.")]
    Unclosed(Unclosed),
    /// A quotation mark inside a field.
    #[error(
        "A quotation mark stands inside a field. Put the field in quotation marks, and write those inside it twice."
    )]
    Stray,
    /// Something other than a comma after a quoted field.
    #[error(
        "The fields are parted by semicolons or tabs, not by commas. Save the file as CSV with a comma between two fields."
    )]
    Separator,
    /// Not text.
    #[error("The row is not UTF-8 text. Save the file as UTF-8.")]
    Utf8,
}

impl AtField for RowError {
    fn wrong(&self) -> Wrong {
        Wrong::UnreadableRow
    }
}

/// How far a quoted field was read that has no end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unclosed {
    /// To a mark in this line that cannot end it.
    #[error("line {0}")]
    Line(u64),
    /// To the longest that a row may be.
    #[error("{MAX_ROW_BYTES} bytes were read, in line {0}")]
    Long(u64),
    /// To the end of the file.
    #[error("the end of the file")]
    End,
}

/// Reads rows from pieces of a file. Line ends are LF, CRLF or CR; a byte order mark is skipped, empty lines too.
#[derive(Debug)]
pub struct Rows {
    /// What was not read yet: at most a row and a piece.
    text: Vec<u8>,
    /// What of it was.
    done: usize,
    line: u64,
    begun: bool,
    /// The line that is too long: the rest of it is skipped.
    skipping: Option<u64>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { text: Vec::new(), done: 0, line: 1, begun: false, skipping: None }
    }
}

/// What stands at the beginning of a text.
enum Read {
    /// A row of so many bytes and line ends.
    Row(usize, u64, Result<Vec<String>, RowError>),
    /// A row whose first line is given up.
    Fault(RowError),
    /// Its end is not there yet.
    More,
}

impl Rows {
    /// The next row that ends in `piece`, which is shortened by what was read; `None` when more is needed.
    pub fn next(&mut self, piece: &mut &[u8]) -> Option<RawRow> {
        if !piece.is_empty() {
            self.text.drain(..std::mem::take(&mut self.done));
            self.text.extend_from_slice(std::mem::take(piece));
        }
        self.read(false)
    }

    /// A further row, when no piece is left: the last one need not end with a line end.
    pub fn finish(&mut self) -> Option<RawRow> {
        self.read(true)
    }

    fn read(&mut self, at_end: bool) -> Option<RawRow> {
        loop {
            let rest = self.text.get(self.done..).unwrap_or_default();
            if !self.begun {
                const MARK: &[u8] = b"\xef\xbb\xbf";
                if rest.len() < MARK.len() && !at_end && MARK.starts_with(rest) {
                    return None;
                }
                self.begun = true;
                self.done += if rest.starts_with(MARK) { MARK.len() } else { 0 };
                continue;
            }
            if rest.is_empty() && self.skipping.is_none() {
                return None;
            }
            if let Some(line) = self.skipping {
                let Some(length) = line_length(rest, at_end) else {
                    self.done = self.text.len();
                    return None;
                };
                self.skipping = None;
                return Some(self.take(length, 1, line, Err(RowError::TooLong)));
            }
            match line_end(rest, at_end) {
                LineEnd::Here(length) => {
                    self.done += length;
                    self.line += 1;
                    continue;
                }
                LineEnd::Perhaps => return None,
                LineEnd::Not => {}
            }
            match row(rest, self.line, at_end) {
                Read::More => return None,
                Read::Row(length, ends, fields) => return Some(self.take(length, ends, self.line, fields)),
                Read::Fault(error) => match line_length(rest, at_end).filter(|_| error != RowError::TooLong) {
                    Some(length) => return Some(self.take(length, 1, self.line, Err(error))),
                    None => self.skipping = Some(self.line),
                },
            }
        }
    }

    fn take(&mut self, length: usize, ends: u64, line: u64, fields: Result<Vec<String>, RowError>) -> RawRow {
        self.done += length;
        self.line += ends;
        RawRow { line, last_line: line + ends.saturating_sub(1), fields }
    }
}

enum LineEnd {
    Here(usize),
    /// A CR that may be half of one.
    Perhaps,
    Not,
}

fn line_end(text: &[u8], at_end: bool) -> LineEnd {
    match text {
        [b'\r', b'\n', ..] => LineEnd::Here(2),
        [b'\r'] if !at_end => LineEnd::Perhaps,
        [b'\r' | b'\n', ..] => LineEnd::Here(1),
        _ => LineEnd::Not,
    }
}

/// How long the first line is, with its end.
fn line_length(text: &[u8], at_end: bool) -> Option<usize> {
    let Some(place) = memchr::memchr2(b'\r', b'\n', text) else { return at_end.then_some(text.len()) };
    match line_end(text.get(place..).unwrap_or_default(), at_end) {
        LineEnd::Here(length) => Some(place + length),
        LineEnd::Perhaps | LineEnd::Not => None,
    }
}

/// Reads a row at the beginning of `text`, which begins in `line`.
fn row(text: &[u8], line: u64, at_end: bool) -> Read {
    let (mut fields, mut field) = (Vec::new(), Vec::new());
    let (mut place, mut ends, mut quoted) = (0, 0, false);
    loop {
        if place > MAX_ROW_BYTES || fields.len() >= MAX_FIELDS {
            return Read::Fault(if quoted && ends > 0 {
                RowError::Unclosed(Unclosed::Long(line + ends))
            } else {
                RowError::TooLong
            });
        }
        let rest = text.get(place..).unwrap_or_default();
        let Some((byte, after)) = rest.split_first() else {
            if !at_end {
                return Read::More;
            }
            if quoted {
                return Read::Fault(RowError::Unclosed(Unclosed::End));
            }
            fields.push(field);
            return Read::Row(place, ends + 1, texts(fields));
        };
        let end = line_end(rest, at_end);
        match (quoted, byte, end) {
            (_, _, LineEnd::Perhaps) => return Read::More,
            (true, _, LineEnd::Here(length)) => {
                field.extend_from_slice(rest.get(..length).unwrap_or_default());
                place += length;
                ends += 1;
            }
            (false, _, LineEnd::Here(length)) => {
                fields.push(field);
                return Read::Row(place + length, ends + 1, texts(fields));
            }
            (true, b'"', LineEnd::Not) => match (after.first(), line_end(after, at_end)) {
                (None, _) if !at_end => return Read::More,
                (Some(b'"'), _) => {
                    field.push(b'"');
                    place += 2;
                }
                (None | Some(b','), _) | (_, LineEnd::Here(_) | LineEnd::Perhaps) => {
                    quoted = false;
                    place += 1;
                }
                (Some(_), LineEnd::Not) if ends > 0 => {
                    return Read::Fault(RowError::Unclosed(Unclosed::Line(line + ends)));
                }
                (Some(b';' | b'\t'), LineEnd::Not) => return Read::Fault(RowError::Separator),
                (Some(_), LineEnd::Not) => return Read::Fault(RowError::Stray),
            },
            (false, b'"', LineEnd::Not) if field.is_empty() && is_field_start(text, place) => {
                quoted = true;
                place += 1;
            }
            (false, b'"', LineEnd::Not) => return Read::Fault(RowError::Stray),
            (false, b',', LineEnd::Not) => {
                fields.push(std::mem::take(&mut field));
                place += 1;
            }
            (_, byte, LineEnd::Not) => {
                field.push(*byte);
                place += 1;
            }
        }
    }
}

fn is_field_start(text: &[u8], place: usize) -> bool {
    place.checked_sub(1).is_none_or(|before| text.get(before) == Some(&b','))
}

fn texts(fields: Vec<Vec<u8>>) -> Result<Vec<String>, RowError> {
    let text = |field| String::from_utf8(field).map(|text| composed(&text).into_owned()).map_err(|_| RowError::Utf8);
    fields.into_iter().map(text).collect()
}

/// All rows of a file that is at hand as a whole.
#[must_use]
pub fn all(mut file: &[u8]) -> Vec<RawRow> {
    let mut rows = Rows::default();
    let mut all: Vec<RawRow> = std::iter::from_fn(|| rows.next(&mut file)).collect();
    all.extend(std::iter::from_fn(|| rows.finish()));
    all
}
