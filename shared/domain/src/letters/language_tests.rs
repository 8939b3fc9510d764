//! Letters in the member's language and print (LTR-01): each is whole in its language, or in English.

use super::*;
use crate::{
    reading::{Format, Reading},
    status::Audience,
};

#[derive(serde::Deserialize)]
struct Pack {
    letters: Texts,
}

/// The texts of a pack that ships.
fn pack(text: &str) -> Texts {
    toml::from_str::<Pack>(text).unwrap().letters
}

fn arkansas() -> Texts {
    pack(include_str!("../../../../contracts/arkansas/letters.toml"))
}

fn packs() -> [Texts; 3] {
    [
        arkansas(),
        pack(include_str!("../../../../contracts/colorado/letters.toml")),
        pack(include_str!("../../../../contracts/commercial/letters.toml")),
    ]
}

fn facts(language: &str) -> Facts {
    let mut facts: Facts = serde_json::from_str(include_str!("fixtures/modified.json")).unwrap();
    facts.member.reading = Reading { language: language.parse().ok(), format: None };
    facts
}

/// What stands in quotation marks after each of these beginnings.
fn quoted<'a>(source: &'a str, beginning: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(beginning).skip(1).filter_map(|rest| rest.split('"').next())
}

/// The member's words of `says("…", "…")` and `headed("…", "…")`, which may stand on several lines.
fn second<'a>(source: &'a str, call: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(call).skip(1).filter_map(|rest| {
        let mut parts = rest.split('"');
        let (before, _, between) = (parts.next()?, parts.next()?, parts.next()?);
        let literal = before.trim().is_empty() && between.trim() == ",";
        parts.next().filter(|_| literal)
    })
}

/// Whoever adds fixed words to a letter adds them in Spanish too.
#[test]
fn every_fixed_word_that_members_read_has_its_spanish() {
    let facts = include_str!("../reviews/letter_facts.rs");
    let sources = [include_str!("compose.rs"), include_str!("sections.rs"), include_str!("texts.rs")];
    let mut words: Vec<&str> = Vec::new();
    for source in sources {
        words.extend(second(source, ".says(").chain(second(source, ".headed(")));
        words.extend(quoted(source, ".word(\"").chain(quoted(source, "self.pair(\"")));
    }
    words.extend(quoted(facts, "label: \"").chain(quoted(facts, "care_of: minor.then(|| \"")));
    words.extend(facts.split('"').filter(|text| text.starts_with("Ask ") && text.ends_with(" by")));
    let (head, tail) = sources[0].split_once("const fn title(").unwrap();
    assert!(!head.is_empty());
    words.extend(quoted(tail, "=> \""));
    let (_, row) = sources[1].split_once("let decision = match line.outcome {").unwrap();
    words.extend(quoted(row.split("};").next().unwrap(), "=> \""));
    assert!(words.len() > 60, "the sources say {} words", words.len());
    let lacking: Vec<_> = words.into_iter().filter(|words| spanish::of(words).is_none()).collect();
    assert!(lacking.is_empty(), "add to spanish.rs: {lacking:#?}");
}

#[test]
fn the_language_is_the_members_where_the_contract_has_it_and_english_elsewhere() {
    let written = |language: &str, audience| compose(&facts(language), &arkansas(), audience).unwrap().language;
    for (asked, got) in [("es", "es"), ("es-MX", "es"), ("spa", "es"), ("vi", "en"), ("en", "en"), ("", "en")] {
        assert_eq!(written(asked, Audience::Member), got, "{asked}");
        assert_eq!(written(asked, Audience::Provider), "en", "{asked}");
    }
    // In a language that nobody writes, the offers of help stand there all the same.
    let letter = compose(&facts("vi"), &arkansas(), Audience::Member).unwrap();
    assert!(letter.language_help.iter().any(|tagline| tagline.language == "vi"));
}

/// Also the one that a new agency begins with.
#[test]
fn every_pack_that_ships_speaks_spanish() {
    let template = pack(include_str!("../../../../ops/template/letters.toml"));
    for texts in packs().into_iter().chain([template]) {
        assert!(texts.speak(Language::Spanish), "{}", texts.letterhead.agency);
    }
}

