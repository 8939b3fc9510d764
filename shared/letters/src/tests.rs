//! Rendered letters, read back with other eyes than those that wrote them.

#[path = "../samples/mod.rs"]
pub(crate) mod samples;

use portico_domain::{letters::Block, status::Audience};
use typst::layout::{Frame, FrameItem};

use crate::{Document, Error, page_count, render_fax, render_pdf};

/// The words of a page in the order they were set.
fn read(frame: &Frame, words: &mut String) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => read(&group.frame, words),
            FrameItem::Text(text) => words.push_str(&text.text),
            _ => {}
        }
    }
}

fn text(document: &Document) -> String {
    let mut words = String::new();
    for page in document.pages.pages() {
        read(&page.frame, &mut words);
    }
    words
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// Little-endian number of `width` bytes.
fn number(bytes: &[u8], at: usize, width: usize) -> usize {
    bytes[at..at + width].iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

/// The directories of a TIFF: tag, type, count and value of each entry.
fn directories(file: &[u8]) -> Vec<Vec<(usize, usize, usize, usize)>> {
    assert_eq!(&file[..4], b"II\x2a\0");
    let (mut at, mut found) = (number(file, 4, 4), Vec::new());
    while at != 0 {
        let entries = number(file, at, 2);
        let entry = |n| at + 2 + n * 12;
        let read = |n| {
            let at = entry(n);
            let width = if number(file, at + 2, 2) == 3 && number(file, at + 4, 4) == 1 { 2 } else { 4 };
            (number(file, at, 2), number(file, at + 2, 2), number(file, at + 4, 4), number(file, at + 8, width))
        };
        found.push((0..entries).map(read).collect());
        at = number(file, entry(entries), 4);
    }
    found
}

#[test]
fn a_preview_has_the_pages_and_words_of_the_letter_and_a_mark_on_each() {
    for (name, letter) in samples::all().into_iter().chain(samples::readings()) {
        let (issued, preview) = (Document::new(&letter).unwrap(), Document::preview(&letter).unwrap());
        assert_eq!(preview.page_count(), issued.page_count(), "{name}");
        let (said, marked) = (text(&issued), text(&preview));
        assert_eq!(marked.matches("Not issued").count(), preview.page_count(), "{name}");
        assert_eq!(marked.replace("Not issued", ""), said, "{name}");
        assert!(!said.contains("Not issued"), "{name}");
        // Whoever listens to the document hears it from its title.
        assert!(contains(&preview.pdf().unwrap(), "Not issued: "), "{name}");
    }
}

/// REQ: LTR-07
#[test]
fn every_letter_is_tagged_conforming_and_carries_its_fonts() {
    for (name, letter) in samples::all().into_iter().chain(samples::readings()) {
        let pdf = render_pdf(&letter).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"), "{name}");
        let language = format!("/Lang({})", letter.language);
        for mark in ["/StructTreeRoot", "/MarkInfo", "/Marked true", "<pdfuaid:part>1</pdfuaid:part>", &language] {
            assert!(contains(&pdf, mark), "{name} lacks {mark}");
        }
        assert_eq!(letter.language == "es", name.contains("-es-"), "{name}");
        assert!(contains(&pdf, "LibertinusSerif") && contains(&pdf, "/FontFile3"), "{name}");
    }
}

/// REQ: LTR-07
#[test]
fn the_same_decision_gives_the_same_bytes() {
    let both = |letter| (render_pdf(&letter).unwrap(), render_fax(&letter).unwrap());
    let first = both(samples::letter(&samples::modified(), Audience::Member));
    // Enough others that nothing kept from the first time can help.
    for (_, other) in samples::all() {
        assert!(both(other).0.starts_with(b"%PDF"));
    }
    assert!(both(samples::letter(&samples::modified(), Audience::Member)) == first);
}

#[test]
fn an_ordinary_approval_is_one_page_for_the_provider() {
    assert_eq!(page_count(&samples::letter(&samples::approved(), Audience::Provider)).unwrap(), 1);
}

/// REQ: LTR-04
#[test]
fn the_pages_say_the_deadline() {
    let letter = samples::letter(&samples::modified(), Audience::Member);
    let document = Document::new(&letter).unwrap();
    let said = text(&document);
    for words in ["Ask for a hearing by February 21, 2027", "Springfield, ST 00002-4410", "Page 1 of", "Trợ giúp"] {
        assert!(said.contains(words), "{words} not in {said}");
    }
}

/// Every size of a page but those of the address, which stands in the window of the envelope.
fn sizes(frame: &Frame, at: f64, found: &mut Vec<(String, f64, f64)>) {
    for (place, item) in frame.items() {
        let at = at + place.y.to_pt();
        match item {
            FrameItem::Group(group) => sizes(&group.frame, at, found),
            FrameItem::Text(text) => found.push((text.text.to_string(), text.size.to_pt(), at)),
            _ => {}
        }
    }
}

#[test]
fn a_letter_in_large_print_has_eighteen_points_everywhere_but_in_the_window() {
    for (name, letter) in samples::readings().into_iter().filter(|(name, _)| name.ends_with("large")) {
        let document = Document::new(&letter).unwrap();
        let mut small = Vec::new();
        for (number, page) in document.pages.pages().iter().enumerate() {
            let mut found = Vec::new();
            sizes(&page.frame, 0.0, &mut found);
            small.extend(
                found.into_iter().filter(|(_, size, _)| *size < 18.0).map(|(words, _, at)| (number, words, at)),
            );
        }
        let window = 2.4 * 72.0..3.2 * 72.0;
        assert!(small.iter().all(|(page, _, at)| *page == 0 && window.contains(at)), "{name}: {small:?}");
        let words: String = small.iter().map(|(_, words, _)| words.as_str()).collect();
        let address = letter.addressee.concat();
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect::<String>();
        assert_eq!(bare(&words), bare(&address), "{name}");
    }
}

#[test]
fn large_print_takes_more_pages_and_says_the_same() {
    let all = samples::readings();
    let of = |name: &str| &all.iter().find(|(known, _)| known == name).unwrap().1;
    for language in ["en", "es"] {
        let [standard, large] = ["standard", "large"].map(|print| of(&format!("modified-member-{language}-{print}")));
        let pages = [standard, large].map(|letter| page_count(letter).unwrap());
        assert!(pages[1] > pages[0], "{language}: {pages:?}");
        assert_eq!((&standard.sections, &standard.decision), (&large.sections, &large.decision));
    }
}

/// What is fixed stands in Spanish; what a person wrote is introduced, and keeps its language for whoever listens.
#[test]
fn a_letter_in_spanish_is_so_to_its_last_page() {
    for (name, letter) in samples::readings().into_iter().filter(|(name, _)| name.contains("-es-")) {
        let document = Document::new(&letter).unwrap();
        // Lines end where they will: blanks do not count.
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let said = bare(&text(&document));
        for words in [
            "Aviso sobre su solicitud de servicios",
            "23 de noviembre de 2026",
            "Pida una apelación a más tardar el ",
            "Página 1 de ",
            "Teléfono 888-660-3831, opción 3",
            "Sus derechos",
            "Lo que sigue está en el idioma en que se escribió.",
            "Ayuda con el idioma",
            "Terapia con tareas diarias",
            "Madre, padre o tutor de",
        ] {
            assert!(said.contains(&bare(words)), "{name}: {words} not in {said}");
        }
        for words in ["November 23", "Page 1", "Phone", "Line 1", "Dear ", "Appeal", "units"] {
            assert!(!said.contains(&bare(words)), "{name}: {words} in {said}");
        }
        let pdf = document.pdf().unwrap();
        assert!(contains(&pdf, "/Lang(es)"), "{name}");
        // What was typed is English for whoever listens, and stands before the page with the offers of help.
        let read = lopdf::Document::load_mem(&pdf).unwrap();
        let contents = read.get_pages().into_values().map(|page| read.get_page_content(page));
        let typed = |content: &Vec<u8>| contains(content, "/Lang(en)") && !contains(content, "/Lang(fr)");
        assert!(contents.into_iter().any(|content| typed(&content)), "{name}");
        assert!(pdf == Document::new(&letter).unwrap().pdf().unwrap(), "{name}");
    }
}

/// REQ: LTR-05
#[test]
fn the_fax_is_what_a_carrier_takes() {
    let letter = samples::letter(&samples::modified(), Audience::Provider);
    let fax = render_fax(&letter).unwrap();
    let pages = directories(&fax);
    assert_eq!(pages.len(), page_count(&letter).unwrap());
    for (index, page) in pages.iter().enumerate() {
        let value = |tag| page.iter().find(|entry| entry.0 == tag).unwrap().3;
        assert!(page.is_sorted_by_key(|entry| entry.0));
        let expected = [
            (254, 2),
            (256, 1728),
            (257, 2156),
            (258, 1),
            (259, 4),
            (262, 0),
            (266, 1),
            (277, 1),
            (278, 2156),
            (296, 2),
        ];
        for (tag, expected) in expected {
            assert_eq!(value(tag), expected, "tag {tag}");
        }
        assert_eq!(value(297), index | pages.len() << 16);
        for (tag, dots) in [(282, 204), (283, 196)] {
            assert_eq!((number(&fax, value(tag), 4), number(&fax, value(tag) + 4, 4)), (dots, 1));
        }
    }
}

/// REQ: LTR-05
#[test]
fn the_fax_decodes_to_whole_pages_with_ink_and_margins() {
    let fax = render_fax(&samples::letter(&samples::long(), Audience::Member)).unwrap();
    for page in directories(&fax) {
        let value = |tag| page.iter().find(|entry| entry.0 == tag).unwrap().3;
        let strip = fax[value(273)..value(273) + value(279)].to_vec();
        let (mut lines, mut changes, mut outside) = (0, 0, 0);
        fax::decoder::decode_g4(strip.into_iter(), 1728, Some(2156), |line| {
            lines += 1;
            changes += line.len();
            // 0.9 in are 184 pixels; three were cut away.
            outside += line.iter().filter(|&&at| at < 174 || at > 1728 - 174 && at < 1728).count();
        })
        .unwrap();
        assert_eq!(lines, 2156);
        assert!(changes > 10_000, "{changes} changes of colour: an empty page");
        assert_eq!(outside, 0, "ink in the margin");
    }
}

/// REQ: LTR-01
#[test]
fn words_are_never_markup() {
    let mut facts = samples::denied();
    "#panic(\"no\") *O'Neill* $x$ \\ <label> @ref // Smith".clone_into(&mut facts.member.name);
    let document = Document::new(&samples::letter(&facts, Audience::Provider)).unwrap();
    assert!(text(&document).contains("#panic(\"no\") *O'Neill* $x$ \\ <label> @ref // Smith"));
}

/// REQ: LTR-07
#[test]
fn a_character_without_a_glyph_is_named_not_dropped() {
    let mut letter = samples::letter(&samples::approved(), Audience::Provider);
    letter.sections[0].blocks.push(Block::Paragraph("📄".to_owned()));
    assert!(matches!(render_pdf(&letter), Err(Error::Unprintable('📄'))));
}
