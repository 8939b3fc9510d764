//! The way of a request, on the real pack of Arkansas: each state with each step.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    caller::{Caller, Denied, ProviderRole, Reviewer, RoleAt, StaffRole},
    cases::{
        Case, Service, Step, StepError,
        access::CaseAction,
        determination::{Criterion, LineOutcome},
        document::{Document, DocumentState, FileType},
        request::samples::line,
        submit::{self, ChecklistStatus, SubmitError},
    },
    contracts::Contract,
    events::EventKind,
    id::{CaseId, CaseKey, ContractId, DocumentId, GroupId, LetterId, RequestNumber},
    person::samples::{child, clinic},
    reviews::{self, Decision, ReviewError, letter_facts},
    service::{ReviewKind, Setting, Urgency},
    status::{Audience, Status},
};

fn arkansas() -> Contract {
    let part = |name: &str| {
        let path = format!("{}/../../contracts/arkansas/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let pack = ["contract", "calendar", "codes", "letters"].map(part).join("\n");
    toml::from_str(&pack).unwrap()
}

fn at() -> Timestamp {
    // Thursday 7 May 2026, 10:00 in Chicago.
    "2026-05-07T15:00:00Z".parse().unwrap()
}

fn draft() -> Case {
    let key = CaseKey::new(Uuid::from_u128(1));
    let fax = "501-555-0199".parse().unwrap();
    let mut case = Case::create(key, Setting::Outpatient, child(), clinic(), fax, (at(), "ann".parse().unwrap())).case;
    let contract = arkansas();
    let mut services = line("T1015", 30, 150);
    services.modifiers = vec!["U6".parse().unwrap(), "UB".parse().unwrap()];
    let service = Service {
        service_type: "day-habilitative".into(),
        place_of_service: contract.places_of_service[0].id.clone(),
        stay: None,
    };
    for step in [
        Step::Providers { servicing: clinic(), attending: None, fax: case.fax.clone() },
        Step::Service(service),
        Step::Diagnoses(vec!["F84.0".parse().unwrap()]),
        Step::Request { review: ReviewKind::Initial, urgency: Urgency::Standard },
        Step::Procedures(vec![services]),
    ] {
        case = case.save_step(step, &contract, at()).unwrap().case;
    }
    case
}

fn documents() -> Vec<Document> {
    let contract = arkansas();
    let needed = &contract.service_type("day-habilitative").unwrap().required_documents;
    let accepted = |(place, id): (usize, &String)| Document {
        id: DocumentId::new(Uuid::from_u128(place as u128)),
        request: RequestNumber::FIRST,
        document_type: id.clone(),
        file_name: "history.pdf".into(),
        file_type: FileType::Pdf,
        at: at(),
        by: "ann".parse().unwrap(),
        state: DocumentState::Accepted { at: at(), bytes: 9, sha256: String::new(), pages: Some(1) },
    };
    needed.iter().enumerate().map(accepted).collect()
}

fn submitted() -> Case {
    let contract = arkansas();
    let ready = submit::check(draft(), &documents(), &contract, true, at()).unwrap();
    let case_id = CaseId::new(date(2026, 5, 7), 1);
    ready.submit(case_id, "501-555-0123".parse().unwrap(), at(), "ann".parse().unwrap()).case
}

fn staff(name: &str, role: StaffRole) -> Reviewer {
    Reviewer {
        username: name.parse().unwrap(),
        name: "Mira Castell".into(),
        role,
        credential: "MD".into(),
        specialty: Some("Pediatrics".into()),
        license: Some("AR E-1".parse().unwrap()),
        contracts: vec!["arkansas".parse().unwrap()],
    }
}

fn nurse() -> Reviewer {
    staff("nurse", StaffRole::Nurse)
}

fn physician() -> Reviewer {
    staff("physician", StaffRole::Physician)
}

fn routed() -> Case {
    reviews::automatic(submitted(), RequestNumber::FIRST, &arkansas(), at()).unwrap().case
}

fn with_physician() -> Case {
    let number = RequestNumber::FIRST;
    let case = reviews::claim(routed(), number, &nurse(), at()).unwrap().unwrap().case;
    let refer = Decision::Refer { note: "Fewer hours may do.".into() };
    let case = reviews::decide(case, number, &nurse(), refer, &arkansas(), at()).unwrap().case;
    reviews::claim(case, number, &physician(), at()).unwrap().unwrap().case
}

fn fewer(case: &Case) -> Decision {
    let asked = &case.requests[0].lines[0];
    Decision::Determine {
        lines: vec![LineOutcome::Modified {
            units: 90.try_into().unwrap(),
            period: asked.period,
            reason: "Three hours a day meet the goals of the plan of care.".into(),
        }],
        criteria: vec![Criterion {
            title: "Day Habilitative Services".into(),
            citation: "Manual, section 220".into(),
            text: "Hours follow the assessed need.".into(),
        }],
    }
}

/// REQ: CASE-21
#[test]
fn what_is_missing_is_said_at_submit_by_name() {
    let contract = arkansas();
    let list = submit::checklist(&draft(), &[], &contract);
    assert!(!list.is_empty() && list.iter().all(|item| item.status == ChecklistStatus::Missing));
    let Err(SubmitError::Incomplete(errors)) = submit::check(draft(), &[], &contract, true, at()) else { panic!() };
    assert_eq!(errors.as_slice().len(), list.len());
    for (error, item) in errors.as_slice().iter().zip(&list) {
        assert!(error.message.contains(&item.document_type.label), "{error:?}");
    }
    assert!(submit::checklist(&draft(), &documents(), &contract).iter().all(|i| i.status == ChecklistStatus::Attached));
}

/// REQ: CASE-23
#[test]
fn the_disclaimer_must_be_agreed_to() {
    let Err(SubmitError::Incomplete(errors)) = submit::check(draft(), &documents(), &arkansas(), false, at()) else {
        panic!()
    };
    assert_eq!(errors.as_slice()[0].pointer, "/disclaimerAgreed");
}

/// REQ: CASE-25
#[test]
fn a_case_is_submitted_once() {
    let contract = arkansas();
    let again = submit::check(submitted(), &documents(), &contract, true, at());
    assert_eq!(again.unwrap_err(), SubmitError::NotDraft(Status::Submitted));
    let step = Step::Diagnoses(vec!["F84.0".parse().unwrap()]);
    assert_eq!(submitted().save_step(step, &contract, at()), Err(StepError::NotDraft(Status::Submitted)));
}

/// REQ: REV-07, REV-09
#[test]
fn arkansas_decides_within_nine_calendar_days() {
    let case = submitted();
    let clock = case.requests[0].clock().unwrap();
    assert_eq!(clock.due(&arkansas().calendar).unwrap().to_string(), "2026-05-17T04:59:59Z");
    assert_eq!(clock.ledger[0].rule_version, arkansas().version);
}

/// REQ: CASE-15
#[test]
fn a_line_is_checked_when_it_is_typed() {
    let contract = arkansas();
    let mut services = line("T1015", 30, 180);
    services.modifiers = vec!["U6".parse().unwrap(), "UB".parse().unwrap()];
    let Err(StepError::Fields(errors)) = draft().save_step(Step::Procedures(vec![services]), &contract, at()) else {
        panic!()
    };
    assert_eq!(errors.as_slice()[0].pointer, "/lines/0/quantity");
}

/// REQ: CASE-17
#[test]
fn a_retrospective_request_looks_back_no_further_than_the_contract() {
    let contract = arkansas();
    let kind = Step::Request { review: ReviewKind::Retrospective, urgency: Urgency::Standard };
    let case = draft().save_step(kind, &contract, at()).unwrap().case;
    let mut old = line("T1015", 30, 150);
    old.modifiers = vec!["U6".parse().unwrap(), "UB".parse().unwrap()];
    let recent = case.check_step(&Step::Procedures(vec![old.clone()]), &contract, date(2027, 5, 11));
    assert!(recent.is_empty(), "{recent:?}");
    let late = case.check_step(&Step::Procedures(vec![old]), &contract, date(2027, 5, 12));
    assert_eq!(late.as_slice()[0].pointer, "/lines/0/from");
}

/// REQ: REV-03
#[test]
fn a_nurse_refers_and_a_physician_reduces() {
    let number = RequestNumber::FIRST;
    let claimed = reviews::claim(routed(), number, &nurse(), at()).unwrap().unwrap().case;
    let refused = reviews::decide(claimed.clone(), number, &nurse(), fewer(&claimed), &arkansas(), at());
    assert_eq!(refused.unwrap_err(), ReviewError::NeedsPhysician);
    let case = with_physician();
    let change = reviews::decide(case.clone(), number, &physician(), fewer(&case), &arkansas(), at()).unwrap();
    assert_eq!(change.case.status(), Status::Modified);
    assert!(matches!(change.events[..], [EventKind::RequestDetermined { .. }]));
    let determination = change.determination.unwrap();
    assert!(determination.authorization.is_some());
    assert_eq!(change.case.requests[0].decided(), Some(&determination.in_short()));
}

/// REQ: REV-01
#[test]
fn a_request_is_claimed_by_one_reviewer() {
    let number = RequestNumber::FIRST;
    let claimed = reviews::claim(routed(), number, &nurse(), at()).unwrap().unwrap().case;
    assert_eq!(reviews::claim(claimed.clone(), number, &nurse(), at()), Ok(None));
    let other = staff("other", StaffRole::Nurse);
    assert_eq!(reviews::claim(claimed.clone(), number, &other, at()), Err(ReviewError::ClaimedByOther(at())));
    let decided = reviews::decide(claimed, number, &other, Decision::Refer { note: "x".into() }, &arkansas(), at());
    assert_eq!(decided.unwrap_err(), ReviewError::ClaimedByOther(at()));
    let unclaimed =
        reviews::decide(routed(), number, &nurse(), Decision::Refer { note: "x".into() }, &arkansas(), at());
    assert_eq!(unclaimed.unwrap_err(), ReviewError::NotClaimed);
    let clerk = staff("clerk", StaffRole::Intake);
    assert_eq!(reviews::claim(routed(), number, &clerk, at()), Err(ReviewError::OtherRole));
}

/// REQ: REV-02
#[test]
fn automatic_review_happens_once_and_never_denies() {
    let number = RequestNumber::FIRST;
    assert_eq!(routed().status(), Status::NurseReview);
    assert_eq!(reviews::automatic(routed(), number, &arkansas(), at()), None);
}

/// REQ: ACT-07
#[test]
fn the_groups_on_a_case_see_it_and_nobody_else_knows_of_it() {
    let at_provider = |provider: u128, group: u128| Caller::Provider {
        username: "joan".parse().unwrap(),
        fax: "501-555-0100".parse().unwrap(),
        roles: vec![RoleAt {
            provider: crate::id::ProviderId::new(Uuid::from_u128(provider)),
            group: GroupId::new(Uuid::from_u128(group)),
            contract: "arkansas".parse().unwrap(),
            role: ProviderRole::Staff,
        }],
    };
    let (colleague, stranger) = (at_provider(77, 3), at_provider(78, 99));
    assert_eq!(colleague.may(CaseAction::Write, &draft()), Ok(()));
    assert_eq!(stranger.may(CaseAction::Read, &submitted()), Err(Denied::Hidden));
    let mut shared = submitted();
    shared.servicing.as_mut().unwrap().group = Some(GroupId::new(Uuid::from_u128(99)));
    assert_eq!(stranger.may(CaseAction::Read, &shared), Ok(()));
    assert_eq!(stranger.may(CaseAction::Write, &shared), Err(Denied::Forbidden));
    let mut unsent = draft();
    unsent.servicing.as_mut().unwrap().group = Some(GroupId::new(Uuid::from_u128(99)));
    assert_eq!(stranger.may(CaseAction::Read, &unsent), Err(Denied::Hidden));
}

/// REQ: ACC-18, REV-01
#[test]
fn staff_see_submitted_cases_of_their_contracts_only() {
    let reviewer = Caller::Staff(nurse());
    assert_eq!(reviewer.may(CaseAction::Review, &submitted()), Ok(()));
    assert_eq!(reviewer.may(CaseAction::Write, &submitted()), Err(Denied::Forbidden));
    assert_eq!(reviewer.may(CaseAction::Read, &draft()), Err(Denied::Hidden));
    let elsewhere = Caller::Staff(Reviewer { contracts: vec!["colorado".parse::<ContractId>().unwrap()], ..nurse() });
    assert_eq!(elsewhere.may(CaseAction::Read, &submitted()), Err(Denied::Hidden));
}

/// REQ: LTR-01, LTR-04, ACT-02
#[test]
fn both_letters_come_from_one_record_and_name_the_sixty_five_days() {
    let number = RequestNumber::FIRST;
    let case = with_physician();
    let change = reviews::decide(case.clone(), number, &physician(), fewer(&case), &arkansas(), at()).unwrap();
    let (case, determination) = (change.case, change.determination.unwrap());
    assert_eq!(letter_facts::check(&case, &determination, &arkansas()), Vec::new());
    let facts = letter_facts::facts(&case, &determination, &arkansas(), LetterId::new(Uuid::from_u128(5))).unwrap();
    assert_eq!(facts.deadlines[0].date, date(2026, 7, 11));
    assert_eq!(facts.lines[0].authorized.as_ref().unwrap().units, Some(90));
    for audience in [Audience::Provider, Audience::Member] {
        assert!(crate::letters::compose(&facts, &arkansas().letters, audience).is_ok());
    }
    let decided = case.requests[0].decided().unwrap().at;
    let open = |text: &str| letter_facts::window_is_open(decided, 65, &arkansas(), text.parse().unwrap());
    assert!(open("2026-07-12T04:59:59Z") && !open("2026-07-12T05:00:00Z"));
}

/// 42 CFR 431.211: less of a service that goes on holds ten days after the letter at the earliest.
#[test]
fn only_a_change_of_a_service_that_goes_on_is_told_ten_days_before() {
    for (review, day, told) in [
        (ReviewKind::Initial, date(2026, 5, 7), false),
        (ReviewKind::Retrospective, date(2026, 5, 7), false),
        (ReviewKind::Concurrent, date(2026, 5, 17), true),
        (ReviewKind::Renewal, date(2026, 5, 17), true),
    ] {
        let mut case = with_physician();
        case.requests[0].review = review;
        let decision = fewer(&case);
        let change = reviews::decide(case, RequestNumber::FIRST, &physician(), decision, &arkansas(), at()).unwrap();
        let (case, determination) = (change.case, change.determination.unwrap());
        let letter = LetterId::new(Uuid::from_u128(5));
        let facts = letter_facts::facts(&case, &determination, &arkansas(), letter).unwrap();
        assert_eq!((facts.effective, facts.under_way), (Some(day), told), "{review}");
        for audience in [Audience::Provider, Audience::Member] {
            let letter = crate::letters::compose(&facts, &arkansas().letters, audience).unwrap();
            let words = serde_json::to_string(&letter).unwrap();
            assert_eq!(words.contains("Ask to keep the service by"), told, "{review} {audience:?}");
            assert_eq!(words.contains("before the change"), told, "{review} {audience:?}");
        }
        let mut whole = determination;
        whole.lines = vec![LineOutcome::Approved];
        let facts = letter_facts::facts(&case, &whole, &arkansas(), LetterId::new(Uuid::from_u128(5))).unwrap();
        assert_eq!((facts.effective, facts.under_way), (None, false), "{review}");
    }
}

/// REQ: REV-04, ACT-02
#[test]
fn a_request_that_is_taken_up_again_keeps_what_was_decided_before() {
    let number = RequestNumber::FIRST;
    let case = with_physician();
    let first = reviews::decide(case.clone(), number, &physician(), fewer(&case), &arkansas(), at()).unwrap();
    let mut again = case;
    again.requests[0].earlier = vec![first.determination.unwrap().in_short()];
    let second = reviews::decide(again.clone(), number, &physician(), fewer(&again), &arkansas(), at()).unwrap();
    assert_eq!(second.determination.unwrap().number, 2);
    let request = &second.case.requests[0];
    assert_eq!((request.earlier[0].number, request.decided().unwrap().number), (1, 2));
    assert!(matches!(second.events[..], [EventKind::RequestDetermined { number: 2, .. }]));
}

/// REQ: REV-04
#[test]
fn what_a_case_keeps_of_a_decision_does_not_grow_with_its_words() {
    let number = RequestNumber::FIRST;
    let case = with_physician();
    let size = |reason: String| {
        let Decision::Determine { lines, criteria } = fewer(&case) else { panic!() };
        let wordy = |line| match line {
            LineOutcome::Modified { units, period, .. } => {
                LineOutcome::Modified { units, period, reason: reason.clone() }
            }
            line @ (LineOutcome::Approved | LineOutcome::Denied { .. }) => line,
        };
        let decision = Decision::Determine { lines: lines.into_iter().map(wordy).collect(), criteria };
        let change = reviews::decide(case.clone(), number, &physician(), decision, &arkansas(), at()).unwrap();
        serde_json::to_string(&change.case).unwrap().len()
    };
    assert_eq!(size("The goals of the plan are met.".into()), size("The goals of the plan are met. ".repeat(130)));
}

#[derive(Clone, Debug)]
enum Command {
    Automatic,
    Claim(bool),
    Refer,
    Reduce,
}

proptest! {
    /// REQ: REV-04, REV-09
    #[test]
    fn any_order_of_steps_keeps_the_rules(
        commands in proptest::collection::vec(
            prop_oneof![
                Just(Command::Automatic), any::<bool>().prop_map(Command::Claim), Just(Command::Refer), Just(Command::Reduce),
            ],
            0..12,
        ),
    ) {
        let contract = arkansas();
        let number = RequestNumber::FIRST;
        let mut case = submitted();
        let mut change_determined = None;
        for command in commands {
            let before = case.clone();
            let change = match command {
                Command::Automatic => reviews::automatic(case.clone(), number, &contract, at()),
                Command::Claim(as_nurse) => {
                    let by = if as_nurse { nurse() } else { physician() };
                    reviews::claim(case.clone(), number, &by, at()).ok().flatten()
                }
                Command::Refer => {
                    let refer = Decision::Refer { note: "Look again.".into() };
                    reviews::decide(case.clone(), number, &nurse(), refer, &contract, at()).ok()
                }
                Command::Reduce => reviews::decide(case.clone(), number, &physician(), fewer(&case), &contract, at()).ok(),
            };
            if let Some(change) = change {
                prop_assert!(!change.events.is_empty());
                prop_assert_eq!(change.case.version, before.version + 1);
                prop_assert!(before.requests[0].decided().is_none(), "a determination is final");
                change_determined = change.determination.as_ref().map(|determination| determination.number).or(change_determined);
                case = change.case;
            }
            let request = &case.requests[0];
            prop_assert_eq!(request.queue().is_some(), matches!(case.status(), Status::NurseReview | Status::PhysicianReview));
            prop_assert_eq!(request.clock().unwrap().ended(), request.decided().is_some());
            prop_assert_eq!(change_determined, request.decided().map(|decided| decided.number));
        }
    }
}
