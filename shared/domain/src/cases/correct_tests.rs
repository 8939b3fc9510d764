//! A decision that was wrong, and the one that takes its place.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    billing::ClaimLine,
    determination::LineOutcome,
    follow::Wanted,
    follow_tests::{FIRST, Told, approved, denied, in_part, later, other, second, until, whole},
};
use crate::{
    caller::{Reviewer, StaffRole},
    contracts::samples::arkansas,
    events::EventKind,
    id::{LetterId, RequestNumber},
    period::Period,
    reviews::{
        Decision, ReviewError,
        correct::{Corrected, correct, may_correct},
        letter_facts,
    },
    status::{Audience, Outcome, Status},
    tests::{fewer, nurse, physician, staff, with_physician},
};

const WHY: &str = "The reviewer read the assessment of another year.";

fn instead(decision: Decision, of: u32) -> Corrected {
    let Decision::Determine { lines, criteria } = decision else { panic!() };
    Corrected { of, reason: WHY.to_owned(), lines, criteria }
}

fn lead(of: Reviewer) -> Reviewer {
    Reviewer { lead: true, ..of }
}

impl Told {
    fn corrected(
        &self,
        request: RequestNumber,
        by: &Reviewer,
        corrected: Corrected,
        at: Timestamp,
    ) -> Result<Told, ReviewError> {
        let change = correct(self.case.clone(), request, by, corrected, &self.made, &arkansas(), at)?;
        assert!(matches!(change.events[..], [EventKind::RequestDetermined { corrects: true, .. }]));
        assert_eq!(change.case.version, self.case.version + 1);
        let made = self.made.iter().cloned().chain(change.determination).collect();
        Ok(Told { case: change.case, made })
    }

    fn pointers(&self, corrected: Corrected) -> Vec<String> {
        let Err(ReviewError::Fields(errors)) = self.corrected(FIRST, &physician(), corrected, later(1)) else {
            panic!()
        };
        errors.as_slice().iter().map(|error| error.pointer.clone()).collect()
    }

    fn with_claim(&self, day: i8, count: u32) -> Told {
        let held = &self.case.authorizations[0];
        let claim = ClaimLine {
            id: Uuid::from_u128(1),
            contract: self.case.contract.clone(),
            authorization: held.number.clone(),
            code: held.lines[0].line.code.clone(),
            modifiers: held.lines[0].line.modifiers.clone(),
            on: date(2026, 5, day),
            units: count.try_into().ok(),
        };
        let (_, change) = self.case.clone().bill(&[&claim], &[], later(6));
        Told { case: change.unwrap().case, made: self.made.clone() }
    }
}

#[test]
fn the_new_decision_takes_the_place_of_the_former_which_stays_as_history() {
    let before = in_part();
    let after = before.corrected(FIRST, &physician(), instead(approved(), 1), later(2)).unwrap();
    let request = &after.case.requests[0];
    assert_eq!((request.status(), request.decided().unwrap().number), (Status::Approved, 2));
    assert_eq!(
        request.earlier.iter().map(|one| (one.number, one.outcome)).collect::<Vec<_>>(),
        [(1, Outcome::Modified)]
    );
    assert_eq!(request.clock(), before.case.requests[0].clock(), "it was decided when it was decided");
    let made = after.made.last().unwrap();
    assert_eq!(made.authorization, before.made[0].authorization, "the number is the authorization's");
    let correction = made.correction.as_ref().unwrap();
    assert_eq!((correction.of, correction.replaced, correction.takes), (1, before.made[0].at, false));
    assert_eq!(after.held(), whole().held(), "it holds what was decided last, once");
    assert_eq!(after.case.authorizations.len(), 1);
    // The next one has seen the second, and nobody corrects the first any more.
    let stale = after.corrected(FIRST, &physician(), instead(denied(), 1), later(3));
    assert_eq!(stale.err(), Some(ReviewError::CorrectedSince));
    let third = after.corrected(FIRST, &other(), instead(fewer(&with_physician()), 2), later(3)).unwrap();
    assert_eq!(third.case.requests[0].decided().unwrap().number, 3);
    assert!(third.made.last().unwrap().correction.as_ref().unwrap().takes);
    // What is adverse is told from the new notice on.
    let windows = third.case.follow_ups(FIRST, &arkansas(), later(3));
    assert_eq!(windows[0].until, Some(date(2026, 7, 14)), "65 days after the tenth of May");
}

