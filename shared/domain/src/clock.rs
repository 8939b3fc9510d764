//! Clocks: a ledger of what happened to a time limit, from which the due instant is computed (REV-09).

use jiff::{Timestamp, ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;

/// A time limit of a contract: an amount of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TimeLimit {
    /// How many.
    pub amount: u32,
    /// Of what.
    pub unit: TimeUnit,
}

/// What a time limit counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeUnit {
    /// Hours of elapsed time, day and night.
    Hours,
    /// Days of the calendar; due at the end of the last one. The day that counts as received is not counted.
    CalendarDays,
    /// Open days of the contract's calendar; due at the end of the last one. The received day is not counted.
    BusinessDays,
}

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = match self.unit {
            TimeUnit::Hours => "hour",
            TimeUnit::CalendarDays => "calendar day",
            TimeUnit::BusinessDays => "business day",
        };
        write!(f, "{} {unit}{}", self.amount, if self.amount == 1 { "" } else { "s" })
    }
}

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What happened to the clock.
    pub what: Tick,
    /// Why, in words for the timeline.
    pub reason: String,
    /// Version of the contract whose rule was used.
    pub rule_version: String,
    /// When the limit ends from here on, by the calendar of that time. A later calendar moves nothing (REV-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// What can happen to a clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tick {
    /// Time counts from here.
    Started,
    /// Time stands still.
    Paused,
    /// Time goes on.
    Resumed,
    /// The limit grew by this many of its units.
    Extended(u32),
    /// Done in time.
    Met,
    /// Not done in time.
    Missed,
    /// Nothing has to be done any more, and its time was not over.
    Stopped,
}

/// A running or ended time limit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clock {
    /// The limit in force when the clock started.
    pub limit: TimeLimit,
    /// What happened, in order; begins with [`Tick::Started`].
    pub ledger: Vec<Entry>,
}

/// A step that a clock cannot take now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// It is already standing still, or already running.
    #[error("the clock is already {0}")]
    Already(&'static str),
    /// Nothing changes after the end.
    #[error("the clock has ended")]
    Ended,
}

impl Clock {
    /// A clock started by what was received at `at`.
    #[must_use]
    pub fn start(limit: TimeLimit, at: Timestamp, reason: String, rule_version: String) -> Self {
        Self { limit, ledger: vec![Entry { at, what: Tick::Started, reason, rule_version, due: None }] }
    }

    /// The clock with its due instant as this calendar gives it now, for good, and with the reason in words: when it was
    /// received, from which day that counts and why, and when it is due (REV-09, REV-12).
    #[must_use]
    pub fn frozen(mut self, calendar: &Calendar) -> Self {
        let due = self.counted(calendar);
        if let (Some(entry), Some(due)) = (self.ledger.last_mut(), due) {
            entry.due = Some(due);
            let (day, why) = calendar.counted_from(entry.at);
            let received = calendar.time_zone.in_words(entry.at);
            let counts = match self.limit.unit {
                TimeUnit::Hours => String::new(),
                TimeUnit::CalendarDays | TimeUnit::BusinessDays => {
                    format!("; counted from {}, {why}", day.strftime("%B %-d, %Y"))
                }
            };
            let words = format!(" Received {received}{counts}; due {}.", calendar.time_zone.in_words(due));
            entry.reason.push_str(&words);
        }
        self
    }

    /// The clock whose limit moved with its last entry, with the new due instant for good, and in words.
    #[must_use]
    pub fn moved(mut self, calendar: &Calendar) -> Self {
        let due = self.counted(calendar);
        if let (Some(entry), Some(due)) = (self.ledger.last_mut(), due) {
            entry.due = Some(due);
            entry.reason.push_str(&format!(" Due {}.", calendar.time_zone.in_words(due)));
        }
        self
    }

    /// Notes a pause, its end, an extension, or the end of the clock.
    ///
    /// # Errors
    /// When the clock has ended, or already is what the tick would make it.
    pub fn tick(mut self, what: Tick, at: Timestamp, reason: String) -> Result<Self, ClockError> {
        match (self.ended(), self.is_paused(), what) {
            (true, _, _) => return Err(ClockError::Ended),
            (_, true, Tick::Paused) => return Err(ClockError::Already("paused")),
            (_, false, Tick::Resumed) | (_, _, Tick::Started) => return Err(ClockError::Already("running")),
            (false, _, Tick::Paused | Tick::Resumed | Tick::Extended(_) | Tick::Met | Tick::Missed | Tick::Stopped) => {
            }
        }
        let rule_version = self.ledger.first().map(|first| first.rule_version.clone()).unwrap_or_default();
        self.ledger.push(Entry { at, what, reason, rule_version, due: None });
        Ok(self)
    }

