//! Names and numbers as people are looked for and compared: one folding for searches, merging and duplicates.
//!
//! A mainframe writes `NUNEZ`, a clerk `Núñez`, a spreadsheet the same in two other signs; a curly apostrophe, a hyphen
//! or a "Jr" makes nobody another person. What is stored and shown keeps its spelling: only keys are folded.

use std::borrow::Cow;

use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
    is_nfc_quick,
};

/// Text in the one form in which it is stored (Unicode NFC): what looks the same is the same.
#[must_use]
pub fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::Maybe | IsNormalized::No => Cow::Owned(text.nfc().collect()),
    }
}

/// What a name or a number is found by: its letters and digits without accents and letter case, as `letters` has them.
/// Empty for what has none, as `-`: that is found by nothing.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| counts(*c)).flat_map(char::to_lowercase) {
        match letters(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    // Marks that what was left out had kept apart stand in their order only now.
    folded.nfkd().collect()
}

/// The words of a name, folded: parted by blanks, commas, hyphens and slashes.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let parts = |c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '/' | '-') || is_dash(c);
    text.split(parts).map(fold).filter(|word| !word.is_empty()).collect()
}

/// The words of a last name without what tells generations apart: `Hale, III` is found by `Hale`.
#[must_use]
pub fn last_words(text: &str) -> Vec<String> {
    const GENERATIONS: [&str; 16] =
        ["jr", "jnr", "junior", "sr", "snr", "senior", "ii", "iii", "iv", "v", "2nd", "3rd", "4th", "5th", "2d", "3d"];
    let mut words = words(text);
    while words.len() > 1 && words.last().is_some_and(|word| GENERATIONS.contains(&word.as_str())) {
        words.pop();
    }
    words
}

/// What a person is found by of a last name: all of it first, then each of its words, so that `Garcia Lopez` is found by
/// either. Nothing for a name without letters.
#[must_use]
pub fn last_keys(text: &str) -> Vec<String> {
    let words = last_words(text);
    let mut keys = vec![words.concat()];
    for word in words {
        if word.chars().nth(1).is_some() && !keys.contains(&word) {
            keys.push(word);
        }
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// What a search for this last name looks for: all of it.
#[must_use]
pub fn last_key(text: &str) -> Option<String> {
    Some(last_words(text).concat()).filter(|key| !key.is_empty())
}

/// The most places at which a provider stands in the directory.
const MOST_TURNS: usize = 8;

/// What a provider is found by the beginning of: its name from each of its words on, and then from the front, so that
/// `Nora Quimby` is found by `Quimby` and by `Quimby, Nora`.
#[must_use]
pub fn turns(text: &str) -> Vec<String> {
    let words = words(text);
    let mut turns: Vec<String> = Vec::new();
    for at in 0..words.len().min(MOST_TURNS) {
        let (front, back) = words.split_at_checked(at).unwrap_or_default();
        let turn = format!("{}{}", back.concat(), front.concat());
        if !turns.contains(&turn) {
            turns.push(turn);
        }
    }
    turns
}

/// Whether a sign counts when names are compared: letters, digits, and the marks that make another letter in scripts
/// which are written with them; not accents, points, apostrophes that are letters by name, and lengthened strokes.
fn counts(c: char) -> bool {
    let is_apostrophe = matches!(c, '\u{2b0}'..='\u{2ff}' | '\u{a78b}' | '\u{a78c}' | '\u{640}' | '\u{7fa}');
    match canonical_combining_class(c) {
        0 => c.is_alphanumeric() && !is_apostrophe && !matches!(c, '\u{345}'),
        // Nukta, voicing of kana, virama; vowels and tones of Thai, Lao and Tibetan.
        7..=9 | 84..=132 => is_combining_mark(c),
        _ => false,
    }
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Small letters that Unicode does not take apart, as typewriters and mainframes write them.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' | 'ǽ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' | 'ɵ' => "o",
        'ł' | 'ƚ' | 'ɫ' | 'ⱡ' => "l",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'ħ' | 'ⱨ' => "h",
        'ı' | 'ɨ' => "i",
        'ĸ' | 'ƙ' | 'ꝁ' => "k",
        'ŋ' | 'ɲ' | 'ƞ' => "n",
        'ŧ' | 'ƭ' | 'ⱦ' => "t",
        'ƀ' | 'ɓ' => "b",
        'ȼ' | 'ƈ' => "c",
        'ɇ' | 'ə' | 'ɛ' => "e",
        'ǥ' | 'ɠ' => "g",
        'ɉ' | 'ȷ' => "j",
        'ɍ' => "r",
        'ʉ' => "u",
        'ɏ' | 'ƴ' => "y",
        'ƶ' | 'ȥ' => "z",
        'ⱥ' => "a",
        'ς' => "σ",
        _ => return None,
    })
}

/// How much alike two first names are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Alike {
    /// Two names.
    No,
    /// One says more than the other, or less clearly: a person has to look.
    Perhaps,
    /// One name.
    Yes,
}

