//! Review: automatic first, then nurse, then physician. Only a physician denies or reduces (REV-02, REV-03).

pub mod letter_facts;

use jiff::Timestamp;

use crate::{
    caller::{Reviewer, StaffRole},
    cases::{
        Case, Change,
        determination::{self, Criterion, DecidedBy, Determination, LineOutcome},
        request::{Claim, State, StateError},
    },
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::{AuthorizationNumber, RequestNumber},
    service::Line,
    status::Queue,
};

/// Why a review step was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// No such request on the case.
    #[error("This case has no such request.")]
    NoRequest,
    /// The request is somewhere else.
    #[error(transparent)]
    State(#[from] StateError),
    /// Another reviewer has it.
    #[error("Another reviewer is working on this request since {0}.")]
    ClaimedByOther(Timestamp),
    /// The reviewer has not taken it.
    #[error("Claim the request before you decide it.")]
    NotClaimed,
    /// A nurse approves or refers; everything less is a physician's (42 CFR 438.210(b)(3)).
    #[error(
        "Only a physician reviewer may deny a request or approve less than was asked for. Refer it to a physician."
    )]
    NeedsPhysician,
    /// The reviewer's role has no part in this worklist.
    #[error("This request is on a worklist of another role.")]
    OtherRole,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

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
}

/// Automatic review of a submitted request: approved by the first rule that fits, else to the nurses; never denied
/// (REV-02). `None` when it is past automatic review: a repeated delivery changes nothing.
#[must_use]
pub fn automatic(case: Case, number: RequestNumber, contract: &Contract, at: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    let State::Submitted { clock } = request.state.clone() else { return None };
    let case_id = case.submission.as_ref()?.case_id.clone();
    let unsure = unsure(&case, &request.lines, contract);
    let rule = contract
        .auto_review
        .iter()
        .filter(|_| unsure.is_none())
        .find(|r| r.approves(&request.lines, &case.diagnoses, &case.member));
    let (event, determination) = match rule {
        Some(rule) => {
            let determination = Determination {
                request: number,
                number: request.next_decision(),
                at,
                by: DecidedBy::Rule { rule: rule.id.clone(), reason: rule.reason.clone() },
                lines: vec![LineOutcome::Approved; request.lines.len()],
                criteria: Vec::new(),
                authorization: Some(AuthorizationNumber::of(&case_id, number)),
                contract_version: contract.version.clone(),
            };
            let reason = format!("Approved by rule {} of version {}.", rule.id, contract.version);
            let clock = clock.end(at, &contract.calendar, reason).ok()?;
            let outcome = determination.outcome();
            request.state = State::Determined { clock, decided: determination.in_short() };
            (
                EventKind::RequestDetermined { request: number, outcome, number: determination.number },
                Some(determination),
            )
        }
        None => {
            request.state = State::NurseReview { clock, claimed: None };
            (
                EventKind::RequestRouted {
                    request: number,
                    queue: Queue::Nurse,
                    reason: unsure.map(ToOwned::to_owned),
                },
                None,
            )
        }
    };
    Some(Change { determination, ..case.with_request(request, at, vec![event]) })
}

/// Why no machine may approve for this member, if so (CASE-27): eligibility does not know them, or not on these days. A
/// person looks at it; feeds are late.
fn unsure(case: &Case, lines: &[Line], contract: &Contract) -> Option<&'static str> {
    let member = &case.member;
    let days = || lines.iter().flat_map(|line| [line.period.from(), line.period.to()]);
    if member.number().is_none() {
        Some("The member is a temporary one: eligibility does not know them yet.")
    } else if days().any(|day| member.covered_on(day) == Some(false)) {
        Some("The plan's file does not cover the member on all days that are asked for.")
    } else if contract.members.coverage_needed && member.coverage.is_unknown() {
        Some("The plan's file does not say when the member is covered.")
    } else {
        None
    }
}

