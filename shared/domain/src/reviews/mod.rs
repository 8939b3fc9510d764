//! Review: automatic first, then nurse, then physician. Only a physician denies or reduces (REV-02, REV-03).

mod authorized;
mod by_rule;
pub mod correct;
pub mod eligibility;
pub mod expiry;
pub mod gold_card;
mod holding;
pub mod information;
pub mod last_days;
pub mod letter_facts;
pub mod more_time;
pub mod pend;
pub mod remind;
pub mod sources;
pub mod talk;
#[cfg(test)]
mod tests;
pub mod void;
pub mod withdrawal_facts;
pub mod worksheet;

use authorized::authorized;
pub use by_rule::{Known, Verdict, automatic, tried, unchecked};
pub use holding::{Holder, ReviewError, claims, held, reviewer, without_claim};
use holding::{claimed_by_other, may_work};
use jiff::{Span, Timestamp};

use crate::{
    caller::{Reviewer, StaffRole},
    cases::{
        Case, Change,
        determination::{self, Criterion, DecidedBy, Determination, LineOutcome, Sources},
        hearing::HearingOutcome,
        request::{Claim, Referral, Request, State},
    },
    contracts::{Contract, ReviewRules, caps},
    events::EventKind,
    field::{FieldErrors, Objection},
    id::RequestNumber,
    status::Queue,
    wrong::Wrong,
};

/// What a reviewer decides.
#[derive(Clone, PartialEq, Debug)]
pub enum Decision {
    /// To the physicians, with a note.
    Refer {
        /// Why.
        note: String,
    },
    /// Line by line.
    Determine {
        /// One outcome for each line, in order.
        lines: Vec<LineOutcome>,
        /// What it rests on.
        criteria: Vec<Criterion>,
    },
    /// Closed without a decision.
    Void {
        /// Why.
        closing: void::Closing,
        /// What was found; it stands in the letters.
        reason: String,
    },
}

/// The case with a request as it is now, and with what was decided of it.
pub(crate) fn decided(
    case: Case,
    request: Request,
    determination: Option<Determination>,
    events: Vec<EventKind>,
    at: Timestamp,
) -> Change {
    let case = match &determination {
        Some(made) => case.authorize(&request, made),
        None => case,
    };
    Change { determination, ..case.with_request(request, at, events) }
}

impl Claim {
    /// Until when nobody else may take it.
    #[must_use]
    pub fn until(&self, rules: &ReviewRules) -> Timestamp {
        self.at.checked_add(Span::new().hours(i64::from(rules.claim_hours.min(24 * 365)))).unwrap_or(Timestamp::MAX)
    }
}

/// A reviewer takes a request from the worklist, and has seen with it what was added. Taking one's own again changes nothing
/// but that, and is no error; `holder` says of another's claim whether they may still work it.
///
/// # Errors
/// When it is elsewhere, another's, or on a worklist of another role.
pub fn claim(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    (contract, holder): (&Contract, Holder),
    at: Timestamp,
) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let queue = request.queue().map(|(queue, _)| queue).ok_or(not_now)?;
    may_work(by, &request, queue)?;
    let seen = information::see(&mut request, at);
    let mut events = Vec::new();
    match &mut request.state {
        State::NurseReview { claimed, .. } | State::PhysicianReview { claimed, .. } => match claimed {
            // One's own begins anew when its time was over.
            Some(claim) if claim.by == by.username && at < claim.until(&contract.reviews) => {
                if seen.is_none() {
                    return Ok(None);
                }
            }
            Some(claim)
                if claim.by != by.username && holder == Holder::Works && at < claim.until(&contract.reviews) =>
            {
                return Err(claimed_by_other(claim, contract));
            }
            Some(_) | None => {
                *claimed = Some(Claim { by: by.username.clone(), at });
                events.push(EventKind::RequestClaimed { request: number, queue });
            }
        },
        State::Draft
        | State::Submitted { .. }
        | State::Pended { .. }
        | State::AwaitsCoverage { .. }
        | State::Void { .. }
        | State::Determined { .. }
        | State::Withdrawn { .. }
        | State::Cancelled { .. } => return Err(not_now.into()),
    }
    events.extend(seen);
    Ok(Some(case.with_request(request, at, events)))
}

/// A reviewer gives back a request that they have claimed. What nobody has stays so, and is no error.
///
/// # Errors
/// When it is elsewhere, another's, or on a worklist of another role.
pub fn release(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    contract: &Contract,
    at: Timestamp,
) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let queue = request.queue().map(|(queue, _)| queue).ok_or(not_now)?;
    may_work(by, &request, queue)?;
    let (State::NurseReview { claimed, .. } | State::PhysicianReview { claimed, .. }) = &mut request.state else {
        return Err(not_now.into());
    };
    match claimed.take() {
        None => return Ok(None),
        Some(claim) if claim.by == by.username => {}
        Some(claim) => return Err(claimed_by_other(&claim, contract)),
    }
    Ok(Some(case.with_request(request, at, vec![EventKind::RequestReleased { request: number, queue }])))
}

