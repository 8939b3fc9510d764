//! What the window of a #10 envelope shows of the first page, measured on the PDF and on the set page.

use lopdf::{Document as Pdf, Object, content::Content};
use portico_domain::{
    letters::{Facts, Letter},
    reading::Format,
    status::Audience,
};
use typst::layout::{Frame, FrameItem, Point};

use crate::{Document, tests::samples};

/// Where some of the window shows, in points from the top left: of all places of the sheet in the envelope.
const SOMETIMES: [f64; 4] = [0.0, 2.04 * 72.0, 5.375 * 72.0, 3.63 * 72.0];
/// What the window shows wherever the sheet lies.
const ALWAYS: [f64; 4] = [0.875 * 72.0, 2.5 * 72.0, 4.375 * 72.0, 3.167 * 72.0];

type Matrix = [f64; 6];

/// First `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn matrix(operands: &[Object]) -> Matrix {
    let numbers: Vec<f64> = operands.iter().map(|operand| f64::from(operand.as_float().unwrap())).collect();
    numbers.try_into().unwrap()
}

/// Where each piece of text of the PDF's first page begins: from the left, and its baseline from the top.
fn origins(pdf: &[u8]) -> Vec<(f64, f64)> {
    let pdf = Pdf::load_mem(pdf).unwrap();
    let page = *pdf.get_pages().get(&1).unwrap();
    let content = Content::decode(&pdf.get_page_content(page)).unwrap();
    let identity = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let (mut now, mut kept, mut text, mut found) = (identity, Vec::new(), identity, Vec::new());
    for operation in content.operations {
        match operation.operator.as_str() {
            "q" => kept.push(now),
            "Q" => now = kept.pop().unwrap(),
            "cm" => now = then(matrix(&operation.operands), now),
            "BT" => text = identity,
            "Tm" => text = matrix(&operation.operands),
            "Td" | "TD" | "T*" | "'" | "\"" => panic!("this test does not know {}", operation.operator),
            "Tj" | "TJ" => {
                let at = then(text, now);
                found.push((at[4], 792.0 - at[5]));
            }
            _ => {}
        }
    }
    found
}

/// Each piece of text of a set page: its words, left, top of its capitals, right, and as far down as letters reach.
fn boxes(frame: &Frame, at: Point, found: &mut Vec<(String, [f64; 4])>) {
    for (place, item) in frame.items() {
        let at = at + *place;
        match item {
            FrameItem::Group(group) => boxes(&group.frame, at, found),
            FrameItem::Text(text) => {
                let (x, y, size) = (at.x.to_pt(), at.y.to_pt(), text.size.to_pt());
                found.push((text.text.to_string(), [x, y - 0.7 * size, x + text.width().to_pt(), y + 0.25 * size]));
            }
            _ => {}
        }
    }
}

fn meets(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn within(a: [f64; 4], b: [f64; 4]) -> bool {
    a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3]
}

#[test]
fn the_window_shows_the_address_always_and_nothing_else_ever() {
    let line = |sign: &str| sign.repeat(100 / sign.len());
    let addresses: [&[String]; 4] = [
        &["12 Elm Street".into(), "Little Rock, AR 72201".into()],
        &[
            "4510 Old River Road".into(),
            "Apartment 12B".into(),
            "Lac-Saint-Jean-Est, QC G8B 6L9".into(),
            "Canada".into(),
        ],
        &[line("Sonnenallee "), line("Apartment "), format!("{}, QC G8B 6L9", line("Montreal ")), "Canada".into()],
        &[line("W"), line("M"), format!("{}, QC G8B 6L9", line("W")), "Canada".into()],
    ];
    for (address, name) in addresses.into_iter().zip(["Ada Quill", "Maximiliana Papadimitropoulos", "", "W"]) {
        for (facts, audience) in [
            (samples::approved(), Audience::Member),
            (samples::modified(), Audience::Member),
            (samples::denied(), Audience::Provider),
            (samples::long(), Audience::Member),
        ] {
            let mut facts = facts;
            let name = match name {
                "" => format!("{} {}", line("Anneliese "), line("Fitzgerald ")),
                "W" => format!("{} {}", line("W"), line("M")),
                name => name.to_owned(),
            };
            (facts.member.name, facts.member.address) = (name.clone(), address.to_vec());
            (facts.requesting.name, facts.requesting.address) = (name, address.to_vec());
            facts.member.care_of = Some("Parent or guardian of".to_owned());
            for letter in [samples::letter(&facts, audience)].into_iter().chain(in_other_words(&facts, audience)) {
                holds(&letter);
            }
        }
    }
}

/// The member's letter in Spanish, and in large print.
fn in_other_words(facts: &Facts, audience: Audience) -> Vec<Letter> {
    let readings = [("es", Format::Standard), ("en", Format::LargePrint), ("es", Format::LargePrint)];
    let of = |(language, format)| {
        let mut facts = facts.clone();
        samples::reading(&mut facts, language, format);
        samples::of_pack(&facts)
    };
    if audience == Audience::Member { readings.map(of).into() } else { Vec::new() }
}

fn holds(letter: &Letter) {
    let document = Document::new(letter).unwrap();
    let mut found = Vec::new();
    boxes(&document.pages.pages()[0].frame, Point::zero(), &mut found);
    let shown: Vec<_> = found.iter().filter(|(_, place)| meets(*place, SOMETIMES)).collect();
    let words: String =
        shown.iter().flat_map(|(words, _)| words.chars()).filter(|&c| !c.is_whitespace() && c != '\u{200B}').collect();
    let address: String = letter.addressee.concat().split_whitespace().collect();
    assert_eq!(words, address, "the window shows something else");
    for (words, place) in &shown {
        assert!(within(*place, ALWAYS), "{words} is at {place:?}");
    }
    // The PDF says the same.
    let seen: Vec<_> = origins(&document.pdf().unwrap())
        .into_iter()
        .filter(|&(x, y)| x < SOMETIMES[2] && y > SOMETIMES[1] && y < SOMETIMES[3])
        .collect();
    assert!(!seen.is_empty() && seen.len() >= letter.addressee.len(), "{seen:?}");
    for (x, y) in seen {
        let [left, top, right, bottom] = ALWAYS;
        assert!((left..right).contains(&x) && (top..bottom).contains(&y), "text at {x}, {y}");
    }
}
