//! What follows a decision.

use jiff::{Timestamp, ToSpan, civil::date};
use uuid::Uuid;

use crate::{
    calendar::Calendar,
    caller::{Reviewer, StaffRole},
    cases::{
        Case, Change,
        determination::{Criterion, Determination, LineOutcome},
        follow::{FollowError, Said, Wanted},
    },
    contracts::{Contract, auto_rule::AutoRule, samples::arkansas},
    events::{EventKind, Why, task::Task},
    id::{DocumentId, EventId, RequestNumber},
    period::Period,
    reviews::{self, Decision, Holder, ReviewError, letter_facts},
    service::{Line, ReviewKind, Urgency},
    status::{Queue, Status},
    tests::{at, fewer, nurse, physician, staff, submitted, with_physician},
};

pub(super) const FIRST: RequestNumber = RequestNumber::FIRST;

/// A case with the decisions that stand beside it.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) case: Case,
    pub(super) made: Vec<Determination>,
}

pub(super) fn second() -> RequestNumber {
    FIRST.next()
}

pub(super) fn denied() -> Decision {
    Decision::Determine {
        lines: vec![LineOutcome::Denied { reason: "The records show no need for this service.".into() }],
        criteria: vec![Criterion {
            title: "Policy".into(),
            citation: "Manual 1".into(),
            text: "A trial first.".into(),
        }],
    }
}

pub(super) fn approved() -> Decision {
    Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() }
}

fn told(change: Change) -> Told {
    Told { made: change.determination.into_iter().collect(), case: change.case }
}

/// R01 as a physician has decided it.
fn decided(decision: Decision) -> Told {
    told(reviews::decide(with_physician(), FIRST, &physician(), decision, &arkansas(), at()).unwrap())
}

pub(super) fn in_part() -> Told {
    decided(fewer(&with_physician()))
}

pub(super) fn whole() -> Told {
    decided(approved())
}

fn said(name: &str) -> Said {
    Said {
        by: name.parse().unwrap(),
        fax: "501-555-0177".parse().unwrap(),
        urgency: Urgency::Standard,
        note: EventId::new(Uuid::from_u128(9)),
        documents: vec![DocumentId::new(Uuid::from_u128(8))],
    }
}

pub(super) fn later(days: i64) -> Timestamp {
    at().checked_add((days * 24).hours()).unwrap()
}

impl Told {
    pub(super) fn ask(&self, of: RequestNumber, wanted: Wanted, at: Timestamp) -> Result<Told, FollowError> {
        let change = self.case.clone().follow(of, (wanted, said("bea")), &self.made, &arkansas(), at)?;
        assert!(matches!(change.events[..], [EventKind::RequestFollowed { .. }]), "{:?}", change.events);
        Ok(Told { case: change.case, made: self.made.clone() })
    }

    /// The last request decided by a physician who had no part in it.
    pub(super) fn then(&self, decision: Decision, at: Timestamp) -> Told {
        let (contract, by, number) = (arkansas(), other(), self.case.requests.last().unwrap().number);
        let routed = reviews::automatic(self.case.clone(), number, &contract, reviews::Known::default(), at);
        let case = routed.map_or_else(|| self.case.clone(), |change| change.case);
        let case = reviews::claim(case, number, &by, (&contract, Holder::Works), at).unwrap().unwrap().case;
        let change = reviews::decide(case, number, &by, decision, &contract, at).unwrap();
        let made = self.made.iter().cloned().chain(change.determination).collect();
        Told { case: change.case, made }
    }

    fn number(&self, request: RequestNumber) -> Option<String> {
        let decided = self.case.request(request)?.decided()?;
        decided.authorization.as_ref().map(ToString::to_string)
    }

    pub(super) fn held(&self) -> Vec<(u32, Period)> {
        let lines = self.case.authorizations.iter().flat_map(|authorization| &authorization.lines);
        lines.map(|held| (u32::from(held.line.quantity), held.line.period)).collect()
    }

