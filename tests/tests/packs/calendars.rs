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
        let holidays = contract(name).calendar.holidays;
        let of_2026: Vec<_> = holidays.iter().copied().filter(|day| day.year() == 2026).collect();
        assert_eq!(of_2026, expected, "{name}");
    }
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
fn holidays_until_2028_are_those_of_the_rule_and_no_others() {
    for name in NAMES {
        let mut by_rule = vec![observed(2026, 1, 1), observed(2027, 1, 1), observed(2028, 1, 1)];
        for year in 2026..=2028 {
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
        assert_eq!(contract(name).calendar.holidays, by_rule, "{name}");
    }
}
