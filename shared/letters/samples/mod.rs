//! Letters of every kind for tests and for the sample program.
#![allow(clippy::unwrap_used, reason = "fixtures: a broken one must stop the test")]

use portico_domain::{
    letters::{Facts, Letter, Outcome, Texts, compose},
    status::Audience,
};

/// The decision record of the fixture: one line each cut, granted and denied.
pub(crate) fn modified() -> Facts {
    serde_json::from_str(include_str!("../../domain/src/letters/fixtures/modified.json")).unwrap()
}

/// Everything granted; a letter of one page.
pub(crate) fn approved() -> Facts {
    let mut facts = modified();
    facts.outcome = Outcome::Approved;
    for line in &mut facts.lines {
        line.authorized = Some(line.requested.clone());
        (line.outcome, line.reason) = (Outcome::Approved, None);
    }
    (facts.criteria, facts.deadlines, facts.reviewer) = (Vec::new(), Vec::new(), None);
    facts
}

/// Nothing granted, for reasons that hold for the whole request.
pub(crate) fn denied() -> Facts {
    let mut facts = modified();
    facts.outcome = Outcome::Denied;
    facts.authorization = None;
    for line in &mut facts.lines {
        (line.outcome, line.authorized, line.reason) = (Outcome::Denied, None, None);
    }
    facts.reasons = vec![
        "The records sent with the request do not describe the present ability to move and to care for oneself. Without \
         it we cannot tell whether the services are needed."
            .to_owned(),
        "The plan of care is not signed by the treating physician.".to_owned(),
    ];
    facts
}

/// Many lines and long names.
pub(crate) fn long() -> Facts {
    let mut facts = modified();
    "01991f3a-2b7c-7d5e-8f90-1234567890ab".clone_into(&mut facts.letter);
    "Maximiliana Theodora Fitzgerald-Papadimitropoulos de la Concepción y Hernández".clone_into(&mut facts.member.name);
    "The Regional Center for Pediatric Rehabilitation, Developmental Medicine and Assistive Technology of the Upper \
     River Valley, Incorporated"
        .clone_into(&mut facts.requesting.name);
    let lines = facts.lines.clone();
    facts.lines = lines.into_iter().cycle().take(36).collect();
    facts
}

/// The letter of a record for one reader.
pub(crate) fn letter(facts: &Facts, audience: Audience) -> Letter {
    let texts: Texts = toml::from_str(include_str!("../../domain/src/letters/fixtures/texts.toml")).unwrap();
    compose(facts, &texts, audience).unwrap()
}

/// All of them, by name.
pub(crate) fn all() -> Vec<(String, Letter)> {
    let records = [("approved", approved()), ("modified", modified()), ("denied", denied()), ("long", long())];
    let readers = [("provider", Audience::Provider), ("member", Audience::Member)];
    let both = |(name, facts): (&str, Facts)| {
        readers.map(|(reader, audience)| (format!("{name}-{reader}"), letter(&facts, audience)))
    };
    records.into_iter().flat_map(both).collect()
}
