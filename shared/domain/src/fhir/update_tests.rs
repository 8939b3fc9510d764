//! Changes of what a system asked for, on the real pack of Arkansas.

use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use crate::{
    caller::StaffRole,
    cases::{
        Case, Change, Claim, Trace,
        determination::{Determination, LineOutcome},
        document::{Document, DocumentState},
        follow::{FollowError, Said, Wanted},
        request::State,
        submit,
    },
    clock::Clock,
    contracts::{Contract, auto_rule::AutoRule, samples::arkansas},
    events::EventKind,
    fhir::{
        asked::Beside,
        claims::Stand,
        update::{self, NotChanged, Way},
    },
    id::{ClientId, EventId, RequestNumber},
    reviews::{self, Decision, Holder},
    service::{Line, Urgency},
    status::Status,
    tests::{AGREED, at, beside, documents, draft, fewer, physician, routed, staff, with_physician},
};

const FIRST: RequestNumber = RequestNumber::FIRST;

fn later() -> Timestamp {
    at().checked_add(5.hours()).unwrap()
}

fn claim(number: &str, items: &[u32], cancelled: &[u32]) -> Claim {
    Claim {
        address: format!("urn:uuid:{number}"),
        identifiers: vec![(None, number.into())],
        request: FIRST,
        items: items.to_vec(),
        cancelled: cancelled.to_vec(),
        documents: Vec::new(),
        words: None,
        bundle: None,
        kind: None,
        traces: Vec::new(),
    }
}

/// The case as a system asked for it, with item 3.
fn sent(mut case: Case) -> Case {
    case.submission.as_mut().unwrap().claim = Some(claim("C-1", &[3], &[]));
    case
}

fn line(case: &Case) -> Line {
    case.requests[0].lines[0].clone()
}

fn with_units(units: u32) -> Line {
    Line { quantity: units.try_into().unwrap(), ..line(&routed()) }
}

/// The case with these lines wanted in place of the first.
fn anew(case: Case, lines: Vec<Line>, claim: Claim, contract: &Contract, papers: &[Document]) -> Change {
    let mut wanted = draft();
    wanted.requests[0].number = case.requests.last().unwrap().number.next();
    wanted.requests[0].lines = lines;
    let claim = Claim { request: wanted.requests[0].number, ..claim };
    let said = submit::Said { with_documents: true, ..AGREED };
    let ready = submit::check(wanted, beside(papers), contract, said, later()).unwrap();
    let looked_at = Beside { contract, known: reviews::Known::default(), documents: papers };
    let by = (later(), "cli".parse().unwrap());
    update::anew(case, ready, (claim, "501-555-0155".parse().unwrap()), looked_at, by).unwrap()
}

fn said() -> Said {
    Said {
        by: "cli".parse().unwrap(),
        fax: "501-555-0155".parse().unwrap(),
        urgency: Urgency::Standard,
        note: EventId::new(Uuid::from_u128(9)),
        documents: Vec::new(),
    }
}

/// R01 as a physician decided it, with the decision.
fn decided(decision: Decision) -> (Case, Vec<Determination>) {
    let change = reviews::decide(with_physician(), FIRST, &physician(), decision, &arkansas(), at()).unwrap();
    (sent(change.case), change.determination.into_iter().collect())
}

/// The case with all of a request approved by somebody who had no part in it.
fn granted(case: Case, number: RequestNumber) -> Change {
    let (contract, by) = (arkansas(), staff("other.physician", StaffRole::Physician));
    let case = reviews::automatic(case.clone(), number, &contract, reviews::Known::default(), later())
        .map_or(case, |routed| routed.case);
    let case = reviews::claim(case, number, &by, (&contract, Holder::Works), later()).unwrap().unwrap().case;
    let lines = vec![LineOutcome::Approved; case.request(number).unwrap().lines.len()];
    let all = Decision::Determine { lines, criteria: Vec::new() };
    reviews::decide(case, number, &by, all, &contract, later()).unwrap()
}

