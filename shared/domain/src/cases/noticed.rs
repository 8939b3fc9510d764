//! A letter that goes out later than what it tells was made (LTR-04).

use jiff::Timestamp;

use super::{Case, request::State};
use crate::{id::RequestNumber, letters::About};

impl Case {
    /// The case, a version on, whose decision was told by a notice of this moment: its windows count from it. `None` when this
    /// decision is not the one that holds.
    #[must_use]
    pub fn noticed(mut self, request: RequestNumber, decision: u32, at: Timestamp) -> Option<Self> {
        let of = self.requests.iter_mut().find(|known| known.number == request)?;
        let State::Determined { decided, .. } = &mut of.state else { return None };
        if decided.number != decision || !decided.outcome.is_adverse() {
            return None;
        }
        decided.noticed = Some(decided.noticed().max(at));
        self.version += 1;
        self.changed_at = at;
        Some(self)
    }

    /// Whether what a letter tells is not so any more: another decision was made in the place of this one, nobody waits for the
    /// information that it asks for, or what it announces for later was decided. `number` counts decisions, or what was asked for,
    /// from 1.
    #[must_use]
    pub fn is_overtaken(&self, request: RequestNumber, about: About, number: u32) -> bool {
        let Some(request) = self.request(request) else { return false };
        match about {
            About::Determination => request.decided().is_some_and(|decided| decided.number != number),
            About::Information => {
                let place = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
                request.pends.get(place).is_some_and(|pend| pend.ended.is_some())
            }
            About::Extension => !request.is_undecided(),
            About::Void | About::Withdrawal => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::About;
    use crate::{
        cases::determination::LineOutcome,
        contracts::samples::arkansas,
        id::RequestNumber,
        reviews::{self, Decision},
        tests::{at, physician, with_physician},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    #[test]
    fn a_letter_that_waits_for_its_repair_is_overtaken_by_what_came_after_it() {
        let (by, contract) = (physician(), arkansas());
        let asked = (vec!["Therapy notes".into()], "2026-05-12".parse().unwrap());
        let case = reviews::pend::pend(with_physician(), R01, &by, asked, &contract, at()).unwrap().case;
        assert!(!case.is_overtaken(R01, About::Information, 1) && !case.is_overtaken(R01, About::Extension, 1));
        let silent = "2026-06-20T12:00:00Z".parse().unwrap();
        let case = reviews::pend::unanswered(case, R01, &contract, silent).unwrap().case;
        assert!(case.is_overtaken(R01, About::Information, 1), "nobody waits for it");
        assert!(!case.is_overtaken(R01, About::Information, 2) && !case.is_overtaken(R01, About::Information, 0));
        assert!(!case.is_overtaken(R01, About::Extension, 1), "it is still to be decided");
        let decision = Decision::Determine { lines: vec![LineOutcome::Approved], criteria: Vec::new() };
        let case = reviews::decide(with_physician(), R01, &by, decision, &contract, at()).unwrap().case;
        assert!(case.is_overtaken(R01, About::Extension, 1));
        assert!(!case.is_overtaken(R01, About::Determination, 1), "it is the one that holds");
        assert!(case.is_overtaken(R01, About::Determination, 2));
        assert!(!case.is_overtaken(R01, About::Void, 1) && !case.is_overtaken(R01, About::Withdrawal, 1));
    }
}
