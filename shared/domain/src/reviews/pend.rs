//! A reviewer asks the provider for what is missing (REV-06): the request waits, and comes back with the answer, or when its time
//! is over. What that does to the clock, and where silence leads, says the contract.

use jiff::{Timestamp, civil::Date};

use crate::{
    calendar::window_end,
    caller::Reviewer,
    cases::{
        Case, Change,
        more_time::{AskedForTime, MoreTime},
        request::{Claim, Pend, PendEnd, Request, State},
    },
    clock::{Clock, Tick},
    contracts::{
        Contract,
        pends::{OnSilence, PendClock},
    },
    events::EventKind,
    field::FieldErrors,
    glyphs::clean,
    id::RequestNumber,
    reviews::{
        holding::{ReviewError, held},
        more_time::longer,
        remind,
    },
    status::Queue,
    wrong::Wrong,
};

/// As many things are asked for at once.
pub const MOST_ITEMS: usize = 10;
/// As long is what is asked for.
pub const LONGEST_ITEM: usize = 300;
/// As often a request waits for information: each letter costs the member time.
const MOST_PENDS: usize = 10;

/// The last day on which an answer may be due that is asked for now. Where the clock runs on, it is the day of the decision at
/// the latest, as extended by asking, unless that is over.
#[must_use]
pub fn last_day(clock: &Clock, contract: &Contract, now: Timestamp) -> Date {
    let zone = &contract.calendar.time_zone;
    let last = window_end(zone.date_at(now), contract.pends.answer_days);
    let decision = waiting(clock.clone(), contract, now).and_then(|clock| to_decide_by(&clock, contract, now));
    decision.map_or(last, |due| last.min(zone.date_at(due)))
}

/// When the decision is due while information is awaited; none where time stands still, or is over.
fn to_decide_by(waiting: &Clock, contract: &Contract, now: Timestamp) -> Option<Timestamp> {
    waiting.due(&contract.calendar).filter(|due| *due > now)
}

/// A reviewer who has claimed a request asks for information: it waits until a day, and both are told by letter.
///
/// # Errors
/// When it is elsewhere or not theirs, or with everything wrong at the fields.
pub fn pend(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    (items, due): (Vec<String>, Date),
    contract: &Contract,
    at: Timestamp,
) -> Result<Change, ReviewError> {
    let (mut request, queue) = held(&case, number, by, contract)?;
    let not_now = request.not_now();
    let clock = request.clock().cloned().ok_or(not_now)?;
    check(&items, due, (&request, &clock), contract, at).into_result().map_err(ReviewError::Fields)?;
    let end_of_day = contract.calendar.end_of(due);
    let was = clock.extended();
    let clock = waiting(clock, contract, at).ok_or(not_now)?;
    let until = to_decide_by(&clock, contract, at).map_or(end_of_day, |end| end.min(end_of_day));
    let mut events = Vec::new();
    if !was && clock.extended() {
        let days = contract.pends.extension_days;
        request.more_time = Some(MoreTime {
            at,
            by: by.username.clone(),
            days,
            until: clock.due(&contract.calendar).ok_or(not_now)?,
            asked_by: AskedForTime::Plan,
            reason: contract.more_time.asked_reason.clone(),
        });
        events.push(EventKind::TimeExtended { request: number, days });
    }
    let remind_at = remind::before(until, contract.pends.remind_hours, at);
    request.pends.push(Pend { by: by.username.clone(), at, items, due, until, remind_at, ended: None });
    let pend = u32::try_from(request.pends.len()).unwrap_or(u32::MAX);
    request.state = State::Pended { clock, queue };
    events.insert(0, EventKind::InformationRequested { request: number, pend });
    Ok(case.with_request(request, at, events))
}

fn check(
    items: &[String],
    due: Date,
    (request, clock): (&Request, &Clock),
    contract: &Contract,
    at: Timestamp,
) -> FieldErrors {
    let mut errors = FieldErrors::none();
    if !(1..=MOST_ITEMS).contains(&items.len()) || request.pends.len() >= MOST_PENDS {
        let text = format!("Ask for 1 to {MOST_ITEMS} things, at most {MOST_PENDS} times.");
        errors.add("/items", Wrong::entries(items, MOST_ITEMS).says(text));
    }
    for (place, item) in items.iter().enumerate() {
        let pointer = format!("/items/{place}");
        if !(1..=LONGEST_ITEM).contains(&item.trim().chars().count()) {
            let text = format!("Say in 1 to {LONGEST_ITEM} characters what is needed.");
            errors.add(pointer, Wrong::length(item.trim(), LONGEST_ITEM).says(text));
        } else if let Err(unprintable) = clean(item) {
            errors.add(pointer, unprintable);
        }
    }
    let (earliest, latest) = (contract.calendar.time_zone.date_at(at), last_day(clock, contract, at));
    if due < earliest {
        errors.add("/due", Wrong::TooEarly { earliest }.says("The day to answer by is over."));
    } else if due > latest {
        let text = format!("The answer has to be due by {} at the latest.", latest.strftime("%B %-d, %Y"));
        errors.add("/due", Wrong::TooLate { latest }.says(text));
    }
    errors
}

/// The clock while information is awaited. A limit is extended once, and not when it is over.
fn waiting(clock: Clock, contract: &Contract, at: Timestamp) -> Option<Clock> {
    let rules = &contract.pends;
    let may_grow = !clock.extended() && clock.due(&contract.calendar).is_some_and(|due| due >= at);
    match rules.clock {
        PendClock::Pauses => {
            let reason = "Stands still: information was requested from the provider.";
            clock.tick(Tick::Paused, at, reason.to_owned()).ok()
        }
        PendClock::Extends if may_grow => {
            longer(clock, rules.extension_days, "information was requested", contract, at)
        }
        PendClock::Runs | PendClock::Extends => Some(clock),
    }
}

/// The case when the day to answer by is over and nobody has: the request is back. `None` when it waits no more or not long
/// enough, so that it comes back once.
#[must_use]
pub fn unanswered(case: Case, number: RequestNumber, contract: &Contract, now: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    request.pended().filter(|pend| pend.until < now)?;
    let event = back(&mut request, PendEnd::Silent { at: now }, contract)?;
    Some(case.with_request(request, now, vec![event]))
}

/// Takes a request out of its wait; what happened, if it did wait.
pub(super) fn back(request: &mut Request, end: PendEnd, contract: &Contract) -> Option<EventKind> {
    let State::Pended { clock, queue } = request.state.clone() else { return None };
    let (at, silent) = match &end {
        PendEnd::Answered { at, .. } => (*at, false),
        PendEnd::Silent { at } => (*at, true),
        PendEnd::Withdrawn { .. } => return None,
    };
    let clock = if clock.is_paused() {
        let why = if silent { "no answer came in time" } else { "the provider has answered" };
        clock.tick(Tick::Resumed, at, format!("Goes on: {why}.")).ok()?.moved(&contract.calendar)
    } else {
        clock
    };
    let pend = request.pends.last_mut()?;
    let asked = Claim { by: pend.by.clone(), at };
    pend.ended = Some(end);
    // A physician who asked has it again either way.
    let (queue, claimed) = match (queue, contract.pends.on_silence) {
        (Queue::Nurse, OnSilence::Physician) if silent => (Queue::Physician, None),
        (queue, OnSilence::Reviewer | OnSilence::Physician) => (queue, Some(asked)),
    };
    request.state = match queue {
        Queue::Nurse => State::NurseReview { clock, claimed },
        Queue::Physician => State::PhysicianReview { clock, claimed },
    };
    Some(EventKind::RequestReturned { request: request.number, queue, silent })
}
