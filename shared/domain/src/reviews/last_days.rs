//! The last days that count for a request: of its decision, of an answer to what was asked, and of what may follow a decision; each with
//! the reason in words (REV-09).

use jiff::{Timestamp, civil::Date};

use crate::{
    calendar::window_end,
    cases::{
        Case,
        request::{Request, State},
    },
    contracts::Contract,
    id::RequestNumber,
    service::ReviewKind,
};

/// What a last day is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum For {
    /// The decision.
    Decision,
    /// The provider's answer to what was asked.
    Information,
    /// Asking for a peer-to-peer conversation.
    PeerToPeer,
    /// Asking for a reconsideration.
    Reconsideration,
    /// Asking for an appeal.
    Appeal,
    /// Asking for a State fair hearing.
    Hearing,
}

/// A last day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastDay {
    /// What for.
    pub of: For,
    /// The day, in the contract's zone.
    pub until: Date,
    /// It is over.
    pub over: bool,
    /// Why it is this day.
    pub why: String,
}

/// The last days that count for a request at `now`.
#[must_use]
pub fn last_days(case: &Case, number: RequestNumber, contract: &Contract, now: Timestamp) -> Vec<LastDay> {
    let Some(request) = case.request(number) else { return Vec::new() };
    let zone = &contract.calendar.time_zone;
    let today = zone.date_at(now);
    let day = |of, until: Date, why| LastDay { of, until, over: until < today, why };
    let mut days = Vec::new();
    if let Some(clock) = request.clock().filter(|_| request.is_undecided())
        && let Some(due) = clock.due(&contract.calendar)
    {
        let why: Vec<_> =
            clock.ledger.iter().filter(|entry| entry.due.is_some()).map(|entry| entry.reason.as_str()).collect();
        days.push(LastDay { over: due < now, ..day(For::Decision, zone.date_at(due), why.join(" ")) });
    }
    if let Some(pend) = request.pended() {
        let why = format!("Asked for on {}.", in_words(zone.date_at(pend.at)));
        days.push(LastDay { over: pend.until < now, ..day(For::Information, pend.due, why) });
    }
    let windows = windows(request, contract);
    if let State::Determined { decided, .. } = &request.state
        && decided.outcome.is_adverse()
    {
        let noticed = zone.date_at(decided.noticed());
        days.extend(windows.into_iter().filter(|(_, days)| *days > 0).map(|(of, days)| {
            let s = if days == 1 { "" } else { "s" };
            let why = format!("{days} day{s} after the notice of {}.", in_words(noticed));
            day(of, window_end(noticed, days), why)
        }));
    }
    days
}

/// Days in which something may be asked for after a decision that gives less than all; 0 for what is not offered.
fn windows(request: &Request, contract: &Contract) -> [(For, u32); 4] {
    let windows = &contract.windows;
    let offered = |kind| contract.after_decision.kinds.contains(&kind);
    let appeal = request.review == ReviewKind::Appeal;
    let days = |may: bool, days: u32| if may { days } else { 0 };
    [
        (For::PeerToPeer, windows.peer_to_peer_days),
        (
            For::Reconsideration,
            days(
                offered(ReviewKind::Reconsideration) && !request.review.is_another_look(),
                windows.reconsideration_days,
            ),
        ),
        (For::Appeal, days(offered(ReviewKind::Appeal) && !appeal, windows.appeal_days)),
        (For::Hearing, if appeal { windows.hearing_after_appeal_days } else { windows.hearing_days }),
    ]
}

fn in_words(day: Date) -> String {
    day.strftime("%B %-d, %Y").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        cases::more_time::AskedForTime,
        contracts::samples::arkansas,
        reviews::{
            Holder, claim, decide,
            more_time::{self, Wanted},
            pend,
        },
        tests::{at, fewer, nurse, physician, routed, with_physician},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn named(case: &Case, contract: &Contract) -> Vec<(For, Date, bool)> {
        last_days(case, R01, contract, at()).into_iter().map(|day| (day.of, day.until, day.over)).collect()
    }

    #[test]
    fn each_day_that_counts_is_told_with_its_reason() {
        let mut contract = arkansas();
        contract.more_time.days = 14;
        contract.windows.hearing_days = 120;
        let case = claim(routed(), R01, &nurse(), (&contract, Holder::Works), at()).unwrap().unwrap().case;
        assert_eq!(named(&case, &contract), [(For::Decision, date(2026, 5, 16), false)]);
        let reason = "The report of the specialist comes next week.".to_owned();
        let wanted = Wanted { days: 5, asked_by: AskedForTime::Member, reason };
        let case = more_time::extend(case, R01, &nurse(), wanted, &contract, at()).unwrap().case;
        let items = (vec!["The plan of care".to_owned()], date(2026, 5, 12));
        let asked = pend::pend(case, R01, &nurse(), items, &contract, at()).unwrap().case;
        let days = last_days(&asked, R01, &contract, at());
        assert_eq!(
            named(&asked, &contract),
            [(For::Decision, date(2026, 5, 21), false), (For::Information, date(2026, 5, 12), false)]
        );
        assert!(days[0].why.contains("counted from") && days[0].why.contains("Extended by 5 days"), "{}", days[0].why);

        let case = with_physician();
        let less = fewer(&case);
        let decided = decide(case, R01, &physician(), less, &contract, at()).unwrap().case;
        let of: Vec<_> = named(&decided, &contract).into_iter().map(|(of, ..)| of).collect();
        assert_eq!(of, [For::PeerToPeer, For::Reconsideration, For::Appeal, For::Hearing]);
        let days = last_days(&decided, R01, &contract, at());
        assert_eq!(days[3].why, "120 days after the notice of May 7, 2026.");
        assert!(days.iter().all(|day| !day.over));
    }
}
