//! Sets of numbers below a bound: a bit each, because a short prefix matches half of all texts.

use std::ops::Range;

/// A set of ranks, or of places of codes.
#[derive(Debug, Clone)]
pub(crate) struct Ranks(Vec<u64>);

impl Ranks {
    pub(crate) fn none(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Adds a number and says whether it is new.
    pub(crate) fn insert(&mut self, rank: usize) -> bool {
        let Some(word) = self.0.get_mut(rank / 64) else { return false };
        let bit = 1 << (rank % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Adds ranks stored as varint gaps, the first counted from one before the first rank.
    pub(crate) fn add(&mut self, gaps: &[u8]) {
        let (mut rank, mut gap, mut shift) = (usize::MAX, 0, 0);
        for byte in gaps {
            gap |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 {
                rank = rank.wrapping_add(gap);
                (gap, shift) = (0, 0);
                if let Some(word) = self.0.get_mut(rank / 64) {
                    *word |= 1 << (rank % 64);
                }
            }
        }
    }

    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
        self
    }

    pub(crate) fn or(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
        self
    }

    pub(crate) fn within(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let words = range.start / 64..range.end.div_ceil(64);
        let bits = words.flat_map(|at| {
            let mut word = self.0.get(at).copied().unwrap_or(0);
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (word != 0).then(|| {
                    word &= word - 1;
                    at * 64 + bit
                })
            })
        });
        bits.filter(move |rank| range.contains(rank))
    }
}
