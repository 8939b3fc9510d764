//! A system changes what it asked for: an update of an earlier Claim (HL7 Da Vinci PAS). It goes the ways that a clerk goes:
//! what is not decided is withdrawn and asked for anew in the same case, what is authorized is revised.

use jiff::Timestamp;

use crate::{
    cases::{
        Case, Change, Claim, Submission,
        authorization::Authorized,
        determination::Determination,
        ends::EndError,
        follow::{FollowError, Said, Wanted},
        request::{Request, State},
        submit::Ready,
    },
    clock::{Clock, Tick},
    contact::Phone,
    contracts::Contract,
    fhir::asked::{Beside, reviewed},
    id::{RequestNumber, Username},
    service::Line,
    status::Status,
};

/// Why what was asked for first is withdrawn, in the words that the portal shows.
const REPLACED: &str = "The provider's system has changed what it asks for.";

/// Which way a change goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Nothing is decided: the request of the Claim is withdrawn, and what is wanted now is asked for.
    Anew,
    /// Something is authorized by this request: it is revised.
    Revision {
        /// The request that gave or changed it last.
        of: RequestNumber,
    },
}

/// Why a change is not taken.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum NotChanged {
    /// It names a Claim that was changed since.
    #[error("This Claim was changed by a later one. Name the last one.")]
    Replaced,
    /// Nothing can come of it any more.
    #[error(
        "What this Claim asked for is {0}: it is not changed any more. Ask for what is needed with a Claim of its own."
    )]
    Over(Status),
    /// Nothing of it was granted.
    #[error(
        "What this Claim asked for was denied. Ask with a Claim of its own, or for a reconsideration in the portal."
    )]
    Denied,
    /// An earlier item is not named.
    #[error(
        "A change names every item of the earlier Claim: item {0} is missing. Cancel it where it is not needed any more."
    )]
    Missing(u32),
    /// An item that was denied is to change.
    #[error("This item was denied. Ask for it with a Claim of its own, or for a reconsideration in the portal.")]
    DeniedItem(u32),
    /// What is authorized is to be given up as a whole.
    #[error(
        "Something is authorized, which is not cancelled as a whole by this interface. Cancel single items, or call."
    )]
    Authorized,
    /// Who takes part is to change.
    #[error("Who asks, performs or attends cannot change by this. Cancel the Claim, and ask with one of its own.")]
    Parties,
    /// What stands for the whole case is to change after a decision.
    #[error("Diagnoses, kind, place and stay do not change after a decision. Ask with a Claim of its own.")]
    Details,
    /// Nothing differs.
    #[error("Nothing differs from what was asked for.")]
    Same,
    /// A revision does not take it.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// A withdrawal does not take it.
    #[error(transparent)]
    End(#[from] EndError),
}

/// Lines as they are to be, each with the number of its item.
pub type Restated<'a> = [(u32, &'a Line)];

/// A line of a revision: the number of its item, which one of the portal has not; its place among what is authorized; and the line.
pub type Revised = (Option<u32>, Option<usize>, Line);

impl Case {
    /// Which way a change of a Claim goes.
    ///
    /// # Errors
    /// When it was changed since, or nothing can come of it.
    pub fn way_of_change(&self, named: &Claim) -> Result<Way, NotChanged> {
        if self.claims().next_back() != Some(named) {
            return Err(NotChanged::Replaced);
        }
        let request = self.request(named.request).ok_or(FollowError::NoRequest)?;
        let number = self.number_of(request);
        let authorization = self.authorizations.iter().find(|held| number.as_ref() == Some(&held.number));
        let last = authorization.filter(|held| !held.lines.is_empty()).and_then(|held| held.requests.last());
        match (&request.state, last) {
            (State::Void { .. } | State::Draft | State::Cancelled { .. }, _) | (State::Withdrawn { .. }, None) => {
                Err(NotChanged::Over(request.status()))
            }
            (State::Determined { .. }, None) => Err(NotChanged::Denied),
            (_, Some(of)) => Ok(Way::Revision { of: *of }),
            (_, None) => Ok(Way::Anew),
        }
    }

    /// That every item that was asked for is named, to be as it is now or to go.
    ///
    /// # Errors
    /// The first that is not.
    pub fn names_all(&self, restated: &Restated<'_>, cancelled: &[u32]) -> Result<(), NotChanged> {
        let last = self.claims().next_back();
        let gone = |item: &u32| last.is_some_and(|last| last.cancelled.contains(item)) || self.is_denied(*item);
        let named = |item: &u32| restated.iter().any(|(known, _)| known == item) || cancelled.contains(item);
        let mut before = self.claims().flat_map(|claim| &claim.items);
        before.find(|item| !named(item) && !gone(item)).map_or(Ok(()), |item| Err(NotChanged::Missing(*item)))
    }

