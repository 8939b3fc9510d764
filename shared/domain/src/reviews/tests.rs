//! What is added after submit, and what is asked for, on the real pack of Arkansas: each state with each step.

use jiff::{Span, Timestamp, civil::Date, civil::date};
use uuid::Uuid;

use super::{
    Decision, Holder, ReviewError, claim, decide, information, letter_facts,
    pend::{self, MOST_ITEMS},
    release, worksheet,
};
use crate::{
    cases::{
        Case,
        document::{Document, DocumentState},
        request::{Added, PendEnd, Request, State},
    },
    clock::Tick,
    contracts::{
        Contract,
        pends::{OnSilence, PendClock},
        samples::arkansas,
    },
    events::EventKind,
    id::{DocumentId, EventId, LetterId, RequestNumber},
    letters,
    status::{Audience, Queue, Status},
    tests::{at, documents, draft, nurse, physician, routed, submitted, with_physician},
};

const R01: RequestNumber = RequestNumber::FIRST;

fn after(hours: i64) -> Timestamp {
    at().checked_add(Span::new().hours(hours)).unwrap()
}

fn addition(hours: i64) -> Added {
    Added {
        at: after(hours),
        by: "bea".parse().unwrap(),
        note: Some(EventId::new(Uuid::from_u128(9))),
        documents: vec![DocumentId::new(Uuid::from_u128(8))],
        answers: false,
        seen: None,
    }
}

fn added(case: Case, hours: i64) -> Case {
    information::add(case, R01, addition(hours), &arkansas()).unwrap().case
}

fn claimed(case: Case, hours: i64) -> Case {
    claim(case, R01, &nurse(), (&arkansas(), Holder::Works), after(hours)).unwrap().unwrap().case
}

fn of(case: &Case) -> &Request {
    &case.requests[0]
}

#[test]
fn what_is_added_changes_no_status_and_is_news_until_its_reviewer_has_looked() {
    let case = added(routed(), 1);
    assert_eq!(
        (case.status(), of(&case).news(), case.version),
        (Status::NurseReview, Some(after(1)), routed().version + 1)
    );
    assert!(of(&case).is_new(&of(&case).added[0]));
    // The first look of several additions is told once; the oldest says since when.
    let case = added(case, 2);
    assert_eq!(of(&case).news(), Some(after(1)));
    let change = claim(case, R01, &nurse(), (&arkansas(), Holder::Works), after(3)).unwrap().unwrap();
    let claimed = EventKind::RequestClaimed { request: R01, queue: Queue::Nurse };
    assert_eq!(change.events, [claimed, EventKind::InformationSeen { request: R01 }]);
    let case = change.case;
    assert_eq!(of(&case).news(), None);
    assert!(of(&case).added.iter().all(|added| of(&case).is_new(added)), "the mark stays while the claim lasts");
    // One's own claim taken again is the look at what came meanwhile, and nothing else.
    assert_eq!(claim(case.clone(), R01, &nurse(), (&arkansas(), Holder::Works), after(4)), Ok(None));
    let case = added(case, 4);
    let change = claim(case, R01, &nurse(), (&arkansas(), Holder::Works), after(5)).unwrap().unwrap();
    assert_eq!(change.events, [EventKind::InformationSeen { request: R01 }]);
    assert_eq!(of(&change.case).queue().unwrap().1.map(|claim| claim.at), Some(after(3)));
    let back = release(change.case, R01, &nurse(), &arkansas(), after(6)).unwrap().unwrap().case;
    assert!(of(&back).added.iter().all(|added| !of(&back).is_new(added)));
}

#[test]
fn to_a_decided_request_it_is_filed_and_to_a_draft_nothing_is_added() {
    let approve =
        Decision::Determine { lines: vec![crate::cases::determination::LineOutcome::Approved], criteria: vec![] };
    let decided = decide(claimed(routed(), 0), R01, &nurse(), approve, &arkansas(), at()).unwrap().case;
    let filed = added(decided, 1);
    assert_eq!((filed.status(), of(&filed).news(), of(&filed).added.len()), (Status::Approved, None, 1));
    assert!(!of(&filed).is_new(&of(&filed).added[0]));
    let refused = information::add(draft(), R01, addition(1), &arkansas());
    assert!(matches!(refused, Err(ReviewError::State(error)) if error.status == Status::Draft));
    assert_eq!(added(submitted(), 1).status(), Status::Submitted);
    let nowhere = information::add(routed(), "R02".parse().unwrap(), addition(1), &arkansas());
    assert_eq!(nowhere, Err(ReviewError::NoRequest));
}