/// How much alike two first names are, each with its middle name if that stands by itself. A middle name may stand in the
/// first one, and be an initial; where only one side has it, it is not known, and where it is said by both it must agree.
#[must_use]
pub fn first_names(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> Alike {
    let whole = |(first, middle): (&str, Option<&str>)| {
        let mut whole = words(first);
        whole.extend(middle.map(words).unwrap_or_default());
        whole
    };
    let (firsts, (a, b)) = ((words(one.0), words(other.0)), (whole(one), whole(other)));
    if a.is_empty() || b.is_empty() {
        return Alike::No;
    }
    if a.concat() == b.concat() {
        return Alike::Yes;
    }
    let given = |a: &str, b: &str| a == b || initial(a, b);
    let agree = a.iter().zip(&b).all(|(a, b)| given(a, b));
    let begins = a.first() == b.first();
    match (begins, agree) {
        // Two whole names that differ in how much of the middle one they say.
        (true, true) if a.len() == b.len() => Alike::Yes,
        // The middle name of one stands by itself, and the other has none at all.
        (true, true) if firsts.0.concat() == firsts.1.concat() => Alike::Yes,
        (true, _) | (false, true) => Alike::Perhaps,
        (false, false) => Alike::No,
    }
}

fn initial(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.chars().count() == 1 && long.starts_with(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_one_name_however_it_is_spelled() {
        for (one, other) in [
            ("Peña", "Pen\u{303}a"),
            ("NUÑEZ", "nunez"),
            ("Ibáñez", "IBANEZ"),
            ("Weiß", "WEISS"),
            ("Sørensen", "SORENSEN"),
            ("Wałęsa", "Walesa"),
            ("Đặng", "DANG"),
            ("Næss", "NAESS"),
            ("Þórsdóttir", "thorsdottir"),
            ("Yılmaz", "YILMAZ"),
            ("İnan", "Inan"),
            ("O'Brien", "O\u{2019}BRIEN"),
            ("Kaʻahumanu", "KAAHUMANU"),
            ("O\u{2bc}Neill", "ONEILL"),
            ("Smith-Jones", "Smith\u{2011}Jones"),
            ("St. John", "ST JOHN"),
            ("D\u{a0}Angelo", "D'Angelo"),
            ("Ｑｕｉｌｌ", "Quill"),
            ("ΠΑΠΑΣ", "Παπάς"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        for (one, other) in [("明", "月"), ("か", "が"), ("김", "강"), ("Quill", "Quilt"), ("कि", "कु")] {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
        assert_eq!(composed("Pen\u{303}a"), "Peña");
    }

    #[test]
    fn what_folds_to_nothing_is_found_by_nothing() {
        for nothing in ["", "-", "...", "!!!", "\u{2019}", "\u{301}", "ʻ", " , "] {
            assert_eq!(fold(nothing), "", "{nothing:?}");
            assert!(last_keys(nothing).is_empty() && last_key(nothing).is_none() && turns(nothing).is_empty());
        }
    }

    #[test]
    fn a_last_name_is_found_without_its_generation_and_by_each_part() {
        for name in ["Hale", "Hale, III", "HALE JR", "Hale Jr.", "Hale-Jr", "hale 2nd", "Hale,Sr.", "Hale III Jr"] {
            assert_eq!(last_keys(name), ["hale"], "{name}");
        }
        assert_eq!(last_keys("García-López"), ["garcialopez", "garcia", "lopez"]);
        assert_eq!(last_keys("GARCIA LOPEZ"), last_keys("Garcia\u{2010}Lopez"));
        assert_eq!(last_key("GarciaLopez"), last_key("Garcia Lopez"));
        assert_eq!(
            (last_keys("Jr"), last_keys("Ng"), last_keys("O Brien")[1].as_str()),
            (vec!["jr".into()], vec!["ng".into()], "brien")
        );
    }

    #[test]
    fn a_provider_is_found_by_the_beginning_of_each_word() {
        let found = |typed: &str, name: &str| turns(name).iter().any(|turn| turn.starts_with(&fold(typed)));
        for typed in ["st mary's", "ST MARYS", "St. Mary\u{2019}s", "marys", "hospital", "St. Mary's Hospital"] {
            assert!(found(typed, "St. Mary's Hospital"), "{typed}");
        }
        for typed in ["Quimby", "nora", "Quimby, Nora", "Nora Quimby"] {
            assert!(found(typed, "Nora Quimby") && found(typed, "Quimby, Nora"), "{typed}");
        }
        assert!(!found("uimby", "Nora Quimby") && turns(&"a b c d e f g h i j ".repeat(5)).len() <= MOST_TURNS);
    }

    #[test]
    fn a_middle_name_may_stand_in_the_first() {
        let alike = |a, b| {
            assert_eq!(first_names(a, b), first_names(b, a));
            first_names(a, b)
        };
        assert_eq!(alike(("José", None), ("JOSE", None)), Alike::Yes);
        assert_eq!(alike(("José", Some("Luis")), ("JOSE LUIS", None)), Alike::Yes);
        assert_eq!(alike(("José", Some("Luis")), ("JOSE L", None)), Alike::Yes);
        assert_eq!(alike(("José", Some("Luis")), ("JOSE", None)), Alike::Yes);
        assert_eq!(alike(("Mary-Ann", None), ("MARYANN", None)), Alike::Yes);
        assert_eq!(alike(("José", None), ("JOSE LUIS", None)), Alike::Perhaps);
        assert_eq!(alike(("José", Some("Luis")), ("JOSE ANTONIO", None)), Alike::Perhaps);
        assert_eq!(alike(("J", None), ("Jose", None)), Alike::Perhaps);
        assert_eq!(alike(("Ada", None), ("Eve", None)), Alike::No);
        assert_eq!(alike(("...", None), ("-", None)), Alike::No);
    }

    #[test]
    fn marks_stand_in_one_order_whatever_stood_between_them() {
        assert_eq!(fold("\u{c55}:\u{dca}"), "\u{dca}\u{c55}");
        assert_eq!(fold("\u{c55}:\u{dca}"), fold("\u{dca}\u{c55}"));
    }

    proptest! {
        #[test]
        fn folding_what_is_folded_changes_nothing(text in "\\PC{0,20}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(fold(&composed(&text)), once);
        }
    }
}
