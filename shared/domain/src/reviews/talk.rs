//! Peer-to-peer (ACT-04): the ordering provider talks with a physician of the payer about an adverse decision. The provider
//! offers three times, staff choose one and note whether it was held and what came of it. The decision stands whatever that is:
//! another one is made on another request.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};

use crate::{
    calendar::window_end,
    cases::{
        Case, Change,
        request::Request,
        talk::{Stage, Talk},
    },
    contracts::Contract,
    events::EventKind,
    field::FieldErrors,
    id::{RequestNumber, Username},
    phone::Phone,
    reviews::{holding::ReviewError, letter_facts::window_is_open},
    wrong::Wrong,
};

/// So many times are offered.
pub const TIMES: usize = 3;
/// As long is a name.
pub const LONGEST_NAME: usize = 120;
/// As long is what came of it.
pub const LONGEST_OUTCOME: usize = 4000;
/// As often one is asked for of a request: whoever misses three is called in another way.
const MOST_TALKS: usize = 3;

/// What a provider asks for, its times as clocks show them in the contract's zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// The ordering provider.
    pub provider: String,
    /// Whom to call.
    pub phone: Phone,
    /// Three times.
    pub times: Vec<DateTime>,
}

/// What staff note.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Noted {
    /// It will be held at one of the times.
    Scheduled(Timestamp),
    /// It was held, and what came of it.
    Held(String),
    /// It was not.
    Missed,
}

impl Request {
    /// The conversation that is still to be held, and when: at the time that was chosen, or at the first that was offered.
    #[must_use]
    pub fn talk_to_come(&self) -> Option<(&Talk, Timestamp)> {
        let talk = self.talks.last().filter(|_| self.decided().is_some())?;
        match talk.stage {
            Stage::Asked => talk.times.first().map(|time| (talk, *time)),
            Stage::Scheduled { time } => Some((talk, time)),
            Stage::Held { .. } | Stage::Missed { .. } => None,
        }
    }
}

/// The last day on which a conversation may be asked for, in the contract's zone; none where none may be now.
#[must_use]
pub fn ask_until(request: &Request, contract: &Contract, now: Timestamp) -> Option<Date> {
    may_ask(request, contract, now).ok()
}

fn may_ask(request: &Request, contract: &Contract, now: Timestamp) -> Result<Date, ReviewError> {
    let days = contract.windows.peer_to_peer_days;
    let adverse = request.decided().filter(|decided| decided.outcome.is_adverse());
    let Some(decided) = adverse.filter(|_| days > 0) else {
        return Err(ReviewError::NoTalk(
            "A peer-to-peer conversation is about a decision that approves less than all.",
        ));
    };
    if !window_is_open(decided.noticed(), days, contract, now) {
        return Err(ReviewError::NoTalk("The time in which a peer-to-peer conversation may be asked for is over."));
    }
    match request.talks.last().map(|talk| &talk.stage) {
        Some(Stage::Held { .. }) => Err(ReviewError::NoTalk("The peer-to-peer conversation was held.")),
        Some(Stage::Asked | Stage::Scheduled { .. }) => {
            Err(ReviewError::NoTalk("A peer-to-peer conversation was asked for already."))
        }
        Some(Stage::Missed { .. }) if request.talks.len() >= MOST_TALKS => {
            Err(ReviewError::NoTalk("Three peer-to-peer conversations were missed. Please contact support."))
        }
        Some(Stage::Missed { .. }) | None => {
            Ok(window_end(contract.calendar.time_zone.date_at(decided.noticed()), days))
        }
    }
}

