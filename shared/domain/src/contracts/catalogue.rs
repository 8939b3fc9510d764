//! The reasons and criteria that a contract's reviewers choose from: words of the agency, which stand in letters (REV-05). Where something
//! depends on the request, a text has a blank in square brackets that says what to write there.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{contracts::Contract, status::Outcome};

/// A text of the catalogue is at most as long as what is typed in its place.
const LONGEST_TEXT: usize = 4000;
/// As long are title and citation of a criterion.
const LONGEST_NAME: usize = 200;
/// As many reasons or criteria a contract has.
const MOST: usize = 200;

/// A reason for less than was asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reason {
    /// Stable name; a decision keeps it.
    pub id: String,
    /// The words, with blanks as `[what was tried first]`.
    pub text: String,
    /// For which outcomes; modified and denied when empty.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    /// Ids of the service types that it is for; all when empty.
    #[serde(default)]
    pub service_types: Vec<String>,
}

/// What a decision may rest on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Criterion {
    /// Stable name; a decision keeps it.
    pub id: String,
    /// Name of the policy, manual section or guideline.
    pub title: String,
    /// Where it stands.
    pub citation: String,
    /// What it says, with blanks as in reasons.
    pub text: String,
    /// Ids of the service types that it is for; all when empty.
    #[serde(default)]
    pub service_types: Vec<String>,
}

/// How the catalogue is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CatalogueRules {
    /// Whether less than was asked for needs a reason of the catalogue, to which a reviewer may only add; else they may write their own.
    pub reason_required: bool,
}

impl Reason {
    /// Whether it is for a line of this outcome in a case of this service type.
    #[must_use]
    pub fn fits(&self, outcome: Outcome, service_type: Option<&str>) -> bool {
        let of_outcome = outcome.is_adverse() && (self.outcomes.is_empty() || self.outcomes.contains(&outcome));
        of_outcome && is_of(&self.service_types, service_type)
    }
}

impl Criterion {
    /// Whether it is for a case of this service type.
    #[must_use]
    pub fn fits(&self, service_type: Option<&str>) -> bool {
        is_of(&self.service_types, service_type)
    }
}

fn is_of(ids: &[String], service_type: Option<&str>) -> bool {
    ids.is_empty() || service_type.is_some_and(|id| ids.iter().any(|known| known == id))
}

/// The blanks of a text, each with its brackets.
#[must_use]
pub fn blanks(text: &str) -> Vec<&str> {
    pieces(text).into_iter().filter(|piece| is_blank(piece)).collect()
}

/// Whether a blank of the text was left as it is.
#[must_use]
pub fn is_left_blank(text: &str, typed: &str) -> bool {
    blanks(text).iter().any(|blank| typed.contains(blank))
}

/// Whether all of a text but its blanks stands in what was typed, in order.
#[must_use]
pub fn holds(text: &str, typed: &str) -> bool {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let typed = one_line(typed);
    let mut rest = typed.as_str();
    pieces(text).into_iter().filter(|piece| !is_blank(piece)).all(|piece| {
        let piece = one_line(piece);
        match rest.find(&piece) {
            Some(place) => {
                rest = rest.get(place + piece.len()..).unwrap_or_default();
                true
            }
            None => false,
        }
    })
}

fn is_blank(piece: &str) -> bool {
    piece.starts_with('[') && piece.ends_with(']')
}

/// A text as its blanks and what is between them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((from, to)) = rest.find('[').and_then(|from| Some((from, from + rest.get(from..)?.find(']')?))) {
        pieces.extend(rest.get(..from));
        pieces.extend(rest.get(from..=to));
        rest = rest.get(to + 1..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::samples::arkansas;
    use proptest::prelude::*;

    const TEXT: &str = "The records do not show that [what] was tried for [how long] before.";

    fn reason(id: &str, text: &str) -> Reason {
        Reason { id: id.into(), text: text.into(), outcomes: Vec::new(), service_types: Vec::new() }
    }

    #[test]
    fn a_text_holds_when_its_blanks_are_filled_and_more_may_be_added() {
        assert_eq!(blanks(TEXT), ["[what]", "[how long]"]);
        let filled = "The records do not show  that a cane was tried for a week before. See the note of May 3.";
        assert!(holds(TEXT, filled) && !is_left_blank(TEXT, filled));
        assert!(is_left_blank(TEXT, "The records do not show that a cane was tried for [how long] before."));
        assert!(!holds(TEXT, "The records show nothing."));
        assert!(!holds(TEXT, "before. The records do not show that a cane was tried for"), "in order");
        assert!(holds("No blank.", "No blank.") && !is_left_blank("No blank.", "[what]"), "brackets of one's own");
    }

    #[test]
    fn everything_wrong_with_a_catalogue_is_told() {
        let mut contract = arkansas();
        contract.reasons =
            vec![reason("ok", TEXT), reason("ok", "[]"), reason("A b", "Open [blank"), reason("x", "[all]")];
        contract.reasons[0].service_types = vec!["nowhere".into()];
        contract.reasons[3].outcomes = vec![Outcome::Approved];
        contract.criteria = vec![Criterion {
            id: "c".into(),
            title: " ".into(),
            citation: "42 CFR 440.230".into(),
            text: "T.".into(),
            service_types: Vec::new(),
        }];
        let told = contract.catalogue_problems();
        for part in [
            "ok is for the unknown service type nowhere",
            "ok stands there twice",
            "ok has a blank that does not say what to write",
            "A b is no id",
            "A b has a blank that is not closed",
            "x says nothing but blanks",
            "x is for approved",
            "c needs title and citation",
        ] {
            assert!(told.iter().any(|problem| problem.contains(part)), "{part}: {told:?}");
        }
        contract = Contract { reasons: Vec::new(), criteria: Vec::new(), ..contract };
        assert!(contract.catalogue_problems().is_empty());
        contract.catalogue.reason_required = true;
        assert_eq!(contract.catalogue_problems().len(), 2 * contract.service_types.len());
        contract.reasons = vec![reason("all", TEXT)];
        assert!(contract.catalogue_problems().is_empty() && contract.problems().is_empty());
    }

    proptest! {
        #[test]
        fn any_text_holds_itself_and_its_pieces_are_all_of_it(text in "[a-z \\[\\].]{0,40}") {
            prop_assert_eq!(pieces(&text).concat(), text.clone());
            prop_assert!(holds(&text, &text));
            prop_assert_eq!(is_left_blank(&text, &text), !blanks(&text).is_empty());
        }
    }
}
