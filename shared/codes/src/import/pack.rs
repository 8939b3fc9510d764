//! Writes the file of codes that [`Index`](crate::Index) reads; `layout.rs` says what is where.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Row;
use crate::{
    System,
    layout::{CODE_WIDTH, LABEL_WIDTH, MAGIC, MAX_RELEASES},
    release::validity,
};

/// Why rows cannot be packed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// A file has room for four.
    #[error("more than {MAX_RELEASES} releases")]
    Releases,
    /// Not a label that names a time.
    #[error("not the label of a release: {0}")]
    Label(String),
    /// A code does not fit its column.
    #[error("not a code: {0}")]
    Code(String),
    /// A number outgrew its column.
    #[error("too many codes or words")]
    Size,
}

#[derive(Default)]
struct Packed {
    description: String,
    flags: u8,
}

/// Packs the rows of up to four releases into a file: a code's description is that of the newest release that lists it.
///
/// HCPCS files list only part of what is in force, so their codes count as billable in every release.
///
/// # Errors
/// [`PackError`] if a row does not fit the layout.
pub fn pack(system: System, rows: &[Row]) -> Result<Vec<u8>, PackError> {
    let labels = labels(rows)?;
    let codes = merge(system, rows, &labels)?;
    let atoms: BTreeSet<(String, &str)> =
        codes.values().flat_map(|code| split(&code.description)).map(|atom| (atom.to_lowercase(), atom)).collect();
    let number: HashMap<&str, u16> = (0..=u16::MAX).zip(&atoms).map(|(number, (_, atom))| (*atom, number)).collect();
    if number.len() < atoms.len() {
        return Err(PackError::Size);
    }
    let tokens: Vec<Vec<u16>> = codes
        .values()
        .map(|code| split(&code.description).into_iter().filter_map(|atom| number.get(atom).copied()).collect())
        .collect();

    let tokens: Vec<Vec<u8>> =
        tokens.into_iter().map(|tokens| tokens.into_iter().flat_map(u16::to_le_bytes).collect()).collect();
    let atoms: Vec<&[u8]> = atoms.iter().map(|(_, atom)| atom.as_bytes()).collect();

    let mut file = MAGIC.to_vec();
    file.extend([
        u8::from(system == System::Hcpcs),
        u8::try_from(labels.len()).map_err(|_| PackError::Releases)?,
        0,
        0,
    ]);
    for at in 0..MAX_RELEASES {
        file.extend(format!("{:<LABEL_WIDTH$}", labels.get(at).copied().unwrap_or_default()).bytes());
    }
    for count in [codes.len(), atoms.len(), bytes(&tokens), bytes(&atoms), 0, 0] {
        file.extend(size(count)?.to_le_bytes());
    }
    for (code, packed) in &codes {
        file.extend(format!("{code:<CODE_WIDTH$}").bytes());
        file.push(packed.flags);
    }
    pieces(&mut file, &tokens)?;
    pieces(&mut file, &atoms)?;
    Ok(file)
}

/// The labels that occur, oldest first.
fn labels(rows: &[Row]) -> Result<Vec<&str>, PackError> {
    let labels: BTreeSet<&str> = rows.iter().map(|row| row.listed.as_str()).collect();
    let mut dated = Vec::new();
    for label in labels {
        let (first, _) =
            validity(label).filter(|_| label.len() <= LABEL_WIDTH).ok_or_else(|| PackError::Label(label.to_owned()))?;
        dated.push((first, label));
    }
    dated.sort_unstable();
    if dated.len() > MAX_RELEASES {
        return Err(PackError::Releases);
    }
    Ok(dated.into_iter().map(|(_, label)| label).collect())
}

fn merge<'a>(system: System, rows: &'a [Row], labels: &[&str]) -> Result<BTreeMap<&'a str, Packed>, PackError> {
    let mut codes: BTreeMap<&str, Packed> = BTreeMap::new();
    for (at, label) in labels.iter().enumerate() {
        for row in rows.iter().filter(|row| row.listed == *label) {
            if row.code.len() > CODE_WIDTH || !row.code.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(PackError::Code(row.code.clone()));
            }
            let packed = codes.entry(&row.code).or_default();
            packed.description.clone_from(&row.description);
            packed.flags |= 1 << (MAX_RELEASES + at) | u8::from(row.billable) << at;
            if system == System::Hcpcs {
                packed.flags |= 0x0f;
            }
        }
    }
    Ok(codes)
}

/// Runs of letters and digits and the runs between them, without the single spaces between words.
fn split(description: &str) -> Vec<&str> {
    let atoms: Vec<&str> = chunks(description).collect();
    let inner = 1..atoms.len().saturating_sub(1);
    atoms.iter().enumerate().filter(|(at, atom)| **atom != " " || !inner.contains(at)).map(|(_, atom)| *atom).collect()
}

