//! Search over one code system. Its part of the data is by far the larger one: only a function that searches links it.

use std::ops::Range;

use crate::{
    Entry, Index,
    index::partition,
    layout::Words,
    nearest::nearest,
    query::{NARROWING, Query, spellings},
    ranks::Ranks,
    synonyms::{LONGEST, Synonyms},
};

/// Entries that one search returns at most.
pub const MAX_PAGE: usize = 100;

/// If fewer texts match, the words may be mistyped: what they may stand for comes after.
const FEW: usize = 5;

/// The codes of one system, by their beginnings and by words: of their descriptions, and of the terms that people use instead.
#[derive(Debug)]
pub struct Finder {
    index: &'static Index,
    words: Words,
    synonyms: Synonyms,
}

/// Words of the vocabulary: those that begin with a typed word, in any of its spellings.
type Begun = Vec<Range<usize>>;

/// What a part of the query asks for, as readings of which one must be there: each is words that must all be there.
type Asked = Vec<Vec<Begun>>;

/// The ranks that match, and what they were asked for.
struct Layer {
    found: Ranks,
    asked: Vec<Asked>,
}

impl Finder {
    /// A file that does not belong to the index finds nothing by words; the tests hold the embedded ones to theirs.
    pub(crate) fn open(index: &'static Index, file: &'static [u8], synonyms: &str) -> Self {
        let words = Words::read(file, &index.0).unwrap_or(Words::EMPTY);
        Self { index, words, synonyms: Synonyms::read(synonyms) }
    }

