//! What a correction makes of the authorizations of a case: they are made anew from the decisions that hold now, so that nothing counts
//! twice. What was billed stays where it was billed, and what is taken away stays until the day on which that takes effect.

use jiff::civil::Date;

use crate::{
    cases::{
        Case,
        authorization::{Authorization, Authorized, granted},
        determination::{Determination, LineOutcome},
        request::Request,
    },
    field::FieldErrors,
    period::Period,
    service::Line,
    wrong::Wrong,
};

impl Case {
    /// Whether a decision grants less than stands authorized by its request from a day on, also by what an earlier correction left.
    pub(crate) fn takes_from(&self, request: &Request, now: &[LineOutcome], from: Date) -> bool {
        let held = self.authorizations.iter().flat_map(|authorization| &authorization.lines);
        let still = held.filter(|held| held.of.request == request.number && held.line.period.to() >= from);
        still.into_iter().any(|held| {
            let line = request.lines.get(held.of.line).zip(now.get(held.of.line));
            let keeps = |has: Line| has.quantity >= held.line.quantity && has.period.contains(held.line.period);
            !line.and_then(|(line, now)| granted(line, now)).is_some_and(keeps)
        })
    }

    /// The case with what is authorized when `made` takes the place of what was decided of its request before; `keep` is the last day on
    /// which what it takes away still holds. `all` are the decisions of the case.
    ///
    /// # Errors
    /// What was billed and would not be authorized any more, at the line.
    pub(crate) fn reauthorize(
        mut self,
        made: &Determination,
        all: &[Determination],
        keep: Option<Date>,
    ) -> Result<Self, FieldErrors> {
        let before = std::mem::take(&mut self.authorizations);
        let mut case = self;
        let replayed = case.holding(made, all);
        for decision in &replayed {
            if let Some(request) = case.request(decision.request).cloned() {
                case = case.authorize(&request, decision);
            }
        }
        let mut errors = FieldErrors::none();
        for held in before.iter().flat_map(|authorization| &authorization.lines) {
            case.carry(held, made, &mut errors);
        }
        errors.into_result()?;
        for authorization in &before {
            for held in &authorization.lines {
                case.keep((authorization, held), made, &replayed, keep);
            }
        }
        Ok(case)
    }

    /// The decisions that hold when `made` does, in the order in which their requests were first decided.
    fn holding(&self, made: &Determination, all: &[Determination]) -> Vec<Determination> {
        let first = |of: &Determination| {
            let same = all.iter().filter(|other| other.request == of.request);
            same.map(|other| other.at).min().unwrap_or(of.at)
        };
        let holds = |of: &&Determination| {
            let decided = self.request(of.request).and_then(|request| request.decided());
            of.request != made.request && decided.is_some_and(|decided| decided.number == of.number)
        };
        let mut holding: Vec<Determination> = all.iter().filter(holds).chain([made]).cloned().collect();
        holding.sort_by_key(|of| (first(of), of.request));
        holding
    }

    /// Keeps a line that was authorized for as long as nobody may take it away.
    fn keep(
        &mut self,
        (of, held): (&Authorization, &Authorized),
        made: &Determination,
        replayed: &[Determination],
        keep: Option<Date>,
    ) {
        let own = held.of.request == made.request;
        let last = if own {
            let Some(keep) = keep.filter(|keep| held.line.period.from() <= *keep) else { return };
            keep.min(held.line.period.to())
        } else {
            // What an earlier correction left until its day.
            let granted = |by: &Determination| by.lines.get(held.of.line).is_some_and(LineOutcome::grants);
            if replayed.iter().any(|by| by.request == held.of.request && granted(by)) {
                return;
            }
            held.line.period.to()
        };
        if let Some(now) = self.counterpart(held).and_then(|place| self.authorized_at(place)) {
            let (from, to) = (now.line.period.from(), now.line.period.to());
            now.line = clipped(&now.line, from.min(held.line.period.from()), to.max(last));
            return;
        }
        let line = clipped(&held.line, held.line.period.from(), last);
        let kept = Authorized { of: held.of, line, billed: Vec::new() };
        match self.authorizations.iter_mut().find(|other| other.number == of.number) {
            Some(authorization) => authorization.lines.push(kept),
            None => self.authorizations.push(Authorization { lines: vec![kept], ..of.clone() }),
        }
    }

    /// The line of this authorization and number.
    fn authorized_at(&mut self, (place, line): (usize, usize)) -> Option<&mut Authorized> {
        self.authorizations.get_mut(place)?.lines.get_mut(line)
    }

    /// Carries what was billed of a line to the one that takes its place.
    fn carry(&mut self, held: &Authorized, made: &Determination, errors: &mut FieldErrors) {
        if held.billed.is_empty() {
            return;
        }
        let own = (held.of.request == made.request).then_some(held.of.line);
        let found = self.counterpart(held);
        let stands = found.and_then(|place| {
            let of = self.authorized_at(place)?.of;
            (of.request == made.request).then_some(of.line)
        });
        let pointer =
            |field: &str| own.or(stands).map_or("/lines".to_owned(), |place| format!("/lines/{place}/{field}"));
        let Some(now) = found.and_then(|place| self.authorized_at(place)) else {
            let text = "This was billed already: it cannot be denied.";
            return errors.add(pointer("outcome"), Wrong::AlreadyBilled.says(text));
        };
        if u64::from(u32::from(now.line.quantity)) < held.billed_units() + now.billed_units() {
            let text = "Units that were billed already cannot be removed.";
            errors.add(pointer("units"), Wrong::AlreadyBilled.says(text));
        }
        let days = now.line.period;
        if held.billed.iter().any(|billed| billed.on < days.from() || days.to() < billed.on) {
            let text = "Days that were billed already cannot be removed.";
            errors.add(pointer("from"), Wrong::AlreadyBilled.says(text));
        }
        now.billed.extend(held.billed.iter().copied());
    }

    /// The line that stands where this one stood: the same, the one that it stood for, or one that stands for it.
    fn counterpart(&self, held: &Authorized) -> Option<(usize, usize)> {
        let all = self.authorizations.iter().enumerate();
        let mut all = all.map(|(place, authorization)| (place, &authorization.lines));
        all.find_map(|(place, lines)| {
            let same = lines.iter().position(|line| line.of == held.of);
            let before = || self.held(lines, Some(held.of));
            let after = || lines.iter().position(|line| self.held(std::slice::from_ref(held), Some(line.of)).is_some());
            same.or_else(before).or_else(after).map(|line| (place, line))
        })
    }
}

fn clipped(line: &Line, from: Date, to: Date) -> Line {
    let period = Period::new(from, to).unwrap_or(line.period);
    Line { period, duration: period.days().try_into().unwrap_or(line.duration), ..line.clone() }
}

/// Whether a decision grants less of a line than another one did.
pub(crate) fn takes(lines: &[Line], before: &[LineOutcome], now: &[LineOutcome]) -> bool {
    lines.iter().zip(before).zip(now).any(|((line, before), now)| {
        granted(line, before).is_some_and(|had| {
            let keeps = |has: Line| has.quantity >= had.quantity && has.period.contains(had.period);
            !granted(line, now).is_some_and(keeps)
        })
    })
}
