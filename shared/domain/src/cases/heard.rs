//! What is recorded of fair hearings (ACT-11): that one is asked for, when it is held, what came of it, and the request that carries
//! a reversal out (42 CFR 438.424). Who hears it is not the payer; no decision changes by it: the one that follows is made on that
//! request, as every other.

use jiff::{Timestamp, civil::Date};

use crate::{
    calendar::window_end,
    cases::{
        Case, Change,
        authorization::Follows,
        determination::Determination,
        follow::{Said, Wanted},
        hearing::{AskedBy, Hearing, HearingOutcome, HearingStage},
        request::Request,
    },
    clock::{Clock, TimeLimit, TimeUnit},
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::{EventId, RequestNumber, Username},
    service::{ReviewKind, Urgency},
    status::{Outcome, Side, Status},
    wrong::Wrong,
};

/// As long is what is said of a hearing.
pub const LONGEST_WORDS: usize = 4000;
/// As long is the name of whoever stands for the member.
pub const LONGEST_NAME: usize = 120;
/// As often one is asked for of a decision: one that was taken back or dismissed may be followed by another.
const MOST_HEARINGS: usize = 5;

/// What another look, by the payer or by the State, came to.
#[must_use]
pub fn look_outcome(request: &Request) -> Option<HearingOutcome> {
    let decided = request.decided().filter(|_| request.review.is_another_look())?;
    Some(match decided.outcome {
        Outcome::Approved => HearingOutcome::Reversed,
        Outcome::Modified => HearingOutcome::ReversedInPart,
        Outcome::Denied => HearingOutcome::Upheld,
    })
}

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskedHearing {
    /// The day on which it was.
    pub on: Date,
    /// By whom.
    pub by: AskedBy,
    /// Why.
    pub reason: String,
}

/// Why a hearing is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HearingError {
    /// No such request on the case.
    #[error("This case has no such request.")]
    NoRequest,
    /// It is not decided, or never will be.
    #[error("This request is {0}. A fair hearing is about a decision.")]
    NotDecided(Status),
    /// All was granted.
    #[error("All that was asked for was approved: there is nothing to hear.")]
    NothingAdverse,
    /// The contract knows none.
    #[error("There is no State fair hearing under this contract.")]
    NotOffered,
    /// It hears appeals.
    #[error("A State fair hearing follows an appeal. Appeal first.")]
    AppealFirst,
    /// The window is over.
    #[error("The time to ask for a State fair hearing was until {}.", .0.strftime("%B %-d, %Y"))]
    WindowOver(Date),
    /// It was looked at again, or is being so.
    #[error("The decision is looked at again by {0}. A hearing is about that decision.")]
    LookedAtAgain(RequestNumber),
    /// There is one.
    #[error("A State fair hearing was asked for already.")]
    Open,
    /// It was held.
    #[error("The State fair hearing was held: it is {0}.")]
    Over(HearingOutcome),
    /// There were too many.
    #[error("So many hearings were asked for about this decision that another one is recorded by support.")]
    Full,
    /// Nothing to note.
    #[error("No State fair hearing was asked for.")]
    None,
    /// It is to be scheduled first.
    #[error("Record first when the hearing is.")]
    NotScheduled,
    /// The case cannot take what carries it out.
    #[error("The case has as many requests as a case may have. Call support.")]
    NoRoom,
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

impl HearingError {
    /// Its stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRequest => "no-request",
            Self::NotDecided(_) => "not-decided",
            Self::NothingAdverse => "nothing-adverse",
            Self::NotOffered => "not-offered",
            Self::AppealFirst => "appeal-first",
            Self::WindowOver(_) => "window-over",
            Self::LookedAtAgain(_) => "looked-at-again",
            Self::Open => "open",
            Self::Over(_) => "over",
            Self::Full | Self::NoRoom => "full",
            Self::None => "none",
            Self::NotScheduled => "not-scheduled",
            Self::Fields(_) => "fields",
        }
    }
}