#[test]
fn a_contract_that_lacks_one_text_in_spanish_writes_whole_letters_in_english() {
    let mut texts = arkansas();
    let Some(Wording::Each { member_es, .. }) = texts.rights.copies.as_mut() else { panic!("copies") };
    *member_es = None;
    let told: Vec<_> = texts.check().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "rights.copies.member-es: missing: members who read Spanish get their letters whole in Spanish, or in English"
        ]
    );
    assert_eq!(compose(&facts("es"), &texts, Audience::Member).unwrap().language, "en");
}

#[test]
fn a_text_that_is_hard_to_read_is_told_with_its_grade() {
    let mut texts = arkansas();
    let Some(Wording::Each { member, member_es, .. }) = texts.opening.denied.as_mut() else { panic!("denied") };
    *member = Some("Authorization of the requested rehabilitative services was determined inadmissible.".to_owned());
    *member_es =
        Some("Se determinó inadmisible la autorización de los servicios de rehabilitación solicitados.".to_owned());
    let told: Vec<_> = texts.check().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("opening.denied.member reads at grade ") && told[0].ends_with("; at most 8"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("opening.denied.member-es reads at ") && told[1].ends_with(" of INFLESZ; at least 55"),
        "{told:?}"
    );
}

const OUTCOMES: [Outcome; 7] = [
    Outcome::Approved,
    Outcome::Modified,
    Outcome::Denied,
    Outcome::Void,
    Outcome::InformationRequested,
    Outcome::Extended,
    Outcome::Withdrawn,
];

/// A record that has what a letter of this outcome needs.
fn of(outcome: Outcome, language: &str) -> Facts {
    let mut facts = facts(language);
    facts.outcome = outcome;
    for line in &mut facts.lines {
        line.outcome = outcome;
        line.authorized = matches!(outcome, Outcome::Approved | Outcome::Modified).then(|| line.requested.clone());
        line.reason = outcome.is_adverse().then(|| "The records show no need for more.".to_owned());
        (line.description_es, line.unit_es) = (Some("Terapia".to_owned()), Some("15 minutos".to_owned()));
    }
    facts.reasons = vec!["The hospital's records are on the way.".to_owned()];
    facts.information = vec!["The therapy evaluation".to_owned()];
    facts.withdrawn_by = Some("dana.reyes".to_owned());
    let mut until = facts.deadlines[0].clone();
    until.kind = match outcome {
        Outcome::InformationRequested => DeadlineKind::Information,
        Outcome::Extended => DeadlineKind::Decision,
        Outcome::Approved | Outcome::Modified | Outcome::Denied | Outcome::Void | Outcome::Withdrawn => until.kind,
    };
    until.label = "Send it by".to_owned();
    if outcome.is_adverse() {
        for (place, label) in ["Ask for a reconsideration by", "Ask for an appeal by", "Ask to keep the service by"]
            .into_iter()
            .enumerate()
        {
            if let Some(deadline) = facts.deadlines.get_mut(place) {
                deadline.label = label.to_owned();
            }
        }
    } else {
        facts.deadlines = vec![until];
    }
    facts
}

