//! What was billed under the authorizations of a case, as the claims system tells it (ACT-03).

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{
    cases::{
        Case, Change,
        authorization::{Authorization, Authorized, Billed, LineOf, granted},
        determination::{Determination, LineOutcome},
        request::Request,
        revision::billed,
    },
    code::{Modifier, ProcedureCode},
    events::EventKind,
    field::FieldErrors,
    id::{AuthorizationNumber, ContractId},
    period::Units,
    wrong::Wrong,
};

/// Lines of claims that a case holds at most: an item of the table has an end.
pub const MOST_BILLED: usize = 1_500;

/// A line of a claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimLine {
    /// Always the same for the same line of the same claim.
    pub id: Uuid,
    /// Whose claims these are.
    pub contract: ContractId,
    /// What it was billed under.
    pub authorization: AuthorizationNumber,
    /// What was billed.
    pub code: ProcedureCode,
    /// With which modifiers, in any order.
    pub modifiers: Vec<Modifier>,
    /// The day of service.
    pub on: Date,
    /// How many units; none when the line was taken back.
    pub units: Option<Units>,
}

/// What became of a line of a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// It was not known.
    New,
    /// It says something else than before, or is taken back.
    Changed,
    /// It was known, or nothing was known of what is taken back.
    Unchanged,
    /// No authorization of the case has this number.
    NoAuthorization,
    /// The authorization holds no such service on this day.
    NoLine,
    /// The case holds as many as it can.
    TooMany,
}

impl Case {
    /// The case with what was billed, if that changes it; and what became of each line.
    #[must_use]
    pub fn bill(
        self,
        claims: &[&ClaimLine],
        determinations: &[Determination],
        at: Timestamp,
    ) -> (Vec<Heard>, Option<Change>) {
        let mut case = self.with_authorizations(determinations);
        let (mut heard, mut events) = (Vec::new(), Vec::new());
        for claim in claims {
            let told = case.bill_one(claim, at);
            heard.push(told);
            let request = case.authorization(claim).and_then(|held| held.requests.first().copied());
            let billed = request.map(|request| EventKind::AuthorizationBilled { request });
            events
                .extend(billed.filter(|event| matches!(told, Heard::New | Heard::Changed) && !events.contains(event)));
        }
        if events.is_empty() {
            return (heard, None);
        }
        case.version += 1;
        case.changed_at = at;
        (heard, Some(Change { case, events, determination: None }))
    }

    fn authorization(&self, claim: &ClaimLine) -> Option<&Authorization> {
        self.authorizations.iter().find(|held| held.number == claim.authorization && self.contract == claim.contract)
    }

    fn bill_one(&mut self, claim: &ClaimLine, at: Timestamp) -> Heard {
        let Some(authorization) = self.authorization(claim) else { return Heard::NoAuthorization };
        // A line of a claim stands once in a case, whichever number it was told under before.
        let before = self.lines_held().find_map(|held| Some((held.of, held.billed_by(claim.id)?)));
        let Some(units) = claim.units else {
            self.forget(claim.id);
            return if before.is_some() { Heard::Changed } else { Heard::Unchanged };
        };
        let Some(of) = line_of_claim(&authorization.lines, claim, units, before.map(|(of, _)| of)) else {
            return Heard::NoLine;
        };
        match before {
            Some((was, billed)) if was == of && (billed.on, billed.units) == (claim.on, units) => {
                return Heard::Unchanged;
            }
            None if self.lines_held().map(|held| held.billed.len()).sum::<usize>() >= MOST_BILLED => {
                return Heard::TooMany;
            }
            _ => {}
        }
        self.forget(claim.id);
        if let Some(held) = self.lines_held_mut().find(|held| held.of == of) {
            held.billed.push(Billed { claim: claim.id, on: claim.on, units, at });
        }
        if before.is_some() { Heard::Changed } else { Heard::New }
    }

    fn lines_held(&self) -> impl Iterator<Item = &Authorized> {
        self.authorizations.iter().flat_map(|held| &held.lines)
    }

    fn lines_held_mut(&mut self) -> impl Iterator<Item = &mut Authorized> {
        self.authorizations.iter_mut().flat_map(|held| &mut held.lines)
    }

    fn forget(&mut self, claim: Uuid) {
        self.lines_held_mut().for_each(|held| held.billed.retain(|billed| billed.claim != claim));
    }

    /// What a decision may not take, because it was billed since it was asked for (ACT-03).
    #[must_use]
    pub(crate) fn billed_since(&self, request: &Request, outcomes: &[LineOutcome]) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let Some(follows) = &request.follows else { return errors };
        let known = self.authorizations.iter().find(|held| held.number == follows.authorization);
        let Some(authorization) = known.filter(|_| outcomes.iter().any(LineOutcome::grants)) else { return errors };
        let mut lines = Vec::new();
        for (at, (asked, outcome)) in request.lines.iter().zip(outcomes).enumerate() {
            let place = self.held(&authorization.lines, follows.lines.get(at).copied().flatten());
            let held = place.and_then(|place| authorization.lines.get(place)).map(|held| held.line.clone());
            lines.push((place, granted(asked, outcome).or(held).unwrap_or_else(|| asked.clone())));
        }
        let named = |place: usize| lines.iter().any(|(of, _)| *of == Some(place));
        let others = authorization.lines.iter().enumerate();
        let stay = others.filter(|(place, held)| !named(*place) && !follows.removed.contains(&held.of));
        let stay: Vec<_> = stay.map(|(place, held)| (Some(place), held.line.clone())).collect();
        lines.extend(stay);
        let taken = billed(&lines, &authorization.lines, follows.servicing.is_some());
        let mut places: Vec<usize> = taken.as_slice().iter().map(|error| line_of(&error.pointer)).collect();
        places.dedup();
        for place in places {
            let text = "What this would take was billed since it was asked for. Deny it; what is authorized stays.";
            errors.add(format!("/lines/{place}/outcome"), Wrong::AlreadyBilled.says(text));
        }
        errors
    }
}

impl Authorized {
    fn billed_by(&self, claim: Uuid) -> Option<Billed> {
        self.billed.iter().find(|billed| billed.claim == claim).copied()
    }

    /// Whether a line of a claim is about it.
    fn is_of(&self, claim: &ClaimLine) -> bool {
        let sorted = |modifiers: &[Modifier]| {
            let mut texts: Vec<String> = modifiers.iter().map(ToString::to_string).collect();
            texts.sort();
            texts
        };
        self.line.code == claim.code
            && sorted(&self.line.modifiers) == sorted(&claim.modifiers)
            && self.line.period.from() <= claim.on
            && claim.on <= self.line.period.to()
    }

    fn has_room(&self, units: Units) -> bool {
        let of = |units: Units| u64::from(u32::from(units));
        self.billed_units() + of(units) <= of(self.line.quantity)
    }
}

/// The line that was billed: where it stood before, else the first with units left, else the first.
fn line_of_claim(lines: &[Authorized], claim: &ClaimLine, units: Units, before: Option<LineOf>) -> Option<LineOf> {
    let fits: Vec<&Authorized> = lines.iter().filter(|held| held.is_of(claim)).collect();
    let stood = fits.iter().find(|held| Some(held.of) == before);
    stood.or_else(|| fits.iter().find(|held| held.has_room(units))).or_else(|| fits.first()).map(|held| held.of)
}

/// The line that a pointer is about; the first for what is about all.
fn line_of(pointer: &str) -> usize {
    pointer.split('/').nth(2).and_then(|place| place.parse().ok()).unwrap_or_default()
}
