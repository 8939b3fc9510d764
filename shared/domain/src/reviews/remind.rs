//! Deadlines that are near (ACT-09): the provider's to answer what was asked, and the one by which a request is to be decided,
//! of which its holder is told. How long before says the contract; of each deadline it is told once.

use jiff::{Timestamp, ToSpan};

use crate::{
    cases::{Case, Change, request::Request},
    contracts::Contract,
    events::EventKind,
    id::RequestNumber,
    status::Side,
};

/// When it is told of a deadline: so long before, or at once where it was set later than that. Never where it is 0 hours.
#[must_use]
pub(super) fn before(deadline: Timestamp, hours: u32, set: Timestamp) -> Option<Timestamp> {
    (hours > 0).then(|| deadline.checked_sub(i64::from(hours).hours()).map_or(set, |at| at.max(set)))
}

/// The case when the provider is told that the time to answer is nearly over; `None` when that was told, or it is not near.
#[must_use]
pub fn answer_is_near(case: Case, number: RequestNumber, now: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    request.pended().filter(|pend| pend.until >= now && pend.remind_at.is_some_and(|at| at <= now))?;
    request.pends.last_mut()?.remind_at = None;
    Some(case.with_request(request, now, vec![EventKind::DeadlineNear { request: number, to: Side::Provider }]))
}

/// The case when whoever has the request is told that it is to be decided soon; `None` when nobody has it, that was told, or it
/// is not near.
#[must_use]
pub fn decision_is_near(case: Case, number: RequestNumber, contract: &Contract, now: Timestamp) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    request.reminded = Some(near(&request, contract, now)?);
    Some(case.with_request(request, now, vec![EventKind::DeadlineNear { request: number, to: Side::Staff }]))
}

/// The deadline of which a request's holder is to be told now.
fn near(request: &Request, contract: &Contract, now: Timestamp) -> Option<Timestamp> {
    request.queue()?.1?;
    let due = request.clock()?.due(&contract.calendar).filter(|due| request.reminded != Some(*due))?;
    let from = before(due, contract.reviews.remind_hours, Timestamp::MIN)?;
    (from <= now && now <= due).then_some(due)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        contracts::samples::arkansas,
        reviews::{Holder, claim, pend},
        tests::{at, nurse, routed},
    };

    fn later(hours: i64) -> Timestamp {
        at().checked_add(hours.hours()).unwrap()
    }

    #[test]
    fn the_holder_is_told_once_of_each_deadline_and_nobody_of_what_nobody_has() {
        let (contract, number) = (arkansas(), RequestNumber::FIRST);
        let free = routed();
        let due = free.requests[0].clock().unwrap().due(&contract.calendar).unwrap();
        let hours = i64::from(contract.reviews.remind_hours);
        let soon = due.checked_sub(hours.hours()).unwrap();
        assert_eq!(decision_is_near(free.clone(), number, &contract, soon), None, "nobody has it");
        let case = claim(free, number, &nurse(), (&contract, Holder::Works), at()).unwrap().unwrap().case;
        let early = soon.checked_sub(1.seconds()).unwrap();
        assert_eq!(decision_is_near(case.clone(), number, &contract, early), None);
        let told = decision_is_near(case.clone(), number, &contract, soon).unwrap();
        assert_eq!(told.events, [EventKind::DeadlineNear { request: number, to: Side::Staff }]);
        assert_eq!(decision_is_near(told.case, number, &contract, due), None, "once");
        let over = due.checked_add(1.seconds()).unwrap();
        assert_eq!(decision_is_near(case.clone(), number, &contract, over), None, "what is over is overdue");
        let mut never = contract.clone();
        never.reviews.remind_hours = 0;
        assert_eq!(decision_is_near(case, number, &never, due), None);
    }

    #[test]
    fn the_provider_is_told_once_that_an_answer_is_due() {
        let (contract, number) = (arkansas(), RequestNumber::FIRST);
        let case = claim(routed(), number, &nurse(), (&contract, Holder::Works), at()).unwrap().unwrap().case;
        let items = vec!["The plan of care".to_owned()];
        let asked = pend::pend(case, number, &nurse(), (items, date(2026, 5, 12)), &contract, at()).unwrap().case;
        let until = asked.requests[0].pends[0].until;
        let hours = i64::from(contract.pends.remind_hours);
        let soon = until.checked_sub(hours.hours()).unwrap();
        assert!(soon > later(1), "the sample's answer is not due at once");
        assert_eq!(asked.requests[0].pends[0].remind_at, Some(soon));
        assert_eq!(answer_is_near(asked.clone(), number, later(1)), None);
        let told = answer_is_near(asked, number, soon).unwrap();
        assert_eq!(told.events, [EventKind::DeadlineNear { request: number, to: Side::Provider }]);
        assert_eq!((told.case.requests[0].pends[0].remind_at, told.case.requests[0].pended().is_some()), (None, true));
        assert_eq!(answer_is_near(told.case, number, until), None, "once");
        assert_eq!(before(later(1), 48, at()), Some(at()), "a short time is told of at once");
    }
}