    /// The items that are taken back after a change: those before, and those that it cancels; not what was denied, what nobody
    /// asked for, nor what is asked for again.
    #[must_use]
    pub fn cancelled_with(&self, restated: &Restated<'_>, cancelled: &[u32]) -> Vec<u32> {
        let before = self.claims().next_back().map(|last| last.cancelled.as_slice()).unwrap_or_default();
        let again = |item: &u32| restated.iter().any(|(known, _)| known == item);
        let asked = |item: &u32| self.claims().any(|claim| claim.items.contains(item));
        let mut all: Vec<u32> = before.iter().copied().filter(|item| !again(item)).collect();
        for item in cancelled {
            if !all.contains(item) && asked(item) && !self.is_denied(*item) {
                all.push(*item);
            }
        }
        all
    }

    /// The lines of a revision. What is as it was asked for, or as it is authorized, stays authorized as it is; so does what was
    /// added in the portal, which has no number to name it by. It stands after the items, in whose order their Claim has them.
    ///
    /// # Errors
    /// When an item that was denied is to change.
    pub fn revised_lines(&self, of: RequestNumber, restated: &Restated<'_>) -> Result<Vec<Revised>, NotChanged> {
        let number = self.request(of).and_then(|request| self.number_of(request));
        let authorization = self.authorizations.iter().find(|held| number.as_ref() == Some(&held.number));
        let held = authorization.map(|held| held.lines.as_slice()).unwrap_or_default();
        let taken_back = self.claims().next_back().map(|last| last.cancelled.as_slice()).unwrap_or_default();
        let mut lines = Vec::new();
        for (item, line) in restated {
            let line = *line;
            let place = held.iter().position(|held| self.item_of(held.of) == Some(*item));
            match (place.and_then(|place| held.get(place)), self.last_asked(*item)) {
                (Some(now), _) if *line == now.line || self.asked_for(now) == Some(line) => {
                    lines.push((Some(*item), place, now.line.clone()));
                }
                (Some(_), _) => lines.push((Some(*item), place, line.clone())),
                (None, Some((before, true))) if !taken_back.contains(item) => {
                    if before != line {
                        return Err(NotChanged::DeniedItem(*item));
                    }
                }
                (None, _) => lines.push((Some(*item), None, line.clone())),
            }
        }
        let unnamed = held.iter().enumerate().filter(|(_, held)| self.item_of(held.of).is_none());
        lines.extend(unnamed.map(|(place, held)| (None, Some(place), held.line.clone())));
        Ok(lines)
    }

    /// Whether an item was decided, and nothing of it is authorized, though nobody took it back.
    fn is_denied(&self, item: u32) -> bool {
        let gone = self.claims().next_back().is_some_and(|last| last.cancelled.contains(&item));
        !gone && !self.is_authorized(item) && self.last_asked(item).is_some_and(|(_, decided)| decided)
    }

    /// As what is authorized was asked for.
    fn asked_for(&self, held: &Authorized) -> Option<&Line> {
        self.request(held.of.request)?.lines.get(held.of.line)
    }

    /// As an item was asked for last, and whether that was decided.
    fn last_asked(&self, item: u32) -> Option<(&Line, bool)> {
        self.claims().rev().find_map(|claim| {
            let place = claim.items.iter().position(|known| *known == item)?;
            let request = self.request(claim.request)?;
            Some((request.lines.get(place)?, request.decided().is_some()))
        })
    }

    /// Whether a change that goes this way asks for exactly what was asked for before.
    #[must_use]
    pub fn is_same(&self, restated: &Restated<'_>, cancelled: &[u32]) -> bool {
        let same = |(item, line): &(u32, &Line)| self.last_asked(*item).is_some_and(|(before, _)| before == *line);
        let gone = self.claims().next_back().map(|last| last.cancelled.as_slice()).unwrap_or_default();
        cancelled == gone && restated.iter().all(same)
    }
}

/// All of a Claim taken back: its request is withdrawn.
///
/// # Errors
/// When it is decided, or nothing is to be withdrawn.
pub fn cancelled(
    case: Case,
    claim: Claim,
    reason: &str,
    contract: &Contract,
    (at, by): (Timestamp, Username),
) -> Result<Change, NotChanged> {
    let status = case.request(claim.request).map_or(Status::Draft, Request::status);
    let claim = case.kept(claim);
    let mut change = case.withdraw(claim.request, reason, contract, (at, by))?.ok_or(NotChanged::Over(status))?;
    change.case.changes.push(claim);
    Ok(change)
}

