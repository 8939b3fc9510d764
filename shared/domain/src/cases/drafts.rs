//! Drafts that nobody goes on with end, and nobody is surprised by it: whoever has one is told days before, and any change takes
//! that back. Whoever has a draft is told too when new rules of the contract leave something of it to correct (CASE-08).

use jiff::{Timestamp, ToSpan};

use crate::{
    cases::{
        Case, Change, Step,
        editing::Ending,
        ends::EndError,
        request::{Request, State},
    },
    contracts::Contract,
    events::EventKind,
    id::{RequestNumber, Username},
};

impl Case {
    /// Whoever has the draft: who began it, or took it over or was given it since.
    #[must_use]
    pub fn owner(&self) -> &Username {
        self.owner.as_ref().unwrap_or(&self.created_by)
    }

    /// One version on, changed by a person: a draft that was to end goes on.
    pub(super) fn touch(&mut self, at: Timestamp) {
        self.version += 1;
        self.changed_at = at;
        self.ending = None;
    }

    /// The draft in somebody's hands. In whose it is already it stays, and that is no error.
    ///
    /// # Errors
    /// When it was submitted or cancelled.
    pub fn hand_over(mut self, to: &Username, at: Timestamp) -> Result<Option<Change>, EndError> {
        if !self.is_draft() {
            return Err(EndError::Submitted(self.status()));
        }
        if self.owner() == to {
            return Ok(None);
        }
        self.touch(at);
        self.owner = Some(to.clone());
        Ok(Some(Change {
            case: self,
            events: vec![EventKind::DraftHandedOver { to: to.clone() }],
            determination: None,
        }))
    }
}

/// The draft when its owner is told that it will end; `None` when that was told, or it is not time. `beside` is when somebody last put
/// something beside the case, a document or a note: that leaves the case as it is.
#[must_use]
pub fn end_is_near(mut case: Case, beside: Option<Timestamp>, contract: &Contract, now: Timestamp) -> Option<Change> {
    let quiet = contract.drafts.quiet_days()?;
    let touched = beside.map_or(case.changed_at, |at| at.max(case.changed_at));
    let since = touched.checked_add((24 * i64::from(quiet)).hours()).ok()?;
    if !case.is_draft() || case.ending.is_some() || now < since {
        return None;
    }
    let days = i64::from(contract.drafts.warning_days);
    let last = contract.calendar.time_zone.date_at(now).checked_add(days.days()).ok()?;
    case.ending = Some(Ending { told: now, at: contract.calendar.end_of(last) });
    case.version += 1;
    case.changed_at = now;
    Some(Change { case, events: vec![EventKind::DraftEndNear { on: last }], determination: None })
}

/// The draft when its time is over: it ends, or goes on because something was put beside it since its owner was told. `None` when it is not
/// time.
#[must_use]
pub fn end(mut case: Case, beside: Option<Timestamp>, now: Timestamp) -> Option<Change> {
    let ending = case.ending.filter(|ending| ending.at <= now && case.is_draft())?;
    if beside.is_some_and(|at| at > ending.told) {
        case.touch(now);
        return Some(Change { case, events: vec![EventKind::DraftKept], determination: None });
    }
    let draft = case.request(RequestNumber::FIRST)?.clone();
    let over = Request { state: State::Cancelled { at: now, by: None }, ..draft };
    Some(case.with_request(over, now, vec![EventKind::DraftEnded]))
}

/// The draft when its owner is told that something of it has to be corrected under the rules of this version, which it had not under
/// those `before`, when it was last changed; `None` when nothing has, or that was told. That it only grew too old is not told.
#[must_use]
pub fn look_again(mut case: Case, before: &Contract, contract: &Contract, now: Timestamp) -> Option<Change> {
    let told = before.version == contract.version || case.told_of.as_ref() == Some(&contract.version);
    if !case.is_draft() || told || !fits(&case, before, now) || fits(&case, contract, now) {
        return None;
    }
    case.version += 1;
    case.changed_at = now;
    case.told_of = Some(contract.version.clone());
    Some(Change { case, events: vec![EventKind::DraftToCorrect], determination: None })
}