    /// Ends the clock at `at`: met when not yet due, else missed.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn end(self, at: Timestamp, calendar: &Calendar, reason: String) -> Result<Self, ClockError> {
        let what = if self.due(calendar).is_none_or(|due| at <= due) { Tick::Met } else { Tick::Missed };
        self.tick(what, at, reason)
    }

    /// Ends the clock at `at` because nothing has to be done any more: neither met nor missed, unless it was due before.
    ///
    /// # Errors
    /// When it has ended before.
    pub fn stop(self, at: Timestamp, calendar: &Calendar, reason: String) -> Result<Self, ClockError> {
        let what = if self.due(calendar).is_none_or(|due| at <= due) { Tick::Stopped } else { Tick::Missed };
        self.tick(what, at, reason)
    }

    /// When it was started.
    #[must_use]
    pub fn started(&self) -> Option<Timestamp> {
        self.ledger.first().map(|first| first.at)
    }

    /// Whether it was met, missed or stopped.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ledger.iter().any(|entry| matches!(entry.what, Tick::Met | Tick::Missed | Tick::Stopped))
    }

    /// Whether time stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.ledger.iter().fold(false, |paused, entry| match entry.what {
            Tick::Paused => true,
            Tick::Resumed => false,
            Tick::Started | Tick::Extended(_) | Tick::Met | Tick::Missed | Tick::Stopped => paused,
        })
    }

    /// When the limit ends; `None` while time stands still. Frozen where the ledger says so, else counted by this calendar.
    #[must_use]
    pub fn due(&self, calendar: &Calendar) -> Option<Timestamp> {
        let moved = self.ledger.iter().rposition(|entry| matches!(entry.what, Tick::Resumed | Tick::Extended(_)));
        let frozen = self.ledger.iter().rposition(|entry| entry.due.is_some());
        match (frozen, moved) {
            (Some(place), moved) if moved.is_none_or(|moved| moved <= place) && (!self.is_paused() || self.ended()) => {
                self.ledger.get(place)?.due
            }
            _ => self.counted(calendar),
        }
    }

    fn counted(&self, calendar: &Calendar) -> Option<Timestamp> {
        let start = self.ledger.first()?.at;
        let mut amount = self.limit.amount;
        let (mut paused, mut stood): (Option<Timestamp>, Vec<(Timestamp, Timestamp)>) = (None, Vec::new());
        for entry in &self.ledger {
            match entry.what {
                Tick::Paused => paused = Some(entry.at),
                Tick::Resumed => stood.extend(paused.take().map(|since| (since, entry.at))),
                Tick::Extended(more) => amount = amount.saturating_add(more),
                Tick::Started | Tick::Met | Tick::Missed | Tick::Stopped => {}
            }
        }
        if paused.is_some() && !self.ended() {
            return None;
        }
        let dates =
            |(from, to): &(Timestamp, Timestamp)| (calendar.time_zone.date_at(*from), calendar.time_zone.date_at(*to));
        match self.limit.unit {
            TimeUnit::Hours => {
                let standing: i64 = stood.iter().map(|(from, to)| (to.as_second() - from.as_second()).max(0)).sum();
                let total = i64::from(amount).saturating_mul(3600).saturating_add(standing);
                Timestamp::from_second(start.as_second().saturating_add(total)).ok()
            }
            TimeUnit::CalendarDays => {
                let standing: i32 = stood.iter().map(dates).map(|(from, to)| (to - from).get_days()).sum();
                let days = i32::try_from(amount).unwrap_or(i32::MAX).saturating_add(standing);
                Some(calendar.end_of(plus_days(calendar.counts_from(start), days)))
            }
            TimeUnit::BusinessDays => {
                let standing: u32 =
                    stood.iter().map(dates).map(|(from, to)| calendar.business_days_between(from, to)).sum();
                let day = calendar.plus_business_days(calendar.counts_from(start), amount.saturating_add(standing));
                Some(calendar.end_of(day))
            }
        }
    }
}

fn plus_days(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::tests::chicago;
    use proptest::prelude::*;

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
        let ended =
            clock(2, TimeUnit::BusinessDays, "2026-05-07T15:00:00Z").end(at, &chicago(), "done".into()).unwrap();
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
    }
}
