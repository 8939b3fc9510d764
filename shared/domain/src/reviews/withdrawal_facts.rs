//! The facts of the letters of a request that was taken back (ACT-06): who did it and when, and that nothing was decided (LTR-01).

use crate::{
    cases::{
        Case,
        determination::LineOutcome,
        request::{Request, State},
    },
    contracts::Contract,
    id::{LetterId, RequestNumber},
    letters::{self, Facts},
    reviews::letter_facts::{diagnoses, follows, line, member, provider, review_type},
};

/// What both letters tell; `None` when the request was not taken back. `letter` is the id that it is issued under.
#[must_use]
pub fn withdrawn(case: &Case, number: RequestNumber, contract: &Contract, letter: LetterId) -> Option<Facts> {
    let request: &Request = case.request(number)?;
    let State::Withdrawn { at, by, reason, .. } = &request.state else { return None };
    let submission = case.submission.as_ref()?;
    let zone = &contract.calendar.time_zone;
    let date = zone.date_at(*at);
    let open = |asked| letters::Line {
        outcome: letters::Outcome::Withdrawn,
        authorized: None,
        ..line(case, asked, &LineOutcome::Approved, contract)
    };
    Some(Facts {
        letter: letter.to_string(),
        contract: contract.id.to_string(),
        case: submission.case_id.to_string(),
        request: number.to_string(),
        authorization: None,
        date,
        submitted: zone.date_at(request.asked_at().unwrap_or(submission.at)),
        outcome: letters::Outcome::Withdrawn,
        review_type: review_type(request),
        member: member(case, date),
        requesting: provider(&case.requesting, case.fax_of(request).map(ToString::to_string)),
        servicing: case.servicing.as_ref().filter(|s| s.id != case.requesting.id).map(|s| provider(s, None)),
        lines: request.lines.iter().map(open).collect(),
        diagnoses: diagnoses(case),
        reasons: vec![reason.clone()],
        criteria: Vec::new(),
        information: Vec::new(),
        reviewer: None,
        effective: None,
        under_way: false,
        rule: None,
        follows: follows(case, request, contract),
        withdrawn_by: Some(by.to_string()),
        deadlines: Vec::new(),
    })
}

/// Whether it was taken back to be asked for anew at once, as a system changes what it asked for (HL7 Da Vinci PAS): the letters of the
/// request in its place tell what comes of it.
#[must_use]
pub fn is_replaced(case: &Case, number: RequestNumber) -> bool {
    let Some(State::Withdrawn { at, .. }) = case.request(number).map(|request| &request.state) else { return false };
    case.requests.iter().any(|other| other.number > number && other.asked_at() == Some(*at))
}
