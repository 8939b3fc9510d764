//! The caps of a contract over all that is asked for, or authorized, of one code: several lines together get no more than one
//! (CASE-15).

use crate::{
    contracts::code_rule::{Cap, CodeRule},
    field::FieldErrors,
    period::Period,
    service::{Line, Per},
};

/// What one line takes.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// Its place in the request.
    pub place: usize,
    /// Code and modifiers.
    pub line: &'a Line,
    /// Within these days.
    pub period: Period,
    /// So many units.
    pub units: u32,
}

impl<'a> Share<'a> {
    /// What a line asks for.
    #[must_use]
    pub fn asked(place: usize, line: &'a Line) -> Self {
        Self { place, line, period: line.period, units: line.quantity.into() }
    }
}

impl Share<'_> {
    /// What counts under a cap: of what is asked for, by weeks or longer, also what a frequency comes to.
    fn units_under(&self, cap: Cap, alone: bool) -> u64 {
        let units = u64::from(self.units);
        if cap.days > 1 && !alone { units.max(self.line.units_in_all()) } else { units }
    }
}

/// What is too much, at `field` of the last line that takes part in it. `rule_of` says by which rule a line goes: lines of one code and
/// rule are counted together. One line by itself counts when `alone`.
#[must_use]
pub fn check<'r>(
    rule_of: impl Fn(&Line) -> Option<&'r CodeRule>,
    shares: &[Share<'_>],
    field: &str,
    alone: bool,
) -> FieldErrors {
    let mut errors = FieldErrors::none();
    let ruled: Vec<_> = shares.iter().filter_map(|share| Some((rule_of(share.line)?, share))).collect();
    for (place, (rule, first)) in ruled.iter().enumerate() {
        let is_of = |(other, share): &(&CodeRule, &Share<'_>)| {
            std::ptr::eq(*other, *rule) && share.line.code == first.line.code
        };
        if ruled.iter().take(place).any(is_of) {
            continue;
        }
        let of_rule: Vec<&Share<'_>> = ruled.iter().filter(|one| is_of(one)).map(|(_, share)| *share).collect();
        if of_rule.len() == 1 && !alone {
            continue;
        }
        for cap in rule.caps() {
            by_time(rule, cap, &of_rule, field, alone, &mut errors);
        }
        if let (Some(cap), Some(last)) = (rule.max_units, of_rule.last())
            && sum(of_rule.iter().copied()) > u64::from(cap)
        {
            let text = format!("At most {cap} units in one request (1 unit = {}), all lines together.", rule.unit);
            errors.add(format!("/lines/{}/{field}", last.place), rule.too_many(cap).says(text));
        }
    }
    errors
}

