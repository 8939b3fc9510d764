//! How hard a text is to read, as a number that its words alone give: letters to members are in plain language (42 CFR 438.10(c)(1)
//! and (d)(6), 45 CFR 155.205(c)).
//!
//! English is told as the Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom 1975): 0.39 × words by sentence + 11.8 × syllables
//! by word − 15.59. Spanish as the INFLESZ figure (Szigriszt Pazos 1993, with the scale of Barrio-Cantalejo and others, *An. Sist. Sanit.
//! Navar.* 2008; 31: 135-152): 206.835 − 62.3 × syllables by word − words by sentence. 55 and more is "normal", what most people read
//! with ease; Flesch's figure for English stands at about 60 in grade 8.
//!
//! What is a word, a syllable and a sentence:
//!
//! - A word is what stands between blanks and has a letter or digit; what is parted by a hyphen or a slash is two. A name in braces counts as one
//!   short word, for what is filled in is not the author's; so does a number, and what has a dot inside, as "a.m.".
//! - A sentence ends at a dot, a question or an exclamation mark before a blank and what is not a small letter, and at the end of a paragraph.
//! - English syllables are the groups of vowels of a word (a, e, i, o, u, and y but at its beginning), without a silent e at its end (not after l
//!   behind a consonant: "table"), in "-ed" but after d and t, and in "-es" but after a hissing sound; at least one.
//! - Spanish syllables are the strong vowels of a word (a, e, o, and í, ú with an accent), and each group of weak ones that stands with no strong one; at
//!   least one. The u of "que", "gui" is silent.

use super::Language;

/// The highest grade of an English text, in tenths.
const HIGHEST_GRADE: i64 = 80;
/// The lowest figure of a Spanish text, in tenths.
const LOWEST_FIGURE: i64 = 550;

/// How hard a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// At this grade of school, in tenths: the lower the easier.
    Grade(i64),
    /// With this INFLESZ figure, in tenths: the higher the easier.
    Inflesz(i64),
}

impl Reads {
    /// Whether it is harder than a member's text may be.
    #[must_use]
    pub const fn is_hard(self) -> bool {
        match self {
            Self::Grade(tenths) => tenths > HIGHEST_GRADE,
            Self::Inflesz(tenths) => tenths < LOWEST_FIGURE,
        }
    }

    /// In words, with the bound.
    #[must_use]
    pub fn told(self) -> String {
        let number = |tenths: i64| {
            let sign = if tenths < 0 { "-" } else { "" };
            format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
        };
        match self {
            Self::Grade(tenths) => format!("reads at grade {}; at most {}", number(tenths), HIGHEST_GRADE / 10),
            Self::Inflesz(tenths) => {
                format!("reads at {} of INFLESZ; at least {}", number(tenths), LOWEST_FIGURE / 10)
            }
        }
    }
}

/// How hard a text of a pack is, with its names in braces.
pub(super) fn reads(text: &str, language: Language) -> Reads {
    let (mut words, mut sentences, mut syllables) = (0_i64, 0_i64, 0_i64);
    for paragraph in text.split("\n\n") {
        let parts: Vec<&str> = paragraph.split_whitespace().collect();
        let mut open = false;
        for (place, part) in parts.iter().enumerate() {
            for word in part.split(['-', '/', '—']).filter(|word| word.chars().any(char::is_alphanumeric)) {
                words += 1;
                syllables += syllables_of(word, language);
                open = true;
            }
            let next = parts.get(place + 1).and_then(|next| next.chars().find(|c| c.is_alphanumeric() || *c == '{'));
            if open && ends(part) && next.is_none_or(|c| !c.is_lowercase()) {
                sentences += 1;
                open = false;
            }
        }
        sentences += i64::from(open);
    }
    let (words, sentences) = (words.max(1), sentences.max(1));
    // In thousandths, rounded to tenths.
    let tenths = |thousandths: i64| (thousandths + 50 * thousandths.signum()) / 100;
    match language {
        Language::English => Reads::Grade(tenths(390 * words / sentences + 11_800 * syllables / words - 15_590)),
        Language::Spanish => Reads::Inflesz(tenths(206_835 - 62_300 * syllables / words - 1000 * words / sentences)),
    }
}

/// Whether a sentence may end with this.
fn ends(part: &str) -> bool {
    part.trim_end_matches(['"', '”', '’', ')', '\'']).ends_with(['.', '?', '!'])
}

fn syllables_of(word: &str, language: Language) -> i64 {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '{' && c != '}');
    if bare.contains(['{', '}', '.']) || bare.chars().any(|c| c.is_ascii_digit()) {
        return 1;
    }
    let letters: Vec<char> = bare.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    let count = match language {
        Language::English => english(&letters),
        Language::Spanish => spanish(&letters),
    };
    i64::try_from(count).unwrap_or(i64::MAX).max(1)
}

