//! A request on days on which the plan's file does not cover the member (CASE-27). Files are late: it waits as long as the contract
//! says and goes on by itself when the file covers the days; else a person looks at it. A reviewer may close it as not eligible. No
//! machine closes or denies it.

use jiff::Timestamp;

use crate::{
    calendar::window_end,
    cases::{
        Case, Change,
        request::{Request, State},
    },
    clock::Clock,
    contracts::Contract,
    events::{EventKind, Why},
    id::RequestNumber,
    person::Member,
    status::Queue,
};

/// Why it is not known that the member is eligible on all days that are asked for.
#[must_use]
pub fn doubt(member: &Member, request: &Request, contract: &Contract) -> Option<Why> {
    if member.is_temporary() {
        Some(Why::TemporaryMember)
    } else if request.lines.iter().any(|line| !member.uncovered(line.period).is_empty()) {
        Some(Why::NotCovered)
    } else {
        (contract.members.coverage_needed && member.coverage.is_unknown()).then_some(Why::CoverageUnknown)
    }
}

/// Until when a request waits for the plan's file; `None` when it does not. A temporary member waits for a person.
pub(super) fn waits_until(why: &Why, clock: &Clock, contract: &Contract, at: Timestamp) -> Option<Timestamp> {
    let days = contract.eligibility.wait_days;
    if days == 0 || !matches!(why, Why::NotCovered | Why::CoverageUnknown) {
        return None;
    }
    let calendar = &contract.calendar;
    let end = calendar.end_of(window_end(calendar.time_zone.date_at(at), days));
    // Somebody has to have the time to decide.
    let half = clock.due(calendar).map(|due| at.checked_add(due.duration_since(at) / 2).unwrap_or(at));
    Some(half.map_or(end, |half| half.min(end))).filter(|until| *until > at)
}

/// The case with what the plan's file says of its member's coverage now. Name and address stay as they were when it was begun.
#[must_use]
pub fn known(mut case: Case, member: &Member) -> Case {
    if member.id == case.member.id {
        case.member.coverage = member.coverage;
    }
    case
}

/// The case when the plan's file covers the member on all days: automatic review looks at the request anew. `None` when it does
/// not wait for that, or waits on.
#[must_use]
pub fn came(case: Case, number: RequestNumber, contract: &Contract, at: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    let State::AwaitsCoverage { clock, .. } = request.state.clone() else { return None };
    if doubt(&case.member, &request, contract).is_some() {
        return None;
    }
    request.state = State::Submitted { clock };
    Some(case.with_request(request, at, vec![EventKind::CoverageCame { request: number }]))
}

