//! More time for a decision (42 CFR 438.210(d)(1)(ii), (d)(2)(ii)): once for each request, by no more days than the contract says,
//! and never after it was due. Both are told why, until when, and that they may complain (438.404(c)(4)).

use jiff::Timestamp;

use crate::{
    caller::Reviewer,
    cases::{
        Case, Change,
        more_time::{AskedForTime, MoreTime},
        request::Request,
    },
    clock::{Clock, Tick},
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::RequestNumber,
    reviews::holding::{ReviewError, held},
    wrong::{Wrong, is_specific},
};

/// As long is the reason.
pub const LONGEST_REASON: usize = 1000;

/// What a reviewer wants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// By how many days of the calendar.
    pub days: u32,
    /// Who asked for it.
    pub asked_by: AskedForTime,
    /// Why it is in the member's interest; it stands in the letters.
    pub reason: String,
}

/// By how many days the time for a decision may be extended now.
///
/// # Errors
/// Why it may not.
pub fn most_days(request: &Request, contract: &Contract, now: Timestamp) -> Result<u32, ReviewError> {
    let clock = request.clock().filter(|clock| !clock.ended()).ok_or(request.not_now())?;
    let most = contract.more_time.days;
    if most == 0 {
        Err(ReviewError::NoMoreTime("The contract does not extend the time for decisions."))
    } else if request.is_ordered() {
        Err(ReviewError::NoMoreTime("A State fair hearing ordered this. The time to carry it out is not extended."))
    } else if clock.extended() {
        Err(ReviewError::NoMoreTime("The time for this decision was extended already."))
    } else {
        match clock.due(&contract.calendar) {
            None => Err(ReviewError::NoMoreTime("The time for this decision stands still.")),
            Some(due) if due < now => Err(ReviewError::NoMoreTime("The time for this decision is over.")),
            Some(_) => Ok(most),
        }
    }
}

/// A reviewer who has claimed a request extends the time for its decision.
///
/// # Errors
/// When it is elsewhere or not theirs, may not be extended, or with everything wrong at the fields.
pub fn extend(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    wanted: Wanted,
    contract: &Contract,
    at: Timestamp,
) -> Result<Change, ReviewError> {
    let (request, _) = held(&case, number, by, contract)?;
    let most = most_days(&request, contract, at)?;
    let mut errors = FieldErrors::none();
    if !(1..=most).contains(&wanted.days) {
        let range = (1, usize::try_from(most).unwrap_or(usize::MAX));
        let text = format!("The time may be extended by 1 to {most} days.");
        errors.add("/days", Wrong::OutOfRange { least: range.0, most: range.1 }.says(text));
    }
    let reason = wanted.reason.trim();
    if reason.chars().count() > LONGEST_REASON {
        let text = format!("A reason has at most {LONGEST_REASON} characters.");
        errors.add("/reason", Wrong::TooLong { most: LONGEST_REASON }.says(text));
    } else if !is_specific(reason) {
        let text = "Say in words, in at least 20 characters, why more time is in the member's interest: it stands in the letters.";
        errors.add("/reason", Wrong::NotSpecific { least: 20 }.says(text));
    }
    errors.into_result().map_err(ReviewError::Fields)?;
    let (not_now, clock) = (request.not_now(), request.clock().cloned());
    let why = match wanted.asked_by {
        AskedForTime::Member => "the member asked for more time",
        AskedForTime::Provider => "the provider asked for more time",
        AskedForTime::Plan => "more information is needed",
    };
    let clock = clock.and_then(|clock| longer(clock, wanted.days, why, contract, at)).ok_or(not_now)?;
    let until = clock.due(&contract.calendar).ok_or(not_now)?;
    let Wanted { days, asked_by, reason } = wanted;
    let more = MoreTime { at, by: by.username.clone(), days, until, asked_by, reason: reason.trim().to_owned() };
    let request = Request { more_time: Some(more), ..request.with_clock(clock) };
    Ok(case.with_request(request, at, vec![EventKind::TimeExtended { request: number, days }]))
}