/// Whether what was saved would be saved under these rules.
fn fits(case: &Case, contract: &Contract, now: Timestamp) -> bool {
    let today = contract.calendar.time_zone.date_at(now);
    let lines = case.requests.last().map(|request| request.lines.clone()).filter(|lines| !lines.is_empty());
    let saved = [case.service.clone().map(Step::Service), lines.map(Step::Procedures)];
    saved.into_iter().flatten().all(|step| case.check_step(&step, contract, today).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contracts::{drafts::DraftRules, samples::arkansas},
        status::Status,
        tests::{at, draft},
    };

    fn rules() -> Contract {
        Contract { drafts: DraftRules { days: 30, warning_days: 7 }, ..arkansas() }
    }

    fn days_later(days: i64) -> Timestamp {
        at().checked_add((24 * days).hours()).unwrap()
    }

    #[test]
    fn its_owner_is_told_once_before_it_ends_and_it_ends_once() {
        let case = draft();
        let kept = Contract { drafts: DraftRules::default(), ..arkansas() };
        assert_eq!(end_is_near(case.clone(), None, &kept, days_later(400)), None, "where no draft ends");
        assert_eq!(end_is_near(case.clone(), None, &rules(), days_later(22)), None);
        let told = end_is_near(case.clone(), None, &rules(), days_later(23)).unwrap();
        let ending = told.case.ending.unwrap();
        let last = rules().calendar.time_zone.date_at(ending.at);
        assert_eq!(told.events, [EventKind::DraftEndNear { on: last }]);
        assert!(
            ending.at >= days_later(30) && ending.at < days_later(31),
            "a warning of seven days is one of seven days"
        );
        assert_eq!(end_is_near(told.case.clone(), None, &rules(), days_later(24)), None, "once");
        let second = 1.seconds();
        assert_eq!(end(told.case.clone(), None, ending.at.checked_sub(second).unwrap()), None);
        let over = end(told.case, None, ending.at).unwrap();
        assert_eq!((over.case.status(), over.events), (Status::Cancelled, vec![EventKind::DraftEnded]));
        assert_eq!(end(over.case.clone(), None, days_later(99)), None, "once");
        assert_eq!(end_is_near(over.case, None, &rules(), days_later(99)), None);
        assert_eq!(end(case, None, days_later(99)), None, "nothing ends of which nobody was told");
    }

    #[test]
    fn any_change_takes_it_back() {
        let told = end_is_near(draft(), None, &rules(), days_later(23)).unwrap().case;
        let mut later = told.clone();
        later.touch(days_later(25));
        assert_eq!((end(later.clone(), None, days_later(40)), later.ending), (None, None));
        assert!(end_is_near(later.clone(), None, &rules(), days_later(47)).is_none());
        assert!(end_is_near(later, None, &rules(), days_later(48)).is_some(), "it is told anew");
        let taken = told.clone().hand_over(&"ann.lee".parse().unwrap(), days_later(25)).unwrap().unwrap().case;
        assert_eq!((taken.ending, taken.owner().as_str()), (None, "ann.lee"));
        assert_eq!(taken.clone().hand_over(&"ann.lee".parse().unwrap(), days_later(26)), Ok(None));
        let kept = end(told, Some(days_later(25)), days_later(40)).unwrap();
        assert_eq!(
            (kept.case.status(), kept.case.ending, kept.events),
            (Status::Draft, None, vec![EventKind::DraftKept])
        );
    }

    #[test]
    fn its_owner_is_told_once_of_rules_that_it_does_not_fit_any_more() {
        let case = draft();
        assert!(case.service.is_some(), "the sample says what is asked for");
        assert_eq!(look_again(case.clone(), &arkansas(), &arkansas(), at()), None, "it fits");
        let stricter = Contract { version: "2".to_owned(), service_types: Vec::new(), ..arkansas() };
        let told = look_again(case.clone(), &arkansas(), &stricter, at()).unwrap();
        assert_eq!(told.events, [EventKind::DraftToCorrect]);
        assert_eq!(look_again(told.case, &arkansas(), &stricter, at()), None, "once for a version");
        assert_eq!(look_again(case.clone(), &stricter, &stricter, at()), None, "it did not fit before");
        let old = at().checked_add((24 * 400).hours()).unwrap();
        let next = Contract { version: "2".to_owned(), ..arkansas() };
        assert_eq!(look_again(case, &arkansas(), &next, old), None, "it is too old under any rules");
    }
}