    fn refusal(&self, of: RequestNumber, wanted: Wanted, at: Timestamp) -> (&'static str, String) {
        let Err(refused) = self.ask(of, wanted, at) else { panic!("it was taken") };
        (refused.code(), refused.to_string())
    }
}

pub(super) fn other() -> Reviewer {
    staff("other.physician", StaffRole::Physician)
}

pub(super) fn until(to: jiff::civil::Date) -> Wanted {
    Wanted::Extension { to }
}

pub(super) fn lines(told: &Told) -> Vec<(Option<usize>, Line)> {
    let held = told.case.authorizations[0].lines.iter().map(|held| held.line.clone());
    held.enumerate().map(|(place, line)| (Some(place), line)).collect()
}

pub(super) fn revised(told: &Told, change: impl Fn(&mut Line)) -> Wanted {
    let mut lines = lines(told);
    change(&mut lines[0].1);
    Wanted::Revision { lines, servicing: None }
}

pub(super) fn units(count: u32) -> impl Fn(&mut Line) {
    move |line| line.quantity = count.try_into().unwrap()
}

fn calendar() -> Calendar {
    arkansas().calendar
}

/// REQ: ACT-02
///
/// A note and documents, within 65 days, which end with the last one in the contract's zone; what was not granted is asked for as before, its clock
/// runs for 30 days, and somebody who had no part in the decision decides.
#[test]
fn an_adverse_decision_is_looked_at_again_within_its_window_by_another_reviewer() {
    let (before, contract) = (in_part(), arkansas());
    let [end, over] = ["2026-07-12T04:59:59Z", "2026-07-12T05:00:00Z"].map(|text| text.parse::<Timestamp>().unwrap());
    assert_eq!(before.case.may_follow(FIRST, ReviewKind::Reconsideration, &contract, end), Ok(Some(date(2026, 7, 11))));
    let refused = before.refusal(FIRST, Wanted::Reconsideration, over);
    assert_eq!(refused, ("window-over", "The time to ask for reconsideration was until July 11, 2026.".to_owned()));

    let asked = before.ask(FIRST, Wanted::Reconsideration, end).unwrap();
    let request = asked.case.request(second()).unwrap();
    let follows = request.follows.as_ref().unwrap();
    assert_eq!((follows.of, follows.by.as_str(), request.lines.len()), (FIRST, "bea", 1));
    assert_eq!((follows.note, follows.documents.as_slice()), (said("bea").note, said("bea").documents.as_slice()));
    assert_eq!(u32::from(request.lines[0].quantity), 150, "as it was asked for");
    assert_eq!(follows.authorized[0].as_ref().map(|line| u32::from(line.quantity)), Some(90));
    let due = request.clock().unwrap().due(&calendar()).unwrap();
    assert_eq!(contract.calendar.time_zone.date_at(due), date(2026, 8, 10), "30 days");

    // No rule decides, whatever it would approve.
    let mut rules = contract.clone();
    rules.auto_review = vec![AutoRule {
        id: "any".into(),
        reason: "Anything".into(),
        codes: vec!["T1015".parse().unwrap()],
        diagnoses: asked.case.diagnoses.clone(),
        age_from: None,
        max_units: 10_000,
        ..AutoRule::default()
    }];
    let change = reviews::automatic(asked.case.clone(), second(), &rules, reviews::Known::default(), end).unwrap();
    assert!(matches!(
        change.events[..],
        [EventKind::RequestRouted { queue: Queue::Nurse, why: Some(Why::AnotherLook), .. }]
    ));

    // Neither the physician who decided nor the nurse who referred it.
    let case = change.case;
    let lead = staff("the.manager", StaffRole::ContractManager);
    for by in [physician(), nurse()] {
        let refused = reviews::claim(case.clone(), second(), &by, (&contract, Holder::Works), end).unwrap_err();
        assert_eq!(refused, ReviewError::TookPart(ReviewKind::Reconsideration));
        assert!(refused.to_string().contains("Another reviewer decides it."));
        let given = reviews::assign(case.clone(), second(), (&lead, &by), &contract, end).unwrap_err();
        assert!(matches!(given, ReviewError::Fields(_)));
    }
    let third = staff("other.nurse", StaffRole::Nurse);
    let case = reviews::claim(case, second(), &third, (&contract, Holder::Works), end).unwrap().unwrap().case;
    let refer = Decision::Refer { note: "More hours may be needed.".into() };
    let case = reviews::decide(case, second(), &third, refer, &contract, end).unwrap().case;
    assert!(reviews::claim(case.clone(), second(), &physician(), (&contract, Holder::Works), end).is_err());
    let by = other();
    let case = reviews::claim(case, second(), &by, (&contract, Holder::Works), end).unwrap().unwrap().case;
    let change = reviews::decide(case, second(), &by, approved(), &contract, end).unwrap();
    let made = before.made.iter().cloned().chain(change.determination).collect();
    let after = Told { case: change.case, made };
    assert_eq!(after.case.status(), Status::Approved);
    assert_eq!(after.number(second()), before.number(FIRST), "the number stays");
    assert_eq!(after.held().iter().map(|(units, _)| *units).collect::<Vec<_>>(), [150]);
    // The first decision stays as it was made.
    assert_eq!(after.case.request(FIRST), before.case.request(FIRST));

    let facts = letter_facts::facts(&after.case, &after.made[1], &contract, crate::id::LetterId::NOT_ISSUED).unwrap();
    let number = before.number(FIRST).unwrap();
    let followed = facts.follows.as_ref().unwrap();
    assert_eq!(
        (followed.request.as_str(), followed.on, followed.authorization.as_deref()),
        ("R01", jiff::civil::date(2026, 5, 7), Some(number.as_str()))
    );
    let letter = crate::letters::compose(&facts, &arkansas().letters, crate::status::Audience::Provider).unwrap();
    let follows = letter.reference.iter().find(|pair| pair.label == "Follows").map(|pair| pair.value.clone());
    assert_eq!(follows, Some(format!("R01, approved in part on May 7, 2026, authorization {number}")));
    assert_eq!((facts.requesting.fax.as_deref(), facts.request.as_str()), (Some("501-555-0177"), "R02"));
    assert_eq!(facts.submitted, date(2026, 7, 11));
}

