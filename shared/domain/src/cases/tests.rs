//! How a case ends without a decision.

use jiff::{Timestamp, ToSpan, civil::date};
use uuid::Uuid;

use crate::{
    cases::{
        Case, Change, Step, StepError,
        ends::{EndError, LONGEST_REASON},
        request::{Added, Pend, PendEnd, State},
        submit,
    },
    clock::Tick,
    contracts::{auto_rule::AutoRule, samples::arkansas},
    events::{About, Actor, Event, EventKind, news::News, task::Task},
    id::{CaseKey, RequestNumber},
    reviews::{self, Holder, worksheet},
    status::{Queue, Status},
    tests::{AGREED, at, beside, documents, draft, fewer, nurse, physician, routed, submitted, with_physician},
};

const NUMBER: RequestNumber = RequestNumber::FIRST;

fn ann() -> (Timestamp, crate::id::Username) {
    (at(), "ann".parse().unwrap())
}

fn withdrawn(case: Case) -> Change {
    case.withdraw(NUMBER, " Asked for in another case. ", &arkansas(), ann()).unwrap().unwrap()
}

#[test]
fn a_cancelled_draft_is_kept_and_nothing_of_it_can_be_changed() {
    let (before, contract) = (draft(), arkansas());
    let Change { case, events, .. } = before.clone().cancel(at(), ann().1).unwrap().unwrap();
    assert_eq!((case.status(), events), (Status::Cancelled, vec![EventKind::CaseCancelled]));
    assert_eq!((case.version, case.diagnoses.clone()), (before.version + 1, before.diagnoses));
    assert_eq!(case.clone().cancel(at(), "bob".parse().unwrap()), Ok(None), "again changes nothing");

    let step = Step::Diagnoses(vec!["F84.0".parse().unwrap()]);
    let refused = case.clone().save_step(step, &contract, at()).unwrap_err();
    assert_eq!(refused.to_string(), "This case is cancelled; its details cannot be changed any more.");
    let id = documents()[0].id;
    assert_eq!(case.clone().without_document(id, at()), Err(StepError::NotDraft(Status::Cancelled)));
    let submit = submit::check(case.clone(), beside(&documents()), &contract, AGREED, at()).unwrap_err();
    assert_eq!(submit.to_string(), "This case is cancelled.");
    assert_eq!(case.clone().withdraw(NUMBER, "x", &contract, ann()), Err(EndError::Over(Status::Cancelled)));
    assert!(case.is_cancelled() && !case.is_draft() && case.requests[0].queue().is_none());
}

#[test]
fn what_was_submitted_is_withdrawn_and_not_cancelled() {
    for case in [submitted(), routed(), with_physician(), withdrawn(routed()).case] {
        let status = case.status();
        assert_eq!(case.cancel(at(), ann().1), Err(EndError::Submitted(status)));
    }
    assert_eq!(draft().withdraw(NUMBER, "x", &arkansas(), ann()), Err(EndError::NotSubmitted));
    assert_eq!(routed().withdraw("R02".parse().unwrap(), "x", &arkansas(), ann()).unwrap_err(), EndError::NoRequest);
}

#[test]
fn an_undecided_request_is_withdrawn_wherever_it_is() {
    for case in [submitted(), routed(), with_physician()] {
        let before = case.clone();
        let Change { case, events, determination } = withdrawn(case);
        assert_eq!((case.status(), determination), (Status::Withdrawn, None));
        assert_eq!(events, [EventKind::RequestWithdrawn { request: NUMBER }]);
        let request = &case.requests[0];
        assert!(request.queue().is_none(), "no worklist has it, and no reviewer");
        assert_eq!(request.referrals, before.requests[0].referrals, "what a nurse has noted is kept");
        let State::Withdrawn { clock, reason, .. } = &request.state else { panic!("{:?}", request.state) };
        assert_eq!(reason, "Asked for in another case.");
        let last = clock.ledger.last().unwrap();
        assert_eq!(
            (last.what, last.reason.as_str()),
            (Tick::Stopped, "Withdrawn by the provider; no decision is due.")
        );
        assert_eq!(case.clone().withdraw(NUMBER, "again", &arkansas(), ann()), Ok(None), "again changes nothing");

        // Whoever was at it is told, and automatic review leaves it.
        assert_eq!(reviews::automatic(case.clone(), NUMBER, &arkansas(), reviews::Known::default(), at()), None);
        for told in [
            reviews::decide(case.clone(), NUMBER, &physician(), fewer(&case), &arkansas(), at()).unwrap_err(),
            reviews::claim(case.clone(), NUMBER, &nurse(), (&arkansas(), Holder::Works), at()).unwrap_err(),
        ] {
            assert_eq!(told.to_string(), "The request is withdrawn; this cannot be done now.");
        }
        let ended = usize::from(before.requests[0].queue().is_some_and(|(_, claim)| claim.is_some()));
        assert_eq!(worksheet::ended(&before, &case).len(), ended, "what was typed ends with the claim");
    }
}

