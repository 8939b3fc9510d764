//! Exact figures, at the edges where they go wrong: months in the contract's zone, waits, extensions, nothing at all, and the
//! same log twice.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    ageing::ageing,
    delivery::delivery,
    fact::{Deed, Did, Fact, Made, Sent, Wait, facts, is_about_reports},
    metrics::{Figure, Part, Year, metrics},
    outcomes::outcomes,
    reach::{Reach, reach},
    reviewers::reviewers,
    samples::{decided, fact, instant},
    services::services,
    sheet::{Report, Sheet, received_in},
    turnaround::turnaround,
    volumes::{By, volumes},
};
use crate::{
    calendar::Zone,
    caller::{Caller, Denied, ProviderRole, StaffRole},
    cases::{Case, determination::LineOutcome},
    contracts::{code_rule::Unlisted, pends::PendClock, samples::arkansas},
    events::{About, Actor, Event, EventKind, Lapse},
    groups::roles::samples::role_at,
    id::{EventId, LetterId, RequestNumber},
    period::Period,
    reviews::{self, Decision},
    service::{ReviewKind, Urgency},
    status::{Audience, Outcome, Queue},
    tests::{at, physician, staff, submitted, with_physician},
};

const FIRST: RequestNumber = RequestNumber::FIRST;

/// What stands in a row, by its names.
fn row(sheet: &Sheet, names: &[&str]) -> Vec<Option<f64>> {
    let found = sheet.rows.iter().find(|row| row.names == names);
    let values = found.unwrap_or_else(|| panic!("{names:?} in {sheet:?}")).values.clone();
    assert_eq!(values.len(), sheet.measures.len());
    values
}

fn told(numbers: &[f64]) -> Vec<Option<f64>> {
    numbers.iter().map(|number| Some(*number)).collect()
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// Events of the case in the order given, an hour apart, by a nurse where nothing else is said.
fn log(case: &Case, kinds: Vec<(Actor, EventKind)>) -> Vec<Event> {
    let make = |(place, (by, kind)): (usize, (Actor, EventKind))| Event {
        id: EventId::new(Uuid::from_u128(place as u128 + 1)),
        at: at() + hours(i64::try_from(place).unwrap()),
        by,
        about: About::Case(case.key),
        kind,
    };
    kinds.into_iter().enumerate().map(make).collect()
}

fn pat() -> Actor {
    Actor::User("pat.lee".parse().unwrap())
}

fn submit(case: &Case) -> (Actor, EventKind) {
    let case_id = case.submission.as_ref().unwrap().case_id.clone();
    (pat(), EventKind::CaseSubmitted { case_id, request: FIRST })
}

fn life(case: &Case) -> Vec<Event> {
    let letter = LetterId::new(Uuid::from_u128(7));
    let request = FIRST;
    log(
        case,
        vec![
            (pat(), EventKind::CaseCreated),
            submit(case),
            (pat(), EventKind::RequestClaimed { request, queue: Queue::Nurse }),
            (pat(), EventKind::InformationRequested { request, pend: 1 }),
            (Actor::System, EventKind::RequestReturned { request, queue: Queue::Nurse, silent: true }),
            (pat(), EventKind::RequestDetermined { request, outcome: Outcome::Modified, number: 1, corrects: false }),
            (
                Actor::System,
                EventKind::LetterHeld { request, audience: Audience::Member, missing: vec!["x".into()], again: false },
            ),
            (Actor::System, EventKind::LetterIssued { request, letter, audience: Audience::Provider }),
            (Actor::System, EventKind::FaxCalled { request, letter, call: 1 }),
            (Actor::Carrier, EventKind::FaxFailed { request, letter, call: 1, reason: "busy".into() }),
            (Actor::System, EventKind::FaxCalled { request, letter, call: 2 }),
            (Actor::Carrier, EventKind::FaxDelivered { request, letter, pages: Some(2) }),
        ],
    )
}

#[test]
fn a_fact_is_told_by_the_log_alone_and_a_repeated_event_counts_once() {
    let (case, contract) = (submitted(), arkansas());
    let events = life(&case);
    let once = facts(&case, &events, &contract);
    let [fact] = &once[..] else { panic!("{once:?}") };
    assert_eq!((fact.received, fact.took(), fact.waited()), (at() + hours(1), Some(hours(4)), hours(1)));
    assert_eq!(fact.waits, [Wait { from: at() + hours(3), to: Some(at() + hours(4)) }]);
    let deeds: Vec<Deed> = fact.work.iter().map(|did| did.what).collect();
    assert_eq!(deeds, [Deed::Took, Deed::Asked, Deed::Decided]);
    assert_eq!(fact.held, [Audience::Member]);
    let sent = &fact.letters[0];
    assert_eq!((sent.calls, sent.failed, sent.faxed), (2, 1, Some(at() + hours(11))));
    assert_eq!(fact.due, case.requests[0].clock().unwrap().due(&contract.calendar));
    assert!(!fact.drugs && !fact.extended && !fact.is_open());

    let mut twice = [events.clone(), events.clone()].concat();
    twice.reverse();
    assert_eq!(facts(&case, &twice, &contract), once, "twice, and in another order");
    let stored = serde_json::to_string(&once).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Fact>>(&stored).unwrap(), once);
    for phi in [case.member.last_name.to_string(), case.key.to_string()] {
        assert!(!stored.contains(&phi), "{stored}");
    }
    assert!(
        !is_about_reports(&EventKind::CaseCreated) && is_about_reports(&EventKind::RequestWithdrawn { request: FIRST })
    );
}

