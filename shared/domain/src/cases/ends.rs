//! How a case ends without a decision: a draft is cancelled, an undecided request is withdrawn (ACT-06).

use jiff::Timestamp;

use crate::{
    cases::{
        Case, Change,
        request::{PendEnd, Request, State},
    },
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    glyphs::clean,
    id::{RequestNumber, Username},
    status::Status,
    wrong::Wrong,
};

/// As long as a reason may be.
pub const LONGEST_REASON: usize = 1000;

/// Why nothing was ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// No such request on the case.
    #[error("This case has no such request.")]
    NoRequest,
    /// Only a draft is cancelled.
    #[error("This case is {0}: what was submitted is not cancelled. Its request can be withdrawn until it is decided.")]
    Submitted(Status),
    /// Only what was submitted is withdrawn.
    #[error("This case was not submitted, so there is nothing to withdraw. Cancel it instead.")]
    NotSubmitted,
    /// What is decided stays decided, and what is cancelled cancelled.
    #[error("This request is {0}; it cannot be withdrawn any more.")]
    Over(Status),
    /// It carries out what a State fair hearing ordered, which the plan owes whoever asked (42 CFR 438.424).
    #[error("This request carries out a State fair hearing. It is decided, not withdrawn.")]
    Ordered,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

impl Request {
    /// Whether it may be withdrawn now: it is not decided, and nobody ordered it.
    #[must_use]
    pub fn may_be_withdrawn(&self) -> bool {
        self.is_undecided() && !self.is_ordered()
    }

    /// When it was taken back, where it was.
    #[must_use]
    pub fn withdrawn_at(&self) -> Option<Timestamp> {
        let State::Withdrawn { at, .. } = &self.state else { return None };
        Some(*at)
    }
}

impl Case {
    /// Whether it is still being written: neither submitted nor cancelled.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.submission.is_none() && self.status() == Status::Draft
    }

    /// Whether it was given up before it was submitted: it is kept to be read, and nothing of it is work any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.status() == Status::Cancelled
    }

    /// The draft given up. What is cancelled already stays as it is, and is no error.
    ///
    /// # Errors
    /// When it was submitted.
    pub fn cancel(self, at: Timestamp, by: Username) -> Result<Option<Change>, EndError> {
        if self.is_cancelled() {
            return Ok(None);
        }
        let draft = |request: &&Request| matches!(request.state, State::Draft);
        let Some(request) = self.requests.iter().find(draft).cloned().filter(|_| self.is_draft()) else {
            return Err(EndError::Submitted(self.status()));
        };
        let request = Request { state: State::Cancelled { at, by: Some(by) }, ..request };
        Ok(Some(self.with_request(request, at, vec![EventKind::CaseCancelled])))
    }

    /// The request taken back: it leaves automatic review or its worklist, whoever had claimed it, and its clock ends. What is
    /// withdrawn already stays as it is, and is no error.
    ///
    /// # Errors
    /// When it was not submitted, is decided or carries out a hearing, or the reason has no form.
    pub fn withdraw(
        self,
        number: RequestNumber,
        reason: &str,
        contract: &Contract,
        (at, by): (Timestamp, Username),
    ) -> Result<Option<Change>, EndError> {
        let request = self.request(number).ok_or(EndError::NoRequest)?.clone();
        match &request.state {
            State::Withdrawn { .. } => return Ok(None),
            State::Draft => return Err(EndError::NotSubmitted),
            State::Submitted { .. }
            | State::NurseReview { .. }
            | State::PhysicianReview { .. }
            | State::AwaitsCoverage { .. }
            | State::Pended { .. } => {}
            State::Determined { .. } | State::Void { .. } | State::Cancelled { .. } => {
                return Err(EndError::Over(request.status()));
            }
        }
        if request.is_ordered() {
            return Err(EndError::Ordered);
        }
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            let mut errors = FieldErrors::none();
            let text = "Say in 1 to 1,000 characters why the request is withdrawn.";
            errors.add("/reason", Wrong::length(reason, LONGEST_REASON).says(text));
            return Err(EndError::Fields(errors));
        }
        // It stands in the letters that tell of it (LTR-09).
        if let Err(unprintable) = clean(reason) {
            let mut errors = FieldErrors::none();
            errors.add("/reason", unprintable);
            return Err(EndError::Fields(errors));
        }
        let over = EndError::Over(request.status());
        let clock = request.clock().cloned().ok_or(over.clone())?;
        let words = "Withdrawn by the provider; no decision is due.".to_owned();
        let clock = clock.stop(at, &contract.calendar, words).map_err(|_| over)?;
        let state = State::Withdrawn { clock, at, by, reason: reason.to_owned() };
        let mut request = Request { state, ..request };
        if let Some(pend) = request.pends.last_mut().filter(|pend| pend.ended.is_none()) {
            pend.ended = Some(PendEnd::Withdrawn { at });
        }
        Ok(Some(self.with_request(request, at, vec![EventKind::RequestWithdrawn { request: number }])))
    }
}