fn english(letters: &[char]) -> usize {
    let is_vowel = |place: usize| {
        letters.get(place).is_some_and(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') || *c == 'y' && place > 0)
    };
    let begins = |place: &usize| is_vowel(*place) && (*place == 0 || !is_vowel(*place - 1));
    let groups = (0..letters.len()).filter(begins).count();
    groups - usize::from(groups > 1 && has_silent_e(letters))
}

/// Whether the last e of a word makes no syllable.
fn has_silent_e(letters: &[char]) -> bool {
    let before = |ending: &[char]| letters.strip_suffix(ending).and_then(|rest| Some((rest, *rest.last()?)));
    if let Some((_, last)) = before(&['l', 'e']).or_else(|| before(&['l', 'e', 's'])) {
        return is_letter_vowel(last);
    }
    if let Some((_, last)) = before(&['e']) {
        return !is_letter_vowel(last);
    }
    if let Some((_, last)) = before(&['e', 'd']) {
        return !is_letter_vowel(last) && !matches!(last, 'd' | 't');
    }
    let Some((rest, last)) = before(&['e', 's']) else { return false };
    let hisses =
        matches!(last, 's' | 'z' | 'x' | 'c' | 'g') || rest.ends_with(&['c', 'h']) || rest.ends_with(&['s', 'h']);
    !is_letter_vowel(last) && !hisses
}

fn is_letter_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn spanish(letters: &[char]) -> usize {
    let (mut count, mut weak) = (0, false);
    // Whether the group of vowels has a strong one; a weak group by itself is one syllable.
    let mut strong = false;
    for (place, &c) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| letters.get(place));
        let after = letters.get(place + 1);
        let silent = c == 'u' && matches!(before, Some('q' | 'g')) && matches!(after, Some('e' | 'i' | 'é' | 'í'));
        let is_y = c == 'y' && after.is_none();
        if silent {
            continue;
        }
        match c {
            'a' | 'e' | 'o' | 'á' | 'é' | 'ó' | 'í' | 'ú' => {
                count += 1;
                strong = true;
            }
            'i' | 'u' | 'ü' => weak = true,
            _ if is_y => weak = true,
            _ => {
                count += usize::from(weak && !strong);
                (weak, strong) = (false, false);
            }
        }
    }
    count + usize::from(weak && !strong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(word: &str, language: Language) -> i64 {
        syllables_of(word, language)
    }

    #[test]
    fn english_syllables_are_counted_as_documented() {
        for (word, count) in [
            ("the", 1),
            ("table", 2),
            ("asked", 1),
            ("needed", 2),
            ("services", 3),
            ("approve", 2),
            ("decision", 3),
            ("agree", 2),
            ("you", 1),
            ("why", 1),
            ("authorization", 5),
            ("rules", 1),
            ("changes", 2),
            ("people", 2),
            ("free.", 1),
            ("{provider}", 1),
            ("90", 1),
            ("a.m.", 1),
            ("day", 1),
        ] {
            assert_eq!(of(word, Language::English), count, "{word}");
        }
    }

    #[test]
    fn spanish_syllables_are_counted_as_documented() {
        for (word, count) in [
            ("que", 1),
            ("quien", 1),
            ("guía", 2),
            ("servicios", 3),
            ("médico", 3),
            ("decisión", 3),
            ("oír", 2),
            ("aprobamos", 4),
            ("muy", 1),
            ("ya", 1),
            ("reunión", 2),
            ("lea", 2),
            ("ciudad", 2),
            ("su", 1),
            ("audiencia", 3),
            ("gratuito", 3),
        ] {
            assert_eq!(of(word, Language::Spanish), count, "{word}");
        }
    }

    /// Figures by hand: the sentence, its words, sentences and syllables.
    #[test]
    fn known_passages_have_their_figures() {
        // 6 words, 1 sentence, 6 syllables: 2.34 + 11.8 - 15.59.
        assert_eq!(reads("The cat sat on the mat.", Language::English), Reads::Grade(-15));
        // "This sentence, taken as a reading passage unto itself, is being used to prove a point." 16 words, 22 syllables here:
        // 6.24 + 16.225 - 15.59.
        let passage = "This sentence, taken as a reading passage unto itself, is being used to prove a point.";
        assert_eq!(reads(passage, Language::English), Reads::Grade(69));
        let law = "Notwithstanding any authorization previously communicated, reimbursement remains contingent upon eligibility verification.";
        assert!(reads(law, Language::English).is_hard());
        // 5 words, 1 sentence, 8 syllables: 206.835 - 99.68 - 5.
        assert_eq!(reads("El gato está en casa.", Language::Spanish), Reads::Inflesz(1022));
        let ley = "Independientemente de cualquier autorización comunicada anteriormente, el reembolso permanecerá condicionado a la verificación de elegibilidad.";
        assert!(reads(ley, Language::Spanish).is_hard());
    }

    #[test]
    fn a_dot_inside_a_sentence_ends_none() {
        let one = reads("Call {phone}, Monday to Friday, 8 a.m. to 5 p.m. or write", Language::English);
        let same = reads("Call {phone}, Monday to Friday, 8 x to 5 x or write", Language::English);
        assert_eq!(one, same);
        let two = reads("We said no.\n\nYou can ask again", Language::English);
        assert_eq!(two, reads("We said no. You can ask again.", Language::English));
    }

    #[test]
    fn what_is_too_hard_is_told_with_its_bound() {
        assert_eq!(Reads::Grade(94).told(), "reads at grade 9.4; at most 8");
        assert_eq!(Reads::Inflesz(481).told(), "reads at 48.1 of INFLESZ; at least 55");
        assert!(Reads::Grade(81).is_hard() && !Reads::Grade(80).is_hard());
        assert!(Reads::Inflesz(549).is_hard() && !Reads::Inflesz(550).is_hard());
    }
}
