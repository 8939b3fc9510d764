//! Dates of service, and the two quantities of a line.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{field::AtField, wrong::Wrong};

/// First and last day of service, both included. The last is never before the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawPeriod")]
pub struct Period {
    from: Date,
    to: Date,
}

#[derive(Deserialize)]
struct RawPeriod {
    from: Date,
    to: Date,
}

impl TryFrom<RawPeriod> for Period {
    type Error = PeriodError;
    fn try_from(raw: RawPeriod) -> Result<Self, PeriodError> {
        Self::new(raw.from, raw.to)
    }
}

/// A period that ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The last day of service is before the first.")]
pub struct PeriodError;

impl AtField for PeriodError {
    fn wrong(&self) -> Wrong {
        Wrong::EndsBeforeItBegins
    }
}

impl Period {
    /// From the first to the last day.
    ///
    /// # Errors
    /// When `to` is before `from`.
    pub fn new(from: Date, to: Date) -> Result<Self, PeriodError> {
        if to < from { Err(PeriodError) } else { Ok(Self { from, to }) }
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn to(self) -> Date {
        self.to
    }

    /// How many days it covers, at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::try_from((self.to - self.from).get_days()).unwrap_or(0) + 1
    }

    /// The days that are in both, if any are.
    #[must_use]
    pub fn shared(self, other: Period) -> Option<Period> {
        Self::new(self.from.max(other.from), self.to.min(other.to)).ok()
    }

    /// Whether every day of `other` is also one of this period.
    #[must_use]
    pub fn contains(self, other: Period) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// A count of units, at least 1; what one unit is says the contract's code rule (CASE-14).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Units(u32);

/// Requested duration in days, at least 1: 30 with a quantity of 12 means 12 visits within 30 days (CASE-14).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Days(u32);

/// A count out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// Units.
    #[error("The quantity is a whole number of units from 1 to 99,999.")]
    Units,
    /// Days.
    #[error("The duration is a whole number of days from 1 to 1,096.")]
    Days,
}

impl AtField for CountError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Units => Wrong::OutOfRange { least: 1, most: 99_999 },
            Self::Days => Wrong::OutOfRange { least: 1, most: 1096 },
        }
    }
}

impl TryFrom<u32> for Units {
    type Error = CountError;
    fn try_from(count: u32) -> Result<Self, CountError> {
        if (1..=99_999).contains(&count) { Ok(Self(count)) } else { Err(CountError::Units) }
    }
}

impl From<Units> for u32 {
    fn from(units: Units) -> u32 {
        units.0
    }
}

impl TryFrom<u32> for Days {
    type Error = CountError;
    fn try_from(count: u32) -> Result<Self, CountError> {
        if (1..=1096).contains(&count) { Ok(Self(count)) } else { Err(CountError::Days) }
    }
}

impl From<Days> for u32 {
    fn from(days: Days) -> u32 {
        days.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// REQ: CASE-14
    #[test]
    fn a_period_counts_both_ends_and_never_ends_before_it_begins() {
        let day = date(2026, 5, 7);
        assert_eq!(Period::new(day, day).unwrap().days(), 1);
        assert_eq!(Period::new(day, date(2026, 6, 5)).unwrap().days(), 30);
        assert_eq!(Period::new(day, date(2026, 5, 6)), Err(PeriodError));
        assert!(serde_json::from_str::<Period>(r#"{"from":"2026-05-07","to":"2026-05-06"}"#).is_err());
    }

    /// REQ: CASE-14
    #[test]
    fn zero_is_no_quantity_and_no_duration() {
        assert_eq!(Units::try_from(0), Err(CountError::Units));
        assert_eq!(Days::try_from(0), Err(CountError::Days));
        assert!(Units::try_from(12).is_ok() && Days::try_from(30).is_ok());
    }
}
