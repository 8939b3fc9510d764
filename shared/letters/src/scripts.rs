//! Names of real people in the writing systems of the country's members, on paper.

use portico_domain::{
    glyphs::{clean, first_unprintable},
    status::Audience,
};
use typst::layout::{Frame, FrameItem};

use crate::{Document, fonts::printable, tests::samples};

/// Glyphs of a page, and how many of them are the sign for a missing one.
fn count(frame: &Frame, glyphs: &mut usize, missing: &mut usize) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => count(&group.frame, glyphs, missing),
            FrameItem::Text(text) => {
                *glyphs += text.glyphs.len();
                *missing += text.glyphs.iter().filter(|glyph| glyph.id == 0).count();
            }
            _ => {}
        }
    }
}

fn glyphs(document: &Document) -> (usize, usize) {
    let (mut all, mut missing) = (0, 0);
    document.pages.pages().iter().for_each(|page| count(&page.frame, &mut all, &mut missing));
    (all, missing)
}

/// `UPDATE=1` writes the domain's table anew.
#[test]
fn the_domain_knows_what_the_fonts_can_print() {
    let mut runs: Vec<(char, char)> = Vec::new();
    for character in printable().unwrap() {
        match runs.last_mut() {
            Some((_, last)) if u32::from(*last) + 1 == u32::from(character) => *last = character,
            _ => runs.push((character, character)),
        }
    }
    let code = |character| format!("'\\u{{{:X}}}'", u32::from(character));
    let lines: Vec<_> = runs
        .chunks(5)
        .map(|runs| {
            runs.iter()
                .map(|(first, last)| format!("({}, {}),", code(*first), code(*last)))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let table = format!("&[\n{}\n]\n", lines.join("\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/src/glyphs.table");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == table, "run this test with UPDATE=1: the fonts changed");
}

#[test]
fn names_in_all_writing_systems_are_printed() {
    for (script, name) in samples::NAMES {
        assert_eq!(clean(name).as_deref(), Ok(name), "{script}");
        for audience in [Audience::Member, Audience::Provider] {
            let mut facts = samples::approved();
            name.clone_into(&mut facts.member.name);
            name.clone_into(&mut facts.requesting.name);
            facts.member.address = vec![name.to_owned(), format!("{name}, AR 72201")];
            let document = Document::new(&samples::letter(&facts, audience)).unwrap();
            let (all, missing) = glyphs(&document);
            assert!(all > 500 && missing == 0, "{script}: {missing} of {all} glyphs are missing");
            assert!(document.pdf().unwrap().len() > 10_000 && !document.fax().unwrap().is_empty(), "{script}");
        }
    }
}

/// Whatever the domain takes is printed: each character of the table by itself, a thousand in a letter.
///
/// REQ: LTR-09
#[test]
fn every_character_of_the_table_has_its_glyph() {
    let all: Vec<char> =
        ('!'..=char::MAX).filter(|c| first_unprintable(c.encode_utf8(&mut [0; 4])).is_none()).collect();
    assert!(all.len() > 30_000);
    // Of the ideographs every twentieth: they are alike, and setting all of them takes a minute.
    let some = all
        .iter()
        .filter(|&&c| !matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') || u32::from(c) % 20 == 0);
    let words: Vec<String> = some.map(ToString::to_string).collect();
    for words in words.chunks(1_000) {
        let mut letter = samples::letter(&samples::approved(), Audience::Provider);
        letter.sections[0].blocks.push(portico_domain::letters::Block::Paragraph(words.join(" ")));
        let (_, missing) = glyphs(&Document::new(&letter).unwrap());
        assert_eq!(missing, 0, "from {} to {}", words[0], words[words.len() - 1]);
    }
}