fn revised(
    (case, made): &(Case, Vec<Determination>),
    restated: &[(u32, &Line)],
    cancelled: &[u32],
) -> Result<Change, NotChanged> {
    let last = case.claims().next_back().unwrap().clone();
    let Way::Revision { of } = case.way_of_change(&last)? else { panic!("nothing is authorized") };
    case.names_all(restated, cancelled)?;
    let lines = case.revised_lines(of, restated)?;
    let items: Vec<u32> = lines.iter().filter_map(|(item, ..)| *item).collect();
    let claim = claim("C-9", &items, &case.cancelled_with(restated, cancelled));
    let contract = arkansas();
    let looked_at = Beside { contract: &contract, known: reviews::Known::default(), documents: &[] };
    update::revised(case.clone(), of, lines, (claim, said()), (made, looked_at), later())
}

#[test]
fn what_nobody_decided_is_withdrawn_and_asked_for_anew_in_its_time() {
    let (before, contract) = (sent(routed()), arkansas());
    let named = before.claims().next_back().unwrap().clone();
    assert_eq!(before.way_of_change(&named), Ok(Way::Anew));
    let due = before.requests[0].clock().unwrap().due(&contract.calendar);
    let lines = vec![with_units(100), with_units(10)];
    let change = anew(before.clone(), lines, claim("C-2", &[3, 4], &[]), &contract, &documents());
    let after = change.case;
    assert_eq!((after.version, after.requests.len(), after.created_at), (before.version + 1, 2, before.created_at));
    assert!(matches!(after.requests[0].state, State::Withdrawn { .. }));
    assert!(matches!(after.requests[1].state, State::NurseReview { claimed: None, .. }));
    assert_eq!(after.requests[1].clock().unwrap().due(&contract.calendar), due);
    let second = FIRST.next();
    assert!(matches!(&change.events[..], [
        EventKind::RequestWithdrawn { request: FIRST },
        EventKind::CaseSubmitted { request, .. },
        EventKind::RequestRouted { .. },
    ] if *request == second));
    let submission = after.submission.as_ref().unwrap();
    assert_eq!((submission.at, submission.fax.to_string().as_str()), (at(), "501-555-0155"));
    assert_eq!(submission.claim, before.submission.as_ref().unwrap().claim);
    let of = |place| Stand::Line { request: second, place };
    assert_eq!(after.items(second), Some(vec![(3, of(0)), (4, of(1))]));
    assert!(after.is_replaced(FIRST) && !after.is_replaced(second) && after.items(FIRST).is_none());

    // The one that was changed is not changed once more; the last one is, and an item that goes is told for good.
    assert_eq!(after.way_of_change(&named), Err(NotChanged::Replaced));
    let cancelled = after.cancelled_with(&[(4, &with_units(10))], &[3]);
    assert_eq!(cancelled, [3]);
    let third = anew(after, vec![with_units(10)], claim("C-3", &[4], &cancelled), &contract, &documents()).case;
    let number = second.next();
    let stands = vec![(3, Stand::Cancelled), (4, Stand::Line { request: number, place: 0 })];
    assert_eq!(third.items(number), Some(stands));
    let only = with_units(10);
    assert_eq!(third.names_all(&[(4, &only)], &[]), Ok(()));
    assert_eq!(third.names_all(&[(5, &only)], &[]), Err(NotChanged::Missing(4)));
    // Wanted again after all.
    assert_eq!(third.cancelled_with(&[(3, &only), (4, &only)], &[]), [0_u32; 0]);
    assert!(third.is_same(&[(4, &only)], &[3]) && !third.is_same(&[(4, &with_units(11))], &[3]));
}

