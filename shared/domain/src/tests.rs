//! The way of a request, on the real pack of Arkansas: each state with each step.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    caller::{Caller, Denied, ProviderRole, Reviewer, RoleAt, StaffRole},
    cases::{
        Case, Change, Service, Step, StepError,
        access::CaseAction,
        accesses::Party,
        determination::{Criterion, LineOutcome},
        document::{Document, DocumentState, FileType},
        questionnaires::Beside,
        request::samples::line,
        submit::{self, ChecklistStatus, Said, SubmitError},
    },
    contracts::{Contract, auto_rule::AutoRule, samples::arkansas},
    events::{EventKind, Why},
    id::{CaseId, CaseKey, ContractId, DocumentId, GroupId, LetterId, RequestNumber},
    person::{
        Coverage, Standing,
        samples::{child, clinic},
    },
    reviews::{self, Decision, Holder, ReviewError, letter_facts, worksheet},
    service::{ReviewKind, Setting, Urgency},
    status::{Audience, Status},
};

pub(crate) fn at() -> Timestamp {
    // Thursday 7 May 2026, 10:00 in Chicago.
    "2026-05-07T15:00:00Z".parse().unwrap()
}

/// Agreed to, with nothing else on the member.
pub(crate) const AGREED: Said<'static> = Said { agreed: true, reason: None, others: &[], with_documents: false };

pub(crate) fn draft() -> Case {
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

/// These documents and no answers.
pub(crate) fn beside(documents: &[Document]) -> Beside<'_> {
    Beside { documents, answers: &[] }
}

