//! What was billed, and what it holds (ACT-03).

use jiff::civil::date;
use uuid::Uuid;

use super::{
    billing::{ClaimLine, Heard, MOST_BILLED},
    follow::{FollowError, Wanted},
    follow_tests::{FIRST, Told, approved, denied, later, lines, revised, second, units, until, whole},
};
use crate::{
    contracts::{auto_rule::AutoRule, samples::arkansas},
    events::{EventKind, Why},
    period::Period,
    reviews::{self, Holder, ReviewError},
    service::Line,
    tests::physician,
};

/// The first line of a case as it was billed.
fn claim(told: &Told, id: u128, day: i8, count: u32) -> ClaimLine {
    let authorization = &told.case.authorizations[0];
    ClaimLine {
        id: Uuid::from_u128(id),
        contract: told.case.contract.clone(),
        authorization: authorization.number.clone(),
        code: authorization.lines[0].line.code.clone(),
        modifiers: authorization.lines[0].line.modifiers.iter().rev().cloned().collect(),
        on: date(2026, 5, day),
        units: count.try_into().ok(),
    }
}

impl Told {
    fn bill(&mut self, claims: &[ClaimLine]) -> (Vec<Heard>, Vec<EventKind>) {
        let (heard, change) = self.case.clone().bill(&claims.iter().collect::<Vec<_>>(), &[], later(6));
        let Some(change) = change else { return (heard, Vec::new()) };
        assert_eq!((change.case.version, change.case.changed_at), (self.case.version + 1, later(6)));
        self.case = change.case;
        (heard, change.events)
    }

    fn billed(&self) -> u64 {
        self.case.authorizations[0].lines[0].billed_units()
    }
}

#[test]
fn a_line_of_a_claim_is_heard_once_and_its_next_news_replaces_it() {
    let mut told = whole();
    let (one, two) = (claim(&told, 1, 12, 5), claim(&told, 2, 13, 4));
    let billed = vec![EventKind::AuthorizationBilled { request: FIRST }];
    assert_eq!(told.bill(&[one.clone(), two.clone()]), (vec![Heard::New, Heard::New], billed.clone()));
    assert_eq!(told.billed(), 9);
    assert_eq!(told.bill(&[one.clone(), two.clone()]), (vec![Heard::Unchanged, Heard::Unchanged], vec![]));
    assert_eq!(told.bill(&[claim(&told, 2, 13, 1)]), (vec![Heard::Changed], billed.clone()));
    assert_eq!(told.billed(), 6);
    assert_eq!(told.bill(&[claim(&told, 1, 12, 0)]), (vec![Heard::Changed], billed));
    assert_eq!(told.billed(), 1);
    assert_eq!(
        told.bill(&[claim(&told, 1, 12, 0)]),
        (vec![Heard::Unchanged], vec![]),
        "nothing is known of it any more"
    );
}

#[test]
fn what_no_line_of_the_authorization_is_about_is_not_heard() {
    let mut told = whole();
    let good = claim(&told, 1, 12, 5);
    let other = |change: fn(&mut ClaimLine)| {
        let mut other = good.clone();
        change(&mut other);
        other
    };
    for (claim, heard) in [
        (other(|claim| claim.authorization = "A26127000102".parse().unwrap()), Heard::NoAuthorization),
        (other(|claim| claim.contract = "colorado".parse().unwrap()), Heard::NoAuthorization),
        (other(|claim| claim.code = "97110".parse().unwrap()), Heard::NoLine),
        (other(|claim| claim.modifiers.clear()), Heard::NoLine),
        (other(|claim| claim.on = date(2026, 4, 30)), Heard::NoLine),
        (other(|claim| claim.on = date(2027, 5, 1)), Heard::NoLine),
    ] {
        assert_eq!(told.bill(&[claim]), (vec![heard], vec![]));
    }
    let many: Vec<ClaimLine> = (0..=MOST_BILLED).map(|id| claim(&told, id.try_into().unwrap(), 12, 1)).collect();
    let (heard, _) = told.bill(&many);
    assert_eq!(heard.iter().filter(|heard| **heard == Heard::New).count(), MOST_BILLED);
    assert_eq!(heard.last(), Some(&Heard::TooMany));
    assert!(serde_json::to_string(&told.case).unwrap().len() < 250_000, "an item of the table ends at 400 KB");
}

/// Of two lines of one code, the one that has units left.
#[test]
fn a_line_is_billed_where_units_are_left() {
    let mut told = whole();
    let authorization = &mut told.case.authorizations[0];
    let mut more = authorization.lines[0].clone();
    authorization.lines[0].line.quantity = 5.try_into().unwrap();
    more.of.line = 1;
    authorization.lines.push(more);
    let (heard, _) = told.bill(&[claim(&told, 1, 12, 5), claim(&told, 2, 12, 5), claim(&told, 1, 13, 5)]);
    assert_eq!(heard, [Heard::New, Heard::New, Heard::Changed]);
    let units: Vec<u64> =
        told.case.authorizations[0].lines.iter().map(super::authorization::Authorized::billed_units).collect();
    assert_eq!(units, [5, 5]);
}

