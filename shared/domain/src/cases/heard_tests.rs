//! Fair hearings.

use jiff::{Timestamp, ToSpan, civil::date};
use uuid::Uuid;

use crate::{
    caller::StaffRole,
    cases::{
        Case, Change,
        determination::{Criterion, Determination, LineOutcome},
        ends::EndError,
        heard::{AskedHearing, HearingError, Recorded, ask, look_outcome, record},
        hearing::{AskedBy, HearingOutcome, HearingStage},
    },
    contracts::{Contract, samples::arkansas},
    events::EventKind,
    id::{EventId, RequestNumber},
    reviews::{self, Decision, Holder, ReviewError, void::Closing},
    service::{ReviewKind, Urgency},
    status::{Side, Status},
    tests::{at, fewer, physician, staff, submitted, with_physician},
};

const FIRST: RequestNumber = RequestNumber::FIRST;

/// A case that was approved in part, with its decision.
fn in_part() -> (Case, Vec<Determination>) {
    let change = reviews::decide(with_physician(), FIRST, &physician(), fewer(&with_physician()), &arkansas(), at());
    let Change { case, determination, .. } = change.unwrap();
    (case, determination.into_iter().collect())
}

fn later(days: i64) -> Timestamp {
    at().checked_add((days * 24).hours()).unwrap()
}

fn asked(days: i64) -> AskedHearing {
    let on = arkansas().calendar.time_zone.date_at(later(days));
    AskedHearing { on, by: AskedBy::Member, reason: " The therapy helps. ".into() }
}

fn note() -> EventId {
    EventId::new(Uuid::from_u128(9))
}

fn requested(case: &Case, days: i64) -> Result<Option<Change>, HearingError> {
    ask(case.clone(), FIRST, asked(days), &arkansas(), (later(days), "ann.nurse".parse().unwrap(), Side::Staff))
}

fn recorded(of: (&Case, &[Determination]), what: Recorded, days: i64) -> Result<Option<Change>, HearingError> {
    record(of.0.clone(), FIRST, what, of.1, &arkansas(), (later(days), note()))
}

fn ended(outcome: HearingOutcome, days: i64) -> Recorded {
    let on = arkansas().calendar.time_zone.date_at(later(days));
    Recorded::Ended { on, outcome, words: "The plan approves 150 units.".into() }
}

#[test]
fn a_hearing_is_asked_for_within_its_window_and_once() {
    let (case, _) = in_part();
    let contract = arkansas();
    assert_eq!(case.may_be_heard(FIRST, &contract, date(2026, 7, 11)), Ok(date(2026, 7, 11)), "65 days");
    let late = case.may_be_heard(FIRST, &contract, date(2026, 7, 12)).unwrap_err();
    assert_eq!((late.code(), late.to_string().contains("July 11, 2026")), ("window-over", true));
    let Change { case: open, events, .. } = requested(&case, 1).unwrap().unwrap();
    assert_eq!(events, [EventKind::HearingRequested { request: FIRST, from: Side::Staff }]);
    assert_eq!(open.requests[0].hearings[0].reason, "The therapy helps.");
    assert_eq!(requested(&open, 1), Ok(None), "the same once more");
    assert_eq!(requested(&open, 2), Err(HearingError::Open));
    for kind in [ReviewKind::Reconsideration, ReviewKind::Appeal] {
        let why = open.may_follow(FIRST, kind, &contract, later(2)).unwrap_err();
        assert_eq!(why.code(), "to-be-heard", "both would authorize the same");
        assert!(case.may_follow(FIRST, kind, &contract, later(2)).is_ok());
    }
    assert_eq!(open.status(), Status::Modified, "no decision changes by it");

    // Sent in time and recorded later is in time; of days to come nobody knows.
    let by = || "ann.nurse".parse().unwrap();
    assert!(ask(case.clone(), FIRST, asked(60), &contract, (later(80), by(), Side::Provider)).unwrap().is_some());
    assert!(matches!(
        ask(case.clone(), FIRST, asked(9), &contract, (later(8), by(), Side::Provider)),
        Err(HearingError::Fields(_))
    ));
    let nobody = AskedHearing { by: AskedBy::Representative { name: " ".into() }, reason: String::new(), ..asked(1) };
    let Err(HearingError::Fields(wrong)) = ask(case, FIRST, nobody, &contract, (later(1), by(), Side::Provider)) else {
        panic!()
    };
    let pointers: Vec<_> = wrong.as_slice().iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/reason", "/name"]);
}

