//! The reasons and criteria that a contract's reviewers choose from: words of the agency, which stand in letters (REV-05). Where something
//! depends on the request, a text has a blank in square brackets that says what to write there.

use serde::{Deserialize, Serialize};

use crate::status::Outcome;

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

pub(super) fn is_blank(piece: &str) -> bool {
    piece.starts_with('[') && piece.ends_with(']')
}

/// A text as its blanks and what is between them.
pub(super) fn pieces(text: &str) -> Vec<&str> {
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
        (contract.reasons, contract.criteria) = (Vec::new(), Vec::new());
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