/// A claim that is told under another number is billed there alone.
#[test]
fn a_line_of_a_claim_stands_once_in_a_case() {
    let mut told = whole();
    let mut other = told.case.authorizations[0].clone();
    other.number = "A26127000199".parse().unwrap();
    other.lines[0].of.line = 7;
    told.case.authorizations.push(other);
    let mut moved = claim(&told, 1, 12, 5);
    assert_eq!(told.bill(&[moved.clone()]).0, [Heard::New]);
    moved.authorization = told.case.authorizations[1].number.clone();
    assert_eq!(told.bill(&[moved]).0, [Heard::Changed]);
    let units = told.case.authorizations.iter().map(|held| held.lines[0].billed_units()).collect::<Vec<_>>();
    assert_eq!(units, [0, 5]);
}

/// It was not billed when it was asked for, and is when somebody decides.
#[test]
fn what_was_billed_since_is_not_taken_by_a_decision() {
    let before = whole();
    let mut provider = crate::person::samples::clinic();
    provider.id = crate::id::ProviderId::new(Uuid::from_u128(404));
    let elsewhere = Wanted::Revision { lines: lines(&before), servicing: Some(provider) };
    for wanted in [revised(&before, units(4)), elsewhere] {
        let mut asked = before.ask(FIRST, wanted, later(1)).unwrap();
        let mut rules = arkansas();
        rules.auto_review = vec![AutoRule {
            id: "any".into(),
            reason: "Anything".into(),
            codes: vec![claim(&before, 1, 12, 5).code],
            diagnoses: before.case.diagnoses.clone(),
            age_from: None,
            max_units: 10_000,
            ..AutoRule::default()
        }];
        let by_rule = |told: &Told| {
            reviews::automatic(told.case.clone(), second(), &rules, reviews::Known::default(), later(7)).unwrap()
        };
        assert!(by_rule(&asked).determination.is_some(), "nothing was billed yet");
        assert_eq!(asked.bill(&[claim(&before, 1, 12, 5)]).0, [Heard::New]);
        let change = by_rule(&asked);
        assert!(matches!(change.events[..], [EventKind::RequestRouted { why: Some(Why::Billed), .. }]));
        let routed = change.case;
        let held = reviews::claim(routed, second(), &physician(), (&arkansas(), Holder::Works), later(7));
        let held = held.unwrap().unwrap().case;
        let decide = |decision| reviews::decide(held.clone(), second(), &physician(), decision, &arkansas(), later(7));
        let Err(ReviewError::Fields(errors)) = decide(approved()) else { panic!("it was taken") };
        let [error] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!((error.pointer.as_str(), error.objection.wrong.code()), ("/lines/0/outcome", "already-billed"));
        let after = decide(denied()).unwrap().case;
        assert_eq!(after.authorizations[0].lines[0].line, before.case.authorizations[0].lines[0].line);
    }
}

#[test]
fn what_was_billed_stays() {
    let mut before = whole();
    before.bill(&[claim(&before.clone(), 1, 12, 5)]);
    assert!(before.case.authorizations[0].is_billed());
    let ask = |wanted: Wanted| match before.ask(FIRST, wanted, later(7)) {
        Ok(_) => Vec::new(),
        Err(FollowError::Fields(errors)) => errors
            .as_slice()
            .iter()
            .filter(|error| error.objection.wrong.code() == "already-billed")
            .map(|error| error.pointer.clone())
            .collect(),
        Err(other) => panic!("{other}"),
    };
    let mut provider = crate::person::samples::clinic();
    provider.id = crate::id::ProviderId::new(Uuid::from_u128(404));
    let elsewhere = Wanted::Revision { lines: lines(&before), servicing: Some(provider) };
    assert_eq!(ask(elsewhere), ["/servicing"]);
    assert_eq!(ask(revised(&before, |line| line.modifiers.clear())), ["/lines/0/modifiers"]);
    assert_eq!(ask(revised(&before, units(4))), ["/lines/0/quantity"]);
    assert!(ask(revised(&before, units(5))).is_empty());
    let mut other = lines(&before)[0].1.clone();
    other.quantity = 10.try_into().unwrap();
    assert_eq!(ask(Wanted::Revision { lines: vec![(None, other)], servicing: None }), ["/lines"]);
    let days = |line: &mut Line| {
        line.period = Period::new(date(2026, 5, 13), date(2026, 6, 9)).unwrap();
        line.duration = 28.try_into().unwrap();
        line.quantity = 140.try_into().unwrap();
    };
    assert_eq!(ask(revised(&before, days)), ["/lines/0/from"]);
    // An extension keeps what was billed.
    let after = before.ask(FIRST, until(date(2026, 7, 9)), later(7)).unwrap().then(approved(), later(8));
    assert_eq!(after.case.authorizations[0].lines[0].billed.len(), 1);
}