#[test]
fn there_is_none_where_a_contract_knows_none_or_nothing_was_refused() {
    let (case, _) = in_part();
    let with = |decision: u32, appeal: u32| {
        let mut contract = arkansas();
        contract.windows.hearing_days = decision;
        contract.windows.hearing_after_appeal_days = appeal;
        contract
    };
    let on = date(2026, 5, 8);
    assert_eq!(case.may_be_heard(FIRST, &with(0, 0), on), Err(HearingError::NotOffered));
    assert_eq!(case.may_be_heard(FIRST, &with(0, 120), on), Err(HearingError::AppealFirst));
    assert_eq!(submitted().may_be_heard(FIRST, &arkansas(), on), Err(HearingError::NotDecided(Status::Submitted)));
    let mut appealed = case;
    appealed.requests[0].review = ReviewKind::Appeal;
    assert_eq!(look_outcome(&appealed.requests[0]), Some(HearingOutcome::ReversedInPart));
    assert_eq!(appealed.may_be_heard(FIRST, &with(0, 120), on), Ok(date(2026, 9, 4)), "120 days after its notice");
}

#[test]
fn a_reversal_is_carried_out_by_a_further_request_that_is_approved() {
    let (case, made) = in_part();
    let contract: Contract = arkansas();
    let open = requested(&case, 1).unwrap().unwrap().case;
    let of = (&open, made.as_slice());
    assert_eq!(recorded((&case, &made), Recorded::Scheduled(later(20)), 2), Err(HearingError::None));
    assert_eq!(recorded(of, ended(HearingOutcome::Upheld, 3), 3), Err(HearingError::NotScheduled));
    assert!(
        matches!(recorded(of, Recorded::Scheduled(at()), 3), Err(HearingError::Fields(_))),
        "before it was asked for"
    );
    let change = recorded(of, Recorded::Scheduled(later(20)), 3).unwrap().unwrap();
    assert_eq!(change.events, [EventKind::HearingScheduled { request: FIRST, time: later(20) }]);
    let of = (&change.case, made.as_slice());
    assert_eq!(recorded(of, Recorded::Scheduled(later(20)), 3), Ok(None));
    assert!(recorded(of, Recorded::Scheduled(later(21)), 3).unwrap().is_some(), "another time");
    assert!(matches!(recorded(of, ended(HearingOutcome::Upheld, 22), 21), Err(HearingError::Fields(_))));

    let reversed = recorded(of, ended(HearingOutcome::Reversed, 20), 21).unwrap().unwrap();
    let next = FIRST.next();
    assert!(matches!(
        reversed.events[..],
        [EventKind::HearingEnded { .. }, EventKind::RequestFollowed { review: ReviewKind::Appeal, .. }]
    ));
    let HearingStage::Ended { carried_out_by, .. } = &reversed.case.requests[0].hearings[0].stage else { panic!() };
    assert_eq!(*carried_out_by, Some(next));
    let request = reversed.case.request(next).unwrap();
    assert_eq!(
        (u32::from(request.lines[0].quantity), request.urgency),
        (150, Urgency::Expedited),
        "as it was asked for"
    );
    let due = request.clock().unwrap().due(&contract.calendar).unwrap();
    assert_eq!(due, later(21).checked_add(72.hours()).unwrap());
    let again = recorded((&reversed.case, &made), ended(HearingOutcome::Reversed, 20), 21);
    assert_eq!(again, Ok(None), "the same once more gives no further request");
    let other = recorded((&reversed.case, &made), ended(HearingOutcome::Upheld, 20), 21);
    assert_eq!(other, Err(HearingError::Over(HearingOutcome::Reversed)));

    // It is owed: nobody takes it back, and nothing of the case changes by trying.
    assert!(!request.may_be_withdrawn() && request.is_undecided());
    let by = || (later(21), "bea".parse().unwrap());
    let taken_back = |case: &Case| case.clone().withdraw(next, "Not needed.", &contract, by());
    assert_eq!(taken_back(&reversed.case), Err(EndError::Ordered));

    // Whoever decided before carries it out too, and may not decide otherwise.
    let case = reviews::automatic(reversed.case, next, &contract, reviews::Known::default(), later(21)).unwrap().case;
    let case = reviews::claim(case, next, &physician(), (&contract, Holder::Works), later(21)).unwrap().unwrap().case;
    assert_eq!(taken_back(&case), Err(EndError::Ordered), "wherever it is");
    let decide = |decision| reviews::decide(case.clone(), next, &physician(), decision, &contract, later(21));
    let criteria = vec![Criterion { title: "Policy".into(), citation: "Manual 1".into(), text: "A trial.".into() }];
    let reason = "The records show no need for this service.".to_owned();
    let less = Decision::Determine { lines: vec![LineOutcome::Denied { reason }], criteria };
    assert_eq!(decide(less), Err(ReviewError::Ordered));
    // Nor is it closed, whatever the plan's file says meanwhile.
    let close = || Decision::Void { closing: Closing::NotEligible, reason: "The coverage ended.".into() };
    let mut uncovered = case.clone();
    uncovered.member.coverage.from = Some(date(2099, 1, 1));
    let closed = reviews::decide(uncovered, next, &physician(), close(), &contract, later(21));
    assert_eq!(closed, Err(ReviewError::Ordered));
    let approved =
        decide(Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() }).unwrap().case;
    let held = &approved.authorizations[0];
    assert_eq!((held.requests.as_slice(), u32::from(held.lines[0].line.quantity)), (&[FIRST, next][..], 150));
}

