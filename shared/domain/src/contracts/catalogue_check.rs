//! What is wrong with the catalogue of a pack.

use std::collections::BTreeSet;

use crate::{
    contracts::{
        Contract,
        catalogue::{blanks, is_blank, pieces},
    },
    status::Outcome,
};

/// A text of the catalogue is at most as long as what is typed in its place.
const LONGEST_TEXT: usize = 4000;
/// As long are title and citation of a criterion.
const LONGEST_NAME: usize = 200;
/// As many reasons or criteria a contract has.
const MOST: usize = 200;

impl Contract {
    /// What is wrong with the catalogue.
    pub(super) fn catalogue_problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let reasons = self.reasons.iter().map(|one| ("reasons", &one.id, &one.text, &one.service_types));
        let criteria = self.criteria.iter().map(|one| ("criteria", &one.id, &one.text, &one.service_types));
        let mut known = BTreeSet::new();
        for (table, id, text, service_types) in reasons.chain(criteria) {
            let mut say = |wrong: bool, what: &str| {
                if wrong {
                    problems.push(format!("{table}: {id} {what}"));
                }
            };
            say(!is_id(id), "is no id: 1 to 60 small letters, digits and hyphens");
            say(!known.insert((table, id)), "stands there twice");
            let long = text.trim().is_empty() || text.chars().count() > LONGEST_TEXT;
            say(long, "needs a text of at most 4,000 characters");
            let open = text.matches('[').count();
            say(open != text.matches(']').count() || open != blanks(text).len(), "has a blank that is not closed");
            say(blanks(text).iter().any(|blank| blank.len() < 3), "has a blank that does not say what to write");
            let said = pieces(text).iter().any(|piece| !is_blank(piece) && !piece.trim().is_empty());
            say(!said && !long, "says nothing but blanks");
            for service in service_types.iter().filter(|id| self.service_type(id).is_none()) {
                say(true, &format!("is for the unknown service type {service}"));
            }
        }
        for reason in self.reasons.iter().filter(|reason| reason.outcomes.contains(&Outcome::Approved)) {
            problems.push(format!("reasons: {} is for approved, which needs no reason", reason.id));
        }
        for criterion in &self.criteria {
            let named = |text: &str| (1..=LONGEST_NAME).contains(&text.trim().chars().count());
            if !named(&criterion.title) || !named(&criterion.citation) {
                problems.push(format!(
                    "criteria: {} needs title and citation of at most {LONGEST_NAME} characters",
                    criterion.id
                ));
            }
        }
        if self.reasons.len() > MOST || self.criteria.len() > MOST {
            problems.push(format!("reasons: a catalogue has at most {MOST} reasons and {MOST} criteria"));
        }
        if self.catalogue.reason_required {
            for service in &self.service_types {
                for (outcome, word) in [(Outcome::Modified, "modified"), (Outcome::Denied, "denied")] {
                    if !self.reasons.iter().any(|reason| reason.fits(outcome, Some(&service.id))) {
                        problems.push(format!(
                            "catalogue: reason-required, and no reason is for {word} in service type {}",
                            service.id
                        ));
                    }
                }
            }
        }
        problems
    }

    /// The texts of the catalogue that stand in letters, each with its table (LTR-09).
    pub(super) fn catalogue_texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let reasons = self.reasons.iter().map(|reason| ("reasons", reason.text.as_str()));
        let criteria = self.criteria.iter().flat_map(|one| [&one.title, &one.citation, &one.text]);
        reasons.chain(criteria.map(|text| ("criteria", text.as_str())))
    }
}

fn is_id(id: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=60).contains(&id.len()) && id.starts_with(|c: char| c.is_ascii_alphanumeric()) && id.chars().all(inside)
}
