//! Telephone and fax numbers of the United States and Canada.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;

use crate::{contact::ContactError, id::text_serde};

/// A telephone or fax number of the United States or Canada, kept as ten digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Phone(String);

impl Phone {
    /// With country code, as carriers take it: `+15015550123`.
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+1{}", self.0)
    }

    /// `(***) ***-0123`: enough to recognize one's own.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("(***) ***-{}", self.0.get(6..).unwrap_or_default())
    }
}

impl FromStr for Phone {
    type Err = ContactError;
    fn from_str(text: &str) -> Result<Self, ContactError> {
        // Marks of direction and of possible breaks come along when a number is copied.
        let text: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
        let text = text.trim();
        if has_extension(text) {
            return Err(ContactError::Extension);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.len() > 40 || !text.chars().enumerate().all(|(place, c)| is_part(place, c)) || !is_bracketed(text) {
            return Err(ContactError::Phone);
        }
        let local = match digits.len() {
            11 => digits.strip_prefix('1'),
            10 if !text.starts_with('+') => Some(digits.as_str()),
            _ => None,
        };
        let local = local.ok_or(ContactError::Phone)?;
        assigned(local)?;
        Ok(Self(local.to_owned()))
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_part(place: usize, c: char) -> bool {
    let dash = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    c.is_ascii_digit() || c == ' ' || dash || matches!(c, '.' | '/' | '(' | ')') || (c == '+' && place == 0)
}

/// No brackets, or one pair around digits.
fn is_bracketed(text: &str) -> bool {
    match (text.matches('(').count(), text.matches(')').count()) {
        (0, 0) => true,
        (1, 1) => text
            .split_once('(')
            .and_then(|(_, rest)| rest.split_once(')'))
            .is_some_and(|(inside, _)| !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit())),
        _ => false,
    }
}

/// `501-555-0123 x12`, `… ext. 12`, `…#12`, `…,12`.
fn has_extension(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let Some((number, _)) = text.split_once(['x', 'e', '#', ',', ';']) else { return false };
    let rest = text.get(number.len()..).unwrap_or_default();
    let word = rest.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '.' || c == ':');
    number.bytes().filter(u8::is_ascii_digit).count() >= 10
        && matches!(word, "x" | "ext" | "extension" | "extn" | "#" | "," | ",," | ";" | ";ext=")
}

/// Areas of the country code 1 that belong to other countries: calls there cost as calls abroad.
const ABROAD: [&str; 21] = [
    "242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784", "809",
    "829", "849", "868", "869", "876",
];

/// Refuses what the numbering plan has no subscribers for.
fn assigned(local: &str) -> Result<(), ContactError> {
    let (Some(area), Some(exchange)) = (local.get(..3), local.get(3..6)) else { return Err(ContactError::Phone) };
    let is_code = |code: &str| !code.starts_with(['0', '1']) && !code.ends_with("11");
    if area == "900" || (exchange == "976" && is_code(area)) {
        return Err(ContactError::PaidPhone);
    }
    // Areas with 9 in the middle, and 37x and 96x, are kept free for longer numbers.
    let reserved = area.get(1..2) == Some("9") || area.starts_with("37") || area.starts_with("96");
    if is_code(area) && is_code(exchange) && !reserved && !ABROAD.contains(&area) {
        Ok(())
    } else {
        Err(ContactError::NoPhone)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |range| self.0.get(range).unwrap_or_default();
        write!(f, "{}-{}-{}", part(0..3), part(3..6), part(6..10))
    }
}
text_serde!(Phone);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_ten_digits_however_typed() {
        for typed in [
            "(501) 555-0123",
            "1-501-555-0123",
            "+15015550123",
            "501.555.0123",
            "501\u{a0}555\u{a0}0123",
            "501\u{2013}555\u{2013}0123",
            "501\u{2011}555\u{2011}0123",
            "\u{202a}+1 (501) 555-0123\u{202c}",
            "５０１-５５５-０１２３",
            "1 (501)\u{2009}555/0123",
        ] {
            let phone: Phone = typed.parse().unwrap();
            assert_eq!(phone.to_string(), "501-555-0123");
            assert_eq!(phone.e164(), "+15015550123");
            assert_eq!(phone.masked(), "(***) ***-0123");
        }
        for (bad, why) in [
            ("555-0123", ContactError::Phone),
            ("501555012x", ContactError::Phone),
            ("", ContactError::Phone),
            ("((((501))))5550123", ContactError::Phone),
            ("(501 555-0123", ContactError::Phone),
            ("501) 555-0123", ContactError::Phone),
            ("()501-555-0123", ContactError::Phone),
            ("+5015550123", ContactError::Phone),
            ("501+5550123", ContactError::Phone),
            ("501-555-CARE", ContactError::Phone),
            ("501-555-0123 x12", ContactError::Extension),
            ("501-555-0123 ext. 12", ContactError::Extension),
            ("501-555-0123,,12", ContactError::Extension),
            ("001-555-0123", ContactError::NoPhone),
            ("501-055-0123", ContactError::NoPhone),
            ("501-155-0123", ContactError::NoPhone),
            ("501-911-0123", ContactError::NoPhone),
            ("911-555-0123", ContactError::NoPhone),
            ("809-555-0123", ContactError::NoPhone),
            ("294-555-0123", ContactError::NoPhone),
            ("900-555-0123", ContactError::PaidPhone),
            ("501-976-0123", ContactError::PaidPhone),
        ] {
            assert_eq!(bad.parse::<Phone>(), Err(why), "{bad}");
        }
        for good in ["787-555-0123", "671-555-0123", "416-555-0123", "800-555-0140"] {
            assert!(good.parse::<Phone>().is_ok(), "{good}");
        }
    }
}