/// A clock whose limit grew, for good.
pub(super) fn longer(clock: Clock, days: u32, why: &str, contract: &Contract, at: Timestamp) -> Option<Clock> {
    let s = if days == 1 { "" } else { "s" };
    let reason = format!("Extended by {days} day{s}: {why}.");
    Some(clock.tick(Tick::Extended(days), at, reason).ok()?.moved(&contract.calendar))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::{
        contracts::{pends::PendClock, samples},
        id::LetterId,
        letters,
        reviews::{Holder, claim, letter_facts, pend},
        status::Audience,
        tests::{at, nurse, physician, routed, with_physician},
    };

    const R01: RequestNumber = RequestNumber::FIRST;
    const REASON: &str = "The specialist's report comes next week and may show that the service is needed.";

    fn contract() -> Contract {
        let mut contract = samples::arkansas();
        contract.more_time.days = 14;
        contract
    }

    fn claimed(case: Case, by: &Reviewer) -> Case {
        // Whoever has it already keeps it.
        let taken = claim(case.clone(), R01, by, (&contract(), Holder::Works), at()).unwrap();
        taken.map_or(case, |change| change.case)
    }

    fn wanted(days: u32) -> Wanted {
        Wanted { days, asked_by: AskedForTime::Provider, reason: REASON.to_owned() }
    }

    fn extended(case: Case, by: &Reviewer, wanted: Wanted, at: Timestamp) -> Result<Change, ReviewError> {
        extend(case, R01, by, wanted, &contract(), at)
    }

    #[test]
    fn whoever_has_the_request_extends_its_time_once_and_both_are_told_why() {
        for (case, by) in [(routed(), nurse()), (with_physician(), physician())] {
            let case = claimed(case, &by);
            let due = |case: &Case| case.requests[0].clock().unwrap().due(&contract().calendar).unwrap();
            let before = due(&case);
            let change = extended(case, &by, wanted(14), at()).unwrap();
            assert_eq!(change.events, [EventKind::TimeExtended { request: R01, days: 14 }]);
            assert_eq!(due(&change.case).duration_since(before), SignedDuration::from_hours(14 * 24));
            let request = &change.case.requests[0];
            assert_eq!(request.more_time.as_ref().unwrap().until, due(&change.case));
            let entry = request.clock().unwrap().ledger.last().unwrap();
            assert_eq!((entry.what, entry.due), (Tick::Extended(14), Some(due(&change.case))));
            assert!(
                entry.reason.starts_with("Extended by 14 days: the provider asked for more time. Due May 30, 2026")
            );
            assert_eq!(letter_facts::check_extended(&change.case, R01, &contract()), []);
            let facts = letter_facts::extended(&change.case, R01, &contract(), LetterId::NOT_ISSUED).unwrap();
            for audience in [Audience::Provider, Audience::Member] {
                let letter = letters::compose(&facts, &contract().letters, audience).unwrap();
                let letter = serde_json::to_string(&letter).unwrap();
                for words in [REASON, "The provider asked for more time.", "May 30, 2026", "file a grievance"] {
                    assert!(letter.contains(words), "{audience:?}: {words}");
                }
            }
            let mut spanish = facts;
            spanish.member.reading.language = "es".parse().ok();
            let letter = letters::compose(&spanish, &contract().letters, Audience::Member).unwrap();
            let letter = serde_json::to_string(&letter).unwrap();
            assert!(letter.contains("El proveedor pidió más tiempo.") && letter.contains(REASON), "{letter}");
            assert!(
                !letter.contains("The provider asked for more time."),
                "our own sentence is in the letter's language"
            );
            let again = extended(change.case, &by, wanted(1), at());
            assert!(matches!(again, Err(ReviewError::NoMoreTime(_))), "once");
        }
    }

    #[test]
    fn everything_wrong_is_told_at_its_field_and_some_time_is_not_extended() {
        let case = claimed(routed(), &nurse());
        for (days, reason, wrong) in [(0, REASON, "/days"), (15, REASON, "/days"), (7, "Soon.", "/reason")] {
            let wanted = Wanted { reason: reason.to_owned(), ..wanted(days) };
            let Err(ReviewError::Fields(errors)) = extended(case.clone(), &nurse(), wanted, at()) else { panic!() };
            assert_eq!(errors.as_slice().iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), [wrong]);
        }
        let long = Wanted { reason: "Reports come later. ".repeat(60), ..wanted(1) };
        assert!(matches!(extended(case.clone(), &nurse(), long, at()), Err(ReviewError::Fields(_))));
        assert_eq!(extended(routed(), &nurse(), wanted(1), at()), Err(ReviewError::NotClaimed));
        assert!(matches!(extended(case.clone(), &physician(), wanted(1), at()), Err(ReviewError::ClaimedByOther(_))));
        let due = case.requests[0].clock().unwrap().due(&contract().calendar).unwrap();
        assert!(extended(case.clone(), &nurse(), wanted(1), due).is_ok(), "its last second is in time");
        let late = due.checked_add(SignedDuration::from_secs(1)).unwrap();
        assert!(matches!(extended(case.clone(), &nurse(), wanted(1), late), Err(ReviewError::NoMoreTime(_))));
        let mut never = contract();
        never.more_time.days = 0;
        let none = extend(case.clone(), R01, &nurse(), wanted(1), &never, at());
        assert!(matches!(none, Err(ReviewError::NoMoreTime(_))));
        // Nor is it after a request for information has extended it.
        let mut extends = contract();
        (extends.pends.clock, extends.pends.extension_days) = (PendClock::Extends, 5);
        REASON.clone_into(&mut extends.more_time.asked_reason);
        let day = pend::last_day(case.requests[0].clock().unwrap(), &extends, at());
        let asked =
            pend::pend(case, R01, &nurse(), (vec!["The plan of care".to_owned()], day), &extends, at()).unwrap();
        assert_eq!(asked.case.requests[0].more_time.as_ref().unwrap().reason, REASON);
        let waits = extended(asked.case.clone(), &nurse(), wanted(1), at());
        assert!(matches!(waits, Err(ReviewError::State(_))), "while it waits");
        let back = pend::unanswered(asked.case, R01, &extends, late).unwrap().case;
        assert!(matches!(extended(back, &nurse(), wanted(1), at()), Err(ReviewError::NoMoreTime(_))));
    }
}