#[test]
fn what_is_not_handed_in_has_no_fact_and_what_waits_stays_open() {
    let (case, contract) = (submitted(), arkansas());
    assert!(facts(&Case { submission: None, ..case.clone() }, &life(&case), &contract).is_empty());
    assert!(facts(&case, &[], &contract).is_empty(), "its event is still on the way");
    let waits = log(&case, vec![submit(&case), (pat(), EventKind::InformationRequested { request: FIRST, pend: 1 })]);
    let fact = &facts(&case, &waits, &contract)[0];
    assert!(fact.is_open() && fact.waits_now());
    let mut ended = waits.clone();
    ended.extend(
        log(&case, vec![submit(&case), submit(&case), (pat(), EventKind::RequestWithdrawn { request: FIRST })]).pop(),
    );
    let fact = &facts(&case, &ended, &contract)[0];
    assert!(!fact.is_open() && !fact.waits_now() && fact.withdrawn.is_some() && fact.took().is_none());
    let mut closed = waits.clone();
    let void = EventKind::RequestVoided { request: FIRST, because: crate::status::Closed::Duplicate };
    assert!(is_about_reports(&void));
    closed.extend(log(&case, vec![submit(&case), submit(&case), (pat(), void)]).pop());
    let fact = &facts(&case, &closed, &contract)[0];
    assert!(!fact.is_open() && !fact.waits_now() && fact.voided.is_some() && fact.took().is_none());
    let sheet = outcomes(std::slice::from_ref(fact));
    assert_eq!((row(&sheet, &["closed", "person"])[0], row(&sheet, &["open", "nobody"])[0]), (Some(1.0), Some(0.0)));
}

#[test]
fn an_extension_and_drugs_are_told_by_the_case() {
    let mut contract = arkansas();
    contract.pends.clock = PendClock::Extends;
    contract.pends.extension_days = 14;
    let claimed = with_physician();
    let asked = (vec!["Therapy notes".into()], "2026-05-12".parse().unwrap());
    let pended = reviews::pend::pend(claimed, FIRST, &physician(), asked, &contract, at()).unwrap().case;
    contract.reports.drug_codes = vec!["T1".into()];
    let fact = &facts(&pended, &log(&pended, vec![submit(&pended)]), &contract)[0];
    assert!(fact.extended && fact.drugs, "{fact:?}");
}