/// The case with a conversation that was asked for. The same asked once more is no error and changes nothing.
///
/// # Errors
/// When none may be asked for now, or with everything wrong at the fields.
pub fn ask(
    case: Case,
    number: RequestNumber,
    asked: Asked,
    contract: &Contract,
    (at, by): (Timestamp, Username),
) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let instant = |time: &DateTime| contract.calendar.time_zone.instant(*time);
    let times: Vec<Option<Timestamp>> = asked.times.iter().map(instant).collect();
    let mut sorted: Vec<Timestamp> = times.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let same = |talk: &Talk| {
        talk.stage == Stage::Asked
            && (&talk.provider, &talk.phone, &talk.times) == (&asked.provider, &asked.phone, &sorted)
    };
    if request.talks.last().is_some_and(same) {
        return Ok(None);
    }
    may_ask(&request, contract, at)?;
    check(&asked, &times, contract, at).into_result().map_err(ReviewError::Fields)?;
    let Asked { provider, phone, .. } = asked;
    request.talks.push(Talk { at, by, provider, phone, times: sorted, stage: Stage::Asked });
    Ok(Some(case.with_request(request, at, vec![EventKind::TalkAsked { request: number }])))
}

fn check(asked: &Asked, times: &[Option<Timestamp>], contract: &Contract, now: Timestamp) -> FieldErrors {
    let mut errors = FieldErrors::none();
    if !(1..=LONGEST_NAME).contains(&asked.provider.trim().chars().count()) {
        let text = format!("Name the ordering provider in 1 to {LONGEST_NAME} characters.");
        errors.add("/provider", Wrong::length(&asked.provider, LONGEST_NAME).says(text));
    }
    if times.len() != TIMES {
        errors.add("/times", Wrong::entries(times, TIMES).says("Offer three times."));
    }
    let today = contract.calendar.time_zone.date_at(now);
    for (place, (time, local)) in times.iter().zip(&asked.times).enumerate() {
        let at = |part: &str| format!("/times/{place}/{part}");
        match time {
            None => errors.add(at("date"), crate::field::Objection::not_a_date()),
            Some(_) if local.date() > contract.windows.latest(today) => {
                errors.add(at("date"), contract.windows.too_far());
            }
            Some(time) if *time <= now => {
                let part = if local.date() < today { "date" } else { "time" };
                let text = "This time is over. Offer one that is still to come.";
                errors.add(at(part), Wrong::TooEarly { earliest: today }.says(text));
            }
            Some(time) if times.iter().take(place).any(|other| *other == Some(*time)) => {
                errors.add(at("time"), Wrong::Repeated.says("Offer each time once."));
            }
            Some(_) => {}
        }
    }
    errors
}

/// The case with what staff note of a conversation. What is noted already is no error and changes nothing.
///
/// # Errors
/// When there is none to note this of, or with what is wrong at the fields.
pub fn note(case: Case, number: RequestNumber, noted: Noted, at: Timestamp) -> Result<Option<Change>, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    let none = ReviewError::NoTalk("No peer-to-peer conversation was asked for.");
    let talk = request.talks.last_mut().ok_or(none)?;
    let (stage, event) = match (noted, &talk.stage) {
        (Noted::Scheduled(time), Stage::Scheduled { time: chosen }) if time == *chosen => return Ok(None),
        (Noted::Held(outcome), Stage::Held { outcome: before, .. }) if outcome.trim() == before => return Ok(None),
        (Noted::Missed, Stage::Missed { .. }) => return Ok(None),
        (_, Stage::Held { .. } | Stage::Missed { .. }) => {
            return Err(ReviewError::NoTalk("What became of this conversation is noted already."));
        }
        (Noted::Scheduled(time), Stage::Asked | Stage::Scheduled { .. }) => {
            if !talk.times.contains(&time) {
                return Err(wrong("/time", &Wrong::NotOffered, "Choose one of the times that the provider offers."));
            }
            (Stage::Scheduled { time }, EventKind::TalkScheduled { request: number, time })
        }
        (Noted::Held(_), Stage::Asked) => {
            return Err(ReviewError::NoTalk("Choose one of the times before you note that the conversation was held."));
        }
        (Noted::Held(_), Stage::Scheduled { time }) if *time > at => {
            return Err(ReviewError::NoTalk(
                "This conversation is still to come. Note what came of it when it was held.",
            ));
        }
        (Noted::Held(outcome), Stage::Scheduled { .. }) => {
            let outcome = outcome.trim().to_owned();
            if !(1..=LONGEST_OUTCOME).contains(&outcome.chars().count()) {
                let text = "Say in 1 to 4,000 characters what came of the conversation.";
                return Err(wrong("/outcome", &Wrong::length(&outcome, LONGEST_OUTCOME), text));
            }
            (Stage::Held { at, outcome }, EventKind::TalkHeld { request: number })
        }
        // Also when none of the times could be kept.
        (Noted::Missed, Stage::Asked | Stage::Scheduled { .. }) => {
            (Stage::Missed { at }, EventKind::TalkMissed { request: number })
        }
    };
    talk.stage = stage;
    Ok(Some(case.with_request(request, at, vec![event])))
}