/// Units may be spread over the days of their line. They fit under the cap when no run of days holds more whole lines than
/// it has room for.
fn by_time(rule: &CodeRule, cap: Cap, shares: &[&Share<'_>], field: &str, alone: bool, errors: &mut FieldErrors) {
    let words = rule.cap_words(cap);
    let mut runs: Vec<Period> = shares
        .iter()
        .flat_map(|first| shares.iter().filter_map(|last| Period::new(first.period.from(), last.period.to()).ok()))
        .collect();
    runs.sort_by_key(|run| (run.days(), run.from()));
    let too_much = runs.into_iter().find_map(|run| {
        let within = || shares.iter().copied().filter(|share| run.contains(share.period));
        let (asked, room) = (within().map(|share| share.units_under(cap, alone)).sum::<u64>(), cap.room(run.days()));
        let last = within().next_back().filter(|_| asked > room && (alone || within().count() > 1))?;
        Some((last.place, asked, room, run.days()))
    });
    if let Some((place, asked, room, days)) = too_much {
        let text = format!("{words}, all lines of this code together: {days} days allow {room} units, not {asked}.");
        errors.add(format!("/lines/{place}/{field}"), cap.exceeded(days, &rule.unit).says(text));
    }
    if cap.days > 1 {
        return;
    }
    if let Some(place) = too_often(cap.most, shares).filter(|_| !alone) {
        let text = format!("{words}, all lines of this code together.");
        errors.add(format!("/lines/{place}/frequency"), rule.too_often(cap.most).says(text));
    }
}

/// The last line of those that together come more often on some day than the cap allows. Counted in parts of a unit that
/// days, weeks and months divide.
fn too_often(cap: u32, shares: &[&Share<'_>]) -> Option<usize> {
    const WEEK: u64 = 7;
    const MONTH: u64 = 31;
    let rate = |share: &Share<'_>| {
        share.line.frequency.map_or(0, |frequency| {
            let units = u64::from(u32::from(frequency.units));
            match frequency.per {
                Per::Day => units * WEEK * MONTH,
                Per::Week => units * MONTH,
                Per::Month => units * WEEK,
            }
        })
    };
    shares.iter().map(|share| share.period.from()).find_map(|day| {
        let on_day = || shares.iter().filter(|share| share.period.from() <= day && day <= share.period.to());
        let total: u64 = on_day().map(|share| rate(share)).sum();
        let several = on_day().filter(|share| rate(share) > 0).count() > 1;
        on_day().next_back().filter(|_| several && total > u64::from(cap) * WEEK * MONTH).map(|share| share.place)
    })
}

fn sum<'a>(shares: impl Iterator<Item = &'a Share<'a>>) -> u64 {
    shares.map(|share| u64::from(share.units)).sum()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        cases::request::samples::line,
        contracts::{
            code_rule::{Authorization, Wanted, rule_for},
            samples::rule,
        },
        service::Frequency,
    };

    fn rules(per_day: Option<u32>, in_all: Option<u32>) -> Vec<CodeRule> {
        let rule = rule("T1015", Authorization::Required);
        vec![CodeRule { max_units_per_day: per_day, max_units: in_all, ..rule }]
    }

    fn pointers(rules: &[CodeRule], lines: &[Line], alone: bool) -> Vec<String> {
        let shares: Vec<_> = lines.iter().enumerate().map(|(place, line)| Share::asked(place, line)).collect();
        let rule_of = |line: &Line| rule_for(rules, &Wanted::of(&line.code, &line.modifiers)).ok();
        check(rule_of, &shares, "quantity", alone).as_slice().iter().map(|error| error.pointer.clone()).collect()
    }

    fn on(from: i8, to: i8, units: u32) -> Line {
        let period = Period::new(date(2026, 6, from), date(2026, 6, to)).unwrap();
        Line { period, duration: period.days().try_into().unwrap(), ..line("T1015", 30, units) }
    }

    #[test]
    fn several_lines_get_no_more_than_one() {
        let five = rules(Some(5), None);
        assert!(pointers(&five, &[on(1, 30, 150)], false).is_empty());
        assert_eq!(pointers(&five, &[on(1, 30, 150), on(1, 30, 150)], false), ["/lines/1/quantity"]);
        assert_eq!(pointers(&five, &[on(1, 10, 50), on(10, 10, 1)], false), ["/lines/1/quantity"]);
        assert!(pointers(&five, &[on(1, 10, 49), on(10, 10, 1)], false).is_empty());
        assert!(pointers(&five, &[on(1, 10, 50), on(11, 20, 50)], false).is_empty());
        assert_eq!(pointers(&five, &[on(1, 2, 10), on(3, 4, 10), on(1, 4, 1)], false), ["/lines/2/quantity"]);
        assert_eq!(pointers(&five, &[on(1, 2, 149)], true), ["/lines/0/quantity"]);
        assert_eq!(pointers(&rules(None, Some(1)), &[on(1, 2, 1), on(5, 6, 1)], false), ["/lines/1/quantity"]);
    }

    #[test]
    fn several_lines_come_no_more_often_than_one() {
        let often = |units: u32, per| Line {
            frequency: Some(Frequency { units: units.try_into().unwrap(), per }),
            ..on(1, 30, 1)
        };
        let five = rules(Some(5), None);
        assert!(pointers(&five, &[often(3, Per::Day), often(14, Per::Week)], false).is_empty());
        assert_eq!(pointers(&five, &[often(3, Per::Day), often(15, Per::Week)], false), ["/lines/1/frequency"]);
    }
    #[test]
    fn a_week_a_month_and_a_year_have_room_for_so_much_each() {
        let capped = |rule: CodeRule| move |lines: &[Line]| pointers(std::slice::from_ref(&rule), lines, true);
        let bare = || rule("T1015", Authorization::Required);
        let week = capped(CodeRule { max_units_per_week: Some(10), ..bare() });
        assert!(week(&[on(1, 7, 10)]).is_empty() && week(&[on(1, 8, 20)]).is_empty());
        assert_eq!(week(&[on(1, 7, 11)]), ["/lines/0/quantity"]);
        assert_eq!(week(&[on(1, 7, 10), on(3, 5, 1)]), ["/lines/1/quantity"]);
        let month = capped(CodeRule { max_units_per_month: Some(10), ..bare() });
        assert!(month(&[on(1, 30, 10)]).is_empty());
        assert_eq!(month(&[on(1, 10, 5), on(20, 30, 6)]), ["/lines/1/quantity"]);
        let year = capped(CodeRule { max_units_per_year: Some(10), ..bare() });
        assert_eq!(year(&[on(1, 1, 11)]), ["/lines/0/quantity"]);
    }

    #[test]
    fn codes_of_one_rule_are_counted_each_for_itself() {
        let rules = [CodeRule { max_units: Some(10), ..rule("T10*", Authorization::Required) }];
        let other = Line { code: "T1019".parse().unwrap(), ..on(1, 7, 10) };
        assert!(pointers(&rules, &[on(1, 7, 10), other.clone()], false).is_empty());
        assert_eq!(pointers(&rules, &[on(1, 7, 10), other.clone(), other], false), ["/lines/2/quantity"]);
    }
}