#[test]
fn a_physician_corrects_and_a_lead_of_the_nurses_where_all_is_approved() {
    let before = in_part();
    let by = |by: &Reviewer, decision: Decision| before.corrected(FIRST, by, instead(decision, 1), later(1)).err();
    assert_eq!(by(&lead(nurse()), approved()), None);
    assert_eq!(by(&lead(nurse()), denied()), Some(ReviewError::NeedsPhysician));
    for role in [StaffRole::Nurse, StaffRole::Support, StaffRole::Intake, StaffRole::ContractManager] {
        assert_eq!(by(&staff("someone", role), approved()), Some(ReviewError::NeedsLead), "{role:?}");
    }
    assert_eq!(by(&physician(), denied()), None, "whoever decided sets it right");
    assert!(matches!(may_correct(&with_physician(), FIRST, &physician()), Err(ReviewError::State(_))));
    assert_eq!(may_correct(&before.case, second(), &physician()), Err(ReviewError::NoRequest));
}

#[test]
fn everything_wrong_with_a_correction_is_told_at_its_field() {
    let before = in_part();
    let same = before.made[0].clone();
    let unchanged = Corrected { of: 1, reason: " ".into(), lines: same.lines, criteria: same.criteria };
    assert_eq!(before.pointers(unchanged), ["/note", "/lines"]);
    let Decision::Determine { lines, .. } = denied() else { panic!() };
    let without = Corrected { of: 1, reason: WHY.into(), lines, criteria: Vec::new() };
    assert_eq!(before.pointers(without), ["/criteria"]);
    let none = Corrected { of: 1, reason: "x".repeat(4001), lines: Vec::new(), criteria: Vec::new() };
    assert_eq!(before.pointers(none), ["/lines", "/note"]);
}

#[test]
fn nothing_is_corrected_on_which_a_later_request_rests_unless_nothing_came_of_that() {
    let before = in_part();
    let asked = before.ask(FIRST, Wanted::Reconsideration, later(1)).unwrap();
    let refused = asked.corrected(FIRST, &physician(), instead(approved(), 1), later(2)).err();
    assert_eq!(refused, Some(ReviewError::Followed(second())));
    let withdrawn =
        asked.case.clone().withdraw(second(), "Not needed.", &arkansas(), (later(2), "bea".parse().unwrap()));
    let withdrawn = Told { case: withdrawn.unwrap().unwrap().case, made: asked.made.clone() };
    assert!(withdrawn.corrected(FIRST, &physician(), instead(approved(), 1), later(3)).is_ok());
    // The later one is corrected itself, by nobody who had a part in what it looks at again.
    let again = asked.then(approved(), later(3));
    let own = again.corrected(second(), &physician(), instead(denied(), 1), later(4)).err();
    assert!(matches!(own, Some(ReviewError::TookPart(_))), "{own:?}");
    let back = again.corrected(second(), &other(), instead(denied(), 1), later(4)).unwrap();
    assert_eq!(back.case.authorizations[0].number, again.case.authorizations[0].number);
    // What R01 authorized stands again; until the day of the notice what R02 gave stands too.
    assert_eq!(back.case.authorizations[0].lines.len(), 1);
}

#[test]
fn what_is_taken_away_holds_until_the_day_that_the_letters_say() {
    let before = whole();
    let after = before.corrected(FIRST, &physician(), instead(denied(), 1), later(2)).unwrap();
    assert_eq!(after.case.requests[0].status(), Status::Denied);
    let until = date(2026, 5, 18);
    assert_eq!(after.held(), [(150, Period::new(date(2026, 5, 11), until).unwrap())]);
    let letter = LetterId::new(Uuid::from_u128(5));
    let made = after.made.last().unwrap();
    let facts = letter_facts::facts(&after.case, made, &arkansas(), letter).unwrap();
    assert_eq!((facts.effective, facts.under_way), (until.tomorrow().ok(), true));
    let replaces = facts.replaces.as_ref().unwrap();
    assert_eq!((replaces.date, replaces.reason.as_str()), (date(2026, 5, 7), WHY));
    for audience in [Audience::Provider, Audience::Member] {
        let letter = crate::letters::compose(&facts, &arkansas().letters, audience).unwrap();
        let words = serde_json::to_string(&letter).unwrap();
        for part in ["Corrected notice", "of May 7, 2026", WHY, "Ask to keep the service by"] {
            assert!(words.contains(part), "{audience:?} {part}: {words}");
        }
    }
    // Who grants some of it again takes away nothing sooner than that.
    let Decision::Determine { lines, criteria } = fewer(&with_physician()) else { panic!() };
    let less = Corrected { of: 2, reason: WHY.into(), lines, criteria };
    let again = after.corrected(FIRST, &other(), less, later(4)).unwrap();
    assert!(again.made.last().unwrap().correction.as_ref().unwrap().takes);
    // Far ahead nothing has begun, and all of it goes at once.
    let mut ahead = before.clone();
    for line in &mut ahead.case.requests[0].lines {
        line.period = Period::new(date(2026, 6, 1), date(2026, 6, 30)).unwrap();
    }
    ahead.case.authorizations.clear();
    let gone = ahead.corrected(FIRST, &physician(), instead(denied(), 1), later(2)).unwrap();
    assert_eq!(gone.held(), []);
    // It is given again: the number is the same, and nothing counts twice.
    let given = gone.corrected(FIRST, &physician(), instead(approved(), 2), later(3)).unwrap();
    assert_eq!(given.held(), [(150, Period::new(date(2026, 6, 1), date(2026, 6, 30)).unwrap())]);
}

