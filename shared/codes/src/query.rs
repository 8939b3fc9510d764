//! What a user typed, as a code prefix and as words.

use crate::fold;

/// Characters of a query that are read; the rest is ignored, so that no query is expensive.
pub const MAX_QUERY: usize = 100;
const MAX_WORDS: usize = 8;

/// Words that say nothing about what is meant.
const EMPTY_WORDS: [&str; 14] =
    ["of", "the", "and", "or", "with", "due", "to", "in", "for", "on", "by", "from", "patient", "pt"];

/// Words that narrow what is meant: the first to give up when nothing has all words.
pub(crate) const NARROWING: [&str; 24] = [
    "left",
    "right",
    "bilateral",
    "l",
    "r",
    "lt",
    "rt",
    "bil",
    "bilat",
    "both",
    "acute",
    "chronic",
    "severe",
    "mild",
    "moderate",
    "bad",
    "new",
    "old",
    "type",
    "stage",
    "grade",
    "initial",
    "recurrent",
    "unspecified",
];

/// A word in every spelling that a description may begin with.
pub(crate) type Spellings = Vec<String>;

/// A parsed query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// Upper case, undotted and without blanks: the beginnings of codes that the query can be.
    pub(crate) codes: Vec<String>,
    /// Folded, in the order typed, without words that are the beginning of another and without empty ones.
    pub(crate) words: Vec<String>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let text: String = text.trim().chars().take(MAX_QUERY).collect();
        let mut words: Vec<String> = Vec::new();
        for word in fold::words(&text) {
            if words.iter().any(|w| w.starts_with(&word)) {
                continue;
            }
            words.retain(|w| !word.starts_with(w.as_str()));
            words.push(word);
        }
        if words.iter().any(|word| !EMPTY_WORDS.contains(&word.as_str())) {
            words.retain(|word| !EMPTY_WORDS.contains(&word.as_str()));
        }
        words.truncate(MAX_WORDS);
        Self { codes: codes(&text), words }
    }
}

/// The codes that a text can begin: itself, or with its letter left out, as in `47.33`.
fn codes(text: &str) -> Vec<String> {
    match code_key(text) {
        Some(key) if key.len() > 2 && key.bytes().all(|b| b.is_ascii_digit()) => {
            std::iter::once(key.clone()).chain(('A'..='Z').map(|letter| format!("{letter}{key}"))).collect()
        }
        key => key.into_iter().collect(),
    }
}

/// The canonical form of a code or of its beginning: upper case, no dots or blanks. `None` if no code can look like that.
pub(crate) fn code_key(text: &str) -> Option<String> {
    let key: String = text.chars().filter(|c| *c != '.' && !c.is_whitespace()).take(8).collect();
    ((1..=7).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| key.to_ascii_uppercase())
}

/// Singular and plural of a word: descriptions use both, and people type either.
pub(crate) fn spellings(word: &str) -> Spellings {
    let mut all = vec![word.to_owned()];
    if word.len() > 3 {
        if let Some(stem) = word.strip_suffix("ies") {
            all.push(format!("{stem}y"));
        }
        if let Some(stem) = word.strip_suffix('y') {
            all.push(format!("{stem}ie"));
        }
        if let Some(stem) = word.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u', 'i'])) {
            let sibilant = ["se", "xe", "ze", "che", "she"].iter().any(|end| stem.ends_with(end));
            all.push(if sibilant { stem.trim_end_matches('e') } else { stem }.to_owned());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{MAX_QUERY, Query, code_key, spellings};

    /// REQ: CASE-12
    #[test]
    fn plural_and_singular_find_each_other() {
        assert_eq!(spellings("fractures"), ["fractures", "fracture"]);
        assert_eq!(spellings("arteries"), ["arteries", "artery", "arterie"]);
        assert_eq!(spellings("artery"), ["artery", "arterie"]);
        assert_eq!(spellings("metastases"), ["metastases", "metastas"]);
        assert_eq!(spellings("abscess"), ["abscess"]);
        assert_eq!(spellings("gas"), ["gas"]);
    }

    /// REQ: CASE-12
    #[test]
    fn a_word_that_begins_another_adds_nothing() {
        let query = Query::parse("s sleep Sleep, ap");
        assert_eq!(query, Query { codes: Vec::new(), words: vec!["sleep".into(), "ap".into()] });
    }

    #[test]
    fn words_that_say_nothing_are_left_out_unless_they_are_all() {
        assert_eq!(Query::parse("Patient with pain in the knee").words, ["pain", "knee"]);
        assert_eq!(Query::parse("with").words, ["with"]);
    }

    #[test]
    fn a_code_may_lack_its_letter() {
        let codes = Query::parse("47.33").codes;
        assert_eq!((codes.len(), codes.first().map(String::as_str)), (27, Some("4733")));
        assert!(codes.contains(&"G4733".to_owned()));
        assert_eq!(Query::parse("47").codes, ["47"]);
    }

    /// REQ: CASE-12
    #[test]
    fn codes_are_read_with_and_without_the_dot() {
        assert_eq!(code_key(" g47.3 ").as_deref(), Some("G473"));
        assert_eq!(code_key("s52.501a").as_deref(), Some("S52501A"));
        assert_eq!(code_key("f 84 . 0").as_deref(), Some("F840"));
        for text in ["", ".", "é", "sleep apnea", "obstructive"] {
            assert_eq!(code_key(text), None, "{text}");
        }
    }

    /// REQ: CASE-12
    #[test]
    fn a_long_query_is_cut() {
        let query = Query::parse(&"é ".repeat(10_000));
        assert_eq!(query.words, ["e"]);
        assert!(Query::parse(&"x".repeat(MAX_QUERY * 2)).words.iter().all(|w| w.len() == MAX_QUERY));
    }
}