#[test]
fn a_new_limit_that_ends_sooner_holds_and_no_rule_approves_with_an_unchecked_document() {
    let rule = AutoRule {
        id: "all".into(),
        reason: "All of it.".into(),
        codes: vec!["T1015".parse().unwrap()],
        diagnoses: vec!["F84.0".parse().unwrap()],
        age_from: None,
        max_units: 150,
        ..AutoRule::default()
    };
    let contract = Contract { auto_review: vec![rule], ..arkansas() };
    let approved = anew(sent(routed()), vec![with_units(100)], claim("C-2", &[3], &[]), &contract, &documents());
    assert!(approved.determination.is_some());
    let mut awaited = documents();
    (awaited[0].state, awaited[0].at) = (DocumentState::Awaited, later());
    let waits = anew(sent(routed()), vec![with_units(100)], claim("C-2", &[3], &[]), &contract, &awaited);
    assert!(waits.determination.is_none());
    assert!(matches!(waits.case.requests[1].state, State::NurseReview { .. }));
}

#[test]
fn all_of_it_is_taken_back_while_nobody_has_decided() {
    let case = sent(routed());
    let by = (later(), "cli".parse().unwrap());
    let taken = claim("C-2", &[3], &[]);
    let change = update::cancelled(case, taken.clone(), "Moved away.", &arkansas(), by).unwrap();
    assert!(matches!(change.events[..], [EventKind::RequestWithdrawn { .. }]));
    assert_eq!(change.case.items(FIRST), Some(vec![(3, Stand::Line { request: FIRST, place: 0 })]));
    assert!(!change.case.is_replaced(FIRST));
    assert_eq!(change.case.claim_of(FIRST), Some(&taken));
    assert_eq!(change.case.way_of_change(&taken), Err(NotChanged::Over(Status::Withdrawn)));
}

#[test]
fn what_is_authorized_is_revised_and_what_stays_is_told_as_it_was_decided() {
    let first = decided(fewer(&with_physician()));
    let (asked, less) = (with_units(150), with_units(10));
    // As it was asked for, it stays as it is authorized; something new is added.
    let added = revised(&first, &[(3, &asked), (4, &less)], &[]).unwrap();
    let (case, second) = (&added.case, FIRST.next());
    assert_eq!((case.version, case.requests.len()), (first.0.version + 1, 2));
    assert_eq!(u32::from(case.requests[1].lines[0].quantity), 90);
    let stands = |first: (RequestNumber, usize), second: (RequestNumber, usize)| {
        let of = |(request, place)| Stand::Line { request, place };
        Some(vec![(3, of(first)), (4, of(second))])
    };
    assert_eq!(case.items(second), stands((FIRST, 0), (second, 1)));
    assert!(case.is_replaced(FIRST));

    // One that is open is withdrawn for the next, which names all of it again.
    let open = (case.clone(), first.1.clone());
    let next = revised(&open, &[(3, &asked), (4, &with_units(20))], &[]).unwrap().case;
    assert_eq!(next.request(second).unwrap().status(), Status::Withdrawn);
    let third = second.next();
    assert_eq!(next.items(third), stands((FIRST, 0), (third, 1)));
    assert_eq!(next.version, open.0.version + 1);

    // What is taken back is authorized until that is decided; all of it cannot go.
    let both = (next.clone(), first.1.clone());
    let leaving = revised(&both, &[(4, &less)], &[3]).unwrap().case;
    let fourth = third.next();
    assert_eq!(leaving.items(fourth).unwrap()[0], (3, Stand::Leaving));
    assert_eq!(leaving.request(fourth).unwrap().follows.as_ref().unwrap().removed.len(), 1);
    let none = revised(&first, &[], &[3]);
    assert!(matches!(none, Err(NotChanged::Follow(FollowError::Fields(_)))), "{none:?}");
    assert_eq!(revised(&first, &[(3, &asked)], &[]).unwrap_err(), FollowError::NothingChanged.into());
    assert_eq!(revised(&first, &[(4, &less)], &[]).unwrap_err(), NotChanged::Missing(3));
    let over = at().checked_add((400 * 24).hours()).unwrap();
    assert!(matches!(
        first.0.may_follow(FIRST, crate::service::ReviewKind::Revision, &arkansas(), over),
        Err(FollowError::Expired(_))
    ));
}

