//! The file an index is: sections of little-endian numbers and text, in this order.
//!
//! | section | size | what |
//! |---|---|---|
//! | header | 64 | [`MAGIC`], system, number of releases, four labels of 8 bytes; number of codes, groups and atoms; bytes of descriptions, atoms and postings |
//! | codes | 8 each | code padded with spaces to 7, flags: billable (low four bits) and listed (high four) per release; sorted |
//! | ranks | 4 each | the code at a rank; rank is billable first, then fewer words, then shorter, then code |
//! | groups | 4 each | first rank of each run of codes equal in billable and number of words |
//! | descriptions | pieces | per code, 2-byte numbers of atoms |
//! | atoms | pieces | runs of letters and digits, and what stands between them, sorted without regard to case |
//! | postings | pieces | per atom the ranks that have it, as varint gaps |
//!
//! Pieces are 4-byte offsets (one more than there are pieces) and then the bytes. One space between two words is not stored.

use crate::{Release, System};

pub(crate) const MAGIC: &[u8; 4] = b"PCI1";
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

/// The sections of one file.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) system: System,
    pub(crate) releases: Vec<Release>,
    pub(crate) codes: &'static [[u8; CODE_WIDTH + 1]],
    pub(crate) ranks: Numbers,
    pub(crate) groups: Numbers,
    pub(crate) group_count: usize,
    pub(crate) descriptions: Pieces,
    pub(crate) atoms: Pieces,
    pub(crate) atom_count: usize,
    pub(crate) postings: Pieces,
}

impl Layout {
    /// No codes: what a file that is not of this layout amounts to.
    pub(crate) const EMPTY: Self = Self {
        system: System::Icd10Cm,
        releases: Vec::new(),
        codes: &[],
        ranks: Numbers(&[]),
        groups: Numbers(&[]),
        group_count: 0,
        descriptions: Pieces { offsets: Numbers(&[]), bytes: &[] },
        atoms: Pieces { offsets: Numbers(&[]), bytes: &[] },
        atom_count: 0,
        postings: Pieces { offsets: Numbers(&[]), bytes: &[] },
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
        let (codes, group_count, atom_count) = (count(0)?, count(1)?, count(2)?);
        Some(Self {
            system: if system == 0 { System::Icd10Cm } else { System::Hcpcs },
            releases,
            codes: file.take(codes * (CODE_WIDTH + 1))?.as_chunks().0,
            ranks: Numbers(file.take(codes * 4)?),
            groups: Numbers(file.take(group_count * 4)?),
            group_count,
            descriptions: file.pieces(codes, count(3)?)?,
            atoms: file.pieces(atom_count, count(4)?)?,
            atom_count,
            postings: file.pieces(atom_count, count(5)?)?,
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
