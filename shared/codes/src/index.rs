//! Look-up and search over one code system.

use std::ops::Range;

use jiff::civil::Date;

use crate::{
    Entry, Release, System,
    layout::{Layout, MAX_RELEASES},
    query::{Query, Spellings, code_key},
};

/// Entries that one search returns at most.
pub const MAX_PAGE: usize = 100;

/// All codes of one system, searchable.
#[derive(Debug)]
pub struct Index(Layout);

impl Index {
    /// A file that is not of the layout gives an index without codes; the tests hold the embedded ones to their counts.
    pub(crate) fn open(file: &'static [u8]) -> Self {
        Self(Layout::read(file).unwrap_or(Layout::EMPTY))
    }

    /// The code system.
    #[must_use]
    pub fn system(&self) -> System {
        self.0.system
    }

    /// Number of codes, headers included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.codes.len()
    }

    /// Whether there are no codes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.codes.is_empty()
    }

    /// All codes in order, canonical form.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).map(|at| self.code(at))
    }

    /// The embedded releases, oldest first.
    #[must_use]
    pub fn releases(&self) -> &[Release] {
        &self.0.releases
    }

    /// The newest embedded release.
    #[must_use]
    pub fn release(&self) -> Option<&Release> {
        self.0.releases.last()
    }

    /// The embedded release that was in force on `date`, if there is one.
    #[must_use]
    pub fn release_on(&self, date: Date) -> Option<&Release> {
        self.0.releases.iter().find(|release| release.covers(date))
    }

    /// The entry of a code, written with or without the dot and in any case.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<Entry> {
        self.position(code).and_then(|at| self.entry(at))
    }

    /// Whether a code could be billed for a service on `date`.
    ///
    /// A date outside all embedded releases is judged by the nearest: the newest knows best about next year, the oldest about long ago.
    #[must_use]
    pub fn billable_on(&self, code: &str, date: Date) -> bool {
        let release = self.0.releases.iter().rposition(|release| release.first <= date).unwrap_or(0);
        self.position(code).is_some_and(|at| self.flags(at) >> release & 1 == 1)
    }

    /// Codes that begin with `query`, then codes whose description has a word beginning with each word of it.
    ///
    /// Order of the first: the exact code, billable codes, headers, each in code order. Order of the second: billable first, then fewer
    /// words, then those that have the words in the order asked, then shorter. At most [`MAX_PAGE`] entries; an empty query finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Vec<Entry> {
        let limit = limit.min(MAX_PAGE);
        let query = Query::parse(query);
        let prefixed = query.code.as_deref().map_or(0..0, |code| self.prefixed(code));
        let mut page: Vec<usize> =
            self.by_code(prefixed.clone(), query.code.as_deref()).skip(offset).take(limit).collect();
        let skip = offset.saturating_sub(prefixed.len());
        page.extend(self.by_words(&query.words, &prefixed, skip, limit - page.len()));
        page.into_iter().filter_map(|at| self.entry(at)).collect()
    }

    fn by_code(&self, codes: Range<usize>, exact: Option<&str>) -> impl Iterator<Item = usize> {
        let newest = self.newest();
        let is_exact = codes.clone().next().filter(|at| Some(self.code(*at)) == exact);
        let rest = codes.start + usize::from(is_exact.is_some())..codes.end;
        let billable = move |at: &usize| self.flags(*at) >> newest & 1 == 1;
        let headers = rest.clone().filter(move |at| !billable(at));
        is_exact.into_iter().chain(rest.filter(billable)).chain(headers)
    }

    fn by_words(&self, words: &[Spellings], without: &Range<usize>, mut skip: usize, limit: usize) -> Vec<usize> {
        let mut page = Vec::new();
        let words: Vec<Vec<Range<usize>>> =
            words.iter().map(|word| word.iter().map(|w| self.atoms(w)).collect()).collect();
        let Some(found) = self.having_all(&words).filter(|_| limit > 0) else { return page };
        for group in 0..self.0.group_count {
            let from = self.0.groups.u32(group).unwrap_or(0);
            let to = self.0.groups.u32(group + 1).filter(|_| group + 1 < self.0.group_count).unwrap_or(self.len());
            let mut codes: Vec<usize> = found
                .ranks(from..to)
                .filter_map(|rank| self.0.ranks.u32(rank))
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
                let mut ranks = Ranks::none(self.len());
                for atom in word.iter().cloned().flatten() {
                    ranks.add(self.0.postings.get(atom));
                }
                ranks
            })
            .reduce(Ranks::and)
    }

    fn has_in_order(&self, at: usize, words: &[Vec<Range<usize>>]) -> bool {
        let mut atoms = self.tokens(at);
        words.iter().all(|word| atoms.any(|atom| word.iter().any(|range| range.contains(&atom))))
    }

    /// The atoms that begin with a lower-case `prefix`.
    fn atoms(&self, prefix: &str) -> Range<usize> {
        let length = prefix.chars().count();
        let begin = |at: usize| self.0.atoms.text(at).chars().flat_map(char::to_lowercase).take(length);
        let from = partition(self.0.atom_count, |at| begin(at).lt(prefix.chars()));
        from..partition(self.0.atom_count, |at| begin(at).le(prefix.chars()))
    }

    fn prefixed(&self, prefix: &str) -> Range<usize> {
        let begin = |at: usize| self.code(at).bytes().take(prefix.len());
        let from = partition(self.len(), |at| begin(at).lt(prefix.bytes()));
        from..partition(self.len(), |at| begin(at).le(prefix.bytes()))
    }

    fn position(&self, code: &str) -> Option<usize> {
        let key = code_key(code)?;
        let at = partition(self.len(), |at| self.code(at) < key.as_str());
        (self.code(at) == key).then_some(at)
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let listed = MAX_RELEASES + self.0.releases.len();
        let listed = (MAX_RELEASES..listed).rfind(|bit| self.flags(at) >> bit & 1 == 1)?;
        Some(Entry {
            system: self.0.system,
            code: self.code(at),
            description: self.description(at),
            billable: self.flags(at) >> self.newest() & 1 == 1,
            listed: self.0.releases.get(listed - MAX_RELEASES)?.label,
        })
    }

    fn code(&self, at: usize) -> &'static str {
        let text = self.0.codes.get(at).and_then(|[code @ .., _]| std::str::from_utf8(code).ok());
        text.unwrap_or_default().trim_end()
    }

    fn flags(&self, at: usize) -> u8 {
        self.0.codes.get(at).map_or(0, |[.., flags]| *flags)
    }

    fn newest(&self) -> usize {
        self.0.releases.len().saturating_sub(1)
    }

    fn tokens(&self, at: usize) -> impl Iterator<Item = usize> {
        self.0.descriptions.get(at).as_chunks().0.iter().map(|atom| usize::from(u16::from_le_bytes(*atom)))
    }

    fn description(&self, at: usize) -> String {
        let mut text = String::new();
        let mut after_word = false;
        for atom in self.tokens(at).map(|atom| self.0.atoms.text(atom)) {
            let word = atom.starts_with(char::is_alphanumeric);
            if word && after_word {
                text.push(' ');
            }
            text.push_str(atom);
            after_word = word;
        }
        text
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

/// The first of `0..len` for which `before` no longer holds.
fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut from, mut to) = (0, len);
    while from < to {
        let middle = from.midpoint(to);
        if before(middle) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    from
}