/// A reviewer takes a request from the worklist. Taking one's own again changes nothing and is no error.
///
/// # Errors
/// When it is elsewhere, another's, or on a worklist of another role.
pub fn claim(case: Case, number: RequestNumber, by: &Reviewer, at: Timestamp) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let queue = request.queue().map(|(queue, _)| queue).ok_or(not_now)?;
    may_work(by, queue)?;
    match &mut request.state {
        State::NurseReview { claimed, .. } | State::PhysicianReview { claimed, .. } => match claimed {
            Some(claim) if claim.by == by.username => return Ok(None),
            Some(claim) => return Err(ReviewError::ClaimedByOther(claim.at)),
            None => *claimed = Some(Claim { by: by.username.clone(), at }),
        },
        State::Draft | State::Submitted { .. } | State::Determined { .. } | State::Withdrawn { .. } => {
            return Err(not_now.into());
        }
    }
    Ok(Some(case.with_request(request, at, vec![EventKind::RequestClaimed { request: number, queue }])))
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
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let not_now = request.not_now();
    let (queue, claimed) = request.queue().ok_or(not_now)?;
    may_work(by, queue)?;
    match claimed {
        Some(claim) if claim.by == by.username => {}
        Some(claim) => return Err(ReviewError::ClaimedByOther(claim.at)),
        None => return Err(ReviewError::NotClaimed),
    }
    let clock = request.clock().cloned().ok_or(not_now)?;
    let (events, determination) = match decision {
        Decision::Refer { note } => {
            if queue != Queue::Nurse {
                return Err(not_now.into());
            }
            if note.trim().is_empty() || note.chars().count() > 4000 {
                let mut errors = FieldErrors::none();
                errors.add("/note", "Say in 1 to 4,000 characters why a physician should look at it.");
                return Err(ReviewError::Fields(errors));
            }
            request.state = State::PhysicianReview { clock, claimed: None, referred_by: by.username.clone(), note };
            let events = vec![
                EventKind::RequestReferred { request: number },
                EventKind::RequestRouted { request: number, queue: Queue::Physician, reason: None },
            ];
            (events, None)
        }
        Decision::Determine { lines, criteria } => {
            determination::check(&request.lines, &lines, &criteria).into_result().map_err(ReviewError::Fields)?;
            let outcome = determination::roll_up(&lines);
            if outcome.is_adverse() && by.role != StaffRole::Physician {
                return Err(ReviewError::NeedsPhysician);
            }
            let case_id = case.submission.as_ref().map(|s| s.case_id.clone()).ok_or(not_now)?;
            let approved = lines.iter().any(|line| !matches!(line, LineOutcome::Denied { .. }));
            let determination = Determination {
                request: number,
                number: request.next_decision(),
                at,
                by: by.decided_by(),
                lines,
                criteria,
                authorization: approved.then(|| AuthorizationNumber::of(&case_id, number)),
                contract_version: contract.version.clone(),
            };
            let clock = clock.end(at, &contract.calendar, "Determined.".to_owned()).map_err(|_| not_now)?;
            request.state = State::Determined { clock, decided: determination.in_short() };
            let event = EventKind::RequestDetermined { request: number, outcome, number: determination.number };
            (vec![event], Some(determination))
        }
    };
    Ok(Change { determination, ..case.with_request(request, at, events) })
}

fn may_work(by: &Reviewer, queue: Queue) -> Result<(), ReviewError> {
    if by.works(queue) { Ok(()) } else { Err(ReviewError::OtherRole) }
}

impl Reviewer {
    /// Whether the reviewer's role works this worklist.
    #[must_use]
    pub fn works(&self, queue: Queue) -> bool {
        match (self.role, queue) {
            (StaffRole::Nurse, Queue::Nurse) | (StaffRole::Physician, Queue::Nurse | Queue::Physician) => true,
            (
                StaffRole::Nurse
                | StaffRole::Intake
                | StaffRole::Support
                | StaffRole::ContractManager
                | StaffRole::Operations,
                Queue::Nurse | Queue::Physician,
            ) => false,
        }
    }

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
