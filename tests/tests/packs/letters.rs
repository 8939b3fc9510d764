use portico_domain::{
    contracts::Contract,
    letters::{self, Facts, Letter, Outcome},
    status::Audience,
};
use serde_json::json;

use super::{NAMES, contract};

const BOTH: [Audience; 2] = [Audience::Provider, Audience::Member];

/// A decision on the contract's first code. An adverse one has an appeal deadline and no other: only that is required.
fn facts(contract: &Contract, outcome: Outcome) -> Facts {
    let (rule, adverse) = (&contract.codes[0], outcome.is_adverse());
    let asked = json!({ "units": 40, "from": "2026-12-01", "to": "2026-12-31" });
    let granted = match outcome {
        Outcome::Denied => json!(null),
        Outcome::Modified => json!({ "units": 20, "from": "2026-12-01", "to": "2026-12-31" }),
        _ => asked.clone(),
    };
    let address = ["12 Elm Street", "Springfield, ST 00001"];
    let reviewer = json!({ "name": "Miriam Castell", "credential": "MD", "specialty": "Pediatrics", "licence": null });
    let appeal =
        json!({ "kind": "appeal", "label": "Appeal by", "date": "2027-01-27", "days": 65, "how": "By phone." });
    let facts = json!({
        "letter": "ltr_1", "contract": contract.id, "case": "263270001", "request": "R01",
        "authorization": (outcome != Outcome::Denied).then_some("A26327000101"),
        "date": "2026-11-23", "submitted": "2026-11-16", "outcome": outcome, "reviewType": "Initial, standard",
        "member": { "name": "Ada Quill", "careOf": null, "address": address, "birth": "2022-05-14", "id": "1" },
        "requesting": { "name": "River Day Clinic", "npi": "1234567893", "address": address, "fax": null },
        "servicing": null,
        "lines": [{
            "code": rule.code, "modifiers": rule.modifiers, "description": rule.description, "unit": rule.unit,
            "requested": asked, "authorized": granted, "outcome": outcome,
            "reason": adverse.then_some("The records do not show a need for more."),
        }],
        "diagnoses": [], "reasons": [], "information": ["Therapy evaluation"],
        "criteria": [{ "title": "Medical necessity", "citation": "Manual, section 1", "text": null }],
        "reviewer": adverse.then_some(reviewer), "effective": adverse.then_some("2026-12-01"),
        "deadlines": if adverse { vec![appeal] } else { vec![] },
    });
    serde_json::from_value(facts).unwrap()
}

fn words(letter: &Letter) -> String {
    serde_json::to_string(letter).unwrap()
}

/// REQ: OPS-02, LTR-01, LTR-04
#[test]
fn letters_compose_for_every_pack_outcome_and_audience() {
    for name in NAMES {
        let contract = contract(name);
        assert_eq!(contract.letters.check(), Ok(()), "{name}");
        for outcome in [Outcome::Approved, Outcome::Modified, Outcome::Denied] {
            for audience in BOTH {
                let letter = letters::compose(&facts(&contract, outcome), &contract.letters, audience)
                    .unwrap_or_else(|missing| panic!("{name} {outcome:?} {audience:?}: {missing:?}"));
                // Appeal, expedited appeal, continued services, representation, copies, final action.
                let rights = letter.sections.iter().filter(|section| section.level == 2).count();
                assert_eq!(rights, if outcome.is_adverse() { 6 } else { 0 }, "{name} {outcome:?} {audience:?}");
                let helped = letter.language_help.iter().any(|tagline| tagline.language == "es");
                assert_eq!(helped, outcome.is_adverse() || audience == Audience::Member);
                let words = words(&letter);
                assert_eq!(words.contains("January 27, 2027"), outcome.is_adverse(), "{name} {outcome:?} {audience:?}");
            }
        }
    }
}

/// REQ: LTR-01
#[test]
fn requests_for_information_extensions_and_voids_have_letters_too() {
    for name in NAMES {
        let contract = contract(name);
        for (outcome, kind) in [
            (Outcome::InformationRequested, Some("information")),
            (Outcome::Extended, Some("decision")),
            (Outcome::Void, None),
        ] {
            let mut facts = facts(&contract, outcome);
            facts.reasons = vec!["The hospital's records are on the way.".into()];
            let deadline = |kind| json!({ "kind": kind, "label": "By", "date": "2026-12-07", "days": 14, "how": "" });
            facts.deadlines.extend(kind.map(|kind| serde_json::from_value(deadline(kind)).unwrap()));
            for audience in BOTH {
                let letter = letters::compose(&facts, &contract.letters, audience);
                assert!(letter.is_ok(), "{name} {outcome:?} {audience:?}: {letter:?}");
            }
        }
    }
}

/// REQ: ACT-02
#[test]
fn reconsideration_and_peer_to_peer_are_offered_while_their_time_runs() {
    for name in NAMES {
        let contract = contract(name);
        let mut facts = facts(&contract, Outcome::Denied);
        let days = contract.windows.reconsideration_days;
        for kind in ["reconsideration", "peerToPeer"] {
            let deadline =
                json!({ "kind": kind, "label": "By", "date": "2027-01-27", "days": days, "how": "In the portal." });
            facts.deadlines.push(serde_json::from_value(deadline).unwrap());
        }
        for audience in BOTH {
            let letter = letters::compose(&facts, &contract.letters, audience).unwrap();
            let rights = letter.sections.iter().filter(|section| section.level == 2).count();
            assert_eq!(rights, 8, "{name} {audience:?}");
        }
        let provider = words(&letters::compose(&facts, &contract.letters, Audience::Provider).unwrap());
        assert!(provider.contains(&format!("within {days} days, by January 27, 2027")), "{name}");
    }
}

/// REQ: REV-10
#[test]
fn only_arkansas_says_that_approval_is_no_guarantee_of_payment() {
    for name in NAMES {
        let contract = contract(name);
        let facts = facts(&contract, Outcome::Approved);
        let letter = words(&letters::compose(&facts, &contract.letters, Audience::Provider).unwrap());
        let said = letter.contains("Certified PAs are not a guarantee of payment for services");
        assert_eq!(said, name == "arkansas", "{name}");
    }
}

/// REQ: LTR-04
#[test]
fn arkansas_helps_in_spanish_and_marshallese() {
    let help = contract("arkansas").letters.language_help;
    assert!(["es", "mh"].iter().all(|language| help.iter().any(|tagline| tagline.language == *language)));
    for name in NAMES {
        let letters = contract(name).letters;
        let phone = letters.letterhead.phone.unwrap()[..12].to_owned();
        assert!(letters.language_help.iter().all(|tagline| tagline.text.contains(&phone)), "{name}");
    }
}
