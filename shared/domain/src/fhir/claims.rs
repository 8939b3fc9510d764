//! The Claims of a case: the first and those that changed what it asked for, which items each has, and where each item stands.

use crate::{
    cases::{
        Case, Claim,
        authorization::LineOf,
        request::{Request, State},
    },
    id::RequestNumber,
};

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    /// As this line of a request.
    Line {
        /// The request.
        request: RequestNumber,
        /// The place of the line.
        place: usize,
    },
    /// It was taken back.
    Cancelled,
    /// It is authorized still, and a change that is not decided takes it back.
    Leaving,
}

impl Case {
    /// The Claims, oldest first; none where no system asked.
    #[must_use]
    pub fn claims(&self) -> impl DoubleEndedIterator<Item = &Claim> {
        let first = self.submission.iter().filter_map(|submission| submission.claim.as_ref());
        first.chain(&self.changes)
    }

    /// The Claim that asked for a request, the last of several.
    #[must_use]
    pub fn claim_of(&self, number: RequestNumber) -> Option<&Claim> {
        self.claims().rev().find(|claim| claim.request == number)
    }

    /// Whether a later Claim tells of what this request asked for.
    #[must_use]
    pub fn is_replaced(&self, number: RequestNumber) -> bool {
        let last = self.claims().next_back();
        self.claim_of(number).is_some() && last.is_some_and(|last| last.request != number)
    }

    /// The number of the item that a line is.
    #[must_use]
    pub fn item_of(&self, mut of: LineOf) -> Option<u32> {
        loop {
            if let Some(claim) = self.claim_of(of.request) {
                return claim.items.get(of.line).copied();
            }
            // A request of the portal: its line stands for an earlier one.
            of = (*self.request(of.request)?.follows.as_ref()?.lines.get(of.line)?)?;
        }
    }

    /// Where each item stands that was ever sent, for the request of the last Claim; none of any other request.
    #[must_use]
    pub fn items(&self, number: RequestNumber) -> Option<Vec<(u32, Stand)>> {
        let last = self.claims().next_back().filter(|claim| claim.request == number)?;
        let open = self.request(number)?.is_undecided();
        let mut told: Vec<(u32, Stand)> = Vec::new();
        for item in &last.cancelled {
            match (self.is_authorized(*item), open) {
                (true, true) => told.push((*item, Stand::Leaving)),
                // Nobody granted that it goes: it stands as it was decided.
                (true, false) => {}
                (false, _) => told.push((*item, Stand::Cancelled)),
            }
        }
        for claim in self.claims().rev() {
            let Some(request) = self.request(claim.request) else { continue };
            if is_over(request) && (claim.request != number || request.follows.is_some()) {
                continue;
            }
            for (place, item) in claim.items.iter().enumerate() {
                let known = told.iter().any(|(other, _)| other == item);
                if !known && !stays(request, place) {
                    told.push((*item, Stand::Line { request: request.number, place }));
                }
            }
        }
        // New in a change that was withdrawn.
        for item in &last.items {
            if told.iter().all(|(other, _)| other != item) {
                told.push((*item, Stand::Cancelled));
            }
        }
        told.sort_by_key(|(item, _)| *item);
        Some(told)
    }

    /// Whether an item is authorized now.
    pub(super) fn is_authorized(&self, item: u32) -> bool {
        let mut held = self.authorizations.iter().flat_map(|authorization| &authorization.lines);
        held.any(|held| self.item_of(held.of) == Some(item))
    }
}

fn is_over(request: &Request) -> bool {
    matches!(request.state, State::Withdrawn { .. })
}

/// Whether a line of a change that is not decided is as it is authorized: then it stands as it was decided.
fn stays(request: &Request, place: usize) -> bool {
    let had = request.follows.as_ref().and_then(|follows| follows.authorized.get(place)?.as_ref());
    request.is_undecided() && had.is_some() && had == request.lines.get(place)
}