impl Case {
    /// Until when a hearing about the decision on a request may be asked for on a day.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_be_heard(&self, number: RequestNumber, contract: &Contract, on: Date) -> Result<Date, HearingError> {
        let request = self.request(number).ok_or(HearingError::NoRequest)?;
        let windows = &contract.windows;
        if windows.hearing_days == 0 && windows.hearing_after_appeal_days == 0 {
            return Err(HearingError::NotOffered);
        }
        let decided = request.decided().ok_or(HearingError::NotDecided(request.status()))?;
        if !decided.outcome.is_adverse() {
            return Err(HearingError::NothingAdverse);
        }
        let again = self.requests.iter().find(|other| {
            other.follows.as_ref().is_some_and(|follows| follows.of == number)
                && other.review.is_another_look()
                && (other.is_undecided() || other.decided().is_some())
        });
        let appeal = request.review == ReviewKind::Appeal;
        let days = if appeal { windows.hearing_after_appeal_days } else { windows.hearing_days };
        if days == 0 {
            return Err(HearingError::AppealFirst);
        }
        if let Some(ordered) = request.follows.as_ref().and_then(|follows| follows.ordered) {
            return Err(HearingError::Over(ordered));
        }
        if let Some(last) = request.hearings.last() {
            match last.stage {
                _ if last.is_open() => return Err(HearingError::Open),
                HearingStage::Ended { outcome, .. } if outcome.was_held() => return Err(HearingError::Over(outcome)),
                HearingStage::Ended { .. } | HearingStage::Requested | HearingStage::Scheduled { .. } => {}
            }
        }
        if let Some(again) = again {
            return Err(HearingError::LookedAtAgain(again.number));
        }
        if request.hearings.len() >= MOST_HEARINGS {
            return Err(HearingError::Full);
        }
        let until = window_end(contract.calendar.time_zone.date_at(decided.noticed()), days);
        if until < on { Err(HearingError::WindowOver(until)) } else { Ok(until) }
    }
}

/// What is wrong with a hearing that is asked for on a day, of a decision of a day.
fn check(asked: &AskedHearing, decided: Date, today: Date) -> FieldErrors {
    let mut errors = FieldErrors::none();
    words(&mut errors, "/reason", &asked.reason, "Say in 1 to 4,000 characters why the decision is to be heard.");
    if let AskedBy::Representative { name } = &asked.by
        && !(1..=LONGEST_NAME).contains(&name.trim().chars().count())
    {
        let text = format!("Name whoever stands for the member in 1 to {LONGEST_NAME} characters.");
        errors.add("/name", Wrong::length(name, LONGEST_NAME).says(text));
    }
    day(&mut errors, "/on", asked.on, (decided, today), "The decision was not made before that day.");
    errors
}

/// What is said of something, which has a length.
fn words(errors: &mut FieldErrors, pointer: &str, said: &str, text: &str) {
    if !(1..=LONGEST_WORDS).contains(&said.trim().chars().count()) {
        errors.add(pointer, Wrong::length(said, LONGEST_WORDS).says(text));
    }
}

/// A day that has been, and not before another.
fn day(errors: &mut FieldErrors, pointer: &str, on: Date, (first, today): (Date, Date), early: &str) {
    if on > today {
        errors.add(pointer, Wrong::InTheFuture.says("This day is still to come."));
    } else if on < first {
        errors.add(pointer, Wrong::TooEarly { earliest: first }.says(early));
    }
}

/// What staff record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recorded {
    /// It will be held.
    Scheduled(Timestamp),
    /// It is over.
    Ended {
        /// On which day.
        on: Date,
        /// How.
        outcome: HearingOutcome,
        /// What was ordered, or why it was not held.
        words: String,
    },
}

/// The case with a hearing that was asked for. The same recorded once more is no error and changes nothing.
///
/// # Errors
/// Why none may be asked for, or everything wrong at the fields.
pub fn ask(
    case: Case,
    number: RequestNumber,
    asked: AskedHearing,
    contract: &Contract,
    (at, by, from): (Timestamp, Username, Side),
) -> Result<Option<Change>, HearingError> {
    let mut request = case.request(number).ok_or(HearingError::NoRequest)?.clone();
    let asked = AskedHearing { reason: asked.reason.trim().to_owned(), ..asked };
    let same = |hearing: &Hearing| {
        hearing.stage == HearingStage::Requested
            && (hearing.asked_on, &hearing.asked_by, &hearing.reason) == (asked.on, &asked.by, &asked.reason)
    };
    if request.hearings.last().is_some_and(same) {
        return Ok(None);
    }
    let zone = &contract.calendar.time_zone;
    // What is wrong at the fields is told there before it is judged; a request that nobody may hear of has no fields.
    if let Some(decided) = request.decided() {
        check(&asked, zone.date_at(decided.at), zone.date_at(at)).into_result().map_err(HearingError::Fields)?;
    }
    // One that was sent in time is in time, whenever it is recorded.
    case.may_be_heard(number, contract, asked.on)?;
    let AskedHearing { on, by: asked_by, reason } = asked;
    request.hearings.push(Hearing { at, by, asked_on: on, asked_by, reason, stage: HearingStage::Requested });
    Ok(Some(case.with_request(request, at, vec![EventKind::HearingRequested { request: number, from }])))
}