#[test]
fn another_look_that_grants_all_overturns_what_it_looked_at() {
    let mut first = decided(1, "2026-05-07T15:00:00Z", Outcome::Denied, 24);
    assert_eq!(first.overturned, None);
    // The facts of one case, as they are folded: R01 denied, R02 its appeal.
    let denied = EventKind::RequestDetermined { request: FIRST, outcome: Outcome::Denied, number: 1, corrects: false };
    let granted =
        EventKind::RequestDetermined { request: FIRST, outcome: Outcome::Approved, number: 2, corrects: false };
    let case = submitted();
    let fact = |kinds: Vec<(Actor, EventKind)>| facts(&case, &log(&case, kinds), &arkansas()).remove(0);
    assert_eq!(fact(vec![submit(&case), (pat(), denied.clone())]).overturned, None);
    let changed = fact(vec![submit(&case), (pat(), denied), (pat(), granted.clone())]);
    assert_eq!((changed.first().unwrap().outcome, changed.overturned), (Outcome::Denied, Some(at() + hours(2))));
    assert_eq!(fact(vec![submit(&case), (pat(), granted)]).overturned, None, "nothing adverse");
    // What is corrected counts once, as what it should have been, when it was decided: nobody looked at it again.
    let (outcome, wrong) = (Outcome::Denied, Outcome::Approved);
    let first_one = EventKind::RequestDetermined { request: FIRST, outcome, number: 1, corrects: false };
    let second = EventKind::RequestDetermined { request: FIRST, outcome: wrong, number: 2, corrects: true };
    let right = fact(vec![submit(&case), (pat(), first_one), (pat(), second)]);
    assert_eq!(right.decisions.len(), 1);
    assert_eq!((right.first().unwrap().outcome, right.first().unwrap().at), (Outcome::Approved, at() + hours(1)));
    assert_eq!((right.overturned, right.corrected), (None, Some(at() + hours(2))));

    first.overturned = Some(instant("2027-02-28T18:00:00Z"));
    let year = Year::new(2026, &"America/Chicago".parse().unwrap()).unwrap();
    assert!(Figure::StandardApprovedAfterAppeal.has(Part::Numerator, &first, &year));
    first.overturned = Some(instant("2027-03-01T06:00:00Z"));
    assert!(!Figure::StandardApprovedAfterAppeal.has(Part::Numerator, &first, &year), "after the cut-off in Chicago");
}

#[test]
fn turnaround_is_told_by_urgency() {
    let mut late = decided(2, "2026-05-07T15:00:00Z", Outcome::Denied, 200);
    late.waits = vec![Wait { from: late.received, to: Some(late.received + hours(100)) }];
    let mut fast = decided(3, "2026-05-07T15:00:00Z", Outcome::Approved, 10);
    fast.urgency = Urgency::Expedited;
    fast.extended = true;
    let all = [decided(1, "2026-05-07T15:00:00Z", Outcome::Approved, 100), late, fast, fact(4, "2026-05-07T15:00:00Z")];
    let sheet = turnaround(&all);
    let standard = [3.0, 2.0, 1.0, 150.0, 150.0, 200.0, 100.0, 1.0, 50.0, 0.0];
    assert_eq!(row(&sheet, &["standard"]), told(&standard));
    assert_eq!(row(&sheet, &["expedited"]), told(&[1.0, 1.0, 0.0, 10.0, 10.0, 10.0, 10.0, 1.0, 100.0, 1.0]));
    assert_eq!(row(&sheet, &["all"])[4], Some(100.0));
    let nothing = row(&turnaround(&[]), &["all"]);
    assert_eq!(nothing[..3], told(&[0.0, 0.0, 0.0]));
    assert_eq!((nothing[3], nothing[8]), (None, None), "of nothing there is no mean and no share");
}

#[test]
fn months_weeks_and_days_are_those_of_the_contracts_zone() {
    let contract = arkansas();
    // Half an hour before and after midnight in Chicago, both on the first of June in UTC.
    let facts = [fact(1, "2026-06-01T04:30:00Z"), fact(2, "2026-06-01T05:30:00Z")];
    let by = |by: By| volumes(&facts, by, &contract);
    assert_eq!(row(&by(By::Month), &["2026-05"]), told(&[1.0, 1.0, 0.0]));
    assert_eq!(row(&by(By::Month), &["2026-06"]), told(&[1.0, 1.0, 0.0]));
    assert_eq!(row(&by(By::Day), &["2026-05-31"]), told(&[1.0, 1.0, 0.0]));
    assert_eq!(row(&by(By::Week), &["2026-05-25"]), told(&[1.0, 1.0, 0.0]), "a Sunday ends the week from Monday");
    assert_eq!(row(&by(By::Week), &["2026-06-01"]), told(&[1.0, 1.0, 0.0]));
    assert_eq!(row(&by(By::Provider), &["Sunrise Clinic"]), told(&[2.0, 2.0, 0.0]));
    assert_eq!(row(&by(By::Review), &["initial authorization"])[0], Some(2.0));
    let label = contract.service_type("day-habilitative").unwrap().label.clone();
    assert_eq!(row(&by(By::ServiceType), &[label.as_str()])[0], Some(2.0));
    let may = Period::new("2026-05-01".parse().unwrap(), "2026-05-31".parse().unwrap()).unwrap();
    let zone: Zone = "America/Chicago".parse().unwrap();
    assert_eq!(facts.iter().filter(|fact| received_in(fact, may, &zone)).count(), 1);
}

