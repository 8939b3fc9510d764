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
    /// The limit grew by this many days of the calendar, whatever it counts (42 CFR 438.210(d)(1)(ii)).
    Extended(u32),
    /// It was not done when it was due, and those who lead were told: it is still to be done.
    Escalated,
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
            // What stands still is neither late nor given more time.
            (_, true, Tick::Paused | Tick::Extended(_) | Tick::Escalated) => return Err(ClockError::Already("paused")),
            (_, false, Tick::Resumed) | (_, _, Tick::Started) => return Err(ClockError::Already("running")),
            (false, false, Tick::Paused | Tick::Extended(_) | Tick::Escalated)
            | (false, true, Tick::Resumed)
            | (false, _, Tick::Met | Tick::Missed | Tick::Stopped) => {}
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
            Tick::Started | Tick::Extended(_) | Tick::Escalated | Tick::Met | Tick::Missed | Tick::Stopped => paused,
        })
    }

    /// Whether the limit grew.
    #[must_use]
    pub fn extended(&self) -> bool {
        self.ledger.iter().any(|entry| matches!(entry.what, Tick::Extended(_)))
    }

    /// Since when those who lead know that it was not done in time; `None` when it is not late, or a later limit holds.
    #[must_use]
    pub fn escalated(&self, calendar: &Calendar) -> Option<Timestamp> {
        let due = self.due(calendar).filter(|_| !self.ended())?;
        let told = self.ledger.iter().filter(|entry| entry.what == Tick::Escalated).map(|entry| entry.at);
        told.filter(|at| *at > due).min()
    }

    /// When something follows from the limit by itself: when it ends, unless that was carried out (REV-09).
    #[must_use]
    pub fn expires(&self, calendar: &Calendar) -> Option<Timestamp> {
        self.due(calendar).filter(|_| !self.ended() && self.escalated(calendar).is_none())
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
        let (amount, mut more) = (self.limit.amount, 0_u32);
        let (mut paused, mut stood): (Option<Timestamp>, Vec<(Timestamp, Timestamp)>) = (None, Vec::new());
        for entry in &self.ledger {
            match entry.what {
                Tick::Paused => paused = Some(entry.at),
                Tick::Resumed => stood.extend(paused.take().map(|since| (since, entry.at))),
                Tick::Extended(days) => more = more.saturating_add(days),
                Tick::Started | Tick::Escalated | Tick::Met | Tick::Missed | Tick::Stopped => {}
            }
        }
        if paused.is_some() && !self.ended() {
            return None;
        }
        let dates =
            |(from, to): &(Timestamp, Timestamp)| (calendar.time_zone.date_at(*from), calendar.time_zone.date_at(*to));
        // An extension is of days of the calendar, after what the limit counts.
        let more = i32::try_from(more).unwrap_or(i32::MAX);
        match self.limit.unit {
            TimeUnit::Hours => {
                let standing: i64 = stood.iter().map(|(from, to)| (to.as_second() - from.as_second()).max(0)).sum();
                let hours = i64::from(amount).saturating_add(i64::from(more).saturating_mul(24));
                let total = hours.saturating_mul(3600).saturating_add(standing);
                Timestamp::from_second(start.as_second().saturating_add(total)).ok()
            }
            TimeUnit::CalendarDays => {
                let standing: i32 = stood.iter().map(dates).map(|(from, to)| (to - from).get_days()).sum();
                let days = i32::try_from(amount).unwrap_or(i32::MAX).saturating_add(standing).saturating_add(more);
                Some(calendar.end_of(plus_days(calendar.counts_from(start), days)))
            }
            TimeUnit::BusinessDays => {
                let standing: u32 =
                    stood.iter().map(dates).map(|(from, to)| calendar.business_days_between(from, to)).sum();
                let day = calendar.plus_business_days(calendar.counts_from(start), amount.saturating_add(standing));
                Some(calendar.end_of(plus_days(day, more)))
            }
        }
    }
}

fn plus_days(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(Date::MAX)
}
