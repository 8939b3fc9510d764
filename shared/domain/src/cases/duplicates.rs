//! What may be asked for twice: the same code for the same member, on days that overlap (CASE-05). One rule tells whoever
//! submits, and keeps a request from being approved by a rule.

use crate::{
    cases::{
        Case,
        request::{Repeated, Repeats, Request, State},
    },
    code::{Modifier, ProcedureCode},
    field::FieldErrors,
    id::CaseId,
    period::Period,
    status::Outcome,
    wrong::Wrong,
};

/// As long may the reason be for which something is asked for again.
pub const LONGEST_REASON: usize = 1000;

/// A request that asks for what another one asks for too.
#[derive(Clone, PartialEq, Debug)]
pub struct Coincidence<'a> {
    /// The case of the other request.
    pub case: &'a Case,
    /// The other request.
    pub request: &'a Request,
    /// What both ask for.
    pub lines: Vec<Shared<'a>>,
}

/// A service that two requests ask for.
#[derive(Clone, PartialEq, Debug)]
pub struct Shared<'a> {
    /// The code.
    pub code: &'a ProcedureCode,
    /// Its modifiers in the other request.
    pub modifiers: &'a [Modifier],
    /// The days that are in both.
    pub days: Period,
}

/// The requests that ask for a code of this one on a day of it and were not refused or taken back, of `others`: the member's
/// other cases. The requests of one case follow each other, and none repeats another.
#[must_use]
pub fn coincidences<'a>(case: &Case, request: &'a Request, others: &'a [Case]) -> Vec<Coincidence<'a>> {
    let elsewhere = others.iter().filter(|other| other.key != case.key);
    let elsewhere = elsewhere.flat_map(|other| other.requests.iter().map(move |theirs| (other, theirs)));
    let found = elsewhere.filter(|(_, other)| stands(other));
    found
        .map(|(of, other)| Coincidence { case: of, request: other, lines: shared(request, other) })
        .filter(|found| !found.lines.is_empty())
        .collect()
}

/// What may be a duplicate for whoever submits: the same provider performs it too (CASE-05).
#[must_use]
pub fn of_one_provider<'a>(case: &'a Case, request: &'a Request, others: &'a [Case]) -> Vec<Coincidence<'a>> {
    let mut found = coincidences(case, request, others);
    found.retain(|found| found.is_performed_as(case));
    found
}

impl Coincidence<'_> {
    /// The number of the other case: a request that stands was submitted.
    #[must_use]
    pub fn case_id(&self) -> Option<&CaseId> {
        self.case.submission.as_ref().map(|submission| &submission.case_id)
    }

    /// Whether one provider performs both: the same place, or the same NPI at another.
    fn is_performed_as(&self, case: &Case) -> bool {
        let both = case.servicing.as_ref().zip(self.case.servicing.as_ref());
        both.is_some_and(|(one, other)| one.id == other.id || (one.npi.is_some() && one.npi == other.npi))
    }
}

