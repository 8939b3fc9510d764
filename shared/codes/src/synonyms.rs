//! What words of a query mean in the words of the descriptions.

use std::collections::HashMap;

use crate::fold::words;

/// Words that a phrase has at most.
pub(crate) const LONGEST: usize = 4;

/// Phrases, folded, and what each may mean instead.
#[derive(Debug)]
pub(crate) struct Synonyms(HashMap<String, Vec<Vec<String>>>);

impl Synonyms {
    /// Reads lines of `phrase,meaning;meaning`; the first line names the columns.
    pub(crate) fn read(file: &str) -> Self {
        let lines = file.lines().skip(1).filter_map(|line| line.split_once(','));
        Self(
            lines
                .map(|(phrase, meanings)| (words(phrase).join(" "), meanings.split(';').map(words).collect()))
                .collect(),
        )
    }

    pub(crate) fn meanings(&self, phrase: &[String]) -> &[Vec<String>] {
        self.0.get(&phrase.join(" ")).map_or(&[], Vec::as_slice)
    }

    /// The words that mean something else.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(|phrase| !phrase.contains(' '))
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }
}