/// Every pack writes every letter to every reader in every language and print, with all that it must have.
#[test]
fn letters_compose_for_every_pack_outcome_reader_language_and_print() {
    let follows = Followed {
        request: "R01".to_owned(),
        kind: FollowKind::Appeal,
        outcome: Outcome::Denied,
        on: jiff::civil::date(2026, 11, 2),
        authorization: None,
    };
    for texts in packs() {
        assert_eq!(texts.check(), Ok(()));
        for outcome in OUTCOMES {
            for language in ["en", "es"] {
                for kind in
                    [None, Some(FollowKind::Reconsideration), Some(FollowKind::Appeal), Some(FollowKind::Hearing)]
                {
                    let mut facts = of(outcome, language);
                    facts.follows = kind.map(|kind| Followed { kind, ..follows.clone() });
                    facts.member.reading.format = Some(Format::LargePrint);
                    for audience in [Audience::Provider, Audience::Member] {
                        let letter = compose(&facts, &texts, audience)
                            .unwrap_or_else(|missing| panic!("{outcome:?} {audience:?} {language}: {missing:?}"));
                        let own = audience == Audience::Member;
                        assert_eq!(letter.language, if own { language } else { "en" });
                        assert_eq!(letter.format, if own { Format::LargePrint } else { Format::Standard });
                        let words =
                            serde_json::to_string(&Letter { language_help: Vec::new(), ..letter.clone() }).unwrap();
                        if letter.language == "es" {
                            let english = [
                                "You ", "Your ", "Call ", "November", "December", " unit", "Approved", "Decision",
                                "Line ",
                            ];
                            assert!(english.iter().all(|english| !words.contains(english)), "{outcome:?}: {words}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_came_of_another_look_begins_with_the_decision_that_was_looked_at() {
    let mut facts = of(Outcome::Denied, "es");
    facts.follows = Some(Followed {
        request: "R01".to_owned(),
        kind: FollowKind::Appeal,
        outcome: Outcome::Denied,
        on: jiff::civil::date(2026, 5, 7),
        authorization: None,
    });
    let first = |audience, facts: &Facts| {
        let letter = compose(facts, &arkansas(), audience).unwrap();
        let Block::Paragraph(text) = &letter.sections[0].blocks[0] else { panic!("a paragraph") };
        (text.clone(), letter.reference.last().map(|pair| (pair.label.clone(), pair.value.clone())))
    };
    let (member, before) = first(Audience::Member, &facts);
    assert!(
        member.starts_with("Usted o ") && member.contains("apeló nuestra decisión del 7 de mayo de 2026."),
        "{member}"
    );
    assert_eq!(before, Some(("Sigue a".to_owned(), "R01, no aprobada el 7 de mayo de 2026".to_owned())));
    let (provider, _) = first(Audience::Provider, &facts);
    assert_eq!(provider, "This letter is the outcome of the appeal of our decision of May 7, 2026.");
    facts.outcome = Outcome::Withdrawn;
    let letter = compose(&facts, &arkansas(), Audience::Member).unwrap();
    let stays = Block::Paragraph("Nuestra decisión del 7 de mayo de 2026 queda como está.".to_owned());
    assert!(letter.sections[0].blocks.contains(&stays), "{:?}", letter.sections[0]);
}

#[test]
fn what_a_reviewer_wrote_keeps_its_words_and_says_how_to_get_them_in_spanish() {
    let letter = compose(&of(Outcome::Denied, "es"), &arkansas(), Audience::Member).unwrap();
    let typed = letter.sections.iter().find(|part| part.heading == "Por qué decidimos esto").unwrap();
    let Block::Paragraph(how) = &typed.blocks[0] else { panic!("a sentence") };
    assert!(how.contains("llame al 888-660-3831, opción 3 (TTY 711)") && how.ends_with("gratis."), "{how}");
    let Block::Typed(items) = &typed.blocks[1] else { panic!("what was typed") };
    assert_eq!((items[0].lead.as_str(), items[0].text.as_str()), ("", "The hospital's records are on the way."));
    assert_eq!(items[1].lead, "Línea 1, Terapia:");
    assert_eq!(letter.typed_language, "en");
}

#[test]
fn a_service_that_the_contract_names_in_english_alone_is_introduced() {
    let mut facts = of(Outcome::Approved, "es");
    let table = |facts: &Facts| {
        let letter = compose(facts, &arkansas(), Audience::Member).unwrap();
        letter.sections.into_iter().find(|part| part.heading.starts_with("Lo que se pidió")).unwrap().blocks
    };
    assert!(matches!(table(&facts)[0], Block::Lines(_)));
    facts.lines[0].description_es = None;
    assert!(matches!(&table(&facts)[..2], [Block::Paragraph(_), Block::Lines(_)]));
}