#[test]
fn what_was_added_in_the_portal_stays_authorized() {
    let (case, mut made) = decided(fewer(&with_physician()));
    let mask = with_units(10);
    let held = case.authorizations[0].lines[0].line.clone();
    let wanted = Wanted::Revision { lines: vec![(Some(0), held), (None, mask.clone())], servicing: None };
    let added = case.follow(FIRST, (wanted, said()), &made, &arkansas(), later()).unwrap();
    let second = FIRST.next();
    let approved = granted(added.case, second);
    made.extend(approved.determination);
    let case = approved.case;
    assert_eq!(case.authorizations[0].lines.len(), 2);

    // Its system, which has no number for it, adds another one; what it restates stands first, as its Claim has it.
    let same = with_units(90);
    let added = revised(&(case, made), &[(3, &same), (4, &with_units(20))], &[]).unwrap();
    let third = second.next();
    let request = added.case.request(third).unwrap();
    assert_eq!(added.case.claims().next_back().unwrap().items, [3, 4]);
    assert_eq!((request.lines.len(), &request.lines[2]), (3, &mask));
    assert!(request.follows.as_ref().unwrap().removed.is_empty());
    let after = granted(added.case, third).case;
    assert!(after.authorizations[0].lines.iter().any(|held| held.line == mask));
    assert_eq!(after.authorizations[0].lines.len(), 3);
    let sequences: Vec<u32> = after.items(third).unwrap().iter().map(|(item, _)| *item).collect();
    assert_eq!(sequences, [3, 4]);
}

#[test]
fn a_revision_that_takes_the_place_of_an_open_one_has_its_time() {
    let first = decided(fewer(&with_physician()));
    let (asked, contract) = (with_units(150), arkansas());
    let open = revised(&first, &[(3, &asked), (4, &with_units(10))], &[]).unwrap().case;
    let due = |case: &Case| case.requests.last().unwrap().clock().unwrap().due(&contract.calendar).unwrap();
    // As if it had been asked for three days before.
    let mut waits = open.clone();
    let before = later().checked_sub((3 * 24).hours()).unwrap();
    let limit = open.requests[1].clock().unwrap().limit;
    let clock = Clock::start(limit, before, "Received.".into(), contract.version.clone()).frozen(&contract.calendar);
    let State::NurseReview { clock: old, .. } = &mut waits.requests[1].state else { panic!("{waits:?}") };
    *old = clock;
    assert!(due(&waits) < due(&open));
    let next = revised(&(waits.clone(), first.1), &[(3, &asked), (4, &with_units(20))], &[]).unwrap().case;
    assert_eq!(next.requests.len(), 3);
    assert_eq!(due(&next), due(&waits));
}

#[test]
fn what_nobody_asked_for_is_not_taken_back() {
    let case = sent(routed());
    let many: Vec<u32> = (1..500).collect();
    assert_eq!(case.cancelled_with(&[], &many), [3]);
    assert!(case.is_same(&[(3, &line(&case))], &case.cancelled_with(&[(3, &line(&case))], &[7])));
}

#[test]
fn what_was_denied_is_not_changed() {
    let denied = decided(Decision::Determine {
        lines: vec![LineOutcome::Denied { reason: "The records show no need for this service.".into() }],
        criteria: vec![crate::cases::determination::Criterion {
            title: "Policy".into(),
            citation: "Manual 1".into(),
            text: "A trial first.".into(),
        }],
    });
    let named = denied.0.claims().next_back().unwrap();
    assert_eq!(denied.0.way_of_change(named), Err(NotChanged::Denied));
    assert_eq!(denied.0.revised_lines(FIRST, &[(3, &with_units(10))]), Err(NotChanged::DeniedItem(3)));
    assert_eq!(denied.0.revised_lines(FIRST, &[(3, &with_units(150))]), Ok(Vec::new()));
    // A mark that it is not needed any more changes nothing of that.
    assert_eq!(denied.0.cancelled_with(&[], &[3]), [0_u32; 0]);
}

