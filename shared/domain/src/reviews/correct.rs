//! A determination that turns out wrong is corrected by a new one on the same request, which takes its place (REV-04). The former one
//! stays as history, whoever was told of it is told anew, and what is authorized is made anew under the same number.

use jiff::Timestamp;

use super::{authorized::authorized, holding::ReviewError};
use crate::{
    calendar::window_end,
    caller::{Reviewer, StaffRole},
    cases::{
        Case, Change,
        determination::{self, Correction, Criterion, Determination, LineOutcome},
        hearing::{Hearing, HearingOutcome, HearingStage},
        reauthorize::takes,
        request::{Request, State},
    },
    contracts::{Contract, caps},
    events::EventKind,
    id::RequestNumber,
    wrong::Wrong,
};

/// As long is the reason of a correction.
const LONGEST_REASON: usize = 4000;

/// What a reviewer decides instead.
#[derive(Clone, PartialEq, Debug)]
pub struct Corrected {
    /// The number of the decision that they saw and correct.
    pub of: u32,
    /// Why, as it stands in both letters.
    pub reason: String,
    /// One outcome for each line, in order.
    pub lines: Vec<LineOutcome>,
    /// What it rests on.
    pub criteria: Vec<Criterion>,
}

/// The number of the decision on a request that this reviewer may correct now.
///
/// # Errors
/// Why they may not.
pub fn may_correct(case: &Case, number: RequestNumber, by: &Reviewer) -> Result<u32, ReviewError> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let decided = request.decided().ok_or(request.not_now())?;
    let may = match by.role {
        StaffRole::Physician => true,
        StaffRole::Nurse => by.lead,
        StaffRole::Intake | StaffRole::Support | StaffRole::ContractManager | StaffRole::Operations => false,
    };
    if !may {
        return Err(ReviewError::NeedsLead);
    }
    if by.had_a_part(request) {
        return Err(ReviewError::TookPart(request.review));
    }
    let follows = |other: &&Request| {
        let this = other.follows.as_ref().is_some_and(|follows| follows.of == number);
        this && (other.is_undecided() || other.decided().is_some())
    };
    if let Some(next) = case.requests.iter().find(follows) {
        return Err(ReviewError::Followed(next.number));
    }
    let heard = |hearing: &Hearing| match hearing.stage {
        HearingStage::Ended { outcome, .. } => outcome.was_held(),
        HearingStage::Requested | HearingStage::Scheduled { .. } => true,
    };
    if request.hearings.iter().any(heard) {
        return Err(ReviewError::Heard);
    }
    Ok(decided.number)
}

/// A reviewer corrects the decision on a request; `all` are the decisions of the case.
///
/// # Errors
/// When they may not, another decision holds than the one that they saw, or with everything wrong at the fields.
pub fn correct(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    corrected: Corrected,
    all: &[Determination],
    contract: &Contract,
    at: Timestamp,
) -> Result<Change, ReviewError> {
    let holds = may_correct(&case, number, by)?;
    let case = case.with_authorizations(all);
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let State::Determined { clock, decided } = request.state.clone() else { return Err(not_now.into()) };
    if corrected.of != holds {
        return Err(ReviewError::CorrectedSince);
    }
    let before = all.iter().find(|made| made.request == number && made.number == holds).ok_or(not_now)?;
    let Corrected { reason, lines, criteria, .. } = corrected;
    let mut errors = determination::check(&request.lines, &lines, &criteria);
    errors.nest("", Case::less_than_authorized(&request, &lines));
    let caps = caps::check(|line| case.rule_of(line, contract), &authorized(&request.lines, &lines), "units", true);
    errors.nest("", caps);
    if !(1..=LONGEST_REASON).contains(&reason.trim().chars().count()) {
        let text = "Say in 1 to 4,000 characters why the decision is corrected: it stands in the letters.";
        errors.add("/note", Wrong::length(reason.trim(), LONGEST_REASON).says(text));
    }
    if (&lines, &criteria) == (&before.lines, &before.criteria) {
        let text = "This is what was decided already. Change what is to be corrected.";
        errors.add("/lines", Wrong::NothingCorrected.says(text));
    }
    let approved = lines.iter().any(LineOutcome::grants);
    let moved = request.follows.as_ref().is_some_and(|follows| follows.servicing.is_some());
    if moved && !approved && decided.authorization.is_some() {
        let text =
            "The decision changed who performs the service, which a correction cannot take back. Ask for a revision.";
        errors.add("/lines", Wrong::NotAChoice.says(text));
    }
    errors.into_result().map_err(ReviewError::Fields)?;
    let outcome = determination::roll_up(&lines);
    let ordered = request.follows.as_ref().and_then(|follows| follows.ordered);
    if outcome.is_adverse() && ordered == Some(HearingOutcome::Reversed) {
        return Err(ReviewError::Ordered);
    }
    if outcome.is_adverse() && by.role != StaffRole::Physician {
        return Err(ReviewError::NeedsPhysician);
    }
    let today = contract.calendar.time_zone.date_at(at);
    let takes = takes(&request.lines, &before.lines, &lines) || case.takes_from(&request, &lines, today);
    let correction = Correction { of: holds, replaced: decided.noticed(), reason: reason.trim().to_owned(), takes };
    let number_of = case.number_of(&request).ok_or(not_now)?;
    let made = Determination {
        request: number,
        number: request.next_decision(),
        at,
        by: by.decided_by(),
        lines,
        criteria,
        authorization: approved.then_some(number_of),
        contract_version: contract.version.clone(),
        correction: Some(correction),
        sources: determination::Sources::default(),
    };
    let effective = window_end(today, contract.windows.advance_notice_days);
    let keep = if takes { effective.yesterday().ok() } else { None };
    let case = case.reauthorize(&made, all, keep).map_err(ReviewError::Fields)?;
    request.earlier.push(decided);
    request.state = State::Determined { clock, decided: made.in_short() };
    let event = EventKind::RequestDetermined { request: number, outcome, number: made.number, corrects: true };
    Ok(Change { determination: Some(made), ..case.with_request(request, at, vec![event]) })
}
