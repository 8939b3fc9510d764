//! Clocks: what was received when is due when, whatever happens meanwhile.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::{
    calendar::tests::chicago,
    clock::{Clock, ClockError, Tick, TimeLimit, TimeUnit},
};

fn clock(amount: u32, unit: TimeUnit, at: &str) -> Clock {
    Clock::start(TimeLimit { amount, unit }, at.parse().unwrap(), "received".into(), "1".into())
}

/// REQ: REV-07
#[test]
fn nine_calendar_days_end_with_the_ninth_day_in_chicago() {
    // Thursday 7 May 2026 at 10:00 in Chicago.
    let due = clock(9, TimeUnit::CalendarDays, "2026-05-07T15:00:00Z").due(&chicago());
    assert_eq!(due.unwrap().to_string(), "2026-05-17T04:59:59Z");
}

/// REQ: REV-07, CASE-26
#[test]
fn two_business_days_pass_over_a_weekend_and_a_holiday() {
    // Friday 22 May 2026, 20:00 in Chicago, before Memorial Day: counts from Tuesday, due on Thursday.
    let due = clock(2, TimeUnit::BusinessDays, "2026-05-23T01:00:00Z").due(&chicago());
    assert_eq!(due.unwrap().to_string(), "2026-05-29T04:59:59Z");
}

/// REQ: REV-08
#[test]
fn seventy_two_hours_are_elapsed_time_also_when_clocks_change() {
    let due = clock(72, TimeUnit::Hours, "2026-03-07T12:00:00Z").due(&chicago());
    assert_eq!(due.unwrap().to_string(), "2026-03-10T12:00:00Z");
}

/// REQ: REV-09
#[test]
fn nothing_happens_to_an_ended_clock() {
    let at: Timestamp = "2026-05-08T15:00:00Z".parse().unwrap();
    let ended = clock(2, TimeUnit::BusinessDays, "2026-05-07T15:00:00Z").end(at, &chicago(), "done".into()).unwrap();
    assert_eq!(ended.ledger.last().unwrap().what, Tick::Met);
    assert_eq!(ended.tick(Tick::Paused, at, String::new()), Err(ClockError::Ended));
    let late: Timestamp = "2026-06-08T15:00:00Z".parse().unwrap();
    let missed = clock(2, TimeUnit::BusinessDays, "2026-05-07T15:00:00Z").end(late, &chicago(), "late".into());
    assert_eq!(missed.unwrap().ledger.last().unwrap().what, Tick::Missed);
}

/// REQ: REV-12
#[test]
fn a_later_calendar_does_not_move_what_is_due() {
    let mut later = chicago();
    later.open_days.clear();
    later.holidays.clear();
    later.time_zone = "America/New_York".parse().unwrap();
    for unit in [TimeUnit::CalendarDays, TimeUnit::BusinessDays] {
        let clock = clock(2, unit, "2026-05-23T01:00:00Z").frozen(&chicago());
        let due = clock.due(&chicago());
        assert_eq!((clock.ledger[0].due, clock.due(&later)), (due, due));
        assert_eq!((clock.limit, clock.ledger[0].rule_version.as_str()), (TimeLimit { amount: 2, unit }, "1"));
        let ended = clock.clone().end(due.unwrap(), &later, "done".into()).unwrap();
        assert_eq!((ended.ledger[1].what, ended.due(&later)), (Tick::Met, due));
        let kept: Clock = serde_json::from_str(&serde_json::to_string(&ended).unwrap()).unwrap();
        assert_eq!(kept, ended);
    }
    let two = clock(2, TimeUnit::BusinessDays, "2026-05-23T01:00:00Z").frozen(&chicago());
    assert_eq!(
        two.ledger[0].reason,
        "received Received May 22, 2026 at 8:00 PM CDT; counted from May 26, 2026, as it came after closing; due May 28, \
         2026 at 11:59 PM CDT."
    );
}

fn any_unit() -> impl Strategy<Value = TimeUnit> {
    prop_oneof![Just(TimeUnit::Hours), Just(TimeUnit::CalendarDays), Just(TimeUnit::BusinessDays)]
}

