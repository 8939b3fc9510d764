//! What is added to a request after it was submitted (ACT-01): its status stays, and whoever reviews it is told.
//!
//! What nobody has seen stands at the request until a reviewer who has it has looked; a request that is decided keeps what is
//! added to it, and it is news to nobody.

use jiff::Timestamp;

use crate::{
    cases::{
        Case, Change,
        document::Document,
        request::{Added, PendEnd, Request, State},
    },
    contracts::Contract,
    events::EventKind,
    id::RequestNumber,
    reviews::{holding::ReviewError, pend},
};

/// As many files come with one addition.
pub const MOST_FILES: usize = 10;

/// The case with what was added to a request. Documents are on their way then; each is told again when it has arrived
/// after a look ([`arrived`]). What answers a request for information brings it back to whoever asked (REV-06).
///
/// # Errors
/// When there is no such request, or it is a draft or withdrawn.
pub fn add(case: Case, number: RequestNumber, added: Added, contract: &Contract) -> Result<Change, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    // What comes after the request is back is as good without being an answer.
    let added = Added { answers: added.answers && request.pended().is_some(), ..added };
    match request.state {
        State::Submitted { .. }
        | State::NurseReview { .. }
        | State::PhysicianReview { .. }
        | State::Pended { .. }
        | State::AwaitsCoverage { .. }
        | State::Determined { .. } => {}
        State::Draft | State::Void { .. } | State::Withdrawn { .. } | State::Cancelled { .. } => {
            return Err(request.not_now().into());
        }
    }
    let event = EventKind::InformationAdded {
        request: number,
        note: added.note.is_some(),
        documents: u32::try_from(added.documents.len()).unwrap_or(u32::MAX),
        answers: added.answers,
    };
    let (at, mut events) = (added.at, vec![event]);
    if added.answers {
        events.extend(pend::back(&mut request, PendEnd::Answered { at, by: added.by.clone() }, contract));
    }
    request.added.push(added);
    Ok(case.with_request(request, at, events))
}

/// The case when a document was checked and kept after a reviewer had looked at what it came with: it is news again.
/// `None` when nobody has to be told.
#[must_use]
pub fn arrived(case: &Case, document: &Document, at: Timestamp) -> Option<Change> {
    let mut request = case.request(document.request)?.clone();
    let added = request.added.iter_mut().find(|added| added.documents.contains(&document.id))?;
    added.seen.take()?;
    request.news()?;
    let event = EventKind::DocumentAccepted { document: document.id };
    Some(case.clone().with_request(request, at, vec![event]))
}

/// Marks what was added as seen; what happened, when there was something new.
pub(super) fn see(request: &mut Request, at: Timestamp) -> Option<EventKind> {
    request.news()?;
    for added in request.added.iter_mut().filter(|added| added.seen.is_none()) {
        added.seen = Some(at);
    }
    Some(EventKind::InformationSeen { request: request.number })
}

impl Request {
    /// Whether an addition is new to whoever works on the request: nobody has seen it, or its reviewer saw it with the claim
    /// that still lasts, for whoever reads it page by page does not lose the mark on the way.
    #[must_use]
    pub fn is_new(&self, added: &Added) -> bool {
        let since = self.queue().and_then(|(_, claim)| claim).map(|claim| claim.at);
        let open = self.is_undecided();
        open && added.seen.is_none_or(|seen| since.is_some_and(|since| since <= seen))
    }
}
