//! What is seen of a decision, of those that it corrects, and of the words that the next one may take.

use jiff::Timestamp;
use portico_domain::{
    caller::Caller,
    cases::{
        Case,
        determination::{Correction, Determination},
        request::Request,
    },
    contracts::Contract,
    reviews::{ReviewError, correct},
    status::Outcome,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{sight::Sight, view_lines::OutcomeView};
use crate::{form::word, words};

/// The decision on a request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeterminationView {
    /// Which decision on the request it is: 1 for the first.
    number: u32,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `approved`, `modified` or `denied`.
    #[schema(value_type = words::Outcome)]
    outcome: String,
    /// The reviewer with credential, or the rule.
    by: String,
    /// One for each line of the request, in order.
    lines: Vec<OutcomeView>,
    /// What it rests on.
    criteria: Vec<CriterionView>,
    /// For claims.
    authorization_number: Option<String>,
    /// Version of the contract it was decided under.
    contract_version: String,
    /// That it corrects an earlier one, whose place it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    correction: Option<CorrectionView>,
}

/// What a decision corrects.
#[derive(Serialize, ToSchema)]
struct CorrectionView {
    /// The number of the decision whose place it takes.
    of: u32,
    /// Why.
    reason: String,
}

/// What a decision rests on.
#[derive(Serialize, ToSchema)]
struct CriterionView {
    title: String,
    citation: String,
    text: String,
    /// The id of the contract's catalogue that it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue: Option<String>,
}

/// Whether a decision may be corrected.
#[derive(Serialize, ToSchema)]
pub(super) struct CorrectionOfferView {
    /// The number to send back with the correction; none where it may not be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    corrects: Option<u32>,
    /// Why it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// The reasons and criteria that a decision may take from the contract's catalogue.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CatalogueView {
    /// Whether less than was asked for needs a reason of the catalogue, to which may be added.
    reason_required: bool,
    /// Texts with blanks in square brackets, which are completed.
    reasons: Vec<ReasonChoice>,
    criteria: Vec<CriterionChoice>,
}

/// A reason to choose.
#[derive(Serialize, ToSchema)]
struct ReasonChoice {
    id: String,
    text: String,
    /// For which outcomes.
    #[schema(value_type = Vec<words::Outcome>)]
    outcomes: Vec<String>,
}

/// A criterion to choose.
#[derive(Serialize, ToSchema)]
struct CriterionChoice {
    id: String,
    title: String,
    citation: String,
    text: String,
}

impl DeterminationView {
    pub(super) fn of(request: &Request, made: &Determination) -> Self {
        let criteria = made.criteria.iter().enumerate().map(|(place, criterion)| CriterionView {
            title: criterion.title.clone(),
            citation: criterion.citation.clone(),
            text: criterion.text.clone(),
            catalogue: made.sources.criteria.get(place).cloned().flatten(),
        });
        let correction = |of: &Correction| CorrectionView { of: of.of, reason: of.reason.clone() };
        Self {
            number: made.number,
            at: made.at,
            outcome: word(&made.outcome()),
            by: made.by.in_words(),
            lines: OutcomeView::all(request, made),
            criteria: criteria.collect(),
            authorization_number: made.authorization.as_ref().map(ToString::to_string),
            contract_version: made.contract_version.clone(),
            correction: made.correction.as_ref().map(correction),
        }
    }
}

impl CorrectionOfferView {
    /// For physicians, and whoever leads the nurses, of what is decided.
    pub(super) fn of(case: &Case, request: &Request, sight: Sight<'_>) -> Option<Self> {
        let Caller::Staff(reviewer) = sight.caller else { return None };
        match correct::may_correct(case, request.number, reviewer) {
            Ok(number) => Some(Self { corrects: Some(number), refused: None }),
            // There is nothing that they would correct.
            Err(ReviewError::NoRequest | ReviewError::State(_) | ReviewError::NeedsLead) => None,
            Err(why) => Some(Self { corrects: None, refused: Some(why.to_string()) }),
        }
    }

    pub(super) fn is_offered(&self) -> bool {
        self.corrects.is_some()
    }
}

impl CatalogueView {
    /// For whoever decides now.
    pub(super) fn of(case: &Case, decides: bool, contract: &Contract) -> Option<Self> {
        let service = case.service.as_ref().map(|service| service.service_type.as_str());
        let outcomes = [Outcome::Modified, Outcome::Denied];
        let reasons = contract.reasons.iter().map(|reason| ReasonChoice {
            id: reason.id.clone(),
            text: reason.text.clone(),
            outcomes: outcomes.iter().filter(|outcome| reason.fits(**outcome, service)).map(word).collect(),
        });
        let reasons: Vec<_> = reasons.filter(|reason| !reason.outcomes.is_empty()).collect();
        let criteria = contract.criteria.iter().filter(|criterion| criterion.fits(service));
        let criteria: Vec<_> = criteria
            .map(|criterion| CriterionChoice {
                id: criterion.id.clone(),
                title: criterion.title.clone(),
                citation: criterion.citation.clone(),
                text: criterion.text.clone(),
            })
            .collect();
        let any = !reasons.is_empty() || !criteria.is_empty();
        (decides && any).then_some(Self { reason_required: contract.catalogue.reason_required, reasons, criteria })
    }
}