/// The case when its time to wait is over: the request goes to the worklist that the contract names. `None` when it waits no more
/// or not long enough.
#[must_use]
pub fn over(case: Case, number: RequestNumber, contract: &Contract, now: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    let State::AwaitsCoverage { clock, until } = request.state.clone() else { return None };
    if now <= until {
        return None;
    }
    let queue = contract.eligibility.then;
    let why = doubt(&case.member, &request, contract);
    request.state = match queue {
        Queue::Nurse => State::NurseReview { clock, claimed: None },
        Queue::Physician => State::PhysicianReview { clock, claimed: None },
    };
    Some(case.with_request(request, now, vec![EventKind::RequestRouted { request: number, queue, why }]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        caller::Reviewer,
        clock::Tick,
        contracts::samples::arkansas,
        letters,
        person::Coverage,
        reviews::{
            self, Decision, Holder, ReviewError, letter_facts,
            void::{Closing, may_void},
        },
        status::{Audience, Closed, Status},
        tests::{at, nurse, physician, submitted},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    /// A request whose first day is not covered.
    fn awaiting() -> Case {
        let mut case = submitted();
        let first = case.requests[0].lines[0].period.from();
        case.member.coverage = Coverage { from: first.tomorrow().ok(), to: None };
        reviews::automatic(case, R01, &arkansas(), reviews::Known::default(), at()).unwrap().case
    }

    fn covered(mut case: Case) -> Case {
        case.member.coverage.from = None;
        case
    }

    fn closed(case: Case, by: &Reviewer, reason: &str) -> Result<Change, ReviewError> {
        reviews::decide(
            case,
            R01,
            by,
            Decision::Void { closing: Closing::NotEligible, reason: reason.to_owned() },
            &arkansas(),
            at(),
        )
    }

    #[test]
    fn it_waits_as_long_as_the_contract_says_and_never_half_of_the_time_to_decide() {
        let (case, mut contract) = (awaiting(), arkansas());
        let clock = case.requests[0].clock().unwrap().clone();
        let until = case.requests[0].awaits_coverage().unwrap();
        let day = contract.calendar.time_zone.date_at(until);
        assert_eq!((day - contract.calendar.time_zone.date_at(at())).get_days(), 3);
        contract.eligibility.wait_days = 60;
        let half = waits_until(&Why::NotCovered, &clock, &contract, at()).unwrap();
        let due = clock.due(&contract.calendar).unwrap();
        assert_eq!(due.duration_since(half).as_secs(), half.duration_since(at()).as_secs());
        contract.eligibility.wait_days = 0;
        assert_eq!(waits_until(&Why::NotCovered, &clock, &contract, at()), None);
        assert_eq!(waits_until(&Why::TemporaryMember, &clock, &arkansas(), at()), None);
        assert_eq!(waits_until(&Why::NotCovered, &clock, &arkansas(), due), None, "nothing is left to wait");
    }

    #[test]
    fn coverage_brings_it_back_to_automatic_review_once_and_the_end_of_the_wait_to_a_person_once() {
        let contract = arkansas();
        let until = awaiting().requests[0].awaits_coverage().unwrap();
        let later = until.checked_add(jiff::Span::new().seconds(1)).unwrap();
        assert_eq!(came(awaiting(), R01, &contract, at()), None);
        assert_eq!(over(awaiting(), R01, &contract, until), None);
        let back = came(covered(awaiting()), R01, &contract, later).unwrap();
        assert_eq!(
            (back.case.status(), back.events),
            (Status::Submitted, vec![EventKind::CoverageCame { request: R01 }])
        );
        assert_eq!(came(back.case.clone(), R01, &contract, later), None);
        assert_eq!(over(back.case, R01, &contract, later), None);
        let gone = over(awaiting(), R01, &contract, later).unwrap();
        let why = Some(Why::NotCovered);
        assert_eq!(gone.events, [EventKind::RequestRouted { request: R01, queue: Queue::Nurse, why }]);
        assert_eq!((gone.case.status(), over(gone.case.clone(), R01, &contract, later)), (Status::NurseReview, None));
        let physicians = Contract {
            eligibility: crate::contracts::eligibility::EligibilityRules {
                then: Queue::Physician,
                ..contract.eligibility.clone()
            },
            ..contract
        };
        assert_eq!(over(awaiting(), R01, &physicians, later).unwrap().case.status(), Status::PhysicianReview);
    }

    #[test]
    fn a_reviewer_closes_what_waits_or_is_theirs_and_nobody_who_is_covered() {
        let reason = "The county confirmed that coverage begins later.";
        for by in [nurse(), physician()] {
            let change = closed(awaiting(), &by, reason).unwrap();
            let request = &change.case.requests[0];
            assert_eq!((request.status(), change.determination.is_none()), (Status::Void, true));
            assert_eq!(request.clock().unwrap().ledger.last().unwrap().what, Tick::Stopped);
            let first = request.lines[0].period.from();
            assert_eq!(request.voided().unwrap().uncovered[0].to(), first);
            assert_eq!(change.events, [EventKind::RequestVoided { request: R01, because: Closed::NotEligible }]);
            assert!(matches!(closed(change.case, &by, reason), Err(ReviewError::State(_))), "it is closed once");
        }
        let wrong = |case: Case, reason: &str| {
            let Err(ReviewError::Fields(errors)) = closed(case, &nurse(), reason) else { panic!("nothing is wrong") };
            errors.as_slice().iter().map(|error| error.pointer.clone()).collect::<Vec<_>>()
        };
        assert_eq!(wrong(covered(awaiting()), " "), ["/decision", "/note"]);
        let stranger = Reviewer { role: crate::caller::StaffRole::Support, ..nurse() };
        assert_eq!(closed(awaiting(), &stranger, reason), Err(ReviewError::OtherRole));
        // On a worklist it is closed by whoever has claimed it.
        let later =
            awaiting().requests[0].awaits_coverage().unwrap().checked_add(jiff::Span::new().seconds(1)).unwrap();
        let listed = over(awaiting(), R01, &arkansas(), later).unwrap().case;
        assert_eq!(closed(listed.clone(), &nurse(), reason), Err(ReviewError::NotClaimed));
        assert!(!may_void(&listed.member, &listed.requests[0], &nurse(), &arkansas()));
        let claimed = reviews::claim(listed, R01, &nurse(), (&arkansas(), Holder::Works), later).unwrap().unwrap().case;
        assert!(may_void(&claimed.member, &claimed.requests[0], &nurse(), &arkansas()));
        assert_eq!(closed(claimed, &nurse(), reason).unwrap().case.status(), Status::Void);
    }

    #[test]
    fn the_letters_of_a_closed_request_say_why_and_on_which_days() {
        let (contract, reason) = (arkansas(), "The county confirmed that coverage begins later.");
        let case = closed(awaiting(), &nurse(), reason).unwrap().case;
        assert!(letter_facts::check_voided(&case, R01, &contract).is_empty());
        let facts = letter_facts::voided(&case, R01, &contract, crate::id::LetterId::NOT_ISSUED).unwrap();
        assert_eq!((facts.outcome, facts.reasons.len()), (letters::Outcome::Void, 3));
        assert!(facts.reasons[1].starts_with("Days without coverage: ") && facts.reasons[2] == reason);
        for audience in [Audience::Provider, Audience::Member] {
            let letter = letters::compose(&facts, &contract.letters, audience).unwrap();
            let letter = serde_json::to_string(&letter).unwrap();
            assert!(facts.reasons.iter().all(|reason| letter.contains(reason.as_str())), "{letter}");
        }
        assert_eq!(letter_facts::voided(&awaiting(), R01, &contract, crate::id::LetterId::NOT_ISSUED), None);
    }
}