/// What is said of somebody who does not work the worklist that a request is on.
#[must_use]
pub fn not_a_reviewer() -> Objection {
    Wrong::NotAReviewer.says("Choose somebody who works this worklist of the contract.")
}

/// Whoever leads the reviewers of a worklist gives a request on it to one of them, whether somebody has it or not (REV-11).
/// Whose it is already keeps it, and that is no error.
///
/// # Errors
/// When it is elsewhere, on a worklist that `by` does not lead, or `to` does not work that worklist of the contract.
pub fn assign(
    case: Case,
    number: RequestNumber,
    (by, to): (&Reviewer, &Reviewer),
    contract: &Contract,
    at: Timestamp,
) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let queue = request.queue().map(|(queue, _)| queue).ok_or(not_now)?;
    if !by.leads(queue) {
        return Err(ReviewError::OtherRole);
    }
    if may_work(to, &request, queue).is_err() || !to.contracts.contains(&contract.id) {
        let mut errors = FieldErrors::none();
        errors.add("/reviewer", not_a_reviewer());
        return Err(ReviewError::Fields(errors));
    }
    let (State::NurseReview { claimed, .. } | State::PhysicianReview { claimed, .. }) = &mut request.state else {
        return Err(not_now.into());
    };
    if claimed.as_ref().is_some_and(|claim| claim.by == to.username && at < claim.until(&contract.reviews)) {
        return Ok(None);
    }
    *claimed = Some(Claim { by: to.username.clone(), at });
    let assigned = EventKind::RequestAssigned { request: number, queue, to: to.username.clone() };
    Ok(Some(case.with_request(request, at, vec![assigned])))
}

/// A reviewer decides a request that they have claimed.
///
/// # Errors
/// When it is elsewhere or not theirs, when the role may not decide so, or with everything wrong at the fields.
pub fn decide(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    decision: Decision,
    contract: &Contract,
    at: Timestamp,
) -> Result<Change, ReviewError> {
    if let Decision::Void { closing, reason } = decision {
        return void::void(case, number, by, (closing, reason), contract, at);
    }
    let (mut request, queue) = held(&case, number, by, contract)?;
    let not_now = request.not_now();
    let clock = request.clock().cloned().ok_or(not_now)?;
    let (events, determination) = match decision {
        Decision::Void { .. } => return Err(not_now.into()),
        Decision::Refer { note } => {
            if queue != Queue::Nurse {
                return Err(not_now.into());
            }
            if note.trim().is_empty() || note.chars().count() > 4000 {
                let mut errors = FieldErrors::none();
                let text = "Say in 1 to 4,000 characters why a physician should look at it.";
                errors.add("/note", Wrong::length(&note, 4000).says(text));
                return Err(ReviewError::Fields(errors));
            }
            request.referrals.push(Referral { by: by.username.clone(), at, note });
            request.state = State::PhysicianReview { clock, claimed: None };
            let events = vec![
                EventKind::RequestReferred { request: number },
                EventKind::RequestRouted { request: number, queue: Queue::Physician, why: None },
            ];
            (events, None)
        }
        Decision::Determine { lines, criteria } => {
            let mut errors = determination::check(&request.lines, &lines, &criteria);
            errors.nest("", Case::less_than_authorized(&request, &lines));
            errors.nest("", case.billed_since(&request, &lines));
            errors.nest(
                "",
                caps::check(|line| case.rule_of(line, contract), &authorized(&request.lines, &lines), "units", true),
            );
            errors.into_result().map_err(ReviewError::Fields)?;
            let outcome = determination::roll_up(&lines);
            let ordered = request.follows.as_ref().and_then(|follows| follows.ordered);
            if outcome.is_adverse() && ordered == Some(HearingOutcome::Reversed) {
                return Err(ReviewError::Ordered);
            }
            if outcome.is_adverse() && by.role != StaffRole::Physician {
                return Err(ReviewError::NeedsPhysician);
            }
            let authorization = case.number_of(&request).ok_or(not_now)?;
            let approved = lines.iter().any(LineOutcome::grants);
            let determination = Determination {
                request: number,
                number: request.next_decision(),
                at,
                by: by.decided_by(),
                lines,
                criteria,
                authorization: approved.then_some(authorization),
                contract_version: contract.version.clone(),
                correction: None,
                sources: Sources::default(),
            };
            let clock = clock.end(at, &contract.calendar, "Determined.".to_owned()).map_err(|_| not_now)?;
            request.state = State::Determined { clock, decided: determination.in_short() };
            let event = EventKind::RequestDetermined {
                request: number,
                outcome,
                number: determination.number,
                corrects: false,
            };
            (vec![event], Some(determination))
        }
    };
    Ok(decided(case, request, determination, events, at))
}

impl Reviewer {
    fn decided_by(&self) -> DecidedBy {
        DecidedBy::Reviewer {
            username: self.username.clone(),
            name: self.name.clone(),
            credential: self.credential.clone(),
            specialty: self.specialty.clone(),
            license: self.license.as_ref().map(ToString::to_string),
        }
    }
}
