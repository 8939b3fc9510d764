//! Look-up in one code system.

use std::ops::Range;

use jiff::civil::Date;

use crate::{
    Entry, Release, System,
    layout::{Layout, MAX_RELEASES},
    query::code_key,
};

/// All codes of one system.
#[derive(Debug)]
pub struct Index(pub(crate) Layout);

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

    pub(crate) fn prefixed(&self, prefix: &str) -> Range<usize> {
        let begin = |at: usize| self.code(at).bytes().take(prefix.len());
        let from = partition(self.len(), |at| begin(at).lt(prefix.bytes()));
        from..partition(self.len(), |at| begin(at).le(prefix.bytes()))
    }

    fn position(&self, code: &str) -> Option<usize> {
        let key = code_key(code)?;
        let at = partition(self.len(), |at| self.code(at) < key.as_str());
        (self.code(at) == key).then_some(at)
    }

    pub(crate) fn entry(&self, at: usize) -> Option<Entry> {
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

    pub(crate) fn code(&self, at: usize) -> &'static str {
        let text = self.0.codes.get(at).and_then(|[code @ .., _]| std::str::from_utf8(code).ok());
        text.unwrap_or_default().trim_end()
    }

    pub(crate) fn flags(&self, at: usize) -> u8 {
        self.0.codes.get(at).map_or(0, |[.., flags]| *flags)
    }

    pub(crate) fn newest(&self) -> usize {
        self.0.releases.len().saturating_sub(1)
    }

    pub(crate) fn tokens(&self, at: usize) -> impl Iterator<Item = usize> {
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

/// The first of `0..len` for which `before` no longer holds.
pub(crate) fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
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
