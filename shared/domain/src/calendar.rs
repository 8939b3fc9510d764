//! A contract's business calendar: which days are open, and when a day's work begins.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

use crate::holiday::Holiday;

/// Open days, opening hours, holidays and time zone of a contract (REV-07).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Calendar {
    /// IANA name; every date of the contract is a date there.
    pub time_zone: Zone,
    /// Days of the week on which work is done.
    pub open_days: Vec<OpenDay>,
    /// When an open day begins.
    pub opens: Time,
    /// When it ends: what arrives later counts by `after_hours`.
    pub closes: Time,
    /// Which day a request that arrives after closing counts from.
    pub after_hours: AfterHours,
    /// Closed days: rules that hold every year, and single dates.
    pub holidays: Vec<Holiday>,
}

/// A time zone that exists, by its IANA name.
#[derive(Clone, PartialEq, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone's rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.0
    }

    /// The calendar date there at an instant.
    #[must_use]
    pub fn date_at(&self, at: Timestamp) -> Date {
        self.0.to_datetime(at).date()
    }

    /// The instant of a time as clocks show it there. One that they skip is the one that they show instead.
    #[must_use]
    pub fn instant(&self, time: DateTime) -> Option<Timestamp> {
        self.0.to_ambiguous_timestamp(time).compatible().ok()
    }

    /// An instant as people there say it, with the zone's letters: "May 7, 2026 at 10:00 AM CDT".
    #[must_use]
    pub fn in_words(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.0.clone()).strftime("%B %-d, %Y at %-I:%M %p %Z").to_string()
    }
}

/// A time zone nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not an IANA time zone, as America/Chicago.")]
pub struct ZoneError;

impl std::str::FromStr for Zone {
    type Err = ZoneError;
    fn from_str(name: &str) -> Result<Self, ZoneError> {
        TimeZone::get(name).map(Self).map_err(|_| ZoneError)
    }
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}
crate::id::text_serde!(Zone);

/// Day of the week by its short English name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "days of the week")]
pub enum OpenDay {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl OpenDay {
    fn weekday(self) -> Weekday {
        match self {
            Self::Mon => Weekday::Monday,
            Self::Tue => Weekday::Tuesday,
            Self::Wed => Weekday::Wednesday,
            Self::Thu => Weekday::Thursday,
            Self::Fri => Weekday::Friday,
            Self::Sat => Weekday::Saturday,
            Self::Sun => Weekday::Sunday,
        }
    }
}

/// The day from which a request counts that arrives after closing or on a closed day (CASE-26).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterHours {
    /// The day it arrived.
    SameDay,
    /// The next open day.
    NextBusinessDay,
}

impl Calendar {
    /// Whether work is done on this day.
    #[must_use]
    pub fn is_open(&self, day: Date) -> bool {
        self.open_days.iter().any(|open| open.weekday() == day.weekday())
            && !self.holidays.iter().any(|holiday| holiday.is_on(day))
    }

    /// The day from which time counts for something received at `at`.
    #[must_use]
    pub fn counts_from(&self, at: Timestamp) -> Date {
        self.counted_from(at).0
    }

    /// The same, with the reason in words.
    #[must_use]
    pub fn counted_from(&self, at: Timestamp) -> (Date, &'static str) {
        let local = self.time_zone.rules().to_datetime(at);
        let (day, late) = (local.date(), local.time() >= self.closes);
        match self.after_hours {
            AfterHours::SameDay => (day, "the day it came"),
            AfterHours::NextBusinessDay if self.is_open(day) && !late => (day, "the day it came"),
            AfterHours::NextBusinessDay if self.is_open(day) => {
                (self.plus_business_days(day, 1), "as it came after closing")
            }
            AfterHours::NextBusinessDay => (self.plus_business_days(day, 1), "as it came on a closed day"),
        }
    }

    /// The last day that is closed as a holiday, where none comes every year: what is counted beyond it is counted too short.
    #[must_use]
    pub fn ends(&self) -> Option<Date> {
        self.holidays.iter().map(Holiday::once).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The `count`-th open day after `day`.
    #[must_use]
    pub fn plus_business_days(&self, day: Date, count: u32) -> Date {
        let mut left = count;
        // A calendar without an open day in a year would be a mistake in the pack; the bound keeps it from looping.
        day.series(jiff::Span::new().days(1))
            .skip(1)
            .take(366 * 3)
            .find(|next| {
                left -= u32::from(self.is_open(*next) && left > 0);
                left == 0 && self.is_open(*next)
            })
            .unwrap_or(day)
    }

    /// How many open days lie after `from` up to and including `to`.
    #[must_use]
    pub fn business_days_between(&self, from: Date, to: Date) -> u32 {
        let days = from.series(jiff::Span::new().days(1)).skip(1).take_while(|day| *day <= to);
        u32::try_from(days.filter(|day| self.is_open(*day)).count()).unwrap_or(u32::MAX)
    }

    /// The last second of a day there, also where clocks change.
    #[must_use]
    pub fn end_of(&self, day: Date) -> Timestamp {
        let end = day.at(23, 59, 59, 0);
        self.time_zone.rules().to_ambiguous_timestamp(end).later().unwrap_or(Timestamp::MAX)
    }
}

/// The last day on which something may be asked that is open for `days` after a date.
#[must_use]
pub fn window_end(date: Date, days: u32) -> Date {
    date.checked_add(i64::from(days).days()).unwrap_or(Date::MAX)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    pub(crate) fn chicago() -> Calendar {
        Calendar {
            time_zone: "America/Chicago".parse().unwrap(),
            open_days: vec![OpenDay::Mon, OpenDay::Tue, OpenDay::Wed, OpenDay::Thu, OpenDay::Fri],
            opens: jiff::civil::time(8, 0, 0, 0),
            closes: jiff::civil::time(17, 0, 0, 0),
            after_hours: AfterHours::NextBusinessDay,
            holidays: vec!["last Monday of May".parse().unwrap()],
        }
    }

    /// REQ: REV-07, CASE-26
    #[test]
    fn a_friday_evening_counts_from_the_next_open_day() {
        let calendar = chicago();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        // Friday 22 May 2026, 16:59 and 17:00 in Chicago; Monday the 25th is Memorial Day.
        assert_eq!(calendar.counts_from(at("2026-05-22T21:59:00Z")), date(2026, 5, 22));
        assert_eq!(calendar.counts_from(at("2026-05-22T22:00:00Z")), date(2026, 5, 26));
        assert_eq!(calendar.counts_from(at("2026-05-24T15:00:00Z")), date(2026, 5, 26));
        let always = Calendar { after_hours: AfterHours::SameDay, ..calendar };
        assert_eq!(always.counts_from(at("2026-05-24T15:00:00Z")), date(2026, 5, 24));
    }

    /// REQ: REV-07
    #[test]
    fn business_days_skip_weekends_and_holidays() {
        let calendar = chicago();
        assert_eq!(calendar.plus_business_days(date(2026, 5, 22), 1), date(2026, 5, 26));
        assert_eq!(calendar.plus_business_days(date(2026, 5, 26), 2), date(2026, 5, 28));
        assert_eq!(calendar.business_days_between(date(2026, 5, 22), date(2026, 5, 28)), 3);
    }

    /// REQ: REV-07
    #[test]
    fn the_end_of_a_day_is_local_also_when_clocks_change() {
        let calendar = chicago();
        assert_eq!(calendar.end_of(date(2026, 3, 7)).to_string(), "2026-03-08T05:59:59Z");
        assert_eq!(calendar.end_of(date(2026, 3, 8)).to_string(), "2026-03-09T04:59:59Z");
    }
}
