//! A closed day of a business calendar as people write it: a rule that holds every year, or a single date (REV-07).

use std::{fmt, str::FromStr};

use jiff::civil::{Date, Weekday};

/// A holiday: `July 4, observed on the nearest weekday`, `fourth Thursday of November`, `day after the fourth Thursday of November`,
/// `Good Friday`, or one date, `2027-03-15`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holiday {
    day: Day,
    observed: Observed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Day {
    Once(Date),
    Yearly {
        month: i8,
        day: i8,
    },
    /// -1 is the last one.
    Weekday {
        nth: i8,
        weekday: Weekday,
        month: i8,
        after: bool,
    },
    GoodFriday,
}

/// What is closed when a day of the month falls on a weekend.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Observed {
    AsItFalls,
    /// Of a Saturday the Friday before, of a Sunday the Monday after.
    NearestWeekday,
    /// Of a Sunday the Monday after; a Saturday stays one.
    MondayOfASunday,
}

const NEAREST: &str = "observed on the nearest weekday";
const MONDAY: &str = "observed on Monday if a Sunday";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];
const ORDINALS: [(i8, &str); 5] = [(1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (-1, "last")];

impl Holiday {
    /// Whether a day is closed for it.
    #[must_use]
    pub fn is_on(&self, date: Date) -> bool {
        match self.day {
            Day::Once(once) => once == date,
            // What falls on January 1, a Saturday, is observed in the year before.
            Day::Yearly { month, day } => (-1..=1)
                .filter_map(|years| Date::new(date.year().checked_add(years)?, month, day).ok())
                .any(|falls| self.observed.of(falls) == Some(date)),
            Day::Weekday { nth, weekday, month, after } => {
                let falls = if after { date.yesterday().ok() } else { Some(date) };
                falls.is_some_and(|falls| {
                    falls.month() == month && falls.nth_weekday_of_month(nth, weekday).is_ok_and(|nth| nth == falls)
                })
            }
            Day::GoodFriday => good_friday(date.year()) == Some(date),
        }
    }

    /// The date of one that is not every year.
    #[must_use]
    pub fn once(&self) -> Option<Date> {
        if let Day::Once(date) = self.day { Some(date) } else { None }
    }
}

impl Observed {
    fn of(self, falls: Date) -> Option<Date> {
        match (self, falls.weekday()) {
            (Self::NearestWeekday, Weekday::Saturday) => falls.yesterday().ok(),
            (Self::NearestWeekday | Self::MondayOfASunday, Weekday::Sunday) => falls.tomorrow().ok(),
            _ => Some(falls),
        }
    }
}

/// Two days before Easter by the Gregorian rule (Meeus, Astronomical Algorithms, chapter 8).
fn good_friday(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let leap = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - leap + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let day = epact + weekday - 7 * late + 114;
    let easter = Date::new(i16::try_from(year).ok()?, i8::try_from(day / 31).ok()?, i8::try_from(day % 31 + 1).ok()?);
    easter.ok()?.checked_sub(jiff::Span::new().days(2)).ok()
}

/// A holiday that nobody can find in a year.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "This is no holiday that can be counted. Write a day, as \"July 4, observed on the nearest weekday\", a weekday, as \"fourth Thursday of \
     November\" or \"day after the fourth Thursday of November\", \"Good Friday\", or a single date, as \"2027-03-15\"."
)]
pub struct HolidayError;

impl FromStr for Holiday {
    type Err = HolidayError;

    fn from_str(text: &str) -> Result<Self, HolidayError> {
        let (day, observed) = text.split_once(',').map_or((text, None), |(day, observed)| (day, Some(observed)));
        let words: Vec<String> = day.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "the").collect();
        let day = day_of(&words).ok_or(HolidayError)?;
        let observed = match observed.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()) {
            None => Observed::AsItFalls,
            // Only a day of the month falls on a weekend in some years and not in others.
            Some(_) if !matches!(day, Day::Yearly { .. }) => return Err(HolidayError),
            Some(text) if text == NEAREST => Observed::NearestWeekday,
            Some(text) if text == MONDAY.to_lowercase() => Observed::MondayOfASunday,
            Some(_) => return Err(HolidayError),
        };
        Ok(Self { day, observed })
    }
}

fn day_of(words: &[&str]) -> Option<Day> {
    match *words {
        ["good", "friday"] => Some(Day::GoodFriday),
        ["day", "after", ref rest @ ..] => match day_of(rest)? {
            Day::Weekday { nth, weekday, month, after: false } => {
                Some(Day::Weekday { nth, weekday, month, after: true })
            }
            Day::Once(_) | Day::Yearly { .. } | Day::Weekday { .. } | Day::GoodFriday => None,
        },
        [nth, weekday, "of" | "in", month] => {
            let (nth, _) = ORDINALS.into_iter().find(|(_, name)| *name == nth)?;
            let (weekday, _) = WEEKDAYS.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(weekday))?;
            Some(Day::Weekday { nth, weekday, month: month_of(month)?, after: false })
        }
        [one, other] => {
            let (month, day) = month_of(one).map_or_else(|| (month_of(other), one), |month| (Some(month), other));
            let (month, day) = (month?, number(day)?);
            // There is such a day in some year: a leap year has all of them.
            Date::new(2028, month, day).ok().map(|_| Day::Yearly { month, day })
        }
        [date] => date.parse().ok().map(Day::Once),
        _ => None,
    }
}