#[test]
fn what_was_billed_stays_and_cannot_be_taken() {
    let before = whole().with_claim(20, 60);
    assert_eq!(before.pointers(instead(denied(), 1)), ["/lines/0/outcome"]);
    let Decision::Determine { mut lines, criteria } = fewer(&with_physician()) else { panic!() };
    let LineOutcome::Modified { units, .. } = &mut lines[0] else { panic!() };
    *units = 59.try_into().unwrap();
    let short = Corrected { of: 1, reason: WHY.into(), lines, criteria };
    assert_eq!(before.pointers(short), ["/lines/0/units"]);
    let after = before.corrected(FIRST, &physician(), instead(fewer(&with_physician()), 1), later(7)).unwrap();
    assert_eq!(after.case.authorizations[0].lines[0].billed_units(), 60);
    assert_eq!(after.held()[0].0, 90);
}

#[test]
fn an_extension_that_is_corrected_leaves_what_was_authorized_before_it() {
    let before = whole();
    let longer = before.ask(FIRST, until(date(2026, 7, 9)), later(1)).unwrap().then(approved(), later(2));
    assert_eq!(longer.held()[0].1.to(), date(2026, 7, 9));
    let back = longer.corrected(second(), &physician(), instead(denied(), 1), later(3)).unwrap();
    assert_eq!(back.held(), before.held(), "less is not kept longer than it was authorized before");
    assert_eq!(back.case.authorizations[0].requests, [FIRST]);
    let number = back.case.authorizations[0].number.clone();
    let again = back.corrected(second(), &physician(), instead(approved(), 2), later(4)).unwrap();
    assert_eq!((again.held(), &again.case.authorizations[0].number), (longer.held(), &number));
}

proptest! {
    /// However often it is corrected, what is authorized is what the last decision says, once, and the number stays.
    #[test]
    fn any_row_of_corrections_ends_with_what_the_last_one_says(kinds in proptest::collection::vec(0..3u8, 1..6)) {
        let mut told = whole();
        for line in &mut told.case.requests[0].lines {
            line.period = Period::new(date(2026, 6, 1), date(2026, 6, 30)).unwrap();
        }
        told.case.authorizations.clear();
        for (place, kind) in kinds.iter().enumerate() {
            let decision = match kind {
                0 => approved(),
                1 => denied(),
                _ => {
                    let Decision::Determine { mut lines, criteria } = fewer(&told.case) else { panic!() };
                    if let LineOutcome::Modified { period, .. } = &mut lines[0] {
                        *period = told.case.requests[0].lines[0].period;
                    }
                    Decision::Determine { lines, criteria }
                }
            };
            let of = told.case.requests[0].decided().unwrap().number;
            let day = i64::try_from(place).unwrap() + 1;
            match told.corrected(FIRST, &physician(), instead(decision, of), later(day)) {
                Ok(next) => {
                    prop_assert_eq!(next.case.requests[0].decided().unwrap().number, of + 1);
                    told = next;
                }
                Err(error) => {
                    prop_assert!(matches!(error, ReviewError::Fields(_)), "{error:?}");
                    continue;
                }
            }
            let units: Vec<u32> = told.held().iter().map(|(units, _)| *units).collect();
            let outcome = told.case.requests[0].decided().unwrap().outcome;
            let expected: &[u32] = match outcome {
                Outcome::Approved => &[150],
                Outcome::Modified => &[90],
                Outcome::Denied => &[],
            };
            prop_assert_eq!(&units[..], expected);
        }
    }
}