/// What has to be said of a submit that may repeat something, if it does.
///
/// # Errors
/// When the reason is missing or too long.
pub(crate) fn repeats(found: &[Coincidence<'_>], reason: Option<&str>) -> Result<Option<Repeats>, FieldErrors> {
    if found.is_empty() {
        return Ok(None);
    }
    let reason = reason.unwrap_or_default().trim();
    let mut errors = FieldErrors::none();
    if reason.is_empty() {
        let text = "The same was asked for before, on days that overlap. Look at the earlier requests, and say why you ask again.";
        errors.add("/duplicateReason", Wrong::PossibleDuplicate.says(text));
    } else if reason.chars().count() > LONGEST_REASON {
        let text = format!("The reason has at most {LONGEST_REASON} characters.");
        errors.add("/duplicateReason", Wrong::TooLong { most: LONGEST_REASON }.says(text));
    }
    errors.into_result()?;
    let of = found.iter().filter_map(|found| {
        let (case, request) = (found.case_id()?.clone(), found.request.number);
        Some(Repeated { case, request })
    });
    Ok(Some(Repeats { of: of.collect(), reason: reason.to_owned() }))
}

/// Whether something may still come of the request, or has.
fn stands(request: &Request) -> bool {
    match &request.state {
        State::Submitted { .. }
        | State::NurseReview { .. }
        | State::PhysicianReview { .. }
        | State::AwaitsCoverage { .. }
        | State::Pended { .. } => true,
        State::Determined { decided, .. } => decided.outcome != Outcome::Denied,
        State::Draft | State::Void { .. } | State::Withdrawn { .. } | State::Cancelled { .. } => false,
    }
}

fn shared<'a>(request: &Request, other: &'a Request) -> Vec<Shared<'a>> {
    let mut all: Vec<Shared<'a>> = Vec::new();
    for theirs in &other.lines {
        for line in request.lines.iter().filter(|line| line.code == theirs.code) {
            let days = line.period.shared(theirs.period);
            let shared = days.map(|days| Shared { code: &theirs.code, modifiers: &theirs.modifiers, days });
            all.extend(shared.filter(|shared| !all.contains(shared)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::{
        cases::submit::{self, Said, SubmitError},
        contracts::samples::arkansas,
        id::{CaseKey, ProviderId, RequestNumber},
        tests::{at, beside, documents, draft, submitted},
    };

    /// A case of the same member that asks for the same.
    fn earlier() -> Case {
        Case { key: CaseKey::new(Uuid::from_u128(44)), ..submitted() }
    }

    fn found(draft: &Case, earlier: &Case) -> usize {
        of_one_provider(draft, &draft.requests[0], std::slice::from_ref(earlier)).len()
    }

    #[test]
    fn the_same_code_on_a_day_of_both_by_one_provider_is_a_possible_duplicate() {
        let (draft, mut earlier) = (draft(), earlier());
        earlier.requests[0].lines[0].period = Period::new(date(2026, 6, 1), date(2026, 7, 1)).unwrap();
        let others = [earlier.clone()];
        let found_once = of_one_provider(&draft, &draft.requests[0], &others);
        let [coincidence] = found_once.as_slice() else { panic!("{found_once:?}") };
        let shared = &coincidence.lines[0];
        assert_eq!(
            (shared.code.as_str(), shared.days.from(), shared.days.to()),
            ("T1015", date(2026, 6, 1), date(2026, 6, 9))
        );
        assert_eq!(coincidence.case_id().map(ToString::to_string).as_deref(), Some("261270001"));

        let mut other = earlier.clone();
        other.requests[0].lines[0].code = "97153".parse().unwrap();
        assert_eq!(found(&draft, &other), 0, "another code");
        let mut other = earlier.clone();
        other.requests[0].lines[0].period = Period::new(date(2026, 6, 10), date(2026, 7, 1)).unwrap();
        assert_eq!(found(&draft, &other), 0, "other days");
        let mut other = earlier.clone();
        let by: crate::id::Username = "ann".parse().unwrap();
        let clock = other.requests[0].clock().unwrap().clone();
        other.requests[0].state = State::Withdrawn { clock, at: at(), by, reason: "Asked for in another case.".into() };
        assert_eq!(found(&draft, &other), 0, "taken back");
    }

    #[test]
    fn one_provider_is_the_same_place_or_the_same_npi() {
        let (draft, mut earlier) = (draft(), earlier());
        let servicing = earlier.servicing.as_mut().unwrap();
        servicing.id = ProviderId::new(Uuid::from_u128(77));
        assert_eq!(found(&draft, &earlier), 1, "another place of one NPI");
        earlier.servicing.as_mut().unwrap().npi = None;
        assert_eq!(found(&draft, &earlier), 0);
        // Review looks at what two providers do on one day too.
        assert_eq!(coincidences(&draft, &draft.requests[0], &[earlier]).len(), 1);
    }

    #[test]
    fn who_asks_again_says_why_and_that_is_kept() {
        let (contract, others) = (arkansas(), [earlier()]);
        let submit = |reason| {
            let said = Said { agreed: true, reason, others: &others, with_documents: false };
            submit::check(draft(), beside(&documents()), &contract, said, at())
        };
        let long = "x".repeat(LONGEST_REASON + 1);
        for reason in [None, Some(" "), Some(long.as_str())] {
            let Err(SubmitError::Incomplete(errors)) = submit(reason) else { panic!("{reason:?}") };
            assert_eq!(errors.as_slice()[0].pointer, "/duplicateReason");
        }
        let ready = submit(Some(" A second chair, for school. ")).unwrap();
        let id = CaseId::new(date(2026, 5, 7), 2);
        let case = ready.submit(id, "501-555-0123".parse().unwrap(), at(), "ann".parse().unwrap()).case;
        let repeats = case.requests[0].repeats.as_ref().unwrap();
        assert_eq!(repeats.reason, "A second chair, for school.");
        assert_eq!(repeats.of, [Repeated { case: CaseId::new(date(2026, 5, 7), 1), request: RequestNumber::FIRST }]);
        assert_eq!(submitted().requests[0].repeats, None, "nothing is kept where nothing coincides");
    }
}
