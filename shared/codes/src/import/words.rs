//! Writes the file of words that [`Finder`](crate::Finder) reads; `layout.rs` says what is where.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{
    PackError, Term,
    pack::{bytes, pieces, size},
};
use crate::{
    Index,
    fold::words,
    layout::{NO_WORD, WORDS_MAGIC},
};

/// Words that do not make a text more special, so that `Pneumonia, unspecified organism` ranks as one word.
const FILLERS: [&str; 25] = [
    "of",
    "in",
    "the",
    "and",
    "or",
    "with",
    "for",
    "to",
    "due",
    "by",
    "a",
    "an",
    "unspecified",
    "nos",
    "site",
    "type",
    "organism",
    "part",
    "initial",
    "encounter",
    "closed",
    "not",
    "without",
    "complication",
    "complications",
];

/// By what a text ranks; the first two make its group.
type Place<'a> = (Kind, usize, usize, usize, &'a str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Common,
    OfCommon,
    OfBillable,
    OfHeader,
}

/// Packs the words of the descriptions and of further terms for the codes. A term for a code that is not there is left out.
///
/// Codes with a term that people use are common: their other texts come before those of other codes.
///
/// # Errors
/// [`PackError`] if a number outgrows its column.
pub fn pack_words(index: &Index, terms: &[Term]) -> Result<Vec<u8>, PackError> {
    let codes: Vec<&str> = index.codes().collect();
    let place = |code: &str| codes.binary_search(&code).ok();
    let common: HashSet<usize> = terms.iter().filter(|term| term.common).filter_map(|term| place(&term.code)).collect();
    let entries: Vec<_> = (0..codes.len()).filter_map(|at| index.entry(at)).collect();
    let kind = |at: usize| match entries.get(at) {
        Some(entry) if !entry.billable => Kind::OfHeader,
        _ if common.contains(&at) => Kind::OfCommon,
        _ => Kind::OfBillable,
    };
    let described = entries.iter().enumerate().map(|(at, entry)| (kind(at), at, true, entry.description.as_str()));
    let named = terms.iter().filter_map(|term| {
        let at = place(&term.code)?;
        Some((if term.common { Kind::Common } else { kind(at) }, at, false, term.text.as_str()))
    });
    // What stays equal keeps its order: of the codes of one term the first one given is the best.
    let mut texts: Vec<(Place<'_>, usize, bool, Vec<String>)> = described
        .chain(named)
        .enumerate()
        .map(|(order, (kind, at, described, text))| {
            let words = words(text);
            let count = words.iter().filter(|word| !FILLERS.contains(&word.as_str())).count();
            let order = if kind == Kind::Common { order } else { at };
            ((kind, count, text.len(), order, text), at, described, words)
        })
        .collect();
    texts.sort();
    texts.dedup_by(|b, a| (a.1, a.0.4) == (b.1, b.0.4));

    let vocabulary: BTreeSet<&str> = texts.iter().flat_map(|(.., words)| words).map(String::as_str).collect();
    let number: BTreeMap<&str, usize> = vocabulary.iter().zip(0..).map(|(word, number)| (*word, number)).collect();
    if number.len() >= NO_WORD.into() {
        return Err(PackError::Size);
    }
    let mut postings: Vec<Vec<u8>> = vec![Vec::new(); vocabulary.len()];
    let mut last = vec![0; vocabulary.len()];
    for (rank, (.., words)) in (1..).zip(&texts) {
        let words: BTreeSet<usize> = words.iter().filter_map(|word| number.get(word.as_str()).copied()).collect();
        for word in words {
            if let Some((bytes, last)) = postings.get_mut(word).zip(last.get_mut(word)) {
                varint(bytes, rank - std::mem::replace(last, rank));
            }
        }
    }
    let of_atoms = (0..index.0.atom_count).map(|at| {
        let words = words(index.0.atoms.text(at));
        let number = words.first().and_then(|word| number.get(word.as_str()));
        number.and_then(|number| u16::try_from(*number).ok()).unwrap_or(NO_WORD)
    });
    let groups: Vec<u32> = texts
        .chunk_by(|a, b| (a.0.0, a.0.1) == (b.0.0, b.0.1))
        .scan(0, |from, group| Some(std::mem::replace(from, *from + size(group.len()).ok()?)))
        .collect();

    let vocabulary: Vec<&str> = vocabulary.into_iter().collect();
    let mut file = WORDS_MAGIC.to_vec();
    let counts = [codes.len(), index.0.atom_count, vocabulary.len(), texts.len(), groups.len()];
    for count in counts.into_iter().chain([bytes(&vocabulary), bytes(&postings)]) {
        file.extend(size(count)?.to_le_bytes());
    }
    file.extend(of_atoms.flat_map(u16::to_le_bytes));
    for (_, at, described, _) in &texts {
        file.extend(size(at * 2 + usize::from(*described))?.to_le_bytes());
    }
    file.extend(groups.iter().flat_map(|from| from.to_le_bytes()));
    pieces(&mut file, &vocabulary)?;
    pieces(&mut file, &postings)?;
    Ok(file)
}

fn varint(bytes: &mut Vec<u8>, mut number: u32) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        bytes.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            break;
        }
    }
}
