//! Which characters a letter can print (LTR-09). A text that passes here, at the field or in the feed, can be set.
//!
//! What office programs put into pasted text without being seen, or draw from fonts of their own, is replaced by what it
//! means; what has no meaning on paper is dropped; what would be lost or would mislead is refused, and named.

use std::fmt;

use crate::{field::AtField, wrong::Wrong};

/// First and last of each run of characters for which the letters' fonts have a glyph, in order. Made from the fonts and
/// held equal to them by a test of `portico-letters`.
static PRINTABLE: &[(char, char)] = include!("glyphs.table");

/// A character that no letter can print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unprintable(pub char);

impl AtField for Unprintable {
    fn wrong(&self) -> Wrong {
        Wrong::Unprintable { character: self.0 }
    }
}

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.0);
        if is_seen(self.0) {
            write!(f, "The character “{}” (U+{code:04X}) cannot be printed in a letter. Please remove it.", self.0)
        } else {
            write!(f, "There is an invisible character (U+{code:04X}) in this text. Please type the text anew.")
        }
    }
}

impl std::error::Error for Unprintable {}

/// The first character that no letter can print. Ends of lines are no characters here.
#[must_use]
pub fn first_unprintable(text: &str) -> Option<char> {
    text.chars().find(|&character| !is_printable(character))
}

fn is_printable(character: char) -> bool {
    let run = PRINTABLE.partition_point(|&(_, last)| last < character);
    matches!(character, '\n' | '\u{200C}' | '\u{200D}')
        || PRINTABLE.get(run).is_some_and(|&(first, _)| first <= character)
}

/// Whether people see it: not a control, nor a sign that directs or joins text, nor of private use.
#[must_use]
pub fn is_seen(character: char) -> bool {
    !(character.is_control()
        || matches!(character, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}'))
}

/// The text as a letter prints it; its lines end with `\n`.
///
/// # Errors
/// The first character that cannot be printed.
pub fn clean(text: &str) -> Result<String, Unprintable> {
    let mut cleaned = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        match plain(character) {
            _ if character == '\r' && next == Some('\n') => {}
            // Joiners shape words of some scripts; elsewhere they are remains of a web page.
            Some('\u{200C}' | '\u{200D}')
                if !(cleaned.chars().next_back().is_some_and(joins) && next.is_some_and(joins)) => {}
            Some(plain) if is_printable(plain) => cleaned.push(plain),
            Some(_) => return Err(Unprintable(character)),
            None => {}
        }
    }
    Ok(cleaned)
}

/// The same for a field of one line: breaks that nobody sees on a screen are blanks. A typed end of line stays one.
///
/// # Errors
/// The first character that cannot be printed.
pub fn clean_line(text: &str) -> Result<String, Unprintable> {
    clean(&text.replace(['\u{2028}', '\u{2029}'], " "))
}

/// What a character means on paper; none for what means nothing there.
fn plain(character: char) -> Option<char> {
    let shifted = |base: u32, to: u32| char::from_u32(u32::from(character).wrapping_sub(base).wrapping_add(to));
    match character {
        // Ends of lines of Windows, of old Macs, of mainframes, and Word's own.
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        // Blanks of all widths.
        '\t' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        // Soft hyphens, zero-width blanks, marks of direction, invisible operators, byte order marks, variants of glyphs.
        '\u{AD}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0100}'..='\u{E01EF}' => None,
        // Word's bullets: places of the fonts Symbol and Wingdings.
        '\u{F0B7}' | '\u{F0A7}' | '\u{F0A8}' | '\u{F0D8}' | '\u{F06C}' | '\u{F06E}' | '\u{F06F}' | '\u{F071}'
        | '\u{F076}' => Some('•'),
        '\u{F0FC}' | '\u{F0FE}' => Some('✓'),
        '\u{F0E0}' | '\u{F0E8}' => Some('→'),
        // Full width, as East Asian keyboards give it.
        '\u{FF01}'..='\u{FF5E}' => shifted(0xFF01, 0x21),
        // Letters and digits in mathematical dress; a few of its places are empty.
        '\u{1D400}'..='\u{1D6A3}' => match (u32::from(character) - 0x1D400) % 52 {
            place @ 0..26 => char::from_u32(u32::from('A') + place),
            place => char::from_u32(u32::from('a') + place - 26),
        },
        '\u{1D7CE}'..='\u{1D7FF}' => char::from_u32(u32::from('0') + (u32::from(character) - 0x1D7CE) % 10),
        _ => Some(character),
    }
}

/// Whether joiners have a meaning beside it: Arabic and the scripts of India and its neighbours.
fn joins(character: char) -> bool {
    matches!(character, '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_word_pastes_is_printed_as_what_it_means() {
        for (pasted, printed) in [
            (
                "\u{F0B7} Goals 1 and 2 are met.\r\n\tThe fifth\r\tone\t\r\n",
                "• Goals 1 and 2 are met.\n The fifth\n one \n",
            ),
            ("one\u{2028}two\u{2029}three\u{B}four\u{85}five", "one\ntwo\nthree\nfour\nfive"),
            ("Ａnna　Ｂ（１）", "Anna B(1)"),
            ("𝐓he 𝟏st 𝘸ord", "The 1st word"),
            ("co\u{AD}operate\u{200B}, \u{FEFF}plain\u{FE0F}\u{200E}", "cooperate, plain"),
            ("Jo\u{200D}hn", "John"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("3\u{202F}000\u{2009}mg", "3 000 mg"),
            ("\u{F0FC} done \u{F0E0} next", "✓ done → next"),
            ("½ ≥ 3 µg “daily” – O’Neill…", "½ ≥ 3 µg “daily” – O’Neill…"),
        ] {
            assert_eq!(clean(pasted).as_deref(), Ok(printed), "{pasted:?}");
        }
        assert_eq!(clean_line("12 Elm\u{2028}Street").as_deref(), Ok("12 Elm Street"));
    }

    #[test]
    fn what_cannot_be_printed_is_named() {
        for refused in [
            '\0',
            '\u{8}',
            '\u{1B}',
            '\u{7F}',
            '\u{90}',
            '\u{202A}',
            '\u{202E}',
            '\u{2066}',
            '\u{2069}',
            '\u{FFF9}',
            '\u{FFFD}',
            '\u{E000}',
            '\u{F0F0}',
            '\u{F8FF}',
            '\u{E0041}',
            '\u{10FFFF}',
            '😀',
            '📄',
            '✅',
            '𓀀',
            '\u{378}',
        ] {
            let text = format!("Robin {refused} Ray");
            assert_eq!(clean(&text), Err(Unprintable(refused)), "{refused:?}");
            assert_eq!(first_unprintable(&text), Some(refused));
            assert_eq!(clean_line(&text), Err(Unprintable(refused)));
        }
        assert_eq!(
            Unprintable('📄').to_string(),
            "The character “📄” (U+1F4C4) cannot be printed in a letter. Please remove it."
        );
        assert!(Unprintable('\u{202E}').to_string().starts_with("There is an invisible character (U+202E)"));
        assert!(!Unprintable('\u{F0F0}').to_string().contains('\u{F0F0}'));
    }

    #[test]
    fn cleaning_twice_changes_nothing_and_the_table_is_in_order() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            if let Ok(once) = clean(&format!("a{character}b")) {
                assert_eq!(first_unprintable(&once), None, "{character:?}");
                assert_eq!(clean(&once).as_ref(), Ok(&once), "{character:?}");
            }
        }
        assert!(PRINTABLE.iter().all(|(first, last)| first <= last));
        assert!(PRINTABLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
