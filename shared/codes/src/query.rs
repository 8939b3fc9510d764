//! What a user typed, as a code prefix and as words.

/// Characters of a query that are read; the rest is ignored, so that no query is expensive.
pub const MAX_QUERY: usize = 100;
const MAX_WORDS: usize = 8;

/// A word of the query, in every spelling that a description may begin with.
pub(crate) type Spellings = Vec<String>;

/// A parsed query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// Upper case and undotted, if the query can be the beginning of a code.
    pub(crate) code: Option<String>,
    /// In the order typed, without words that are the beginning of another.
    pub(crate) words: Vec<Spellings>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let text: String = text.trim().chars().take(MAX_QUERY).collect();
        let mut words: Vec<String> = Vec::new();
        for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            if words.iter().any(|w| w.starts_with(word)) {
                continue;
            }
            words.retain(|w| !word.starts_with(w.as_str()));
            words.push(word.to_owned());
        }
        words.truncate(MAX_WORDS);
        Self { code: code_key(&text), words: words.iter().map(|w| spellings(w)).collect() }
    }
}

/// The canonical form of a code or of its beginning: upper case, no dots. `None` if no code can look like that.
pub(crate) fn code_key(text: &str) -> Option<String> {
    let key: String = text.trim().chars().filter(|c| *c != '.').take(8).collect();
    ((1..=7).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| key.to_ascii_uppercase())
}

/// Singular and plural of a word: descriptions use both, and people type either.
fn spellings(word: &str) -> Spellings {
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
        assert_eq!(query.words, [["sleep"], ["ap"]]);
        assert_eq!(query.code, None);
    }

    /// REQ: CASE-12
    #[test]
    fn codes_are_read_with_and_without_the_dot() {
        assert_eq!(code_key(" g47.3 ").as_deref(), Some("G473"));
        assert_eq!(code_key("s52.501a").as_deref(), Some("S52501A"));
        for text in ["", ".", "é", "sleep apnea", "obstructive"] {
            assert_eq!(code_key(text), None, "{text}");
        }
    }

    /// REQ: CASE-12
    #[test]
    fn a_long_query_is_cut() {
        let query = Query::parse(&"é ".repeat(10_000));
        assert_eq!(query.words, [["é"]]);
        assert!(Query::parse(&"x".repeat(MAX_QUERY * 2)).words.iter().flatten().all(|w| w.len() == MAX_QUERY));
    }
}