proptest! {
    /// REQ: REV-09
    #[test]
    fn pausing_never_brings_the_due_time_forward(
        amount in 1u32..40, unit in any_unit(), start in 1_750_000_000i64..1_800_000_000,
        wait in 0i64..2_000_000, stand in 0i64..4_000_000,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let clock = Clock::start(TimeLimit { amount, unit }, at(start), "received".into(), "1".into());
        let before = clock.due(&chicago()).unwrap();
        let paused = clock.tick(Tick::Paused, at(start + wait), "asked".into()).unwrap();
        prop_assert_eq!(paused.due(&chicago()), None);
        let resumed = paused.tick(Tick::Resumed, at(start + wait + stand), "answered".into()).unwrap();
        prop_assert!(resumed.due(&chicago()).unwrap() >= before);
    }

    /// REQ: REV-07
    #[test]
    fn business_days_never_end_on_a_closed_day(amount in 1u32..40, start in 1_750_000_000i64..1_800_000_000) {
        let calendar = chicago();
        let limit = TimeLimit { amount, unit: TimeUnit::BusinessDays };
        let due = Clock::start(limit, Timestamp::from_second(start).unwrap(), "r".into(), "1".into()).due(&calendar);
        prop_assert!(calendar.is_open(calendar.time_zone.date_at(due.unwrap())));
    }

    /// REQ: REV-07
    #[test]
    fn a_due_time_is_after_the_start_in_any_season(amount in 1u32..40, unit in any_unit(), start in 1_750_000_000i64..1_800_000_000) {
        let limit = TimeLimit { amount, unit };
        let start = Timestamp::from_second(start).unwrap();
        prop_assert!(Clock::start(limit, start, "r".into(), "1".into()).due(&chicago()).unwrap() > start);
    }

    #[test]
    fn an_extension_is_of_days_of_the_calendar_whatever_the_limit_counts(
        amount in 1u32..40, unit in any_unit(), start in 1_750_000_000i64..1_800_000_000, days in 1u32..=14,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let calendar = chicago();
        let clock = Clock::start(TimeLimit { amount, unit }, at(start), "received".into(), "1".into()).frozen(&calendar);
        let before = clock.due(&calendar).unwrap();
        let more = clock.tick(Tick::Extended(days), at(start + 60), "more".into()).unwrap();
        let counted = more.due(&calendar).unwrap();
        let frozen = more.clone().moved(&calendar);
        prop_assert_eq!(frozen.ledger[1].due, Some(counted), "what is frozen is what is counted");
        prop_assert_eq!(frozen.due(&calendar), Some(counted));
        if unit == TimeUnit::Hours {
            prop_assert_eq!(counted.as_second() - before.as_second(), i64::from(days) * 86_400);
        } else {
            let day = |due| calendar.time_zone.date_at(due);
            prop_assert_eq!((day(counted) - day(before)).get_days(), i32::try_from(days).unwrap());
            prop_assert_eq!(counted, calendar.end_of(day(counted)), "to the end of the last day");
        }
    }

    #[test]
    fn what_stood_still_and_an_extension_add_up_in_any_order(
        amount in 1u32..40, unit in any_unit(), start in 1_750_000_000i64..1_800_000_000,
        wait in 0i64..500_000, stand in 0i64..2_000_000, days in 1u32..=14,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let calendar = chicago();
        let clock = Clock::start(TimeLimit { amount, unit }, at(start), "received".into(), "1".into());
        let alone = clock.clone().tick(Tick::Extended(days), at(start), "more".into()).unwrap().due(&calendar).unwrap();
        let pause = |clock: Clock| {
            let paused = clock.tick(Tick::Paused, at(start + wait), "asked".into()).unwrap();
            assert!(paused.clone().tick(Tick::Extended(1), at(start + wait), String::new()).is_err());
            assert!(paused.expires(&calendar).is_none(), "what stands still does not expire");
            paused.tick(Tick::Resumed, at(start + wait + stand), "answered".into()).unwrap()
        };
        let more = |clock: Clock, when| clock.tick(Tick::Extended(days), at(when), "more".into()).unwrap();
        let first = pause(more(clock.clone(), start)).due(&calendar).unwrap();
        let last = more(pause(clock), start + wait + stand).due(&calendar).unwrap();
        prop_assert_eq!(first, last);
        prop_assert!(first >= alone, "a pause brings nothing forward");
    }

    #[test]
    fn what_was_escalated_expires_once_for_each_time_that_it_was_due(
        amount in 1u32..40, unit in any_unit(), start in 1_750_000_000i64..1_800_000_000, late in 1i64..400_000,
        stand in 0i64..4_000_000,
    ) {
        let at = |second| Timestamp::from_second(second).unwrap();
        let calendar = chicago();
        let clock = Clock::start(TimeLimit { amount, unit }, at(start), "received".into(), "1".into()).frozen(&calendar);
        let due = clock.due(&calendar).unwrap();
        prop_assert_eq!((clock.expires(&calendar), clock.escalated(&calendar)), (Some(due), None));
        let told = at(due.as_second() + late);
        let clock = clock.tick(Tick::Escalated, told, "late".into()).unwrap();
        prop_assert_eq!((clock.expires(&calendar), clock.escalated(&calendar)), (None, Some(told)));
        prop_assert_eq!((clock.due(&calendar), clock.ended()), (Some(due), false), "it is still to be done");
        let paused = clock.tick(Tick::Paused, told, "asked".into()).unwrap();
        let resumed = paused.tick(Tick::Resumed, at(told.as_second() + stand), "answered".into()).unwrap();
        let later = resumed.moved(&calendar);
        let due = later.due(&calendar).unwrap();
        prop_assert_eq!(later.expires(&calendar), (due >= told).then_some(due));
        let ended = later.end(at(told.as_second() + stand), &calendar, "done".into()).unwrap();
        prop_assert_eq!((ended.expires(&calendar), ended.escalated(&calendar)), (None, None));
    }
}
