//! The way of a fax, on the real pack of Arkansas.

use uuid::Uuid;

use super::{
    intake::{IntakeError, NamedLetter, Placed, still_intake},
    received::{Bars, CloseReason, FaxFile, FaxState, ReceivedFax, Stands, WhyIntake},
};
use crate::{
    caller::{Denied, Reviewer, StaffRole},
    cases::{
        Case,
        request::{PendEnd, State},
    },
    contracts::samples::arkansas,
    events::EventKind,
    id::{FaxId, LetterId, RequestNumber, Username},
    letters::{About, Reference},
    reviews::{self, Holder, pend},
    status::Status,
    tests::{at, draft, nurse, routed, staff, submitted},
};

const R01: RequestNumber = RequestNumber::FIRST;

fn fax() -> ReceivedFax {
    ReceivedFax {
        id: FaxId::new(Uuid::from_u128(9)),
        version: 1,
        carrier_id: "fax_1".to_owned(),
        to: "855-997-3707".parse().unwrap(),
        from: None,
        at: at(),
        state: FaxState::Announced,
    }
}

fn file(pages: u32) -> FaxFile {
    FaxFile { bytes: 9, sha256: "ab".to_owned(), pages }
}

fn letter() -> LetterId {
    LetterId::new(Uuid::from_u128(7))
}

fn reference(case: &Case) -> Reference {
    Reference { case: case.submission.as_ref().unwrap().case_id.clone(), request: R01, letter: letter() }
}

fn placed(case: Case, about: Option<About>, has_room: bool) -> Placed {
    let about = about.map(|about| (about, at()));
    let bars = Bars::One(reference(&case));
    fax().place(&file(2), (&bars, Some(NamedLetter { case, about, has_room })), &arkansas(), at())
}

fn clerk(name: &str) -> Reviewer {
    staff(name, StaffRole::Intake)
}

/// One that waits with intake.
fn waiting(pages: u32) -> ReceivedFax {
    let stands = Stands::Waits { why: WhyIntake::NoBarcode, claim: None };
    fax().standing(arkansas().id, file(pages), stands)
}

fn taken(pages: u32) -> ReceivedFax {
    waiting(pages).take(&clerk("ina"), (&arkansas(), true), at()).unwrap().unwrap()
}