pub(crate) fn documents() -> Vec<Document> {
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

pub(crate) fn submitted() -> Case {
    let contract = arkansas();
    let ready = submit::check(draft(), beside(&documents()), &contract, AGREED, at()).unwrap();
    let case_id = CaseId::new(date(2026, 5, 7), 1);
    ready.submit(case_id, "501-555-0123".parse().unwrap(), at(), "ann".parse().unwrap()).case
}

pub(crate) fn staff(name: &str, role: StaffRole) -> Reviewer {
    Reviewer {
        username: name.parse().unwrap(),
        name: "Mira Castell".into(),
        role,
        credential: "MD".into(),
        specialty: Some("Pediatrics".into()),
        license: Some("AR E-1".parse().unwrap()),
        lead: false,
        contracts: vec!["arkansas".parse().unwrap()],
    }
}

pub(crate) fn nurse() -> Reviewer {
    staff("nurse", StaffRole::Nurse)
}

pub(crate) fn physician() -> Reviewer {
    staff("physician", StaffRole::Physician)
}

pub(crate) fn routed() -> Case {
    reviews::automatic(submitted(), RequestNumber::FIRST, &arkansas(), reviews::Known::default(), at()).unwrap().case
}

pub(crate) fn with_physician() -> Case {
    let number = RequestNumber::FIRST;
    let case = reviews::claim(routed(), number, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
    let refer = Decision::Refer { note: "Fewer hours may do.".into() };
    let case = reviews::decide(case, number, &nurse(), refer, &arkansas(), at()).unwrap().case;
    reviews::claim(case, number, &physician(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case
}

pub(crate) fn fewer(case: &Case) -> Decision {
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
    let list = submit::checklist(&draft(), &[], &contract, at());
    assert!(!list.is_empty() && list.iter().all(|item| item.status == ChecklistStatus::Missing));
    let Err(SubmitError::Incomplete(errors)) = submit::check(draft(), Beside::default(), &contract, AGREED, at())
    else {
        panic!()
    };
    assert_eq!(errors.as_slice().len(), list.len());
    for (error, item) in errors.as_slice().iter().zip(&list) {
        assert!(error.objection.sentence.contains(&item.document_type.label), "{error:?}");
    }
    assert!(
        submit::checklist(&draft(), &documents(), &contract, at())
            .iter()
            .all(|i| i.status == ChecklistStatus::Attached)
    );
}

/// REQ: CASE-23
#[test]
fn the_disclaimer_must_be_agreed_to() {
    let Err(SubmitError::Incomplete(errors)) =
        submit::check(draft(), beside(&documents()), &arkansas(), Said::default(), at())
    else {
        panic!()
    };
    assert_eq!(errors.as_slice()[0].pointer, "/disclaimerAgreed");
}

/// REQ: CASE-25
#[test]
fn a_case_is_submitted_once() {
    let contract = arkansas();
    let again = submit::check(submitted(), beside(&documents()), &contract, AGREED, at());
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
    let claimed = reviews::claim(routed(), number, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
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
    let claimed = reviews::claim(routed(), number, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
    assert_eq!(reviews::claim(claimed.clone(), number, &nurse(), (&arkansas(), Holder::Works), at()), Ok(None));
    let other = staff("other", StaffRole::Nurse);
    assert_eq!(
        reviews::claim(claimed.clone(), number, &other, (&arkansas(), Holder::Works), at()),
        Err(ReviewError::ClaimedByOther("May 7, 2026 at 10:00 AM CDT".to_owned()))
    );
    let decided = reviews::decide(claimed, number, &other, Decision::Refer { note: "x".into() }, &arkansas(), at());
    assert_eq!(decided.unwrap_err(), ReviewError::ClaimedByOther("May 7, 2026 at 10:00 AM CDT".to_owned()));
    let unclaimed =
        reviews::decide(routed(), number, &nurse(), Decision::Refer { note: "x".into() }, &arkansas(), at());
    assert_eq!(unclaimed.unwrap_err(), ReviewError::NotClaimed);
    let clerk = staff("clerk", StaffRole::Intake);
    assert_eq!(
        reviews::claim(routed(), number, &clerk, (&arkansas(), Holder::Works), at()),
        Err(ReviewError::OtherRole)
    );
}

#[test]
fn a_claim_ends_by_time_by_release_and_with_its_holder() {
    let (number, contract) = (RequestNumber::FIRST, arkansas());
    let works = (&contract, Holder::Works);
    let other = staff("other", StaffRole::Nurse);
    let claimed = || reviews::claim(routed(), number, &nurse(), works, at()).unwrap().unwrap().case;
    let hours = i64::from(contract.reviews.claim_hours);
    let late = at().checked_add(jiff::Span::new().hours(hours)).unwrap();
    let before = late.checked_sub(jiff::Span::new().seconds(1)).unwrap();
    assert!(reviews::claim(claimed(), number, &other, works, before).is_err());
    let taken = reviews::claim(claimed(), number, &other, works, late).unwrap().unwrap().case;
    assert!(taken.requests[0].queue().unwrap().1.is_some_and(|claim| claim.by == other.username));
    assert!(reviews::claim(claimed(), number, &other, (&contract, Holder::Gone), at()).unwrap().is_some());
    assert!(reviews::release(claimed(), number, &other, &contract, at()).is_err());
    let released = reviews::release(claimed(), number, &nurse(), &contract, at()).unwrap().unwrap();
    assert!(matches!(released.events[..], [EventKind::RequestReleased { .. }]));
    assert_eq!(reviews::release(released.case.clone(), number, &nurse(), &contract, at()), Ok(None));
    assert!(reviews::claim(released.case, number, &other, works, at()).unwrap().is_some());
}

#[test]
fn a_worksheet_ends_with_its_claim_and_with_nothing_else() {
    let (number, contract, lead) = (RequestNumber::FIRST, arkansas(), staff("other", StaffRole::Nurse));
    let works = (&contract, Holder::Works);
    let claimed = reviews::claim(routed(), number, &nurse(), works, at()).unwrap().unwrap().case;
    let refer = Decision::Refer { note: "Fewer hours may do.".into() };
    let approve = Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() };
    let decided =
        |decision| reviews::decide(claimed.clone(), number, &nurse(), decision, &contract, at()).unwrap().case;
    for after in [
        decided(refer),
        decided(approve),
        reviews::release(claimed.clone(), number, &nurse(), &contract, at()).unwrap().unwrap().case,
        reviews::assign(claimed.clone(), number, (&Reviewer { lead: true, ..nurse() }, &lead), &contract, at())
            .unwrap()
            .unwrap()
            .case,
        reviews::claim(claimed.clone(), number, &lead, (&contract, Holder::Gone), at()).unwrap().unwrap().case,
    ] {
        assert_eq!(worksheet::ended(&claimed, &after), [number]);
    }
    // One's own claim that began anew is the same person's work.
    let late = at().checked_add(jiff::Span::new().hours(i64::from(contract.reviews.claim_hours))).unwrap();
    let again = reviews::claim(claimed.clone(), number, &nurse(), works, late).unwrap().unwrap().case;
    assert_eq!((worksheet::ended(&claimed, &again), worksheet::ended(&routed(), &claimed)), (vec![], vec![]));
}

#[test]
fn a_reviewer_authorizes_no_more_a_day_than_may_be_asked_for() {
    let case = with_physician();
    let Decision::Determine { mut lines, criteria } = fewer(&case) else { panic!("no determination") };
    let two_days = crate::period::Period::new(date(2026, 5, 11), date(2026, 5, 12)).unwrap();
    for (count, fits) in [(149, false), (11, false), (10, true)] {
        if let LineOutcome::Modified { units, period, .. } = &mut lines[0] {
            (*units, *period) = (count.try_into().unwrap(), two_days);
        }
        let decision = Decision::Determine { lines: lines.clone(), criteria: criteria.clone() };
        match reviews::decide(case.clone(), RequestNumber::FIRST, &physician(), decision, &arkansas(), at()) {
            Ok(_) => assert!(fits, "{count}"),
            Err(ReviewError::Fields(errors)) => assert_eq!(errors.as_slice()[0].pointer, "/lines/0/units"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn the_past_is_retrospective_and_the_far_future_a_slip() {
    let contract = arkansas();
    let windows = contract.windows;
    let day = date(2026, 5, 7);
    let on = |days: i64| day.checked_add(jiff::Span::new().days(days)).unwrap();
    let right = |review, from: i64, to: i64| {
        windows.check(review, crate::period::Period::new(on(from), on(to)).unwrap(), day).is_empty()
    };
    let tolerance = i64::from(windows.past_days);
    for review in [ReviewKind::Initial, ReviewKind::Concurrent, ReviewKind::Renewal] {
        assert!(right(review, -tolerance, 30) && right(review, 365, 395), "{review}");
        assert!(
            !right(review, -tolerance - 1, 30) && !right(review, -700, -690) && !right(review, 366, 366),
            "{review}"
        );
    }
    let retrospective = ReviewKind::Retrospective;
    assert!(right(retrospective, -365, -1) && right(retrospective, -3, 0));
    assert!(!right(retrospective, -366, -1) && !right(retrospective, 7, 8) && !right(retrospective, -1, 1));
    let words = windows.check(ReviewKind::Initial, crate::period::Period::new(on(-30), on(30)).unwrap(), day);
    assert!(words.as_slice()[0].objection.sentence.contains("choose retrospective"));
}

#[test]
fn what_a_person_has_to_look_at_is_not_approved_by_a_rule() {
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
    let review = |case: &Case, others: &[Case]| {
        reviews::automatic(case.clone(), number, &contract, reviews::Known::of(others), at()).unwrap()
    };
    let case = submitted();
    assert_eq!(review(&case, std::slice::from_ref(&case)).case.status(), Status::Approved, "itself is no other");
    let mut elsewhere = submitted();
    elsewhere.key = CaseKey::new(Uuid::from_u128(44));
    elsewhere.submission.as_mut().unwrap().case_id = CaseId::new(date(2026, 5, 7), 9);
    let routed = review(&case, std::slice::from_ref(&elsewhere));
    assert_eq!(routed.case.status(), Status::NurseReview);
    assert!(matches!(&routed.events[..], [EventKind::RequestRouted { why: Some(Why::Duplicate { of }), .. }]
        if *of == CaseId::new(date(2026, 5, 7), 9)));
    let mut later = elsewhere.clone();
    later.requests[0].lines[0].period = crate::period::Period::new(date(2026, 6, 10), date(2026, 6, 11)).unwrap();
    assert_eq!(review(&case, &[later]).case.status(), Status::Approved);
    let mut draft = elsewhere;
    draft.requests[0].state = crate::cases::request::State::Draft;
    assert_eq!(review(&case, &[draft]).case.status(), Status::Approved);
}

/// REQ: REV-02
#[test]
fn automatic_review_happens_once_and_never_denies() {
    let number = RequestNumber::FIRST;
    assert_eq!(routed().status(), Status::NurseReview);
    assert_eq!(reviews::automatic(routed(), number, &arkansas(), reviews::Known::default(), at()), None);
}

#[test]
fn no_rule_approves_for_whom_eligibility_does_not_know_or_not_on_these_days() {
    let number = RequestNumber::FIRST;
    let mut contract = arkansas();
    contract.auto_review = vec![AutoRule {
        id: "any".into(),
        reason: "Anything at all".into(),
        codes: vec!["T1015".parse().unwrap()],
        diagnoses: submitted().diagnoses.clone(),
        age_from: None,
        max_units: 1_000,
        ..AutoRule::default()
    }];
    let review = |standing: Standing, from, to, contract: &Contract| {
        let mut case = submitted();
        (case.member.standing, case.member.coverage) = (standing, Coverage { from, to });
        reviews::automatic(case, number, contract, reviews::Known::default(), at()).unwrap()
    };
    let why = |change: &Change| {
        let EventKind::RequestRouted { why, .. } = &change.events[0] else { panic!("it was not routed") };
        why.clone()
    };
    let (enrolled, period) = (child().standing, submitted().requests[0].lines[0].period);
    let (from, to) = (Some(period.from()), Some(period.to()));
    for covered in [(None, None), (from, to), (from, None), (None, to)] {
        let change = review(enrolled.clone(), covered.0, covered.1, &contract);
        assert!(change.determination.is_some(), "{covered:?}");
    }
    let late = from.and_then(|day| day.tomorrow().ok());
    let early = to.and_then(|day| day.yesterday().ok());
    // The plan's file may be late: such a request waits for it. Of a temporary member none is to be expected.
    let waits = |change: &Change| change.events == [EventKind::CoverageAwaited { request: number }];
    for covered in [(late, None), (None, early)] {
        let change = review(enrolled.clone(), covered.0, covered.1, &contract);
        assert!(change.determination.is_none() && change.case.status() == Status::PendedEligibility);
        assert!(waits(&change));
        assert_eq!(why(&review(Standing::Temporary, covered.0, covered.1, &contract)), Some(Why::TemporaryMember));
    }
    assert_eq!(why(&review(Standing::Temporary, None, None, &contract)), Some(Why::TemporaryMember));
    contract.members.coverage_needed = true;
    assert!(waits(&review(enrolled.clone(), None, None, &contract)));
    assert!(review(enrolled.clone(), from, to, &contract).determination.is_some());
    // A contract that does not wait has a reviewer look at once.
    contract.eligibility.wait_days = 0;
    for (covered, said) in
        [((late, None), Why::NotCovered), ((None, early), Why::NotCovered), ((None, None), Why::CoverageUnknown)]
    {
        let change = review(enrolled.clone(), covered.0, covered.1, &contract);
        assert!(change.determination.is_none() && change.case.status() == Status::NurseReview);
        assert_eq!(why(&change), Some(said));
    }
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
    let repairs = |role| Caller::Staff(Reviewer { role, ..nurse() }).may(CaseAction::Repair, &submitted());
    assert_eq!((repairs(StaffRole::ContractManager), repairs(StaffRole::Intake)), (Ok(()), Err(Denied::Forbidden)));
    assert_eq!((repairs(StaffRole::Nurse), repairs(StaffRole::Operations)), (Ok(()), Err(Denied::Hidden)));
    assert_eq!(elsewhere.may(CaseAction::Repair, &submitted()), Err(Denied::Hidden));
}

#[test]
fn who_has_viewed_a_case_is_told_to_its_provider_and_to_staff_and_addresses_and_files_to_who_leads() {
    let of = |role, lead| Caller::Staff(Reviewer { role, lead, ..nurse() });
    let (seen, hidden, refused) = (Ok(()), Err(Denied::Hidden), Err(Denied::Forbidden));
    for (caller, trace, take, addresses) in [
        (of(StaffRole::Nurse, false), seen, refused, false),
        (of(StaffRole::Nurse, true), seen, seen, true),
        (of(StaffRole::Physician, true), seen, seen, true),
        (of(StaffRole::Intake, false), seen, refused, false),
        (of(StaffRole::Support, false), seen, refused, false),
        (of(StaffRole::ContractManager, false), seen, seen, true),
        (of(StaffRole::Operations, false), hidden, hidden, false),
    ] {
        let may = (caller.may(CaseAction::Trace, &submitted()), caller.may(CaseAction::TakeTrace, &submitted()));
        assert_eq!((may, caller.is_told_from_where()), ((trace, take), addresses), "{caller:?}");
        assert!(caller.is_told_who(Party::Provider, false, false));
    }
    let roles = vec![RoleAt {
        provider: crate::id::ProviderId::new(Uuid::from_u128(77)),
        group: submitted().requesting.group.unwrap(),
        contract: "arkansas".parse().unwrap(),
        role: ProviderRole::Staff,
    }];
    assert_eq!(submitted().office_of(&roles), Some(&submitted().requesting));
    assert_eq!(submitted().office_of(&[]), None);
    let clerk = Caller::Provider { username: "jo.smith".parse().unwrap(), fax: "501-555-0100".parse().unwrap(), roles };
    assert_eq!(clerk.may(CaseAction::Trace, &submitted()), seen);
    assert_eq!(clerk.may(CaseAction::TakeTrace, &submitted()), refused);
    assert!(!clerk.is_told_from_where());
    assert!(clerk.is_told_who(Party::Provider, true, false) && clerk.is_told_who(Party::System, true, false));
    assert!(!clerk.is_told_who(Party::Provider, false, false), "of another office, and refused");
    assert!(!clerk.is_told_who(Party::ReviewTeam, true, false) && !clerk.is_told_who(Party::Agency, true, false));
}

/// REQ: LTR-01, LTR-04
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

#[test]
fn a_letter_is_mended_where_its_texts_and_whom_it_names_come_from() {
    let case = with_physician();
    let change =
        reviews::decide(case.clone(), RequestNumber::FIRST, &physician(), fewer(&case), &arkansas(), at()).unwrap();
    let (case, determination) = (change.case, change.determination.unwrap());
    let lacks = |case: &Case, contract: &Contract| {
        letter_facts::check(case, &determination, contract).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    // As it was stored before there was a rule.
    let mut old = case.clone();
    old.member.address.line1 = serde_json::from_str("\"\"").unwrap();
    old.requesting.name = serde_json::from_str("\"Clinic \u{1F4C4}\"").unwrap();
    let named = ["addressee (42 CFR 431.206(c); 438.404(a))", "printable character for U+1F4C4"];
    assert_eq!(lacks(&old, &arkansas()), named);
    let member = letter_facts::as_recorded(old.clone(), Some(case.member.clone()), &[]);
    assert_eq!(lacks(&member, &arkansas()).len(), 1);
    let both =
        letter_facts::as_recorded(old.clone(), Some(case.member.clone()), std::slice::from_ref(&case.requesting));
    assert_eq!((lacks(&both, &arkansas()), both.requests == old.requests), (Vec::new(), true));
    // What it tells by the pack of its time, in the words of a later one.
    let mut then = arkansas();
    then.letters.opening.modified = None;
    assert_eq!(lacks(&case, &then).len(), 1);
    let facts = letter_facts::facts(&case, &determination, &then, LetterId::new(Uuid::from_u128(5))).unwrap();
    for audience in [Audience::Provider, Audience::Member] {
        assert!(crate::letters::compose(&facts, &then.letters, audience).is_err());
        assert!(crate::letters::compose(&facts, &arkansas().letters, audience).is_ok());
    }
}

/// Nobody's time to appeal is over before the notice is there.
#[test]
fn a_notice_that_was_held_counts_from_its_own_day_and_so_does_what_may_follow() {
    let number = RequestNumber::FIRST;
    let case = with_physician();
    let change = reviews::decide(case.clone(), number, &physician(), fewer(&case), &arkansas(), at()).unwrap();
    let (case, determination) = (change.case, change.determination.unwrap());
    let later: Timestamp = "2026-07-07T15:00:00Z".parse().unwrap();
    let letter = LetterId::new(Uuid::from_u128(5));
    let facts = letter_facts::facts_on(&case, &determination, &arkansas(), letter, later).unwrap();
    assert_eq!((facts.date, facts.deadlines[0].date), (date(2026, 7, 7), date(2026, 9, 10)));
    let over: Timestamp = "2026-07-20T15:00:00Z".parse().unwrap();
    let until = |case: &Case| {
        let all = case.follow_ups(number, &arkansas(), over);
        all.iter().find(|one| one.kind == ReviewKind::Reconsideration).and_then(|one| one.until)
    };
    assert_eq!(until(&case), None, "the window that the decision opened is over");
    let noticed = case.clone().noticed(number, determination.number, later).unwrap();
    assert_eq!((noticed.version, until(&noticed)), (case.version + 1, Some(date(2026, 9, 10))));
    assert!(case.noticed(number, determination.number + 1, later).is_none(), "another decision holds");
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

/// REQ: REV-04
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
                Command::Automatic => reviews::automatic(case.clone(), number, &contract, reviews::Known::default(), at()),
                Command::Claim(as_nurse) => {
                    let by = if as_nurse { nurse() } else { physician() };
                    reviews::claim(case.clone(), number, &by, (&contract, Holder::Works), at()).ok().flatten()
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