#[test]
fn what_is_reversed_in_part_is_decided_by_somebody_else_and_not_withdrawn() {
    let (case, made) = in_part();
    let contract = arkansas();
    let open = requested(&case, 1).unwrap().unwrap().case;
    let open = recorded((&open, &made), Recorded::Scheduled(later(20)), 3).unwrap().unwrap().case;
    let heard = recorded((&open, &made), ended(HearingOutcome::ReversedInPart, 20), 21).unwrap().unwrap().case;
    let next = FIRST.next();
    let taken_back = heard.clone().withdraw(next, "Not needed.", &contract, (later(21), "bea".parse().unwrap()));
    assert_eq!(taken_back, Err(EndError::Ordered));
    let case = reviews::automatic(heard, next, &contract, reviews::Known::default(), later(21)).unwrap().case;
    let claim = |by| reviews::claim(case.clone(), next, &by, (&contract, Holder::Works), later(21));
    assert_eq!(claim(physician()), Err(ReviewError::TookPart(ReviewKind::Appeal)), "there is something to judge");
    let other = staff("other", StaffRole::Physician);
    let case = claim(other.clone()).unwrap().unwrap().case;
    let reason = "The order does not speak of this service.".to_owned();
    let criteria = vec![Criterion { title: "Order".into(), citation: "Order 7".into(), text: "Half.".into() }];
    let less = Decision::Determine { lines: vec![LineOutcome::Denied { reason }], criteria };
    assert!(reviews::decide(case, next, &other, less, &contract, later(21)).is_ok());
}

#[test]
fn what_was_taken_back_may_be_asked_for_again_and_what_was_upheld_may_not() {
    let (case, made) = in_part();
    let open = requested(&case, 1).unwrap().unwrap().case;
    let gone = recorded((&open, &made), ended(HearingOutcome::Withdrawn, 2), 2).unwrap().unwrap();
    assert_eq!(gone.case.requests.len(), 1);
    assert!(gone.case.may_be_heard(FIRST, &arkansas(), date(2026, 5, 12)).is_ok());
    let open = requested(&gone.case, 5).unwrap().unwrap().case;
    let scheduled = recorded((&open, &made), Recorded::Scheduled(later(20)), 6).unwrap().unwrap().case;
    let upheld = recorded((&scheduled, &made), ended(HearingOutcome::Upheld, 20), 20).unwrap().unwrap().case;
    assert_eq!(upheld.requests.len(), 1);
    let over = upheld.may_be_heard(FIRST, &arkansas(), date(2026, 6, 1));
    assert_eq!(over, Err(HearingError::Over(HearingOutcome::Upheld)));
}