#[test]
fn a_decision_stands_and_a_late_withdrawal_hides_no_missed_limit() {
    let case = with_physician();
    let decided = reviews::decide(case.clone(), NUMBER, &physician(), fewer(&case), &arkansas(), at()).unwrap().case;
    let refused = decided.withdraw(NUMBER, "Too late.", &arkansas(), ann()).unwrap_err();
    assert_eq!(refused.to_string(), "This request is approved in part; it cannot be withdrawn any more.");

    let late = at().checked_add(800.hours()).unwrap();
    let by = (late, "ann".parse().unwrap());
    let change = routed().withdraw(NUMBER, "Not needed.", &arkansas(), by).unwrap().unwrap();
    let clock = change.case.requests[0].clock().unwrap().clone();
    assert_eq!(clock.ledger.last().unwrap().what, Tick::Missed);
    assert!(clock.ended());
}

#[test]
fn a_withdrawal_says_why_and_the_submitter_is_told_that_it_was() {
    for reason in ["", "  ", &"x".repeat(LONGEST_REASON + 1)] {
        let refused = routed().withdraw(NUMBER, reason, &arkansas(), ann()).unwrap_err();
        let EndError::Fields(errors) = refused else { panic!("{refused:?}") };
        assert_eq!(errors.as_slice()[0].pointer, "/reason");
    }
    let kind = EventKind::RequestWithdrawn { request: NUMBER };
    let (id, about) = (crate::id::EventId::new(Uuid::from_u128(5)), About::Case(CaseKey::new(Uuid::from_u128(6))));
    let event = Event { id, at: at(), by: Actor::User("ann".parse().unwrap()), about, kind };
    let tasks: Vec<Task> = event.tasks().into_iter().map(|(task, _)| task).collect();
    let [Task::WriteWithdrawalLetters { request: NUMBER, .. }, Task::CaseNotice { news: News::Withdrawn, .. }] =
        tasks[..]
    else {
        panic!("{tasks:?}")
    };
    assert!(!serde_json::to_string(&event).unwrap().contains("case."), "no words of anybody travel");
    assert_eq!(routed().requests[0].queue().map(|(queue, _)| queue), Some(Queue::Nurse));
}

#[test]
fn a_withdrawn_request_is_no_duplicate_of_a_later_one() {
    let number = RequestNumber::FIRST;
    let mut contract = arkansas();
    contract.auto_review = vec![AutoRule {
        id: "hours".into(),
        reason: "Usual hours".into(),
        codes: vec!["T1015".parse().unwrap()],
        diagnoses: vec!["F84.0".parse().unwrap()],
        age_from: None,
        max_units: 150,
        ..AutoRule::default()
    }];
    let mut other = withdrawn(routed()).case;
    other.key = CaseKey::new(Uuid::from_u128(44));
    let change = reviews::automatic(submitted(), number, &contract, reviews::Known::of(&[other]), at()).unwrap();
    assert_eq!(change.case.status(), Status::Approved);
}

#[test]
fn a_request_that_waits_for_information_is_withdrawn_and_waits_no_more() {
    let mut case = routed();
    let Some(request) = case.requests.first_mut() else { panic!("no request") };
    let clock = request.clock().unwrap().clone();
    request.pends.push(Pend {
        at: at(),
        by: "ann.nurse".parse().unwrap(),
        items: vec!["The last visit's note".to_owned()],
        due: date(2026, 5, 14),
        until: at().checked_add(jiff::Span::new().hours(168)).unwrap(),
        remind_at: None,
        ended: None,
    });
    request.added.push(Added {
        at: at(),
        by: "bea".parse().unwrap(),
        note: None,
        documents: Vec::new(),
        answers: false,
        seen: None,
    });
    assert_eq!(request.news(), Some(at()));
    request.state = State::Pended { clock, queue: Queue::Nurse };
    let change = withdrawn(case);
    let request = change.case.request(NUMBER).unwrap();
    assert_eq!(request.news(), None, "nobody has to look any more");
    assert_eq!(request.status(), Status::Withdrawn);
    assert!(matches!(request.pends[0].ended, Some(PendEnd::Withdrawn { .. })));
    let (now, contract) = (at().checked_add(jiff::Span::new().hours(720)).unwrap(), arkansas());
    assert!(reviews::pend::unanswered(change.case, NUMBER, &contract, now).is_none(), "nothing comes back");
}
