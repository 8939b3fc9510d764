//! Words as they are compared: lower case, without accents.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `Sjögren` as `sjogren`.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words of a text, folded. A possessive `'s` is no word of its own: people leave out the apostrophe or all of it.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut folded = fold(text);
    folded.push(' ');
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut possessive = false;
    for c in folded.chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() {
            if !(possessive && word == "s") {
                words.push(std::mem::take(&mut word));
            }
            word.clear();
            possessive = matches!(c, '\'' | '\u{2019}' | '`');
        } else {
            possessive = false;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn accents_case_and_possessives_make_no_difference() {
        assert_eq!(words("Sjögren’s syndrome"), ["sjogren", "syndrome"]);
        assert_eq!(words("MÉNIÈRE'S, Guillain-Barré"), ["meniere", "guillain", "barre"]);
        assert_eq!(words("s' s"), ["s", "s"]);
        assert_eq!(words("type 2 'x'"), ["type", "2", "x"]);
        assert!(words(" -' ").is_empty());
    }
}
