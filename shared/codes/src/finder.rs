//! Search over one code system. Its part of the data is by far the larger one: only a function that searches links it.

use std::ops::Range;

use crate::{
    Entry, Index,
    index::partition,
    layout::Words,
    query::{Query, Spellings},
};

/// Entries that one search returns at most.
pub const MAX_PAGE: usize = 100;

/// The codes of one system, by their beginnings and by the words of their descriptions.
#[derive(Debug)]
pub struct Finder {
    index: &'static Index,
    words: Words,
}

impl Finder {
    /// A file that does not belong to the index finds nothing by words; the tests hold the embedded ones to theirs.
    pub(crate) fn open(index: &'static Index, file: &'static [u8]) -> Self {
        Self { index, words: Words::read(file, &index.0).unwrap_or(Words::EMPTY) }
    }

    /// The codes that are searched.
    #[must_use]
    pub fn index(&self) -> &'static Index {
        self.index
    }

    /// Codes that begin with `query`, then codes whose description has a word beginning with each word of it.
    ///
    /// Order of the first: the exact code, billable codes, headers, each in code order. Order of the second: billable first, then fewer
    /// words, then those that have the words in the order asked, then shorter. At most [`MAX_PAGE`] entries; an empty query finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Vec<Entry> {
        let limit = limit.min(MAX_PAGE);
        let query = Query::parse(query);
        let prefixed = query.code.as_deref().map_or(0..0, |code| self.index.prefixed(code));
        let mut page: Vec<usize> =
            self.by_code(prefixed.clone(), query.code.as_deref()).skip(offset).take(limit).collect();
        let skip = offset.saturating_sub(prefixed.len());
        page.extend(self.by_words(&query.words, &prefixed, skip, limit - page.len()));
        page.into_iter().filter_map(|at| self.index.entry(at)).collect()
    }

    fn by_code(&self, codes: Range<usize>, exact: Option<&str>) -> impl Iterator<Item = usize> {
        let newest = self.index.newest();
        let is_exact = codes.clone().next().filter(|at| Some(self.index.code(*at)) == exact);
        let rest = codes.start + usize::from(is_exact.is_some())..codes.end;
        let billable = move |at: &usize| self.index.flags(*at) >> newest & 1 == 1;
        let headers = rest.clone().filter(move |at| !billable(at));
        is_exact.into_iter().chain(rest.filter(billable)).chain(headers)
    }

    fn by_words(&self, words: &[Spellings], without: &Range<usize>, mut skip: usize, limit: usize) -> Vec<usize> {
        let mut page = Vec::new();
        let words: Vec<Vec<Range<usize>>> =
            words.iter().map(|word| word.iter().map(|w| self.atoms(w)).collect()).collect();
        let Some(found) = self.having_all(&words).filter(|_| limit > 0) else { return page };
        for group in 0..self.words.group_count {
            let from = self.words.groups.u32(group).unwrap_or(0);
            let to = self
                .words
                .groups
                .u32(group + 1)
                .filter(|_| group + 1 < self.words.group_count)
                .unwrap_or(self.index.len());
            let mut codes: Vec<usize> = found
                .ranks(from..to)
                .filter_map(|rank| self.words.ranks.u32(rank))
                .filter(|at| !without.contains(at))
                .collect();
            if codes.len() <= skip {
                skip -= codes.len();
                continue;
            }
            if words.len() > 1 {
                let (ordered, others): (Vec<_>, Vec<_>) =
                    codes.into_iter().partition(|at| self.has_in_order(*at, &words));
                codes = ordered;
                codes.extend(others);
            }
            page.extend(codes.into_iter().skip(skip).take(limit - page.len()));
            skip = 0;
            if page.len() == limit {
                break;
            }
        }
        page
    }

    /// The ranks whose description has every word; `None` if a word is not in the vocabulary, or there are no words.
    fn having_all(&self, words: &[Vec<Range<usize>>]) -> Option<Ranks> {
        if words.iter().any(|word| word.iter().all(Range::is_empty)) {
            return None;
        }
        words
            .iter()
            .map(|word| {
                let mut ranks = Ranks::none(self.index.len());
                for atom in word.iter().cloned().flatten() {
                    ranks.add(self.words.postings.get(atom));
                }
                ranks
            })
            .reduce(Ranks::and)
    }

    fn has_in_order(&self, at: usize, words: &[Vec<Range<usize>>]) -> bool {
        let mut atoms = self.index.tokens(at);
        words.iter().all(|word| atoms.any(|atom| word.iter().any(|range| range.contains(&atom))))
    }

    /// The atoms that begin with a lower-case `prefix`.
    fn atoms(&self, prefix: &str) -> Range<usize> {
        let length = prefix.chars().count();
        let begin = |at: usize| self.index.0.atoms.text(at).chars().flat_map(char::to_lowercase).take(length);
        let from = partition(self.index.0.atom_count, |at| begin(at).lt(prefix.chars()));
        from..partition(self.index.0.atom_count, |at| begin(at).le(prefix.chars()))
    }
}

/// A set of ranks: a bit each, because a short prefix matches half of all codes.
struct Ranks(Vec<u64>);

impl Ranks {
    fn none(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// Adds ranks stored as varint gaps, the first counted from one before the first rank.
    fn add(&mut self, gaps: &[u8]) {
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

    fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        self
    }

    fn ranks(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
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
