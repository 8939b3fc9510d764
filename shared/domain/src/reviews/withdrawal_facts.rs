//! The facts of the letters of a request that was taken back (ACT-06): who did it and when, and that nothing was decided (LTR-01).

use crate::{
    cases::{
        Case,
        request::{Request, State},
    },
    contracts::Contract,
    id::{LetterId, RequestNumber},
    letters::{self, Facts},
    reviews::letter_facts::notice,
};

/// What both letters tell; `None` when the request was not taken back. `letter` is the id that it is issued under.
#[must_use]
pub fn withdrawn(case: &Case, number: RequestNumber, contract: &Contract, letter: LetterId) -> Option<Facts> {
    let request: &Request = case.request(number)?;
    let State::Withdrawn { at, by, reason, .. } = &request.state else { return None };
    let notice = notice(case, request, (contract, letter), (*at, letters::Outcome::Withdrawn))?;
    Some(Facts { reasons: vec![reason.clone()], withdrawn_by: Some(case.name_of(by)), ..notice })
}