#[test]
fn what_was_denied_gets_the_number_of_the_request_that_was_denied_and_may_be_appealed() {
    let before = decided(denied());
    let upheld = before.ask(FIRST, Wanted::Reconsideration, later(1)).unwrap().then(denied(), later(2));
    assert_eq!(upheld.number(second()), None);
    assert!(upheld.case.authorizations.is_empty());
    let facts =
        letter_facts::facts(&upheld.case, &upheld.made[1], &arkansas(), crate::id::LetterId::NOT_ISSUED).unwrap();
    let kinds: Vec<_> = facts.deadlines.iter().map(|deadline| deadline.kind).collect();
    let told = [crate::letters::DeadlineKind::PeerToPeer, crate::letters::DeadlineKind::Appeal];
    assert_eq!(kinds, told, "another look offers no third, and is talked about as the first was");
    assert_eq!(letter_facts::check(&upheld.case, &upheld.made[1], &arkansas()), Vec::new());

    assert_eq!(upheld.refusal(second(), Wanted::Reconsideration, later(3)).0, "second-look");
    assert_eq!(upheld.refusal(FIRST, Wanted::Appeal, later(3)).0, "superseded");
    let appealed = upheld.ask(second(), Wanted::Appeal, later(3)).unwrap();
    let appeal = appealed.case.requests.last().unwrap().clone();
    let names: Vec<String> = appeal.follows.as_ref().unwrap().decided_by.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["other.physician", "physician", "nurse"], "whoever had a part in either");
    let contract = arkansas();
    let case = reviews::automatic(appealed.case.clone(), appeal.number, &contract, reviews::Known::default(), later(3))
        .unwrap()
        .case;
    let by = staff("third.physician", StaffRole::Physician);
    let case = reviews::claim(case, appeal.number, &by, (&contract, Holder::Works), later(3)).unwrap().unwrap().case;
    let change = reviews::decide(case, appeal.number, &by, approved(), &contract, later(4)).unwrap();
    let number = change.case.requests[2].decided().unwrap().authorization.as_ref().unwrap().to_string();
    assert!(number.ends_with("01") && !number.ends_with("03"), "{number}: of the request that it is about");
    assert_eq!(change.case.authorizations.len(), 1);
}

