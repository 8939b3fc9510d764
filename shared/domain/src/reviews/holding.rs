//! Who has a request, who may work on it, and why a step of a reviewer is not taken.

use crate::{
    caller::{Reviewer, StaffRole},
    cases::{
        Case,
        request::{Claim, Request, StateError},
    },
    contracts::Contract,
    field::FieldErrors,
    id::RequestNumber,
    service::ReviewKind,
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
    /// Another reviewer has it, since when in words.
    #[error("Another reviewer is working on this request since {0}.")]
    ClaimedByOther(String),
    /// The reviewer has not taken it.
    #[error("Claim the request before you decide it.")]
    NotClaimed,
    /// A nurse approves or refers; everything less is a physician's (42 CFR 438.210(b)(3)).
    #[error(
        "Only a physician reviewer may deny a request or approve less than was asked for. Refer it to a physician."
    )]
    NeedsPhysician,
    /// The reviewer had a part in the decision that is to be looked at again (42 CFR 438.406(b)(2)).
    #[error("You had a part in the decision that this {0} is about. Another reviewer decides it.")]
    TookPart(ReviewKind),
    /// The reviewer's role has no part in this worklist.
    #[error("This request is on a worklist of another role.")]
    OtherRole,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

/// A request that the reviewer has claimed, and where.
///
/// # Errors
/// When it is elsewhere or not theirs, or on a worklist of another role.
pub fn held(
    case: &Case,
    number: RequestNumber,
    by: &Reviewer,
    contract: &Contract,
) -> Result<(Request, Queue), ReviewError> {
    let request = case.request(number).ok_or(ReviewError::NoRequest)?;
    let (queue, claimed) = request.queue().ok_or(request.not_now())?;
    may_work(by, request, queue)?;
    match claimed {
        Some(claim) if claim.by == by.username => Ok((request.clone(), queue)),
        Some(claim) => Err(claimed_by_other(claim, contract)),
        None => Err(ReviewError::NotClaimed),
    }
}

pub(super) fn claimed_by_other(claim: &Claim, contract: &Contract) -> ReviewError {
    ReviewError::ClaimedByOther(contract.calendar.time_zone.in_words(claim.at))
}

pub(super) fn may_work(by: &Reviewer, request: &Request, queue: Queue) -> Result<(), ReviewError> {
    if !by.works(queue) {
        Err(ReviewError::OtherRole)
    } else if by.had_a_part(request) {
        Err(ReviewError::TookPart(request.review))
    } else {
        Ok(())
    }
}

impl Reviewer {
    /// Whether the reviewer decided or referred what this request asks to look at again: somebody else does that (ACT-02).
    #[must_use]
    pub fn had_a_part(&self, request: &Request) -> bool {
        let decided_by = request.follows.iter().flat_map(|follows| &follows.decided_by);
        request.review.is_another_look() && decided_by.into_iter().any(|name| *name == self.username)
    }

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
}
