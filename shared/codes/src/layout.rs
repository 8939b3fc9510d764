//! The two files of a code system: sections of little-endian numbers and text, in this order.
//!
//! | codes | size | what |
//! |---|---|---|
//! | header | 64 | [`MAGIC`], system, number of releases, four labels of 8 bytes; number of codes and atoms; bytes of descriptions and atoms |
//! | codes | 8 each | code padded with spaces to 7, flags: billable (low four bits) and listed (high four) per release; sorted |
//! | descriptions | pieces | per code, 2-byte numbers of atoms |
//! | atoms | pieces | runs of letters and digits, and what stands between them, sorted without regard to case |
//!
//! | words | size | what |
//! |---|---|---|
//! | header | 32 | [`WORDS_MAGIC`]; number of codes, atoms, words, texts and groups; bytes of words and postings |
//! | words of atoms | 2 each | per atom the number of its word, or [`NO_WORD`] |
//! | texts | 4 each | per rank twice the place of its code, and one more if the text is the code's description; `import/words.rs` ranks them |
//! | groups | 4 each | first rank of each run of texts equal in kind and number of words |
//! | words | pieces | lower case, without accents, sorted |
//! | postings | pieces | per word the ranks that have it, as varint gaps |
//!
//! Pieces are 4-byte offsets (one more than there are pieces) and then the bytes. One space between two words is not stored.

use std::ops::Range;

use crate::{Release, System};

pub(crate) const MAGIC: &[u8; 4] = b"PCI2";
pub(crate) const WORDS_MAGIC: &[u8; 4] = b"PCW3";
/// The word of an atom that is none.
pub(crate) const NO_WORD: u16 = u16::MAX;
pub(crate) const MAX_RELEASES: usize = 4;
pub(crate) const CODE_WIDTH: usize = 7;
pub(crate) const LABEL_WIDTH: usize = 8;

/// Numbers of fixed width.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers(&'static [u8]);

impl Numbers {
    pub(crate) fn u32(self, at: usize) -> Option<usize> {
        let (bytes, _) = self.0.get(at * 4..)?.split_first_chunk()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    }

    pub(crate) fn u16(self, at: usize) -> Option<u16> {
        let (bytes, _) = self.0.get(at * 2..)?.split_first_chunk()?;
        Some(u16::from_le_bytes(*bytes))
    }
}

/// Pieces of different length, one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pieces {
    offsets: Numbers,
    bytes: &'static [u8],
}

impl Pieces {
    pub(crate) fn get(self, at: usize) -> &'static [u8] {
        let range = self.offsets.u32(at).zip(self.offsets.u32(at + 1));
        range.and_then(|(from, to)| self.bytes.get(from..to)).unwrap_or_default()
    }

    pub(crate) fn text(self, at: usize) -> &'static str {
        std::str::from_utf8(self.get(at)).unwrap_or_default()
    }
}

/// The sections of a file of codes.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) system: System,
    pub(crate) releases: Vec<Release>,
    pub(crate) codes: &'static [[u8; CODE_WIDTH + 1]],
    pub(crate) descriptions: Pieces,
    pub(crate) atoms: Pieces,
    pub(crate) atom_count: usize,
}

/// The sections of a file of words.
#[derive(Debug)]
pub(crate) struct Words {
    of_atoms: Numbers,
    texts: Numbers,
    pub(crate) text_count: usize,
    groups: Numbers,
    pub(crate) group_count: usize,
    pub(crate) vocabulary: Pieces,
    pub(crate) word_count: usize,
    pub(crate) postings: Pieces,
}

impl Words {
    /// No words: what a file that does not belong to the codes amounts to.
    pub(crate) const EMPTY: Self = Self {
        of_atoms: Numbers(&[]),
        texts: Numbers(&[]),
        text_count: 0,
        groups: Numbers(&[]),
        group_count: 0,
        vocabulary: NO_PIECES,
        word_count: 0,
        postings: NO_PIECES,
    };

    pub(crate) fn read(file: &'static [u8], codes: &Layout) -> Option<Self> {
        let mut file = Cursor(file);
        file.take(WORDS_MAGIC.len())?.strip_prefix(WORDS_MAGIC)?;
        let counts = Numbers(file.take(28)?);
        let count = |at| counts.u32(at);
        if (count(0)?, count(1)?) != (codes.codes.len(), codes.atom_count) {
            return None;
        }
        let (word_count, text_count, group_count) = (count(2)?, count(3)?, count(4)?);
        Some(Self {
            of_atoms: Numbers(file.take(codes.atom_count * 2)?),
            texts: Numbers(file.take(text_count * 4)?),
            text_count,
            groups: Numbers(file.take(group_count * 4)?),
            group_count,
            vocabulary: file.pieces(word_count, count(5)?)?,
            word_count,
            postings: file.pieces(word_count, count(6)?)?,
        })
    }

    /// The place of the code that a text belongs to, and whether the text is its description.
    pub(crate) fn text(&self, rank: usize) -> Option<(usize, bool)> {
        self.texts.u32(rank).map(|text| (text / 2, text % 2 == 1))
    }

    /// The ranks of a group.
    pub(crate) fn group(&self, at: usize) -> Range<usize> {
        let end = if at + 1 < self.group_count { self.groups.u32(at + 1) } else { Some(self.text_count) };
        self.groups.u32(at).zip(end).map_or(0..0, |(from, to)| from..to)
    }

    /// How much a word is used, roughly.
    pub(crate) fn uses(&self, word: usize) -> usize {
        self.postings.get(word).len()
    }

    /// The number of an atom's word.
    pub(crate) fn of_atom(&self, atom: usize) -> usize {
        self.of_atoms.u16(atom).unwrap_or(NO_WORD).into()
    }
}

const NO_PIECES: Pieces = Pieces { offsets: Numbers(&[]), bytes: &[] };

impl Layout {
    /// No codes: what a file that is not of this layout amounts to.
    pub(crate) const EMPTY: Self = Self {
        system: System::Icd10Cm,
        releases: Vec::new(),
        codes: &[],
        descriptions: NO_PIECES,
        atoms: NO_PIECES,
        atom_count: 0,
    };

    pub(crate) fn read(file: &'static [u8]) -> Option<Self> {
        let mut file = Cursor(file);
        let [system, releases, ..] = *file.take(8)?.strip_prefix(MAGIC)? else { return None };
        let releases = file
            .take(LABEL_WIDTH * MAX_RELEASES)?
            .chunks_exact(LABEL_WIDTH)
            .take(releases.into())
            .map(|label| Release::new(std::str::from_utf8(label).ok()?.trim_end()))
            .collect::<Option<_>>()?;
        let counts = Numbers(file.take(24)?);
        let count = |at| counts.u32(at);
        let (codes, atom_count) = (count(0)?, count(1)?);
        Some(Self {
            system: if system == 0 { System::Icd10Cm } else { System::Hcpcs },
            releases,
            codes: file.take(codes * (CODE_WIDTH + 1))?.as_chunks().0,
            descriptions: file.pieces(codes, count(2)?)?,
            atoms: file.pieces(atom_count, count(3)?)?,
            atom_count,
        })
    }
}

struct Cursor(&'static [u8]);

impl Cursor {
    fn take(&mut self, len: usize) -> Option<&'static [u8]> {
        let (head, tail) = self.0.split_at_checked(len)?;
        self.0 = tail;
        Some(head)
    }

    fn pieces(&mut self, count: usize, len: usize) -> Option<Pieces> {
        Some(Pieces { offsets: Numbers(self.take((count + 1) * 4)?), bytes: self.take(len)? })
    }
}
