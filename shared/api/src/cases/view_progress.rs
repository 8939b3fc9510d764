//! What is seen of the steps of a draft: which are complete, what is missing, what nothing requires (CASE-19).

use portico_domain::cases::{
    Case,
    progress::{Progress, progress},
    questionnaires::Beside,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::sight::Sight;
use crate::billable::unbillable;
use crate::{field_problem::FieldProblem, form::word, words};

/// A step of a draft.
#[derive(Serialize, ToSchema)]
pub(super) struct StepView {
    #[schema(value_type = words::CasePart)]
    step: String,
    /// `complete`, `missing`, or `not-needed`: nothing requires it, and the way to submit may skip it.
    #[schema(value_type = words::StepStanding)]
    standing: String,
    /// What a submit would be refused for.
    missing: Vec<FieldProblem>,
}

/// The steps of a draft, in the order of the field; of no other case any.
pub(super) fn steps(case: &Case, beside: Beside<'_>, notes: bool, sight: Sight<'_>) -> Vec<StepView> {
    let day = case.service_date().unwrap_or_else(|| sight.contract.calendar.time_zone.date_at(sight.now));
    let also = unbillable(&case.diagnoses, day);
    let all = progress(case, (beside, notes), sight.contract, sight.now, also);
    all.iter().map(StepView::of).collect()
}

impl StepView {
    fn of(Progress { part, standing, missing }: &Progress) -> Self {
        let missing = missing.iter().map(FieldProblem::from).collect();
        Self { step: word(part), standing: word(standing), missing }
    }
}