/// REQ: ACT-05
#[test]
fn an_extension_keeps_the_number_and_changes_the_last_day() {
    let before = whole();
    let number = before.number(FIRST).unwrap();
    let end = date(2026, 7, 9);
    let after = before.ask(FIRST, until(end), later(5)).unwrap().then(approved(), later(6));
    assert_eq!(after.number(second()), Some(number.clone()));
    let period = Period::new(date(2026, 5, 11), end).unwrap();
    assert_eq!(after.held(), [(150, period)], "no more units");
    let authorization = &after.case.authorizations[0];
    assert_eq!((authorization.number.to_string(), authorization.requests.as_slice()), (number, &[FIRST, second()][..]));
    let request = after.case.request(second()).unwrap();
    assert_eq!((u32::from(request.lines[0].duration), request.review), (60, ReviewKind::Extension));

    // What is denied of it takes nothing away, and the number stays.
    let longer = after.ask(second(), until(date(2026, 8, 8)), later(7)).unwrap();
    let kept = longer.then(denied(), later(8));
    assert_eq!((kept.held(), kept.number("R03".parse().unwrap())), (after.held(), None));
    assert_eq!(kept.case.authorizations, after.case.authorizations);
    // Another look at that keeps the number too.
    let again = kept.ask("R03".parse().unwrap(), Wanted::Reconsideration, later(9)).unwrap();
    let by = staff("third.physician", StaffRole::Physician);
    let contract = arkansas();
    let number = again.case.requests.last().unwrap().number;
    let case = reviews::automatic(again.case, number, &contract, reviews::Known::default(), later(9)).unwrap().case;
    let case = reviews::claim(case, number, &by, (&contract, Holder::Works), later(9)).unwrap().unwrap().case;
    let case = reviews::decide(case, number, &by, approved(), &contract, later(9)).unwrap().case;
    assert_eq!(case.authorizations.len(), 1);
    assert_eq!(case.authorizations[0].lines.len(), 1);
    assert_eq!(case.authorizations[0].last_day(), Some(date(2026, 8, 8)));

    // A new number is a new case's.
    let other = submitted();
    assert_eq!(other.number_of(&other.requests[0]), before.case.number_of(&before.case.requests[0]));
}

#[test]
fn an_extension_needs_a_later_day_and_an_authorization_that_lasts() {
    let before = whole();
    for (to, code) in [(date(2026, 6, 9), "too-early"), (date(2027, 5, 13), "too-late")] {
        let Err(FollowError::Fields(errors)) = before.ask(FIRST, until(to), later(5)) else { panic!("{to}") };
        let error = &errors.as_slice()[0];
        assert_eq!((error.pointer.as_str(), error.objection.wrong.code()), ("/to", code));
    }
    let [last, over] = ["2026-06-10T04:59:59Z", "2026-06-10T05:00:00Z"].map(|text| text.parse().unwrap());
    assert!(before.ask(FIRST, until(date(2026, 7, 1)), last).is_ok());
    let (code, words) = before.refusal(FIRST, until(date(2026, 7, 1)), over);
    assert_eq!(code, "expired");
    assert!(words.starts_with("The authorization ended on June 9, 2026."), "{words}");
    // Where the contract says so, it may be extended for some days more.
    let mut contract = arkansas();
    contract.after_decision.extension_days = 30;
    let may = |kind| before.case.may_follow(FIRST, kind, &contract, over);
    assert_eq!(may(ReviewKind::Extension), Ok(Some(date(2026, 7, 9))));
    assert_eq!(may(ReviewKind::Revision), Err(FollowError::Expired(date(2026, 6, 9))));
}