#[test]
fn pages_name_one_request_or_are_looked_at_by_a_person() {
    let bars = |texts: &[&str]| Bars::of(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let one = "261270001-R01-ltr_00000000000000000000000000000007";
    assert_eq!(bars(&[]), Bars::None);
    assert_eq!(bars(&["4006381333931"]), Bars::None, "the bars of something else");
    assert_eq!(bars(&["4006381333931", one, one]), Bars::One(one.parse().unwrap()));
    assert_eq!(bars(&[one, "261270001-R01-ltr_00000000000000000000000000000008"]), Bars::One(one.parse().unwrap()));
    assert_eq!(bars(&[one, "261270001-R02-ltr_00000000000000000000000000000007"]), Bars::Several);
}

#[test]
fn a_fax_with_the_bars_of_an_open_request_is_its_document() {
    let Placed::Filed(change, document) = placed(routed(), Some(About::Information), true) else { panic!("not filed") };
    assert!(matches!(
        change.events[..],
        [EventKind::FaxFiled { request: R01, .. }, EventKind::InformationAdded { documents: 1, answers: false, .. }]
    ));
    assert_eq!(document.id, fax().id.document());
    assert!(document.is_accepted() && document.by == Username::from(fax().id));
    assert_eq!(document.file_name, "fax-2026-05-07.tiff");
    assert_eq!(change.case.requests[0].added[0].documents, [document.id]);
    assert_eq!(change.case.status(), Status::NurseReview);
}

#[test]
fn it_answers_what_was_asked_for_when_it_came_back_with_the_letter_that_asked() {
    let taken = reviews::claim(routed(), R01, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
    let tomorrow = arkansas().calendar.time_zone.date_at(at()).tomorrow().unwrap();
    let asked = (vec!["The plan of care".to_owned()], tomorrow);
    let pended = pend::pend(taken, R01, &nurse(), asked, &arkansas(), at()).unwrap().case;
    for (about, answered) in [(About::Information, true), (About::Determination, false)] {
        let Placed::Filed(change, _) = placed(pended.clone(), Some(about), true) else { panic!("not filed") };
        let request = &change.case.requests[0];
        assert_eq!(matches!(request.state, State::NurseReview { .. }), answered);
        assert_eq!(matches!(request.pends[0].ended, Some(PendEnd::Answered { .. })), answered);
    }
    // The letter of an earlier question.
    let earlier = at().checked_sub(jiff::Span::new().hours(1)).unwrap();
    let named = NamedLetter { case: pended.clone(), about: Some((About::Information, earlier)), has_room: true };
    let bars = Bars::One(reference(&pended));
    let Placed::Filed(change, _) = fax().place(&file(2), (&bars, Some(named)), &arkansas(), at()) else { panic!() };
    assert!(change.case.requests[0].pended().is_some());
}

#[test]
fn every_other_fax_is_with_intake_with_the_reason() {
    let why = |placed| if let Placed::Intake(why) = placed { why } else { panic!("filed") };
    let of = |bars: &Bars, named| why(fax().place(&file(1), (bars, named), &arkansas(), at()));
    assert_eq!(of(&Bars::None, None), WhyIntake::NoBarcode);
    assert_eq!(of(&Bars::Unreadable, None), WhyIntake::Unreadable);
    assert_eq!(of(&Bars::Several, None), WhyIntake::Several);
    assert_eq!(of(&Bars::One(reference(&routed())), None), WhyIntake::Unknown);
    assert_eq!(why(placed(routed(), None, true)), WhyIntake::Unknown);
    let case = reference(&routed()).case;
    assert_eq!(why(placed(routed(), Some(About::Void), false)), WhyIntake::Full { case: case.clone() });
    let elsewhere = Case { contract: "colorado".parse().unwrap(), ..routed() };
    assert_eq!(why(placed(elsewhere, Some(About::Information), true)), WhyIntake::OtherContract);
    let withdrawn = routed().withdraw(R01, "Not needed.", &arkansas(), (at(), "ann".parse().unwrap()));
    let not_open = WhyIntake::NotOpen { case, request: R01 };
    assert_eq!(why(placed(withdrawn.unwrap().unwrap().case, Some(About::Information), true)), not_open);
}

#[test]
fn one_at_a_time_works_on_a_fax_of_the_own_contracts() {
    let contract = arkansas();
    let fax = waiting(1);
    assert_eq!(fax.clone().take(&nurse(), (&contract, true), at()), Err(Denied::Forbidden.into()));
    let stranger = Reviewer { contracts: vec!["colorado".parse().unwrap()], ..clerk("col") };
    assert_eq!(fax.clone().take(&stranger, (&contract, true), at()), Err(Denied::Hidden.into()));
    let taken = fax.take(&clerk("ina"), (&contract, true), at()).unwrap().unwrap();
    assert_eq!(taken.clone().take(&clerk("ina"), (&contract, true), at()), Ok(None));
    let other = |works, at| taken.clone().take(&clerk("ned"), (&contract, works), at);
    assert!(matches!(other(true, at()), Err(IntakeError::TakenByOther(_))));
    assert!(other(false, at()).unwrap().is_some(), "whoever had it works here no more");
    let later = at().checked_add(jiff::Span::new().hours(i64::from(contract.reviews.claim_hours))).unwrap();
    assert!(other(true, later).unwrap().is_some());
    assert!(matches!(taken.clone().give_back(&clerk("ned"), &contract), Err(IntakeError::TakenByOther(_))));
    let back = taken.give_back(&clerk("ina"), &contract).unwrap().unwrap();
    assert_eq!(back.clone().give_back(&clerk("ina"), &contract), Ok(None));
    assert_eq!(back.taken_by(&clerk("ina"), &contract), Err(IntakeError::NotTaken));
    assert!(!still_intake(None, &contract.id));
}

#[test]
fn whoever_has_taken_it_files_it_to_a_case_of_the_contract() {
    let contract = arkansas();
    let file_to =
        |fax: ReceivedFax, case, has_room| fax.file_by(&clerk("ina"), (case, R01, false), (has_room, &contract), at());
    let (filed, change, document) = file_to(taken(1), submitted(), true).unwrap();
    assert_eq!((filed.version, document.request), (4, R01));
    assert!(matches!(filed.kept().unwrap().stands, Stands::Filed { by: Some(_), .. }));
    assert!(matches!(change.events[0], EventKind::FaxFiled { .. }));
    assert_eq!(filed.take(&clerk("ned"), (&contract, true), at()), Err(IntakeError::Ended));
    assert!(matches!(file_to(waiting(1), submitted(), true), Err(IntakeError::NotTaken)));
    assert!(matches!(file_to(taken(0), submitted(), true), Err(IntakeError::NoPages)));
    assert!(matches!(file_to(taken(1), submitted(), false), Err(IntakeError::Full)));
    assert!(matches!(file_to(taken(1), draft(), true), Err(IntakeError::Denied(Denied::Hidden))));
    let elsewhere = Case { contract: "colorado".parse().unwrap(), ..submitted() };
    assert!(matches!(file_to(taken(1), elsewhere, true), Err(IntakeError::Denied(Denied::Hidden))));
}

#[test]
fn whoever_has_taken_it_opens_a_case_or_closes_it() {
    let (contract, ina) = (arkansas(), clerk("ina"));
    let case = draft();
    let begun =
        Case::create(case.key, case.setting, case.member, case.requesting, case.fax, (at(), Username::from(fax().id)));
    let (opened, begun, document) = taken(2).open_by(&ina, begun, &contract, at()).unwrap();
    assert!(matches!(opened.kept().unwrap().stands, Stands::Opened { .. }));
    assert!(matches!(begun.events[..], [EventKind::CaseCreated, EventKind::FaxFiled { .. }]));
    assert!(document.counts(at()) && begun.case.status() == Status::Draft);
    let why = (CloseReason::Misdirected, String::new());
    assert!(matches!(waiting(1).close_by(&ina, why.clone(), &contract, at()), Err(IntakeError::NotTaken)));
    let closed = taken(0).close_by(&ina, why, &contract, at()).unwrap();
    assert!(matches!(closed.kept().unwrap().stands, Stands::Closed { reason: CloseReason::Misdirected, .. }));
}