/// The case with what is recorded of its hearing; `note` is the id that the words stand under. A reversal gives a further request
/// with what was not granted. The same recorded once more is no error and changes nothing.
///
/// # Errors
/// When there is none to record this of, or with what is wrong at the fields.
pub fn record(
    case: Case,
    number: RequestNumber,
    recorded: Recorded,
    determinations: &[Determination],
    contract: &Contract,
    (at, note): (Timestamp, EventId),
) -> Result<Option<Change>, HearingError> {
    let mut request = case.request(number).ok_or(HearingError::NoRequest)?.clone();
    let hearing = request.hearings.last().ok_or(HearingError::None)?.clone();
    let zone = &contract.calendar.time_zone;
    let (stage, event, carried_out) = match recorded {
        Recorded::Scheduled(time) => match hearing.stage {
            HearingStage::Scheduled { time: before } if before == time => return Ok(None),
            HearingStage::Ended { outcome, .. } => return Err(HearingError::Over(outcome)),
            HearingStage::Requested | HearingStage::Scheduled { .. } => {
                if zone.date_at(time) < hearing.asked_on {
                    let text = "A hearing is not before the day on which it was asked for.";
                    return Err(field("/scheduledDate", &Wrong::TooEarly { earliest: hearing.asked_on }, text));
                }
                if zone.date_at(time) > contract.windows.latest(zone.date_at(at)) {
                    let mut errors = FieldErrors::none();
                    errors.add("/scheduledDate", contract.windows.too_far());
                    return Err(HearingError::Fields(errors));
                }
                (HearingStage::Scheduled { time }, EventKind::HearingScheduled { request: number, time }, None)
            }
        },
        Recorded::Ended { on, outcome, words: said } => {
            let said = said.trim().to_owned();
            if let HearingStage::Ended { on: day, outcome: before, words, .. } = &hearing.stage {
                let same = (*day, *before, words.as_str()) == (on, outcome, said.as_str());
                return if same { Ok(None) } else { Err(HearingError::Over(*before)) };
            }
            if outcome.was_held() && hearing.stage == HearingStage::Requested {
                return Err(HearingError::NotScheduled);
            }
            let mut errors = FieldErrors::none();
            words(
                &mut errors,
                "/words",
                &said,
                "Say in 1 to 4,000 characters what was ordered, or why it was not held.",
            );
            let early = "It was not asked for before that day.";
            day(&mut errors, "/on", on, (hearing.asked_on, zone.date_at(at)), early);
            errors.into_result().map_err(HearingError::Fields)?;
            let carried_out = if outcome.reverses() {
                Some(carry_out(&case, &request, (&hearing, outcome), determinations, contract, (at, note))?)
            } else {
                None
            };
            let carried_out_by = carried_out.as_ref().map(|next: &Request| next.number);
            let stage = HearingStage::Ended { at, on, outcome, words: said, carried_out_by };
            (stage, EventKind::HearingEnded { request: number, outcome: outcome.into() }, carried_out)
        }
    };
    if let Some(last) = request.hearings.last_mut() {
        last.stage = stage;
    }
    let mut events = vec![event];
    let mut case = case;
    if let Some(next) = carried_out {
        events.push(EventKind::RequestFollowed { request: next.number, of: number, review: next.review });
        case.requests.push(next);
    }
    Ok(Some(case.with_request(request, at, events)))
}

/// The request that carries a reversal out: what was not granted, to be decided within the contract's hours.
fn carry_out(
    case: &Case,
    of: &Request,
    (hearing, outcome): (&Hearing, HearingOutcome),
    determinations: &[Determination],
    contract: &Contract,
    (at, note): (Timestamp, EventId),
) -> Result<Request, HearingError> {
    if case.is_full() {
        return Err(HearingError::NoRoom);
    }
    let asker = case.submission.as_ref().ok_or(HearingError::None)?;
    let (by, fax) = (case.asker_of(of).unwrap_or(&asker.by).clone(), case.fax_of(of).unwrap_or(&asker.fax).clone());
    let said = Said { by, fax, urgency: Urgency::Expedited, note, documents: Vec::new() };
    let limit = TimeLimit { amount: contract.windows.hearing_effect_hours, unit: TimeUnit::Hours };
    let reason = format!("The fair hearing of {} was {outcome}; {limit} to carry it out.", hearing.asked_on);
    let clock = Clock::start(limit, at, reason, contract.version.clone()).frozen(&contract.calendar);
    let kind = Wanted::Appeal;
    let next = case.clone().further(of.number, (kind, said), determinations, contract, (at, clock));
    let next = next.map_err(|_| HearingError::NoRoom)?;
    let ordered = |follows: Follows| match outcome {
        // Nothing is left to judge: whoever decided before may approve it too.
        HearingOutcome::Reversed => Follows { ordered: Some(outcome), decided_by: Vec::new(), ..follows },
        HearingOutcome::ReversedInPart
        | HearingOutcome::Upheld
        | HearingOutcome::Withdrawn
        | HearingOutcome::Dismissed => Follows { ordered: Some(outcome), ..follows },
    };
    Ok(Request { follows: next.follows.map(ordered), ..next })
}

fn field(pointer: &str, wrong: &Wrong, text: &str) -> HearingError {
    let mut errors = FieldErrors::none();
    errors.add(pointer, wrong.clone().says(text));
    HearingError::Fields(errors)
}