#[test]
fn a_file_that_is_checked_after_the_look_is_news_again() {
    let state = DocumentState::Accepted { at: at(), bytes: 9, sha256: String::new(), pages: None };
    let document = Document { id: addition(1).documents[0], state, ..documents().remove(0) };
    let unseen = added(claimed(routed(), 0), 1);
    assert_eq!(information::arrived(&unseen, &document, after(2)), None, "it is news anyway");
    let seen = claim(unseen, R01, &nurse(), (&arkansas(), Holder::Works), after(2)).unwrap().unwrap().case;
    let told = information::arrived(&seen, &document, after(3)).unwrap();
    assert_eq!(told.events, [EventKind::DocumentAccepted { document: document.id }]);
    assert_eq!(of(&told.case).news(), Some(after(1)));
    let other = Document { id: DocumentId::new(Uuid::from_u128(77)), ..document };
    assert_eq!(information::arrived(&seen, &other, after(3)), None, "it came before submit");
}

fn asked(contract: &Contract, case: Case, due: Date) -> Result<Case, Vec<String>> {
    let items = vec!["Progress notes of the last three months".to_owned(), "The plan of care".to_owned()];
    match pend::pend(case, R01, &nurse(), (items, due), contract, after(1)) {
        Ok(change) => {
            let mut told = vec![EventKind::InformationRequested { request: R01, pend: 1 }];
            if contract.pends.clock == PendClock::Extends {
                told.push(EventKind::TimeExtended { request: R01, days: contract.pends.extension_days });
            }
            assert_eq!(change.events, told);
            Ok(change.case)
        }
        Err(ReviewError::Fields(errors)) => Err(errors.as_slice().iter().map(|e| e.pointer.clone()).collect()),
        Err(other) => panic!("{other}"),
    }
}

fn with_pends(clock: PendClock, extension_days: u32, on_silence: OnSilence) -> Contract {
    let mut contract = arkansas();
    (contract.pends.clock, contract.pends.extension_days, contract.pends.on_silence) =
        (clock, extension_days, on_silence);
    contract
}

fn answer(contract: &Contract, case: Case, hours: i64) -> Case {
    let answer = Added { answers: true, ..addition(hours) };
    let change = information::add(case, R01, answer, contract).unwrap();
    let told = EventKind::InformationAdded { request: R01, note: true, documents: 1, answers: true };
    let back = EventKind::RequestReturned { request: R01, queue: Queue::Nurse, silent: false };
    assert_eq!(change.events, [told, back]);
    change.case
}

#[test]
fn a_request_waits_for_what_is_asked_and_the_answer_brings_it_back_to_whoever_asked() {
    let contract = arkansas();
    let before = claimed(routed(), 0);
    let waits = asked(&contract, before.clone(), date(2026, 5, 12)).unwrap();
    assert_eq!((waits.status(), of(&waits).queue()), (Status::Pended, None), "it is on no worklist");
    let pend = of(&waits).pended().unwrap();
    assert_eq!((pend.items.len(), pend.until.to_string().as_str()), (2, "2026-05-13T04:59:59Z"));
    assert_eq!(of(&waits).clock(), of(&before).clock(), "the clock runs on");
    assert_eq!(worksheet::ended(&before, &waits), [], "what was typed of the decision waits too");
    for refused in [
        claim(waits.clone(), R01, &nurse(), (&contract, Holder::Works), after(2)).map(|_| ()),
        decide(waits.clone(), R01, &nurse(), Decision::Refer { note: "x".into() }, &contract, after(2)).map(|_| ()),
    ] {
        assert!(matches!(refused, Err(ReviewError::State(error)) if error.status == Status::Pended));
    }
    // What is added without being the answer waits with it.
    let more = added(waits.clone(), 2);
    assert_eq!((more.status(), of(&more).news()), (Status::Pended, Some(after(2))));
    let back = answer(&contract, more, 3);
    let holder = of(&back).queue().unwrap();
    assert_eq!(
        (holder.0, holder.1.unwrap().by.clone(), holder.1.unwrap().at),
        (Queue::Nurse, nurse().username, after(3))
    );
    assert_eq!(of(&back).news(), Some(after(2)));
    let ended = PendEnd::Answered { at: after(3), by: "bea".parse().unwrap() };
    assert_eq!(of(&back).pends[0].ended, Some(ended), "what was asked stays with the request");
    assert_eq!(worksheet::ended(&waits, &back), []);
    // A second answer is as good, and brings nothing back.
    let late = Added { answers: true, ..addition(4) };
    let late = information::add(back, R01, late, &contract).unwrap();
    assert!(matches!(late.events[..], [EventKind::InformationAdded { answers: false, .. }]));
}