fn chunks(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let word = text.chars().next()?.is_alphanumeric();
        let end = text.find(|c: char| c.is_alphanumeric() != word).unwrap_or(text.len());
        let (atom, rest) = text.split_at(end);
        text = rest;
        Some(atom)
    })
}

pub(super) fn pieces(file: &mut Vec<u8>, pieces: &[impl AsRef<[u8]>]) -> Result<(), PackError> {
    let mut end = 0;
    file.extend(0_u32.to_le_bytes());
    for piece in pieces {
        end += piece.as_ref().len();
        file.extend(size(end)?.to_le_bytes());
    }
    for piece in pieces {
        file.extend(piece.as_ref());
    }
    Ok(())
}

pub(super) fn bytes(pieces: &[impl AsRef<[u8]>]) -> usize {
    pieces.iter().map(|piece| piece.as_ref().len()).sum()
}

pub(super) fn size(number: usize) -> Result<u32, PackError> {
    u32::try_from(number).map_err(|_| PackError::Size)
}

#[cfg(test)]
mod tests {
    use super::{PackError, pack};
    use crate::{
        Finder, Index, System,
        import::{Row, pack_words},
    };

    fn row(code: &str, description: &str, billable: bool, listed: &str) -> Row {
        Row { code: code.into(), description: description.into(), billable, listed: listed.into() }
    }

    fn finder(system: System, rows: &[Row]) -> Finder {
        let index: &Index = Box::leak(Box::new(Index::open(pack(system, rows).expect("fits").leak())));
        Finder::open(index, pack_words(index, &[]).expect("fits").leak(), "")
    }

    fn index(system: System, rows: &[Row]) -> &'static Index {
        finder(system, rows).index()
    }

    /// REQ: CASE-12
    #[test]
    fn what_is_packed_is_read() {
        let texts = ["Crohn's disease", " (a)  b - c ", "Ménière, x-ray", "one", "ONE two  three"];
        let rows: Vec<Row> =
            texts.iter().enumerate().map(|(at, text)| row(&format!("A0{at}"), text, at % 2 == 0, "FY2027")).collect();
        let finder = finder(System::Icd10Cm, &rows);
        for row in &rows {
            let entry = finder.index().get(&row.code).expect("packed");
            assert_eq!((&entry.description, entry.billable, entry.listed), (&row.description, row.billable, "FY2027"));
        }
        assert_eq!(finder.search("ménière", 9, 0).len(), 1);
    }

    /// REQ: CASE-12
    #[test]
    fn the_newest_release_describes_and_a_dropped_code_stays() {
        let rows =
            [row("A00", "old", true, "FY2026"), row("A00", "new", false, "FY2027"), row("A01", "gone", true, "FY2026")];
        for rows in [rows.clone(), {
            let mut rows = rows;
            rows.reverse();
            rows
        }] {
            let index = index(System::Icd10Cm, &rows);
            let entry = |code| index.get(code).map(|entry| (entry.description, entry.billable, entry.listed));
            assert_eq!(entry("A00"), Some(("new".into(), false, "FY2027")));
            assert_eq!(entry("A01"), Some(("gone".into(), false, "FY2026")));
        }
    }

    /// REQ: CASE-14
    #[test]
    fn a_hcpcs_code_of_an_older_file_is_still_billable() {
        let rows = [row("T1015", "Clinic", true, "2018"), row("E0601", "Device", true, "2026-04")];
        assert!(index(System::Hcpcs, &rows).get("T1015").is_some_and(|entry| entry.billable && entry.listed == "2018"));
    }

    /// REQ: CASE-12
    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(pack(System::Icd10Cm, &[row("A00", "x", true, "soon")]), Err(PackError::Label("soon".into())));
        assert_eq!(
            pack(System::Icd10Cm, &[row("A0012345", "x", true, "2018")]),
            Err(PackError::Code("A0012345".into()))
        );
        let years: Vec<Row> = (2018..2023).map(|year| row("A00", "x", true, &year.to_string())).collect();
        assert_eq!(pack(System::Icd10Cm, &years), Err(PackError::Releases));
    }

    /// REQ: CASE-12
    #[test]
    fn a_file_cut_short_has_no_codes_or_no_words() {
        let codes: &'static [u8] =
            pack(System::Icd10Cm, &[row("A00", "Cholera", true, "FY2027")]).expect("fits").leak();
        let words: &'static [u8] = pack_words(&Index::open(codes), &[]).expect("fits").leak();
        let open = |codes, words| Finder::open(Box::leak(Box::new(Index::open(codes))), words, "");
        for end in 0..codes.len() {
            let finder = open(codes.get(..end).unwrap_or_default(), words);
            assert!(finder.index().is_empty() && finder.search("cholera", 9, 0).is_empty(), "{end}");
        }
        for end in 0..words.len() {
            let finder = open(codes, words.get(..end).unwrap_or_default());
            assert!(finder.search("cholera", 9, 0).is_empty() && finder.index().get("A00").is_some(), "{end}");
        }
        assert_eq!(open(codes, words).search("cholera", 9, 0).len(), 1);
    }
}