fn wrong(pointer: &str, wrong: &Wrong, text: &str) -> ReviewError {
    let mut errors = FieldErrors::none();
    errors.add(pointer, wrong.clone().says(text));
    ReviewError::Fields(errors)
}

#[cfg(test)]
mod tests {
    use jiff::{Span, civil::datetime};

    use super::*;
    use crate::{
        contracts::samples::arkansas,
        reviews::{Decision, Holder, claim, decide},
        status::Status,
        tests::{at, fewer, nurse, physician, routed, with_physician},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn contract() -> Contract {
        let mut contract = arkansas();
        contract.windows.peer_to_peer_days = 14;
        contract
    }

    fn denied() -> Case {
        let case = with_physician();
        let decision = fewer(&case);
        decide(case, R01, &physician(), decision, &contract(), at()).unwrap().case
    }

    fn later(hours: i64) -> Timestamp {
        at().checked_add(Span::new().hours(hours)).unwrap()
    }

    fn asked() -> Asked {
        Asked {
            provider: "Dr. Ona Reyes".into(),
            phone: "501-555-0144".parse().unwrap(),
            times: [12, 11, 13].map(|day| datetime(2026, 5, day, 10, 30, 0, 0)).into(),
        }
    }

    fn ask_at(case: Case, asked: Asked, hours: i64) -> Result<Option<Change>, ReviewError> {
        ask(case, R01, asked, &contract(), (later(hours), "bea".parse().unwrap()))
    }

    fn open() -> Case {
        ask_at(denied(), asked(), 1).unwrap().unwrap().case
    }

    fn wrong_at(result: Result<Option<Change>, ReviewError>) -> Vec<String> {
        match result {
            Err(ReviewError::Fields(errors)) => errors.as_slice().iter().map(|error| error.pointer.clone()).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_is_asked_of_an_adverse_decision_while_its_window_is_open() {
        let change = ask_at(denied(), asked(), 1).unwrap().unwrap();
        assert!(matches!(change.events[..], [EventKind::TalkAsked { .. }]));
        let request = &change.case.requests[0];
        assert_eq!(request.status(), Status::Modified, "the decision stands");
        let first = "2026-05-11T15:30:00Z".parse().unwrap();
        assert_eq!(request.talk_to_come().map(|(_, time)| time), Some(first), "in the contract's zone, in order");
        assert_eq!(ask_at(change.case.clone(), asked(), 2), Ok(None), "the same once more");
        let other = Asked { provider: "Dr. Lee".into(), ..asked() };
        assert!(matches!(ask_at(change.case, other, 2), Err(ReviewError::NoTalk(_))));

        let window = |hours| ask_until(&denied().requests[0], &contract(), later(hours)).map(|day| day.to_string());
        assert_eq!(window(0).as_deref(), Some("2026-05-21"));
        // Until the end of the day in Chicago: ten in the morning and fourteen hours.
        assert_eq!((window(14 * 24 + 13).is_some(), window(14 * 24 + 14)), (true, None));
        let approve =
            Decision::Determine { lines: vec![crate::cases::determination::LineOutcome::Approved], criteria: vec![] };
        let claimed = claim(routed(), R01, &nurse(), (&contract(), Holder::Works), at()).unwrap().unwrap().case;
        let approved = decide(claimed.clone(), R01, &nurse(), approve, &contract(), at()).unwrap().case;
        for case in [approved, claimed] {
            assert!(matches!(ask_at(case, asked(), 1), Err(ReviewError::NoTalk(_))));
        }
        assert_eq!(ask_until(&denied().requests[0], &arkansas_without(), at()), None);
    }

    fn arkansas_without() -> Contract {
        let mut contract = arkansas();
        contract.windows.peer_to_peer_days = 0;
        contract
    }

    #[test]
    fn it_names_the_provider_and_three_separate_times_to_come() {
        let time = |day, hour| datetime(2026, 5, day, hour, 0, 0, 0);
        let with = |times: Vec<DateTime>| wrong_at(ask_at(denied(), Asked { times, ..asked() }, 0));
        assert_eq!(with(vec![time(11, 9), time(11, 10)]), ["/times"]);
        assert_eq!(with(vec![]), ["/times"]);
        assert_eq!(with(vec![time(11, 9), time(11, 9), time(12, 9)]), ["/times/1/time"]);
        assert_eq!(with(vec![time(6, 9), time(7, 10), time(12, 9)]), ["/times/0/date", "/times/1/time"]);
        let far = datetime(2206, 5, 11, 9, 0, 0, 0);
        assert_eq!(with(vec![time(11, 9), time(12, 9), far]), ["/times/2/date"]);
        let nobody = Asked { provider: " ".into(), ..asked() };
        assert_eq!(wrong_at(ask_at(denied(), nobody, 0)), ["/provider"]);
    }

    #[test]
    fn staff_choose_a_time_and_note_what_became_of_it() {
        let times = open().requests[0].talks[0].times.clone();
        let after = *times.last().unwrap();
        let noted = |case: &Case, noted| note(case.clone(), R01, noted, after);
        assert_eq!(wrong_at(noted(&open(), Noted::Scheduled(later(5)))), ["/time"]);
        assert!(matches!(noted(&open(), Noted::Held("Agreed.".into())), Err(ReviewError::NoTalk(_))));
        assert!(matches!(noted(&denied(), Noted::Missed), Err(ReviewError::NoTalk(_))));
        let chosen = noted(&open(), Noted::Scheduled(times[1])).unwrap().unwrap().case;
        assert_eq!(chosen.requests[0].talk_to_come().map(|(_, time)| time), Some(times[1]));
        assert_eq!(noted(&chosen, Noted::Scheduled(times[1])), Ok(None));
        assert!(noted(&chosen, Noted::Scheduled(times[2])).unwrap().is_some(), "another time");
        let early = note(chosen.clone(), R01, Noted::Held("Agreed.".into()), later(2));
        assert!(matches!(early, Err(ReviewError::NoTalk(why)) if why.contains("still to come")), "{early:?}");
        let in_time = note(chosen.clone(), R01, Noted::Held("Agreed.".into()), times[1]);
        assert!(in_time.unwrap().is_some(), "from the chosen time on");
        assert!(
            note(chosen.clone(), R01, Noted::Missed, later(2)).unwrap().is_some(),
            "that it is not kept, before too"
        );
        assert_eq!(wrong_at(noted(&chosen, Noted::Held(" ".into()))), ["/outcome"]);
        let held = noted(&chosen, Noted::Held("The plan of care is sent again.".into())).unwrap().unwrap();
        assert!(matches!(held.events[..], [EventKind::TalkHeld { .. }]) && held.determination.is_none());
        assert_eq!((held.case.status(), held.case.requests[0].talk_to_come()), (Status::Modified, None));
        assert!(matches!(noted(&held.case, Noted::Missed), Err(ReviewError::NoTalk(_))));
        assert!(matches!(ask_at(held.case, asked(), 3), Err(ReviewError::NoTalk(_))));

        // After one that was missed another is asked for, three times at most.
        let mut case = denied();
        for _ in 0..MOST_TALKS {
            let open = ask_at(case, asked(), 1).unwrap().unwrap().case;
            case = noted(&open, Noted::Missed).unwrap().unwrap().case;
            assert_eq!(noted(&case, Noted::Missed), Ok(None));
        }
        assert!(matches!(ask_at(case, asked(), 3), Err(ReviewError::NoTalk(_))));
    }
}
