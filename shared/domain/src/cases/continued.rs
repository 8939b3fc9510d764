//! Whether a service that is asked for goes on: less of it is a reduction then, which the member is told of before it comes (42 CFR
//! 431.211). That a request is called a renewal does not make it one.

use crate::{
    cases::{Case, request::Request},
    service::ReviewKind,
};

impl ReviewKind {
    /// Whether it is said to be about a service that was authorized before, by another request.
    #[must_use]
    pub fn is_said_to_go_on(self) -> bool {
        match self {
            Self::Concurrent | Self::Renewal => true,
            Self::Initial
            | Self::Retrospective
            | Self::Reconsideration
            | Self::Appeal
            | Self::Revision
            | Self::Extension => false,
        }
    }
}

impl Request {
    /// Whether the service was authorized before and goes on. Where nobody knows, it does: the member loses nothing by that.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        // What is authorized stays whatever is decided of a change, and another look takes nothing away.
        self.review == ReviewKind::Extension || (self.review.is_said_to_go_on() && self.continues.unwrap_or(true))
    }
}

/// Whether one of the services of a request that is said to go on was authorized for the member up to the day before, in this case or
/// in `others`. None where it is not said, or not known who the member is.
pub(crate) fn continues(case: &Case, request: &Request, others: &[Case]) -> Option<bool> {
    if !request.review.is_said_to_go_on() || case.member.is_temporary() {
        return None;
    }
    let known = others.iter().filter(|other| other.key != case.key).chain([case]);
    let mut held = known.flat_map(|case| &case.authorizations).flat_map(|authorization| &authorization.lines);
    Some(held.any(|held| {
        let (code, days) = (&held.line.code, held.line.period);
        request.lines.iter().filter(|line| line.code == *code).any(|line| {
            let before = line.period.from().yesterday().ok();
            before.is_some_and(|day| days.from() <= day && day <= days.to())
        })
    }))
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::Date};
    use uuid::Uuid;

    use super::*;
    use crate::{
        cases::determination::LineOutcome,
        contracts::samples::arkansas,
        id::{CaseKey, LetterId, RequestNumber},
        period::Period,
        person::Standing,
        reviews::{self, Decision, Holder, letter_facts},
        tests::{at, fewer, nurse, physician, routed, submitted},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    /// Another case of the member, in which all is authorized; and the last day of it.
    fn approved() -> (Case, Date) {
        let claimed =
            reviews::claim(routed(), R01, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case;
        let all = Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() };
        let case = reviews::decide(claimed, R01, &nurse(), all, &arkansas(), at()).unwrap().case;
        let last = case.authorizations[0].lines[0].line.period.to();
        (Case { key: CaseKey::new(Uuid::from_u128(44)), ..case }, last)
    }

    /// A request for the same that begins so many days after a day, with what automatic review knows of the member's others.
    fn renewed(after: Date, days: i64, others: &[Case]) -> Case {
        let mut case = submitted();
        let from = after.checked_add(days.days()).unwrap();
        case.requests[0].review = ReviewKind::Renewal;
        case.requests[0].lines[0].period = Period::new(from, from.checked_add(29.days()).unwrap()).unwrap();
        reviews::automatic(case, R01, &arkansas(), reviews::Known::of(others), at()).unwrap().case
    }

    #[test]
    fn only_what_was_authorized_up_to_the_day_before_goes_on() {
        let (earlier, last) = approved();
        let others = [earlier];
        let goes_on = |case: &Case| (case.requests[0].continues, case.requests[0].goes_on());
        assert_eq!(goes_on(&renewed(last, 1, &others)), (Some(true), true), "the next day");
        assert_eq!(goes_on(&renewed(last, 0, &others)), (Some(true), true), "while it lasts");
        assert_eq!(goes_on(&renewed(last, 2, &others)), (Some(false), false), "a day later it had ended");
        assert_eq!(goes_on(&renewed(last, 1, &[])), (Some(false), false), "it was never authorized");
        let mut temporary = submitted();
        temporary.member.standing = Standing::Temporary;
        temporary.requests[0].review = ReviewKind::Renewal;
        let temporary = reviews::automatic(temporary, R01, &arkansas(), reviews::Known::default(), at()).unwrap().case;
        assert_eq!(goes_on(&temporary), (None, true), "nobody knows whose it is");
        assert_eq!(goes_on(&routed()), (None, false), "nobody says so");
    }

    #[test]
    fn a_renewal_of_what_was_never_authorized_is_denied_without_a_notice_in_advance() {
        let (earlier, last) = approved();
        for (others, told) in [(vec![earlier], true), (vec![], false)] {
            let case = renewed(last, 1, &others);
            let holds = (&arkansas(), Holder::Works);
            let case = reviews::claim(case, R01, &physician(), holds, at()).unwrap().unwrap().case;
            let change = reviews::decide(case.clone(), R01, &physician(), fewer(&case), &arkansas(), at()).unwrap();
            let letter = LetterId::new(Uuid::from_u128(5));
            let facts = letter_facts::facts(&change.case, &change.determination.unwrap(), &arkansas(), letter).unwrap();
            assert_eq!(facts.under_way, told);
        }
    }
}