/// What is wanted now, asked for in place of the request that the last Claim asked for, which is withdrawn. `ready` is the draft
/// of it, under the next number. Its time does not begin anew: of the old limit and the new the earlier holds.
///
/// # Errors
/// When that cannot be withdrawn, or the case is full.
pub fn anew(
    case: Case,
    ready: Ready<'_>,
    (claim, fax): (Claim, Phone),
    beside: Beside<'_>,
    (at, by): (Timestamp, Username),
) -> Result<Change, NotChanged> {
    if case.is_full() {
        return Err(FollowError::Full.into());
    }
    let contract = beside.contract;
    let (version, number) = (case.version, claim.request);
    let claim = case.kept(claim);
    let before = case.claims().next_back().map_or(RequestNumber::FIRST, |last| last.request);
    let old = case.request(before).ok_or(FollowError::NoRequest)?;
    let (status, clock, more) = (old.status(), old.clock().cloned(), old.more_time.clone());
    let over = || NotChanged::Over(status);
    let case_id = case.submission.as_ref().map(|submission| submission.case_id.clone()).ok_or_else(over)?;
    let mut change = ready.submit(case_id, fax.clone(), at, by.clone());
    let withdrawn = case.withdraw(before, REPLACED, contract, (at, by))?.ok_or_else(over)?;
    let old = withdrawn.case;
    let mut request = change.case.requests.pop().ok_or_else(over)?;
    if let (State::Submitted { clock: new }, Some(old)) = (&mut request.state, clock) {
        *new = earlier(old, new.clone(), contract, at);
        // Whose limit holds brings what was done to it.
        request.more_time = more.filter(|_| new.extended());
    }
    let mut requests = old.requests;
    requests.push(request);
    let mut changes = old.changes;
    changes.push(claim);
    let questionnaires = change.case.submission.take().map(|new| new.questionnaires).unwrap_or_default();
    change.case = Case {
        created_at: old.created_at,
        created_by: old.created_by,
        authorizations: old.authorizations,
        unread: old.unread,
        submission: old.submission.map(|first| Submission { fax, questionnaires, ..first }),
        changes,
        requests,
        ..change.case
    };
    change.events.splice(0..0, withdrawn.events);
    let mut change = reviewed(change, number, beside, at);
    change.case.version = version + 1;
    Ok(change)
}

/// The clock that ends first. One that stood still goes on: what was waited for has come, or is asked for again.
fn earlier(old: Clock, new: Clock, contract: &Contract, at: Timestamp) -> Clock {
    let calendar = &contract.calendar;
    let old = if old.is_paused() {
        let words = "Goes on: the provider has changed what is asked for.".to_owned();
        old.clone().tick(Tick::Resumed, at, words).map_or(old, |clock| clock.moved(calendar))
    } else {
        old
    };
    match (old.due(calendar), new.due(calendar)) {
        (Some(before), Some(after)) if before <= after => old,
        _ => new,
    }
}

/// What is authorized revised: a further request of the case. One that was open for the same is withdrawn, and its limit holds
/// where it ends first. Who performs it stays.
///
/// # Errors
/// When a revision cannot follow, or something is wrong with its lines.
pub fn revised(
    case: Case,
    of: RequestNumber,
    lines: Vec<Revised>,
    (claim, said): (Claim, Said),
    (determinations, beside): (&[Determination], Beside<'_>),
    at: Timestamp,
) -> Result<Change, NotChanged> {
    let (version, contract) = (case.version, beside.contract);
    let claim = case.kept(claim);
    let open =
        case.claims().next_back().map(|last| last.request).filter(|last| {
            case.request(*last).is_some_and(|request| request.follows.is_some() && request.is_undecided())
        });
    let (case, mut events, before) = match open {
        Some(open) => {
            let (status, before) = (case.status(), case.request(open).cloned());
            let change = case.withdraw(open, REPLACED, contract, (at, said.by.clone()))?;
            let change = change.ok_or(NotChanged::Over(status))?;
            (change.case, change.events, before)
        }
        None => (case, Vec::new(), None),
    };
    let lines = lines.into_iter().map(|(_, place, line)| (place, line)).collect();
    let wanted = Wanted::Revision { lines, servicing: None };
    let mut change = case.follow(of, (wanted, said), determinations, contract, at)?;
    if let Some((made, before)) = change.case.requests.last_mut().zip(before)
        && let (State::Submitted { clock: new }, Some(old)) = (&mut made.state, before.clock())
    {
        *new = earlier(old.clone(), new.clone(), contract, at);
        made.more_time = before.more_time.clone().filter(|_| new.extended());
    }
    let number = change.case.requests.last().map_or(claim.request, |request| request.number);
    change.case.changes.push(Claim { request: number, ..claim });
    events.append(&mut change.events);
    change.events = events;
    let mut change = reviewed(change, number, beside, at);
    change.case.version = version + 1;
    Ok(change)
}