#[test]
fn outcomes_count_each_request_once() {
    let mut by_rule = decided(1, "2026-05-07T15:00:00Z", Outcome::Approved, 1);
    by_rule.decisions = vec![Made { by: None, ..by_rule.decisions[0].clone() }];
    let mut overturned = decided(2, "2026-05-07T15:00:00Z", Outcome::Denied, 1);
    overturned.overturned = Some(overturned.received);
    let mut withdrawn = fact(3, "2026-05-07T15:00:00Z");
    withdrawn.withdrawn = Some(withdrawn.received);
    let sheet = outcomes(&[by_rule, overturned, withdrawn, fact(4, "2026-05-07T15:00:00Z")]);
    for names in [["approved", "rule"], ["denied", "person"], ["withdrawn", "provider"], ["open", "nobody"]] {
        assert_eq!(row(&sheet, &names), told(&[1.0, 25.0]), "{names:?}");
    }
    assert_eq!(row(&sheet, &["approved", "person"]), told(&[0.0, 0.0]));
    assert_eq!(row(&sheet, &["all", "all"]), told(&[4.0, 100.0]));
    assert_eq!(row(&sheet, &["overturned", "another-look"]), told(&[1.0, 25.0]));
}

/// What a contract lets follow when nobody decides in time is nobody's decision, and no rule's; that a lead was told decides nothing.
#[test]
fn what_nobody_decided_in_time_is_counted_as_nobodys() {
    let (case, contract) = (submitted(), arkansas());
    let lapses = [
        (Lapse::DeemedApproved, Outcome::Approved, ["approved", "nobody"]),
        (Lapse::DeemedDenied, Outcome::Denied, ["denied", "nobody"]),
    ];
    for (then, outcome, names) in lapses {
        let over = EventKind::TimeOver { request: FIRST, then };
        let decided = EventKind::RequestDetermined { request: FIRST, outcome, number: 1, corrects: false };
        let kinds = vec![submit(&case), (Actor::System, over), (Actor::System, decided)];
        let facts = facts(&case, &log(&case, kinds), &contract);
        let sheet = outcomes(&facts);
        assert_eq!(row(&sheet, &names), told(&[1.0, 100.0]));
        assert_eq!(row(&sheet, &["approved", "rule"]), told(&[0.0, 0.0]));
        assert!(reviewers(&facts).rows.is_empty());
    }
    let told_of = EventKind::TimeOver { request: FIRST, then: Lapse::Escalated };
    let late = EventKind::RequestDetermined { request: FIRST, outcome: Outcome::Denied, number: 1, corrects: false };
    let kinds = vec![submit(&case), (Actor::System, told_of), (pat(), late)];
    let sheet = outcomes(&facts(&case, &log(&case, kinds), &contract));
    assert_eq!(row(&sheet, &["denied", "person"]), told(&[1.0, 100.0]));
}

