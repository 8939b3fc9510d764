//! What somebody meant who wrote a word that is none of those known.

/// The one of `known` that is nearest to a word, when it is near enough for a slip: a part of it, or few letters away.
pub(crate) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = |other: &&str| {
        let part = other.len() >= 3 && word.len() >= 3 && (word.contains(*other) || other.contains(word));
        part || steps(word, other) <= 1 + word.len() / 4
    };
    known.into_iter().filter(near).min_by_key(|other| steps(word, other))
}

/// `; did you mean …?`, or nothing.
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    meant(word, known).map(|other| format!("; did you mean {other}?")).unwrap_or_default()
}

/// The same for what a deserializer says of a field or variant that it does not know, which names those that it does.
pub(crate) fn hint_of(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    match names.next() {
        Some(word) if message.starts_with("unknown field") || message.starts_with("unknown variant") => {
            hint(word, names)
        }
        _ => String::new(),
    }
}

/// How many letters are put in, taken away or exchanged to make one word of another.
fn steps(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (n, a) in one.chars().enumerate() {
        let mut next = vec![n + 1];
        for (m, b) in other.chars().enumerate() {
            let of = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let kept = of(&row, m) + usize::from(a != b);
            next.push(kept.min(of(&row, m + 1) + 1).min(of(&next, m) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_word_that_was_meant_and_a_strange_word_to_none() {
        let keys = ["fax", "codes", "calendar", "windows", "turnaround"];
        for (word, known) in
            [("telefax", "fax"), ("code", "codes"), ("calender", "calendar"), ("turn-around", "turnaround")]
        {
            assert_eq!(meant(word, keys), Some(known), "{word}");
        }
        assert_eq!(meant("menu", keys), None);
        assert_eq!(
            hint_of("unknown field `dormant-day`, expected one of `enrolment-days`, `dormant-days`"),
            "; did you mean dormant-days?"
        );
        assert_eq!(hint_of("unknown variant `moons`, expected one of `hours`, `business-days`"), "");
        assert_eq!(hint_of("missing field `dormant-days`"), "");
    }
}
