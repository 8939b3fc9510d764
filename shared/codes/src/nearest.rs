//! Words that a mistyped word may stand for.

use strsim::osa_distance;

/// Readings of one word that are tried at most.
const MAX_READINGS: usize = 6;
/// A shorter word is nearly any other.
const SHORTEST: usize = 4;

/// The known words nearest to `word`, by letters left out, added, replaced or swapped with their neighbour: one in a short
/// word, two in others. None for what has digits, which may be a code.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = (&'a str, usize)>) -> Vec<&'a str> {
    let length = word.chars().count();
    if length < SHORTEST || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let most = if length < 6 { 1 } else { 2 };
    let letters = mask(word);
    let mut found: Vec<(usize, bool, std::cmp::Reverse<usize>, &str)> = known
        .filter(|(other, _)| other.len().abs_diff(length) <= most && *other != word)
        // Each change takes at most one letter away and brings one in.
        .filter(|(other, _)| (mask(other) ^ letters).count_ones() as usize <= 2 * most)
        .map(|(other, uses)| {
            (osa_distance(word, other), other.bytes().next() != word.bytes().next(), std::cmp::Reverse(uses), other)
        })
        .filter(|(distance, ..)| *distance <= most)
        .collect();
    found.sort_unstable();
    let best = found.first().map(|(distance, other_start, ..)| (*distance, *other_start));
    found
        .iter()
        .take_while(|(distance, other_start, ..)| Some((*distance, *other_start)) == best)
        .take(MAX_READINGS)
        .map(|(.., other)| *other)
        .collect()
}

fn mask(word: &str) -> u32 {
    word.bytes().filter(u8::is_ascii_lowercase).fold(0, |mask, b| mask | 1 << (b - b'a'))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn read(word: &str) -> Vec<&'static str> {
        let known = ["arthritis", "bone", "diabetes", "pneumonia", "schizophrenia", "stoke", "stone", "stroke"];
        nearest(word, known.into_iter().map(|word| (word, 1)))
    }

    /// REQ: CASE-12
    #[test]
    fn a_slip_or_two_are_read_as_the_word_meant() {
        for (typed, meant) in [
            ("arthritus", "arthritis"),
            ("diabtees", "diabetes"),
            ("numonia", "pneumonia"),
            ("schizofrenia", "schizophrenia"),
        ] {
            assert_eq!(read(typed), [meant], "{typed}");
        }
        assert_eq!(read("stoke"), ["stone", "stroke"], "a word that is known is not its own reading");
    }

    /// REQ: CASE-12
    #[test]
    fn what_is_far_short_or_a_code_is_not_read_as_another_word() {
        for typed in ["zzyzx", "bon", "st0ne", "arthropods", "睡眠睡眠"] {
            assert_eq!(read(typed), <[&str; 0]>::default(), "{typed}");
        }
    }
}
