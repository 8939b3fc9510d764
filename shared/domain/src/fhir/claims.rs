//! The Claims of a case: the first and those that changed what it asked for, which items each has, and where each item stands.

use crate::{
    cases::{
        Case, Claim,
        authorization::LineOf,
        request::{Request, State},
    },
    id::{ClientId, RequestNumber, Username},
    service::Line,
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

    /// How whoever did something in the case is named: a system of a provider by its name, people by that of their sign-in.
    #[must_use]
    pub fn name_of(&self, by: &Username) -> String {
        if by.as_str().parse::<ClientId>().is_err() {
            return by.to_string();
        }
        let own = self.submission.as_ref().filter(|submission| submission.by == *by);
        match own.and_then(|submission| submission.system.as_ref()) {
            Some(name) => format!("{name} (system)"),
            None => "A provider's system".to_owned(),
        }
    }

    /// The Claim that asked for a request, the last of several.
    #[must_use]
    pub fn claim_of(&self, number: RequestNumber) -> Option<&Claim> {
        self.claims().rev().find(|claim| claim.request == number)
    }

    /// The Claim that a request goes back to: the one that asked for it, or for the request that it follows in the portal.
    #[must_use]
    pub fn claim_behind(&self, mut number: RequestNumber) -> Option<&Claim> {
        loop {
            if let Some(claim) = self.claim_of(number) {
                return Some(claim);
            }
            number = self.request(number)?.follows.as_ref()?.of;
        }
    }

    /// The numbers by which the sender of the Claims tracks an item, of the last Claim that has some for it.
    #[must_use]
    pub fn traces_of(&self, item: u32) -> Vec<&str> {
        let last = self.claims().rev().find(|claim| claim.traces.iter().any(|trace| trace.item == item));
        let own = last.into_iter().flat_map(|claim| &claim.traces).filter(|trace| trace.item == item);
        own.map(|trace| trace.identifier.as_str()).collect()
    }

    /// A Claim as the case keeps it: trace numbers that it has already are not kept again.
    pub(super) fn kept(&self, mut claim: Claim) -> Claim {
        let of = |claim: &Claim, item: u32| {
            let own = claim.traces.iter().filter(|trace| trace.item == item);
            own.map(|trace| trace.identifier.clone()).collect::<Vec<_>>()
        };
        let same = |item: &u32| self.traces_of(*item) == of(&claim, *item);
        let known: Vec<u32> = claim.traces.iter().map(|trace| trace.item).filter(same).collect();
        claim.traces.retain(|trace| !known.contains(&trace.item));
        claim
    }

    /// Whether the answer to a later request tells of what this one asked for: a later Claim's, or that to what the portal asked for
    /// on the same Claim.
    #[must_use]
    pub fn is_replaced(&self, number: RequestNumber) -> bool {
        let (Some(last), Some(behind)) = (self.claims().next_back(), self.claim_behind(number)) else { return false };
        let mut later = self.requests.iter().filter(|other| other.number > number && other.asked_at().is_some());
        behind.request != last.request || later.any(|other| self.is_of(last, other.number))
    }

    /// Whether a request goes back to this Claim.
    fn is_of(&self, claim: &Claim, number: RequestNumber) -> bool {
        self.claim_behind(number).is_some_and(|behind| behind.request == claim.request)
    }

    /// The requests that the answer to one tells of: where it goes back to the last Claim, all that were asked for before it.
    pub fn requests_told(&self, number: RequestNumber) -> impl Iterator<Item = &Request> {
        let whole = self.claims().next_back().is_some_and(|last| self.is_of(last, number));
        let before = move |request: &Request| whole && request.number <= number && request.asked_at().is_some();
        self.requests.iter().filter(move |request| request.number == number || before(request))
    }

    /// The lines that it tells of, as they were ever asked for.
    pub fn lines_told(&self, number: RequestNumber) -> impl Iterator<Item = &Line> {
        self.requests_told(number).flat_map(|request| &request.lines)
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

    /// Where each item stands that was ever sent, for a request that goes back to the last Claim; none of any other request.
    #[must_use]
    pub fn items(&self, number: RequestNumber) -> Option<Vec<(u32, Stand)>> {
        let last = self.claims().next_back().filter(|last| self.is_of(last, number))?;
        let open = self.request(last.request)?.is_undecided();
        self.request(number)?;
        let mut told: Vec<(u32, Stand)> = Vec::new();
        for item in &last.cancelled {
            match (self.is_authorized(*item), open) {
                (true, true) => told.push((*item, Stand::Leaving)),
                // Nobody granted that it goes: it stands as it was decided.
                (true, false) => {}
                (false, _) => told.push((*item, Stand::Cancelled)),
            }
        }
        let asked = self.requests.iter().rev().filter(|one| one.number <= number && one.asked_at().is_some());
        for request in asked {
            if is_over(request) && (request.number != number || request.follows.is_some()) {
                continue;
            }
            for place in 0..request.lines.len() {
                let of = LineOf { request: request.number, line: place };
                // What was added in the portal is none of its sender's items.
                let Some(item) = self.item_of(of) else { continue };
                if !told.iter().any(|(other, _)| *other == item) && !stays(request, place) {
                    told.push((item, Stand::Line { request: request.number, place }));
                }
            }
            told.extend(self.removed_by(request, &told));
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

    /// Where the items stand that a revision takes out, as the portal's do, but for those that are told already.
    fn removed_by(&self, request: &Request, told: &[(u32, Stand)]) -> Vec<(u32, Stand)> {
        let removed = request.follows.iter().flat_map(|follows| &follows.removed);
        let mut found: Vec<(u32, Stand)> = Vec::new();
        for item in removed.filter_map(|of| self.item_of(*of)) {
            let stand = match (self.is_authorized(item), request.is_undecided()) {
                (true, true) => Stand::Leaving,
                (true, false) => continue,
                (false, _) => Stand::Cancelled,
            };
            if told.iter().chain(&found).all(|(other, _)| *other != item) {
                found.push((item, stand));
            }
        }
        found
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