#[test]
fn a_revision_says_what_changes_and_what_is_denied_of_it_stays() {
    let before = whole();
    let more = before.ask(FIRST, revised(&before, units(120)), later(1)).unwrap();
    let after = more.then(approved(), later(2));
    assert_eq!((after.held()[0].0, after.number(second())), (120, before.number(FIRST)));
    let (code, words) = before.refusal(FIRST, revised(&before, |_| ()), later(1));
    assert_eq!((code, words.as_str()), ("nothing-changed", "Nothing is changed. Change what is to be revised."));
    assert_eq!(before.refusal(FIRST, revised(&before, units(120)), later(40)).0, "expired");

    let mut wanted = lines(&before);
    let mut added = wanted[0].1.clone();
    added.period = Period::new(date(2026, 6, 10), date(2026, 6, 19)).unwrap();
    (added.duration, added.quantity) = (10.try_into().unwrap(), 50.try_into().unwrap());
    wanted.push((None, added.clone()));
    let asked = before.ask(FIRST, Wanted::Revision { lines: wanted, servicing: None }, later(1)).unwrap();
    let Decision::Determine { lines: deny, criteria } = denied() else { panic!() };
    let in_part = Decision::Determine { lines: [vec![LineOutcome::Approved], deny].concat(), criteria };
    let kept = asked.then(in_part, later(2));
    assert_eq!(kept.held(), before.held(), "the new line is not authorized, the old one stays");

    // A line is replaced by another one.
    let instead = Wanted::Revision { lines: vec![(None, added)], servicing: None };
    let replaced = before.ask(FIRST, instead.clone(), later(1)).unwrap();
    assert_eq!(replaced.then(approved(), later(2)).held()[0].0, 50);
    assert_eq!(before.ask(FIRST, instead, later(1)).unwrap().then(denied(), later(2)).held(), before.held());

    let reduce = |count: u32| {
        let wanted = before.ask(FIRST, revised(&before, units(149)), later(1)).unwrap();
        let case =
            reviews::automatic(wanted.case, second(), &arkansas(), reviews::Known::default(), later(1)).unwrap().case;
        let by = physician();
        let case = reviews::claim(case, second(), &by, (&arkansas(), Holder::Works), later(1)).unwrap().unwrap().case;
        let Decision::Determine { mut lines, criteria } = fewer(&case) else { panic!() };
        if let LineOutcome::Modified { units, .. } = &mut lines[0] {
            *units = count.try_into().unwrap();
        }
        let decision = Decision::Determine { lines, criteria };
        reviews::decide(case, second(), &by, decision, &arkansas(), later(1))
    };
    let Err(ReviewError::Fields(errors)) = reduce(90) else { panic!("less than is authorized") };
    assert_eq!(errors.as_slice()[0].objection.wrong.code(), "less-than-authorized");
}