    /// The codes that are searched.
    #[must_use]
    pub fn index(&self) -> &'static Index {
        self.index
    }

    /// Codes that begin with `query`, then codes of which a text has a word beginning with each word of it, or with what that means.
    ///
    /// Order of the first: the exact code, billable codes, headers, each in code order. Order of the second: by terms that people use,
    /// by other texts of common codes, of billable ones, of headers; each by fewer words that matter, then those that have the words in
    /// the order asked, then shorter. If few are found, the words are read as mistyped too; if none, those of its words count that
    /// are rarest and occur together. At most [`MAX_PAGE`] entries; an empty query finds nothing.
    #[must_use]
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Vec<Entry> {
        let query = Query::parse(query);
        let mut seen = Ranks::none(self.index.len());
        let by_code = query.codes.iter().flat_map(|code| self.by_code(code));
        // The words are looked at only if the codes do not fill the page.
        let by_words =
            std::iter::once_with(|| self.layers(&query.words)).flatten().flat_map(|layer| self.ranked(layer));
        by_code
            .chain(by_words)
            .filter(|at| seen.insert(*at))
            .skip(offset)
            .take(limit.min(MAX_PAGE))
            .filter_map(|at| self.index.entry(at))
            .collect()
    }

    fn by_code(&self, code: &str) -> impl Iterator<Item = usize> {
        let codes = self.index.prefixed(code);
        let newest = self.index.newest();
        let is_exact = codes.clone().next().filter(|at| self.index.code(*at) == code);
        let rest = codes.start + usize::from(is_exact.is_some())..codes.end;
        let billable = move |at: &usize| self.index.flags(*at) >> newest & 1 == 1;
        let headers = rest.clone().filter(move |at| !billable(at));
        is_exact.into_iter().chain(rest.filter(billable)).chain(headers)
    }

    /// What fits as typed; after it, if that is little, what fits otherwise.
    fn layers(&self, words: &[String]) -> Vec<Layer> {
        if words.is_empty() {
            return Vec::new();
        }
        let mut layers = vec![self.layer(words)];
        let count = |layers: &[Layer]| layers.iter().map(|layer| layer.found.count()).sum::<usize>();
        if count(&layers) < FEW && !words.iter().all(|word| self.is_known(word)) {
            layers.push(self.layer_mistyped(words));
        }
        if count(&layers) == 0 {
            let asked = layers.pop().map(|layer| layer.asked).unwrap_or_default();
            layers.push(Layer { found: self.having_most(words, &asked), asked });
        }
        layers
    }

    fn layer(&self, words: &[String]) -> Layer {
        let mut asked = Vec::new();
        let mut rest = words;
        while let Some((first, after)) = rest.split_first() {
            let last = after.is_empty();
            let length = (2..=LONGEST.min(rest.len()))
                .rev()
                .find(|length| rest.get(..*length).is_some_and(|phrase| self.is_phrase(phrase)));
            let (phrase, after) =
                length.and_then(|length| rest.split_at_checked(length)).unwrap_or((std::slice::from_ref(first), after));
            asked.push(self.readings(phrase, last));
            rest = after;
        }
        Layer { found: self.having_all(&asked), asked }
    }

    /// Every unknown word replaced by those nearest to it. What begins a known word stays a reading of itself.
    fn layer_mistyped(&self, words: &[String]) -> Layer {
        let asked = words
            .iter()
            .map(|word| {
                let mut readings = self.readings(std::slice::from_ref(word), true);
                if !self.is_known(word) {
                    let vocabulary =
                        (0..self.words.word_count).map(|at| (self.words.vocabulary.get(at), self.words.uses(at)));
                    let synonyms = self.synonyms.words().map(|word| (word.as_bytes(), 0));
                    for near in nearest(word, vocabulary.chain(synonyms)) {
                        readings.extend(self.readings(&[near.to_owned()], false));
                    }
                    readings.extend(self.two_words(word));
                }
                readings
            })
            .collect::<Vec<_>>();
        Layer { found: self.having_all(&asked), asked }
    }

    /// Whether words have a meaning together: one of the synonyms, or a word that is mostly written as one.
    fn is_phrase(&self, words: &[String]) -> bool {
        !self.synonyms.meanings(words).is_empty() || matches!(words, [a, b] if self.is_word(&format!("{a}{b}")))
    }

    /// Everything that a word or phrase may mean. A single letter is the beginning of a word only while it is typed, at the end.
    fn readings(&self, phrase: &[String], last: bool) -> Asked {
        let plain: Vec<Begun> = phrase
            .iter()
            .map(|word| if last || word.len() > 1 { self.begun(word) } else { vec![self.whole(word)] })
            .collect();
        let mut readings = vec![plain];
        for meaning in self.synonyms.meanings(phrase) {
            readings.push(meaning.iter().map(|word| self.begun(word)).collect());
        }
        if let [a, b] = phrase {
            readings.push(vec![vec![self.whole(&format!("{a}{b}"))]]);
        }
        readings.retain(|words| words.iter().all(|begun| begun.iter().any(|range| !range.is_empty())));
        readings
    }

    /// Two words written as one.
    fn two_words(&self, word: &str) -> Option<Vec<Begun>> {
        let halves = (3..word.len().saturating_sub(2)).filter_map(|at| word.split_at_checked(at));
        halves
            .filter(|(a, b)| self.is_word(a) && self.is_word(b))
            .max_by_key(|(a, b)| a.len().min(b.len()))
            .map(|(a, b)| vec![self.begun(a), self.begun(b)])
    }

    fn having_all(&self, asked: &[Asked]) -> Ranks {
        if asked.iter().any(Vec::is_empty) {
            return Ranks::none(self.words.text_count);
        }
        let found = asked.iter().map(|readings| self.having(readings)).reduce(|a, b| a.and(&b));
        found.unwrap_or_else(|| Ranks::none(self.words.text_count))
    }

    /// The ranks that have as much as fits together, beginning with the rarest of what was typed right and does not merely narrow.
    /// Beside one known word, an unknown one is not passed over: that would find something else.
    fn having_most(&self, words: &[String], asked: &[Asked]) -> Ranks {
        let known = asked.iter().filter(|readings| !readings.is_empty()).count();
        if known < asked.len().min(2) {
            return Ranks::none(self.words.text_count);
        }
        // Phrases make fewer parts than words: what a part was is then not told apart.
        let word = |at: usize| words.get(at).filter(|_| words.len() == asked.len());
        let mut parts: Vec<_> = asked
            .iter()
            .enumerate()
            .filter(|(_, readings)| !readings.is_empty())
            .map(|(at, readings)| {
                let mistyped = word(at).is_some_and(|word| !self.is_known(word));
                let narrowing = word(at).is_some_and(|word| NARROWING.contains(&word.as_str()));
                let found = self.having(readings);
                (mistyped, narrowing, found.count(), found)
            })
            .collect();
        parts.sort_by_key(|(mistyped, narrowing, count, _)| (*mistyped, *narrowing, *count));
        let fitting = |kept: Ranks, next: Ranks| {
            let both = kept.clone().and(&next);
            if both.is_empty() { kept } else { both }
        };
        let found = parts.into_iter().map(|(.., found)| found).reduce(fitting);
        found.unwrap_or_else(|| Ranks::none(self.words.text_count))
    }

    fn having(&self, readings: &[Vec<Begun>]) -> Ranks {
        let mut any = Ranks::none(self.words.text_count);
        for words in readings {
            if let [word] = words.as_slice() {
                self.add(&mut any, word);
                continue;
            }
            let all = words.iter().map(|word| {
                let mut ranks = Ranks::none(self.words.text_count);
                self.add(&mut ranks, word);
                ranks
            });
            if let Some(all) = all.reduce(|a, b| a.and(&b)) {
                any = any.or(&all);
            }
        }
        any
    }

    fn add(&self, ranks: &mut Ranks, word: &Begun) {
        for at in word.iter().cloned().flatten() {
            ranks.add(self.words.postings.get(at));
        }
    }

    /// The places of the codes of a layer. One may come twice, for two of its texts.
    fn ranked(&self, Layer { found, asked }: Layer) -> impl Iterator<Item = usize> {
        (0..self.words.group_count).flat_map(move |group| {
            let texts = found.within(self.words.group(group)).filter_map(|rank| self.words.text(rank));
            let (mut ordered, others): (Vec<_>, Vec<_>) =
                texts.partition(|(at, described)| asked.len() < 2 || !described || self.has_in_order(*at, &asked));
            ordered.extend(others);
            ordered.into_iter().map(|(at, _)| at)
        })
    }

    fn has_in_order(&self, at: usize, asked: &[Asked]) -> bool {
        let mut words = self.index.tokens(at).map(|atom| self.words.of_atom(atom));
        asked
            .iter()
            .all(|readings| words.any(|word| readings.iter().flatten().flatten().any(|range| range.contains(&word))))
    }

    /// The words that begin with a word, in any of its spellings.
    fn begun(&self, word: &str) -> Begun {
        spellings(word)
            .iter()
            .map(|begin| self.range(begin, |known| known.get(..begin.len()).unwrap_or(known)))
            .collect()
    }

    fn whole(&self, word: &str) -> Range<usize> {
        self.range(word, |known| known)
    }

    /// Whether a word is written as it is known, in one of its spellings.
    fn is_known(&self, word: &str) -> bool {
        spellings(word).iter().any(|word| self.is_word(word))
    }

    fn is_word(&self, word: &str) -> bool {
        !self.whole(word).is_empty() || self.synonyms.has(word)
    }

    fn range(&self, word: &str, part: impl Fn(&'static [u8]) -> &'static [u8]) -> Range<usize> {
        let part = |at: usize| part(self.words.vocabulary.get(at));
        let from = partition(self.words.word_count, |at| part(at) < word.as_bytes());
        from..partition(self.words.word_count, |at| part(at) <= word.as_bytes())
    }
}