#[test]
fn an_answer_is_due_within_what_the_contract_allows() {
    let contract = arkansas();
    let of_day = |day| asked(&contract, claimed(routed(), 0), day);
    assert_eq!(of_day(date(2026, 5, 6)).unwrap_err(), ["/due"]);
    assert!(of_day(date(2026, 5, 7)).is_ok() && of_day(date(2026, 5, 14)).is_ok());
    assert_eq!(of_day(date(2026, 5, 15)).unwrap_err(), ["/due"]);
    // Where the clock runs on, the decision's own time is the bound: it is due on 16 May.
    let long = Contract { pends: crate::contracts::pends::PendRules { answer_days: 30, ..contract.pends }, ..contract };
    assert!(asked(&long, claimed(routed(), 0), date(2026, 5, 16)).is_ok());
    assert_eq!(asked(&long, claimed(routed(), 0), date(2026, 5, 17)).unwrap_err(), ["/due"]);
    let ask = |items: Vec<String>| {
        pend::pend(claimed(routed(), 0), R01, &nurse(), (items, date(2026, 5, 12)), &long, at()).err()
    };
    for wrong in [vec![], vec!["x".to_owned(); MOST_ITEMS + 1], vec![String::new()], vec!["x".repeat(301)]] {
        assert!(matches!(ask(wrong), Some(ReviewError::Fields(_))));
    }
    let other = pend::pend(routed(), R01, &nurse(), (vec!["x".into()], date(2026, 5, 12)), &long, at());
    assert_eq!(other, Err(ReviewError::NotClaimed));
}

#[test]
fn silence_brings_it_back_once_and_to_whom_the_contract_says() {
    let contract = arkansas();
    let waits = asked(&contract, claimed(routed(), 0), date(2026, 5, 12)).unwrap();
    let until = of(&waits).pended().unwrap().until;
    assert_eq!(pend::unanswered(waits.clone(), R01, &contract, until), None);
    let over = until.checked_add(Span::new().seconds(1)).unwrap();
    let change = pend::unanswered(waits.clone(), R01, &contract, over).unwrap();
    assert_eq!(change.events, [EventKind::RequestReturned { request: R01, queue: Queue::Nurse, silent: true }]);
    assert_eq!(of(&change.case).queue().unwrap().1.unwrap().by, nurse().username);
    assert_eq!(pend::unanswered(change.case, R01, &contract, over), None, "it is back once");
    let answered = answer(&contract, waits.clone(), 3);
    assert_eq!(pend::unanswered(answered, R01, &contract, over), None);
    let physicians = with_pends(PendClock::Runs, 0, OnSilence::Physician);
    let change = pend::unanswered(waits.clone(), R01, &physicians, over).unwrap();
    assert_eq!(of(&change.case).queue(), Some((Queue::Physician, None)));
    assert_eq!(worksheet::ended(&waits, &change.case), [R01]);
    assert_eq!(of(&answer(&physicians, waits, 3)).queue().unwrap().1.unwrap().by, nurse().username);
    // A physician who asked has it again.
    let items = (vec!["The plan of care".to_owned()], date(2026, 5, 12));
    let theirs = pend::pend(with_physician(), R01, &physician(), items, &physicians, at()).unwrap().case;
    let back = pend::unanswered(theirs, R01, &physicians, over).unwrap().case;
    assert_eq!(of(&back).queue().unwrap().1.unwrap().by, physician().username);
}