fn month_of(name: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
    i8::try_from(place + 1).ok()
}

/// `4`, `4th`, `1st`.
fn number(text: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = |month: i8| usize::try_from(month - 1).ok().and_then(|place| MONTHS.get(place)).unwrap_or(&"");
        match self.day {
            Day::Once(date) => write!(f, "{date}")?,
            Day::Yearly { month: of, day } => write!(f, "{} {day}", month(of))?,
            Day::Weekday { nth, weekday, month: of, after } => {
                let ordinal = ORDINALS.into_iter().find(|(number, _)| *number == nth).map_or("", |(_, name)| name);
                let name = WEEKDAYS.into_iter().find(|(day, _)| *day == weekday).map_or("", |(_, name)| name);
                let before = if after { "day after the " } else { "" };
                write!(f, "{before}{ordinal} {name} of {}", month(of))?;
            }
            Day::GoodFriday => f.write_str("Good Friday")?,
        }
        match self.observed {
            Observed::AsItFalls => Ok(()),
            Observed::NearestWeekday => write!(f, ", {NEAREST}"),
            Observed::MondayOfASunday => write!(f, ", {MONDAY}"),
        }
    }
}
crate::id::text_serde!(Holiday);

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn in_year(rule: &str, year: i16) -> Vec<Date> {
        let holiday: Holiday = rule.parse().unwrap();
        date(year, 1, 1)
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.year() == year)
            .filter(|day| holiday.is_on(*day))
            .collect()
    }

    #[test]
    fn a_rule_closes_its_day_in_every_year() {
        for (rule, year, days) in [
            ("fourth Thursday of November", 2026, vec![date(2026, 11, 26)]),
            ("The day after the fourth Thursday of November", 2029, vec![date(2029, 11, 23)]),
            ("last Monday in May", 2027, vec![date(2027, 5, 31)]),
            ("25 December", 2027, vec![date(2027, 12, 25)]),
            ("December 25, observed on the nearest weekday", 2027, vec![date(2027, 12, 24)]),
            ("July 4th, observed on the nearest weekday", 2027, vec![date(2027, 7, 5)]),
            ("July 4, observed on Monday if a Sunday", 2027, vec![date(2027, 7, 5)]),
            ("July 4, observed on Monday if a Sunday", 2026, vec![date(2026, 7, 4)]),
            // New Year's Day of 2028 is a Saturday: 2027 has two, 2028 none.
            ("january 1,  Observed on the nearest weekday", 2027, vec![date(2027, 1, 1), date(2027, 12, 31)]),
            ("January 1, observed on the nearest weekday", 2028, vec![]),
            ("Good Friday", 2026, vec![date(2026, 4, 3)]),
            ("Good Friday", 2038, vec![date(2038, 4, 23)]),
            ("February 29", 2028, vec![date(2028, 2, 29)]),
            ("February 29", 2027, vec![]),
            ("2027-03-15", 2027, vec![date(2027, 3, 15)]),
            ("2027-03-15", 2028, vec![]),
        ] {
            assert_eq!(in_year(rule, year), days, "{rule} in {year}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        for text in [
            "",
            "Christmas",
            "February 30",
            "31 June",
            "July 0",
            "July -4",
            "July +4",
            "July 4 2026",
            "fifth Monday of May",
            "fourth Thursday November",
            "fourth Thursday of November, observed on the nearest weekday",
            "2026-12-25, observed on the nearest weekday",
            "July 4, observed",
            "July 4,",
            "day after July 4",
            "day after the day after the fourth Thursday of November",
            "2026-02-30",
        ] {
            assert_eq!(text.parse::<Holiday>(), Err(HolidayError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(month in 1_i8..=12, day in 1_i8..=31, nth in 0_usize..5, weekday in 0_usize..7, how in 0_u8..7) {
            let (name, of) = (MONTHS[usize::try_from(month - 1).unwrap()], WEEKDAYS[weekday].1);
            let text = match how {
                0 => format!("{name} {day}"),
                1 => format!("{name} {day}, {NEAREST}"),
                2 => format!("{name} {day}, {MONDAY}"),
                3 => format!("{} {of} of {name}", ORDINALS[nth].1),
                4 => format!("day after the {} {of} of {name}", ORDINALS[nth].1),
                5 => "Good Friday".to_owned(),
                _ => format!("2027-{month:02}-{day:02}"),
            };
            match text.parse::<Holiday>() {
                Ok(holiday) => prop_assert_eq!(holiday.to_string(), text),
                Err(HolidayError) => prop_assert!(Date::new(2028, month, day).is_err() || Date::new(2027, month, day).is_err()),
            }
        }
    }
}
