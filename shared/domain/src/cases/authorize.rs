//! What decisions make of the authorizations of a case (CASE-28).

use crate::{
    cases::{
        Case,
        authorization::{Authorization, Authorized, LineOf, granted},
        determination::{Determination, LineOutcome},
        request::Request,
    },
    field::FieldErrors,
    id::AuthorizationNumber,
    service::Line,
    wrong::Wrong,
};

impl Case {
    /// The authorization that a request gave or changed.
    #[must_use]
    pub fn authorization_of(&self, request: &Request) -> Option<&Authorization> {
        let number = request.decided()?.authorization.as_ref()?;
        self.authorizations.iter().find(|authorization| authorization.number == *number)
    }

    /// The number that an approval of the request has: of the authorization that it follows, or its own.
    #[must_use]
    pub fn number_of(&self, request: &Request) -> Option<AuthorizationNumber> {
        let own = || Some(AuthorizationNumber::of(&self.submission.as_ref()?.case_id, request.number));
        request.follows.as_ref().map(|follows| follows.authorization.clone()).or_else(own)
    }

    /// The case with what its decisions authorized, where that was not kept when they were made.
    #[must_use]
    pub fn with_authorizations(self, determinations: &[Determination]) -> Self {
        if !self.authorizations.is_empty() {
            return self;
        }
        determinations.iter().fold(self, |case, made| match case.request(made.request).cloned() {
            Some(request) => case.authorize(&request, made),
            None => case,
        })
    }

    /// The case with what a decision authorizes. What is denied of a change stays as it is authorized; nothing that a decision
    /// does not name is lost.
    #[must_use]
    pub(crate) fn authorize(mut self, request: &Request, made: &Determination) -> Self {
        let Some(number) = made.authorization.clone() else { return self };
        let known = self.authorizations.iter().position(|authorization| authorization.number == number);
        let mut authorization = known.map_or_else(
            || Authorization { number, requests: Vec::new(), lines: Vec::new() },
            |place| self.authorizations.swap_remove(place),
        );
        for (place, (line, outcome)) in request.lines.iter().zip(&made.lines).enumerate() {
            let Some(line) = granted(line, outcome) else { continue };
            let of = LineOf { request: request.number, line: place };
            let stands_for = request.follows.as_ref().and_then(|follows| follows.lines.get(place).copied().flatten());
            match self.held(&authorization.lines, stands_for).and_then(|place| authorization.lines.get_mut(place)) {
                Some(held) => (held.of, held.line) = (of, line),
                None => authorization.lines.push(Authorized { of, line, billed: Vec::new() }),
            }
        }
        if let Some(follows) = &request.follows {
            authorization.lines.retain(|held| !follows.removed.contains(&held.of));
            self.servicing = follows.servicing.clone().or(self.servicing);
        }
        authorization.requests.retain(|other| *other != request.number);
        authorization.requests.push(request.number);
        self.authorizations.push(authorization);
        self
    }

    /// The place of what is authorized for a line, or for the one that it stands for.
    pub(super) fn held(&self, lines: &[Authorized], of: Option<LineOf>) -> Option<usize> {
        let mut of = of?;
        loop {
            if let Some(place) = lines.iter().position(|held| held.of == of) {
                return Some(place);
            }
            of = (*self.request(of.request)?.follows.as_ref()?.lines.get(of.line)?)?;
        }
    }

    /// What a reviewer may not decide of a request that follows a decision: less than is authorized already, where that much
    /// was asked for.
    #[must_use]
    pub(crate) fn less_than_authorized(request: &Request, outcomes: &[LineOutcome]) -> FieldErrors {
        let mut errors = FieldErrors::none();
        let Some(follows) = &request.follows else { return errors };
        for (place, ((asked, had), outcome)) in request.lines.iter().zip(&follows.authorized).zip(outcomes).enumerate()
        {
            let (Some(had), LineOutcome::Modified { units, period, .. }) = (had, outcome) else { continue };
            let text = "This is less than is authorized already. Deny the line, and what is authorized stays.";
            if *units < had.quantity.min(asked.quantity) {
                errors.add(format!("/lines/{place}/units"), Wrong::LessThanAuthorized.says(text));
            }
            if had.period.shared(asked.period).is_some_and(|days| !period.contains(days)) {
                errors.add(format!("/lines/{place}/from"), Wrong::LessThanAuthorized.says(text));
            }
        }
        errors
    }

    /// What is authorized for a line of a decided request.
    pub(crate) fn authorized_for(&self, of: &Request, line: LineOf) -> Option<Line> {
        let number = self.number_of(of)?;
        let authorization = self.authorizations.iter().find(|authorization| authorization.number == number)?;
        let place = self.held(&authorization.lines, Some(line))?;
        authorization.lines.get(place).map(|held| held.line.clone())
    }
}