/// Whatever the contract's setting, what is asked for and until when stands on the request, and the answer brings it back to
/// whoever asked.
///
/// REQ: REV-06
#[test]
fn what_asking_does_to_the_clock_says_the_contract() {
    let waits = |case: &Case| {
        let pend = of(case).pended().unwrap();
        assert_eq!((case.status(), pend.items.len(), pend.due), (Status::Pended, 2, date(2026, 5, 12)));
    };
    let with_its_reviewer = |case: &Case| {
        let (queue, claim) = of(case).queue().unwrap();
        assert_eq!((queue, &claim.unwrap().by), (Queue::Nurse, &nurse().username));
    };
    let due =
        |contract: &Contract, case: &Case| of(case).clock().unwrap().due(&contract.calendar).map(|due| due.to_string());
    let runs = arkansas();
    let case = asked(&runs, claimed(routed(), 0), date(2026, 5, 12)).unwrap();
    assert_eq!(due(&runs, &case).as_deref(), Some("2026-05-17T04:59:59Z"));
    waits(&case);
    let back = answer(&runs, case, 50);
    with_its_reviewer(&back);
    assert_eq!(due(&runs, &back).as_deref(), Some("2026-05-17T04:59:59Z"));
    let pauses = with_pends(PendClock::Pauses, 0, OnSilence::Reviewer);
    let case = asked(&pauses, claimed(routed(), 0), date(2026, 5, 12)).unwrap();
    assert_eq!((due(&pauses, &case), of(&case).clock().unwrap().is_paused()), (None, true));
    waits(&case);
    let back = answer(&pauses, case, 50);
    with_its_reviewer(&back);
    assert_eq!(due(&pauses, &back).as_deref(), Some("2026-05-19T04:59:59Z"), "it stood still for two days");
    let words: Vec<_> = of(&back).clock().unwrap().ledger.iter().map(|entry| entry.reason.as_str()).collect();
    assert_eq!(words[1], "Stands still: information was requested from the provider.");
    assert_eq!(words[2], "Goes on: the provider has answered. Due May 18, 2026 at 11:59 PM CDT.");
    let mut later = pauses.clone();
    later.calendar.time_zone = "America/New_York".parse().unwrap();
    assert_eq!(due(&later, &back), due(&pauses, &back), "a later calendar moves nothing");
    let extends = with_pends(PendClock::Extends, 14, OnSilence::Reviewer);
    let case = asked(&extends, claimed(routed(), 0), date(2026, 5, 12)).unwrap();
    assert_eq!(due(&extends, &case).as_deref(), Some("2026-05-31T04:59:59Z"));
    waits(&case);
    let back = answer(&extends, case, 50);
    with_its_reviewer(&back);
    assert_eq!(due(&extends, &back).as_deref(), Some("2026-05-31T04:59:59Z"));
    // A second question extends nothing more.
    let items = (vec!["The plan of care".to_owned()], date(2026, 5, 12));
    let again = pend::pend(back, R01, &nurse(), items, &extends, after(51)).unwrap().case;
    let extensions = of(&again).clock().unwrap().ledger.iter().filter(|e| matches!(e.what, Tick::Extended(14)));
    assert_eq!((extensions.count(), due(&extends, &again).as_deref()), (1, Some("2026-05-31T04:59:59Z")));
}

#[test]
fn no_answer_is_due_after_the_decision_however_its_limit_was_extended() {
    let mut extends = with_pends(PendClock::Extends, 14, OnSilence::Reviewer);
    extends.pends.answer_days = 30;
    let last = "2026-05-31T04:59:59Z".parse().unwrap();
    let late = asked(&extends, claimed(routed(), 0), date(2026, 5, 31));
    assert_eq!(late.unwrap_err(), ["/due"]);
    let case = asked(&extends, claimed(routed(), 0), date(2026, 5, 30)).unwrap();
    assert_eq!(of(&case).pended().unwrap().until, last);
    let back = answer(&extends, case, 50);
    // Nothing extends it a second time: the second answer is due as the first one was.
    assert_eq!(pend::last_day(of(&back).clock().unwrap(), &extends, after(51)), date(2026, 5, 30));
    let ask = |due| pend::pend(back.clone(), R01, &nurse(), (vec!["Notes".to_owned()], due), &extends, after(51));
    assert!(matches!(ask(date(2026, 5, 31)), Err(ReviewError::Fields(_))));
    let again = ask(date(2026, 5, 30)).unwrap().case;
    assert_eq!(of(&again).pended().unwrap().until, last);
    assert!(pend::unanswered(again, R01, &extends, last.checked_add(Span::new().seconds(1)).unwrap()).is_some());
}

#[test]
fn both_letters_say_what_is_needed_and_until_when_and_the_provider_reads_how_to_send_it() {
    let contract = arkansas();
    let waits = asked(&contract, claimed(routed(), 0), date(2026, 5, 12)).unwrap();
    let asked = of(&waits).pended().unwrap();
    assert_eq!(letter_facts::check_asking(&waits, R01, asked, &contract), []);
    let facts = letter_facts::asking(&waits, R01, asked, &contract, LetterId::NOT_ISSUED).unwrap();
    for audience in [Audience::Provider, Audience::Member] {
        let letter = letters::compose(&facts, &contract.letters, audience).unwrap();
        let printed = serde_json::to_string(&letter).unwrap();
        for words in ["Progress notes of the last three months", "The plan of care", "May 12, 2026"] {
            assert!(printed.contains(words), "{audience:?}: {words}");
        }
    }
    let mut silent = contract;
    silent.letters.opening.information_requested = None;
    assert!(!letter_facts::check_asking(&waits, R01, asked, &silent).is_empty());
}

/// A request that was decided, taken up, or stored by a release before keeps its form.
#[test]
fn what_was_stored_before_has_no_pends_and_nothing_added() {
    let mut stored = serde_json::to_value(of(&routed())).unwrap();
    assert!(stored.get("pends").is_none() && stored.get("added").is_none());
    stored["state"] = serde_json::to_value(State::Draft).unwrap();
    let read: Request = serde_json::from_value(stored).unwrap();
    assert!(read.pends.is_empty() && read.added.is_empty() && read.news().is_none());
}
