use std::ops::RangeInclusive;

use jiff::civil::{Date, Weekday, date};
use portico_domain::{
    calendar::AfterHours,
    clock::{Clock, TimeLimit, TimeUnit},
};

use super::{NAMES, contract};

/// REQ: REV-07, CASE-26
#[test]
fn calendars_have_their_zone_and_after_hours_rule() {
    for (name, zone, after_hours) in [
        ("arkansas", "America/Chicago", AfterHours::SameDay),
        ("colorado", "America/Denver", AfterHours::SameDay),
        ("commercial", "America/New_York", AfterHours::NextBusinessDay),
    ] {
        let calendar = contract(name).calendar;
        assert_eq!((calendar.time_zone.to_string().as_str(), calendar.after_hours), (zone, after_hours));
        let (monday, saturday) = (date(2026, 5, 18), date(2026, 5, 16));
        assert!(calendar.is_open(monday) && !calendar.is_open(saturday), "{name}");
    }
}

/// REQ: REV-07, CASE-26
#[test]
fn a_request_on_a_saturday_counts_as_each_contract_says() {
    let due = |name: &str, amount, unit| {
        let saturday = "2026-05-16T18:00:00Z".parse().unwrap();
        let clock = Clock::start(TimeLimit { amount, unit }, saturday, "received".into(), "2026.1".into());
        clock.due(&contract(name).calendar).unwrap().to_string()
    };
    // Nine calendar days from Saturday: the end of Monday the 25th in Chicago, a holiday or not.
    assert_eq!(due("arkansas", 9, TimeUnit::CalendarDays), "2026-05-26T04:59:59Z");
    // Received on Monday, two business days later: the end of Wednesday in New York.
    assert_eq!(due("commercial", 2, TimeUnit::BusinessDays), "2026-05-21T03:59:59Z");
}

/// REQ: REV-07
#[test]
fn holidays_of_2026_are_those_of_each_calendar() {
    let common = [(1, 1), (1, 19), (2, 16), (5, 25), (7, 3), (9, 7), (11, 11), (11, 26), (12, 25)];
    for (name, own) in
        [("arkansas", &[(12, 24)][..]), ("colorado", &[(6, 19), (10, 5)]), ("commercial", &[(6, 19), (10, 12)])]
    {
        let mut expected: Vec<_> = common.iter().chain(own).map(|(month, day)| date(2026, *month, *day)).collect();
        expected.sort();
        assert_eq!(holidays(name, 2026..=2026), expected, "{name}");
    }
}

/// The days of these years that are closed as holidays.
fn holidays(name: &str, years: RangeInclusive<i16>) -> Vec<Date> {
    let calendar = contract(name).calendar;
    let days =
        date(*years.start(), 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() <= *years.end());
    days.filter(|day| calendar.holidays.iter().any(|holiday| holiday.is_on(*day))).collect()
}

/// A Saturday is observed on the Friday before, a Sunday on the Monday after.
fn observed(year: i16, month: i8, day: i8) -> Date {
    let day = date(year, month, day);
    match day.weekday() {
        Weekday::Saturday => day.yesterday().unwrap(),
        Weekday::Sunday => day.tomorrow().unwrap(),
        _ => day,
    }
}

/// REQ: REV-07
#[test]
fn holidays_are_those_of_the_law_and_no_others_in_any_year() {
    for name in NAMES {
        let mut by_rule = Vec::new();
        for year in 2026..=2060 {
            by_rule.push(observed(year, 1, 1));
            let nth = |month, n, weekday| date(year, month, 1).nth_weekday_of_month(n, weekday).unwrap();
            let monday = |month, n| nth(month, n, Weekday::Monday);
            by_rule.extend([monday(1, 3), monday(2, 3), monday(5, -1), monday(9, 1), nth(11, 4, Weekday::Thursday)]);
            by_rule.extend([(7, 4), (11, 11), (12, 25)].map(|(month, day)| observed(year, month, day)));
            by_rule.extend(match name {
                "arkansas" => vec![observed(year, 12, 24)],
                "colorado" => vec![observed(year, 6, 19), monday(10, 1)],
                _ => vec![observed(year, 6, 19), monday(10, 2)],
            });
        }
        by_rule.sort();
        by_rule.dedup();
        let last = date(2060, 12, 30);
        assert_eq!(
            holidays(name, 2026..=2060).into_iter().filter(|day| *day <= last).collect::<Vec<_>>(),
            by_rule,
            "{name}"
        );
        assert_eq!(contract(name).calendar.ends(), None, "{name}");
    }
}