#[test]
fn what_the_portal_asks_for_after_a_claim_is_told_of_that_claim() {
    let (case, mut made) = decided(fewer(&with_physician()));
    let look = case.follow(FIRST, (Wanted::Reconsideration, said()), &made, &arkansas(), later()).unwrap().case;
    let (second, third) = (FIRST.next(), FIRST.next().next());
    let of = |request| Stand::Line { request, place: 0 };
    assert_eq!(look.claim_behind(second), look.claim_of(FIRST));
    assert_eq!(look.items(second), Some(vec![(3, of(second))]));
    assert_eq!(look.items(FIRST), Some(vec![(3, of(FIRST))]));
    assert!(look.is_replaced(FIRST) && !look.is_replaced(second));
    assert_eq!(look.lines_told(second).count(), 2);

    // Withdrawn, it leaves the item as it was decided.
    let by = (later(), "dana".parse().unwrap());
    let gone = look.clone().withdraw(second, "Not needed.", &arkansas(), by).unwrap().unwrap().case;
    assert_eq!(gone.items(second), Some(vec![(3, of(FIRST))]));

    // What its system changes after that takes its place.
    let approved = granted(look, second);
    made.extend(approved.determination);
    let case = approved.case;
    assert_eq!(case.items(second), Some(vec![(3, of(second))]));
    let changed = revised(&(case, made), &[(3, &with_units(100)), (4, &with_units(10))], &[]).unwrap().case;
    let four = (4, Stand::Line { request: third, place: 1 });
    assert_eq!(changed.items(third), Some(vec![(3, of(third)), four]));
    assert!(changed.is_replaced(second) && !changed.is_replaced(third));
}

#[test]
fn an_item_that_the_portal_takes_out_is_told_as_taken_back() {
    let (case, mut made) = decided(fewer(&with_physician()));
    let added = revised(&(case, made.clone()), &[(3, &with_units(150)), (4, &with_units(10))], &[]).unwrap();
    let second = FIRST.next();
    let approved = granted(added.case, second);
    made.extend(approved.determination);
    let case = approved.case;
    let held = case.authorizations[0].lines[0].line.clone();
    let wanted = Wanted::Revision { lines: vec![(Some(0), held)], servicing: None };
    let third = second.next();
    let waits = case.follow(second, (wanted, said()), &made, &arkansas(), later()).unwrap().case;
    assert_eq!(waits.items(third).unwrap()[1], (4, Stand::Leaving));
    let items: Vec<u32> = waits.items(third).unwrap().iter().map(|(item, _)| *item).collect();
    assert_eq!(items, [3, 4]);
    let after = granted(waits, third).case;
    assert_eq!(after.items(third).unwrap()[1], (4, Stand::Cancelled));
}

#[test]
fn trace_numbers_are_kept_once_and_the_last_ones_hold() {
    let trace = |item, value: &str| Trace { item, identifier: format!(r#"{{"value":"{value}"}}"#) };
    let mut case = sent(routed());
    case.submission.as_mut().unwrap().claim.as_mut().unwrap().traces = vec![trace(3, "T-3"), trace(3, "T-3b")];
    let next = Claim { traces: vec![trace(3, "T-3"), trace(3, "T-3b"), trace(4, "T-4")], ..claim("C-2", &[3, 4], &[]) };
    let change = anew(case, vec![with_units(100), with_units(10)], next, &arkansas(), &documents());
    let case = change.case;
    assert_eq!(case.changes[0].traces, [trace(4, "T-4")]);
    assert_eq!(case.traces_of(3), [r#"{"value":"T-3"}"#, r#"{"value":"T-3b"}"#]);
    assert_eq!((case.traces_of(4), case.traces_of(5)), (vec![r#"{"value":"T-4"}"#], Vec::new()));
}

#[test]
fn a_system_is_named_and_people_are_named_as_they_sign_in() {
    let mut case = sent(routed());
    let id = ClientId::new(Uuid::from_u128(7));
    let submission = case.submission.as_mut().unwrap();
    (submission.by, submission.system) = (id.into(), Some("River EHR".into()));
    assert_eq!(case.name_of(&id.into()), "River EHR (system)");
    assert_eq!(case.name_of(&ClientId::new(Uuid::from_u128(8)).into()), "A provider's system");
    assert_eq!(case.name_of(&"clerk.cam".parse().unwrap()), "clerk.cam");
}