#[test]
fn each_refusal_says_why_and_what_may_follow_is_told_before() {
    let (granted, refused, contract) = (whole(), decided(denied()), arkansas());
    let codes = |told: &Told, contract: &Contract| {
        let all = told.case.follow_ups(FIRST, contract, later(1)).into_iter();
        all.map(|one| (one.kind, one.refused.map(|why| why.code()))).collect::<Vec<_>>()
    };
    let [first, second, third, fourth] =
        [ReviewKind::Reconsideration, ReviewKind::Appeal, ReviewKind::Extension, ReviewKind::Revision];
    let nothing = Some("nothing-adverse");
    assert_eq!(codes(&granted, &contract), [(first, nothing), (second, nothing), (third, None), (fourth, None)]);
    let none = Some("not-approved");
    assert_eq!(codes(&refused, &contract), [(first, None), (second, None), (third, none), (fourth, none)]);
    let open = in_part().ask(FIRST, Wanted::Reconsideration, later(1)).unwrap();
    let open = Told { case: open.case, made: open.made };
    let twice = Some("already-open");
    assert_eq!(codes(&open, &contract), [(first, twice), (second, twice), (third, None), (fourth, None)]);
    assert_eq!(open.case.follow_ups("R02".parse().unwrap(), &contract, later(1)), [], "nothing of what is not decided");
    let (code, words) = open.refusal(FIRST, Wanted::Appeal, later(1));
    assert_eq!((code, words.contains("R02")), ("already-open", true));
    // Taken back, it may be asked for again.
    let by = (later(1), "bea".parse().unwrap());
    let back = open.case.withdraw("R02".parse().unwrap(), "Asked too early.", &contract, by).unwrap().unwrap().case;
    assert!(Told { case: back, made: open.made }.ask(FIRST, Wanted::Reconsideration, later(2)).is_ok());

    let mut none = contract;
    none.after_decision.kinds.clear();
    assert!(codes(&granted, &none).is_empty());
    let asked = granted.case.may_follow(FIRST, ReviewKind::Extension, &none, later(1));
    assert_eq!(asked.unwrap_err().code(), "not-offered");
    let open = Told { case: with_physician(), made: Vec::new() };
    assert_eq!(open.refusal(FIRST, Wanted::Reconsideration, later(1)).0, "not-decided");
    assert_eq!(open.refusal("R07".parse().unwrap(), Wanted::Reconsideration, later(1)).0, "no-request");
}

#[test]
fn another_look_and_a_change_at_once_lose_nothing_of_each_other() {
    // One line granted in part; an extension of what is authorized is decided while the reconsideration is open.
    let both = in_part().ask(FIRST, Wanted::Reconsideration, later(1)).unwrap();
    let both = both.ask(FIRST, until(date(2026, 7, 9)), later(2)).unwrap();
    let extended = both.then(approved(), later(3));
    assert_eq!(extended.held().len(), 1);
    assert_eq!(extended.case.authorizations[0].last_day(), Some(date(2026, 7, 9)));
    let number: RequestNumber = "R02".parse().unwrap();
    assert!(extended.case.request(number).unwrap().is_undecided(), "the other one still waits");
}

/// What was stored before authorizations were kept in the case is followed as well.
#[test]
fn a_case_from_before_is_followed() {
    let mut before = in_part();
    before.case.authorizations.clear();
    let stored = serde_json::to_value(&before.case).unwrap();
    assert_eq!(stored.get("authorizations"), None);
    before.case = serde_json::from_value(stored).unwrap();
    let after = before.ask(FIRST, until(date(2026, 7, 9)), later(1)).unwrap();
    assert_eq!(after.held()[0].0, 90);
    assert_eq!(after.then(approved(), later(2)).number(second()), before.number(FIRST));
}

#[test]
fn whoever_asked_is_told_and_review_begins() {
    let asked = in_part().ask(FIRST, Wanted::Reconsideration, later(1)).unwrap();
    let request = asked.case.request(second()).unwrap();
    assert_eq!(asked.case.asker_of(request).map(crate::id::Username::as_str), Some("bea"));
    let event = crate::events::Event {
        id: EventId::new(Uuid::from_u128(5)),
        at: at(),
        by: crate::events::Actor::User("bea".parse().unwrap()),
        about: crate::events::About::Case(asked.case.key),
        kind: EventKind::RequestFollowed { request: second(), of: FIRST, review: request.review },
    };
    let tasks: Vec<Task> = event.tasks().into_iter().map(|(task, _)| task).collect();
    assert_eq!(tasks, [Task::Review { case: asked.case.key, request: second() }]);
}