#[test]
fn open_requests_stand_in_one_bucket_of_each_kind() {
    let now = instant("2026-05-14T15:00:00Z");
    let mut overdue = fact(1, "2026-05-07T14:59:00Z");
    overdue.urgency = Urgency::Expedited;
    let just_due = fact(2, "2026-05-07T15:00:00Z");
    let mut paused = fact(3, "2026-05-14T14:00:00Z");
    paused.due = None;
    paused.waits = vec![Wait { from: paused.received, to: None }];
    let sheet = ageing(&[overdue, just_due, paused, decided(4, "2026-05-07T15:00:00Z", Outcome::Denied, 1)], now);
    assert_eq!(row(&sheet, &["age", "7-to-14-days"]), told(&[2.0, 1.0, 1.0, 0.0]));
    assert_eq!(row(&sheet, &["age", "under-1-day"]), told(&[1.0, 1.0, 0.0, 1.0]));
    assert_eq!(row(&sheet, &["due", "overdue"]), told(&[1.0, 0.0, 1.0, 0.0]));
    assert_eq!(row(&sheet, &["due", "within-1-day"]), told(&[1.0, 1.0, 0.0, 0.0]));
    assert_eq!(row(&sheet, &["due", "paused"]), told(&[1.0, 1.0, 0.0, 1.0]));
    assert_eq!(row(&sheet, &["all", "all"]), told(&[3.0, 2.0, 1.0, 1.0]));
    let sum = |kind: &str| -> f64 {
        sheet.rows.iter().filter(|row| row.names[0] == kind).filter_map(|row| row.values[0]).sum()
    };
    assert_eq!((sum("age").to_string(), sum("due").to_string()), ("3".to_owned(), "3".to_owned()));
}

#[test]
fn reviewers_are_told_by_what_they_did() {
    let mut one = decided(1, "2026-05-07T15:00:00Z", Outcome::Denied, 30);
    let did = |by: &str, what: Deed, after: i64| Did {
        by: by.parse().unwrap(),
        at: one.received + hours(after),
        what,
        outcome: None,
    };
    one.work = vec![
        did("ann.ray", Deed::Took, 1),
        did("ann.ray", Deed::Referred, 2),
        did("pat.lee", Deed::Took, 10),
        did("pat.lee", Deed::Asked, 11),
        did("pat.lee", Deed::Took, 26),
        did("pat.lee", Deed::Decided, 30),
    ];
    let sheet = reviewers(&[one]);
    assert_eq!(row(&sheet, &["ann.ray"])[..4], told(&[1.0, 1.0, 0.0, 0.0]));
    assert_eq!(row(&sheet, &["ann.ray"])[7], None);
    assert_eq!(row(&sheet, &["pat.lee"]), told(&[2.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 4.0]));
    assert!(reviewers(&[]).rows.is_empty());
}

/// A correction is the work of whoever made it, and what was decided before stays the work of whoever decided it.
#[test]
fn a_correction_counts_for_whoever_made_it() {
    let (case, contract) = (submitted(), arkansas());
    let determined = |outcome: Outcome, number: u32| EventKind::RequestDetermined {
        request: FIRST,
        outcome,
        number,
        corrects: number > 1,
    };
    let ann = Actor::User("ann.ray".parse().unwrap());
    let kinds = vec![submit(&case), (pat(), determined(Outcome::Denied, 1)), (ann, determined(Outcome::Approved, 2))];
    let facts = facts(&case, &log(&case, kinds), &contract);
    let sheet = reviewers(&facts);
    let decided = |name: &str| {
        let values = row(&sheet, &[name]);
        let measure = |wanted: &str| values[sheet.measures.iter().position(|measure| measure.0 == wanted).unwrap()];
        (measure("decided"), measure("approved"), measure("denied"))
    };
    assert_eq!(decided("pat.lee"), (Some(1.0), Some(0.0), Some(1.0)));
    assert_eq!(decided("ann.ray"), (Some(1.0), Some(1.0), Some(0.0)));
    assert_eq!(row(&outcomes(&facts), &["approved", "person"]), told(&[1.0, 100.0]), "it counts as what holds");
}

