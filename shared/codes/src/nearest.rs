//! Words that a mistyped word may stand for.

use std::cmp::Reverse;

use strsim::osa_distance;

/// Readings of one word that are tried at most.
const MAX_READINGS: usize = 6;
/// A shorter word is nearly any other.
const SHORTEST: usize = 4;

/// The known words nearest to `word`, by letters left out, added, replaced or swapped with their neighbour: one in a short
/// word, up to three in a long one. Known words come with how much they are used. None for what has digits, which may be a code.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = (&'a [u8], usize)>) -> Vec<&'a str> {
    if word.len() < SHORTEST || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let most = match word.len() {
        ..6 => 1,
        6..9 => 2,
        _ => 3,
    };
    let letters = mask(word.as_bytes());
    let known: Vec<_> = known
        .filter(|(other, _)| other.len().abs_diff(word.len()) <= most && *other != word.as_bytes())
        .map(|(other, uses)| (other, uses, mask(other)))
        .collect();
    // Few slips are likelier than many, and quicker to look for.
    (1..=most).map(|slips| within(slips, word, letters, &known)).find(|near| !near.is_empty()).unwrap_or_default()
}

/// Those that differ by exactly so many slips when none differs by fewer: of the same beginning if there are any, the most used first.
fn within<'a>(slips: usize, word: &str, letters: u32, known: &[(&'a [u8], usize, u32)]) -> Vec<&'a str> {
    let mut found: Vec<(bool, Reverse<usize>, &str)> = known
        .iter()
        // Each slip takes at most one letter away and brings one in.
        .filter(|(other, _, mask)| {
            other.len().abs_diff(word.len()) <= slips
                && (mask & !letters).count_ones() as usize <= slips
                && (letters & !mask).count_ones() as usize <= slips
        })
        .filter_map(|(other, uses, _)| {
            let other_start = other.first() != word.as_bytes().first();
            Some((other_start, Reverse(*uses), std::str::from_utf8(other).ok()?))
        })
        .filter(|(other_start, _, other)| !other_start || may_begin(slips, word, other))
        .filter(|(.., other)| osa_distance(word, other) <= slips)
        .collect();
    found.sort_unstable();
    let best = found.first().map(|(other_start, ..)| *other_start);
    found
        .iter()
        .take_while(|(other_start, ..)| Some(*other_start) == best)
        .take(MAX_READINGS)
        .map(|(.., other)| *other)
        .collect()
}

/// Whether a word of another beginning is tried: people hit the first letter, or leave silent ones out. Most of the time is spent here.
fn may_begin(slips: usize, word: &str, other: &str) -> bool {
    let first = word.as_bytes().first();
    slips == 1 || slips == 2 && other.bytes().take(3).any(|b| Some(&b) == first)
}

fn mask(word: &[u8]) -> u32 {
    word.iter().filter(|b| b.is_ascii_lowercase()).fold(0, |mask, b| mask | 1 << (b - b'a'))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn read(word: &str) -> Vec<&'static str> {
        let known =
            ["arthritis", "bone", "diabetes", "hemorrhoids", "pneumonia", "schizophrenia", "stoke", "stone", "stroke"];
        nearest(word, known.into_iter().map(|word| (word.as_bytes(), 1)))
    }

    #[test]
    fn a_slip_or_two_are_read_as_the_word_meant() {
        for (typed, meant) in [
            ("arthritus", "arthritis"),
            ("diabtees", "diabetes"),
            ("numonia", "pneumonia"),
            ("hemmoroids", "hemorrhoids"),
            ("schizofrenia", "schizophrenia"),
        ] {
            assert_eq!(read(typed), [meant], "{typed}");
        }
        assert_eq!(read("stoke"), ["stone", "stroke"], "a word that is known is not its own reading");
    }

    #[test]
    fn what_is_far_short_or_a_code_is_not_read_as_another_word() {
        for typed in ["zzyzx", "bon", "st0ne", "arthropods", "睡眠睡眠"] {
            assert_eq!(read(typed), <[&str; 0]>::default(), "{typed}");
        }
    }
}