#[test]
fn a_letter_is_followed_by_fax_and_then_by_mail() {
    let mut one = fact(1, "2026-05-07T15:00:00Z");
    let sent = |number: u128, to: Audience| Sent {
        letter: LetterId::new(Uuid::from_u128(number)),
        to,
        at: one.received,
        calls: 0,
        failed: 0,
        faxed: None,
        given_up: None,
        mailed: None,
        mail_refused: false,
    };
    let refused = Sent { mail_refused: true, ..sent(5, Audience::Member) };
    let alone = Fact { letters: vec![refused], ..one.clone() };
    assert_eq!(row(&delivery(&[alone]), &["member", "mail"])[..6], told(&[1.0, 1.0, 1.0, 0.0, 1.0, 0.0]));
    let faxed = Sent { calls: 2, failed: 1, faxed: Some(one.received + hours(3)), ..sent(1, Audience::Provider) };
    let given_up = Sent {
        calls: 3,
        failed: 3,
        given_up: Some(one.received + hours(2)),
        mailed: Some(one.received + hours(7)),
        ..sent(2, Audience::Provider)
    };
    one.letters = vec![faxed, given_up, sent(3, Audience::Provider), sent(4, Audience::Member)];
    one.held = vec![Audience::Member];
    let sheet = delivery(&[one]);
    assert_eq!(row(&sheet, &["provider", "fax"]), told(&[3.0, 5.0, 4.0, 1.0, 1.0, 1.0, 3.0, 3.0]));
    assert_eq!(row(&sheet, &["provider", "mail"]), told(&[1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 5.0, 5.0]));
    assert_eq!(row(&sheet, &["member", "mail"])[..6], told(&[1.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
    assert_eq!(row(&sheet, &["member", "held"])[0], Some(1.0));
    assert_eq!(row(&sheet, &["provider", "held"])[0], Some(0.0));
}

/// A hand-made year: what each figure counts, and that its parts are the requests behind it.
#[test]
fn the_nine_figures_of_a_year_by_their_federal_definitions() {
    let contract = arkansas();
    let year = Year::new(2026, &contract.calendar.time_zone).unwrap();
    let urgent = |fact: Fact| Fact { urgency: Urgency::Expedited, ..fact };
    let mut extended = decided(1, "2026-03-02T15:00:00Z", Outcome::Approved, 96);
    extended.extended = true;
    let mut overturned = decided(2, "2026-04-02T15:00:00Z", Outcome::Modified, 24);
    overturned.overturned = Some(overturned.received + hours(240));
    let mut withdrawn = fact(3, "2026-05-02T15:00:00Z");
    withdrawn.withdrawn = Some(withdrawn.received);
    let mut drug = decided(9, "2026-05-02T15:00:00Z", Outcome::Denied, 1);
    drug.drugs = true;
    let retrospective =
        Fact { review: ReviewKind::Retrospective, ..decided(10, "2026-05-02T15:00:00Z", Outcome::Denied, 1) };
    let appeal = Fact { review: ReviewKind::Appeal, ..decided(11, "2026-05-02T15:00:00Z", Outcome::Approved, 1) };
    let all = vec![
        extended,
        overturned,
        withdrawn,
        decided(4, "2026-05-02T15:00:00Z", Outcome::Denied, 48),
        // In Chicago it is still the last day of the year; decided after the cut-off, it is open.
        decided(5, "2027-01-01T05:59:00Z", Outcome::Approved, 24 * 70),
        decided(6, "2027-01-01T06:00:00Z", Outcome::Approved, 1),
        urgent(decided(7, "2026-06-02T15:00:00Z", Outcome::Approved, 20)),
        urgent(decided(8, "2026-06-02T15:00:00Z", Outcome::Denied, 30)),
        drug,
        retrospective,
        appeal,
    ];
    let sheet = metrics(&all, &year, &contract);
    let values = |figure: Figure| row(&sheet, &[figure.name()]);
    assert_eq!(values(Figure::StandardApproved)[..3], told(&[1.0, 5.0, 20.0]));
    assert_eq!(values(Figure::StandardDenied)[..3], told(&[2.0, 5.0, 40.0]));
    assert_eq!(values(Figure::StandardApprovedAfterAppeal)[..3], told(&[1.0, 5.0, 20.0]));
    assert_eq!(values(Figure::ApprovedAfterExtension)[..3], told(&[1.0, 7.0, 14.29]));
    assert_eq!(values(Figure::ExpeditedApproved)[..3], told(&[1.0, 2.0, 50.0]));
    assert_eq!(values(Figure::ExpeditedDenied)[..3], told(&[1.0, 2.0, 50.0]));
    assert_eq!(values(Figure::StandardTime), [Some(3.0), Some(5.0), Some(60.0), Some(2.33), Some(2.0), None, None]);
    assert_eq!(values(Figure::ExpeditedTime), [Some(2.0), Some(2.0), Some(100.0), None, None, Some(25.0), Some(25.0)]);
    assert_eq!(values(Figure::StandardWithdrawn)[0], Some(1.0));
    assert_eq!(values(Figure::StandardOpen)[0], Some(1.0));
    assert_eq!(values(Figure::ExpeditedOpen)[0], Some(0.0));
    let listed = services(&contract).rows.len();
    assert_eq!(row(&sheet, &["services"])[0].map(|count| count.to_string()), Some(listed.to_string()));

    for figure in Figure::ALL {
        assert_eq!(figure.name().parse(), Ok(figure));
        for (part, place) in [(Part::Numerator, 0), (Part::Denominator, 1)] {
            let behind = all.iter().filter(|fact| figure.has(part, fact, &year)).count();
            assert_eq!(values(figure)[place].map(|count| count.to_string()), Some(behind.to_string()), "{figure:?}");
        }
    }
    let mut other_order = all;
    other_order.reverse();
    assert_eq!(metrics(&other_order, &year, &contract), sheet, "the same log gives the same figures");
    let nothing = metrics(&[], &year, &contract);
    assert_eq!(row(&nothing, &["standard-approved"])[..3], [Some(0.0), Some(0.0), None]);
}

#[test]
fn services_are_the_codes_that_must_be_asked_for() {
    let mut contract = arkansas();
    let before = services(&contract).rows.len();
    assert!(before > 0 && before <= contract.codes.len());
    let code = contract.codes[0].code.to_string();
    contract.reports.drug_codes = vec![code.clone()];
    contract.unlisted_codes = Unlisted::Reviewed;
    let rows = services(&contract).rows;
    assert!(rows.iter().all(|row| row.names[0] != code), "drugs are left out");
    assert_eq!(rows.last().unwrap().names[0], "other-codes");
}

#[test]
fn reports_are_for_contract_managers_and_for_providers_who_have_them_there() {
    let contract = "arkansas".parse().unwrap();
    let of_staff = |role: StaffRole| Caller::Staff(staff("kim.dean", role));
    for role in [StaffRole::Intake, StaffRole::Nurse, StaffRole::Physician, StaffRole::Support, StaffRole::Operations] {
        assert_eq!(reach(&of_staff(role), &contract), Err(Denied::Forbidden));
    }
    let manager = of_staff(StaffRole::ContractManager);
    assert_eq!(reach(&manager, &contract), Ok(Reach::Contract));
    assert_eq!(reach(&manager, &"colorado".parse().unwrap()), Err(Denied::Hidden));

    let clinic = |n: u8, role: ProviderRole| Caller::Provider {
        username: "ann".parse().unwrap(),
        fax: "501-555-0199".parse().unwrap(),
        roles: vec![role_at(n, role)],
    };
    assert_eq!(reach(&clinic(0, ProviderRole::GroupAdmin), &contract), Err(Denied::Forbidden));
    assert_eq!(reach(&clinic(2, ProviderRole::GroupAdminReports), &contract), Err(Denied::Hidden));
    let of = |n: u8| {
        let at = role_at(n, ProviderRole::Staff);
        Fact { provider: at.provider, group: Some(at.group), ..fact(1, "2026-05-07T15:00:00Z") }
    };
    for (role, sibling) in [(ProviderRole::ProviderAdminReports, false), (ProviderRole::GroupAdminReports, true)] {
        let caller = clinic(0, role);
        let reach = reach(&caller, &contract).unwrap();
        let seen = [of(0), of(1), of(3)].map(|fact| reach.covers(&fact, &contract));
        assert_eq!(seen, [true, sibling, false], "{role}");
    }
    for report in Report::ALL {
        assert_eq!(report.name().parse(), Ok(report));
    }
}

/// What is decided leads through the whole of the domain to the figures.
#[test]
fn a_decision_of_the_domain_is_counted() {
    let contract = arkansas();
    let change = reviews::decide(
        with_physician(),
        FIRST,
        &physician(),
        Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() },
        &contract,
        at(),
    )
    .unwrap();
    let by = Actor::User(physician().username);
    let mut kinds = vec![submit(&change.case)];
    kinds.extend(change.events.iter().map(|kind| (by.clone(), kind.clone())));
    let facts = facts(&change.case, &log(&change.case, kinds), &contract);
    let sheet = outcomes(&facts);
    assert_eq!(row(&sheet, &["approved", "person"]), told(&[1.0, 100.0]));
}
