//! A reviewer closes a request without a decision (REV-04): the member is not eligible, what is asked for needs no authorization, or
//! another request asks for the same. Nothing is refused by it: both are told by letter, and the same may be asked for again.

use jiff::Timestamp;

use crate::{
    caller::Reviewer,
    cases::{
        Case, Change,
        duplicates::coincidences,
        request::{Duplicated, Repeated, Request, State, Voided},
    },
    contracts::{
        Contract,
        code_rule::{Authorization, NoRule, Unlisted},
    },
    events::EventKind,
    field::FieldErrors,
    id::RequestNumber,
    person::Member,
    reviews::{
        eligibility::doubt,
        holding::{ReviewError, held, may_work},
    },
    status::{Closed, Queue},
    wrong::Wrong,
};

/// As long is what a reviewer says of a request that is closed.
const LONGEST_REASON: usize = 4000;

/// Why a request is closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Closing {
    /// The member is not eligible on the days asked for (CASE-27).
    NotEligible,
    /// What is asked for needs no authorization.
    NotRequired {
        /// The contract's rule that says so, in words.
        rule: Option<String>,
    },
    /// Another request asks for the same.
    Duplicate(Duplicated),
}

impl Closing {
    /// Why, in one word.
    #[must_use]
    pub fn because(&self) -> Closed {
        match self {
            Self::NotEligible => Closed::NotEligible,
            Self::NotRequired { .. } => Closed::NotRequired,
            Self::Duplicate(_) => Closed::Duplicate,
        }
    }
}

/// Whether this reviewer may close the request now as not eligible: it is theirs, or it waits for the plan's file, and nobody knows
/// that the member is eligible.
#[must_use]
pub fn may_void(member: &Member, request: &Request, by: &Reviewer, contract: &Contract) -> bool {
    is_theirs(request, by) && !request.is_ordered() && doubt(member, request, contract).is_some()
}

/// For which reasons this reviewer may close the request now.
#[must_use]
pub fn reasons(member: &Member, request: &Request, by: &Reviewer, contract: &Contract) -> Vec<Closed> {
    let not_eligible = may_void(member, request, by, contract).then_some(Closed::NotEligible);
    let others = is_theirs(request, by) && may_be_needless(request);
    let others = others.then_some([Closed::NotRequired, Closed::Duplicate]);
    not_eligible.into_iter().chain(others.into_iter().flatten()).collect()
}

/// Another look at a decision is owed whatever is found: it is decided.
fn may_be_needless(request: &Request) -> bool {
    !request.is_ordered() && !request.review.is_another_look()
}

fn is_theirs(request: &Request, by: &Reviewer) -> bool {
    match request.queue() {
        Some((queue, claim)) => {
            may_work(by, request, queue).is_ok() && claim.is_some_and(|claim| claim.by == by.username)
        }
        None => request.awaits_coverage().is_some() && may_look(by, request).is_ok(),
    }
}

/// While it waits it is on no worklist: whoever works one of them may close it.
fn may_look(by: &Reviewer, request: &Request) -> Result<(), ReviewError> {
    may_work(by, request, Queue::Nurse).or_else(|_| may_work(by, request, Queue::Physician))
}

/// The rules by which nothing that is asked for needs authorization, in words, by the first of these contracts that says so: the one that
/// held when it was asked for, and the one that holds now. `None` where a line needs it, or a person has to know.
#[must_use]
pub fn not_required_by(case: &Case, number: RequestNumber, contracts: &[&Contract]) -> Option<String> {
    let request = case.request(number)?;
    contracts.iter().find_map(|contract| {
        let of = |line: &crate::service::Line| match case.rule_for(line, contract) {
            Ok(rule) if rule.authorization == Authorization::NotRequired => {
                Some(format!("{}: {} needs no authorization", line.code, rule.description))
            }
            Err(NoRule::Unlisted(code)) if contract.unlisted_codes == Unlisted::NotRequired => {
                Some(format!("{code} has no rule and needs no authorization"))
            }
            Ok(_) | Err(_) => None,
        };
        let mut rules: Vec<String> = request.lines.iter().map(of).collect::<Option<_>>()?;
        rules.dedup();
        (!rules.is_empty()).then(|| format!("{} (version {})", rules.join("; "), contract.version))
    })
}

/// The request that a reviewer names as the one that asks for the same, among the member's other cases that they see: for each line of
/// this one it asks for the same code on days that overlap, and something may still come of it, or has.
///
/// # Errors
/// What is wrong with what was named. A case of another member is as unknown as one that does not exist.
pub fn duplicate(
    case: &Case,
    number: RequestNumber,
    named: Repeated,
    others: &[Case],
) -> Result<Duplicated, FieldErrors> {
    let mut errors = FieldErrors::none();
    let known = others.iter().find(|other| {
        let id = other.submission.as_ref().map(|submission| &submission.case_id);
        id == Some(&named.case) && other.contract == case.contract && other.key != case.key
    });
    let Some(other) = known else {
        let text = "The member has no other case of this number that you may see.";
        errors.add("/duplicateOf/caseId", Wrong::NotFound.says(text));
        return Err(errors);
    };
    if other.request(named.request).is_none() {
        errors.add("/duplicateOf/request", Wrong::NotFound.says("That case has no such request."));
        return Err(errors);
    }
    let request = case.request(number);
    let found = request.map(|request| coincidences(case, request, std::slice::from_ref(other))).unwrap_or_default();
    let same = found.iter().find(|found| found.request.number == named.request);
    let covers = request.zip(same).is_some_and(|(request, same)| {
        request.lines.iter().all(|line| {
            let on = |shared: &crate::cases::duplicates::Shared<'_>| {
                *shared.code == line.code && shared.days.shared(line.period).is_some()
            };
            same.lines.iter().any(on)
        })
    });
    if !covers {
        let text = "That request does not ask for each of these services on days that overlap, or it was refused or taken back.";
        errors.add("/duplicateOf/request", Wrong::NotTheSame.says(text));
        return Err(errors);
    }
    let asks = &case.requesting;
    let shown = other
        .providers()
        .any(|there| there.id == asks.id || there.group.zip(asks.group).is_some_and(|(there, here)| there == here));
    Ok(Duplicated { of: named, shown })
}

/// A reviewer closes a request: nothing is decided, and both are told by letter.
///
/// # Errors
/// When it is elsewhere or not theirs, it may not be closed for this, or what was found has no form.
pub(super) fn void(
    case: Case,
    number: RequestNumber,
    by: &Reviewer,
    (closing, reason): (Closing, String),
    contract: &Contract,
    at: Timestamp,
) -> Result<Change, ReviewError> {
    let mut request = case.request(number).ok_or(ReviewError::NoRequest)?.clone();
    if request.awaits_coverage().is_some() {
        may_look(by, &request)?;
    } else {
        request = held(&case, number, by, contract)?.0;
    }
    if request.is_ordered() {
        return Err(ReviewError::Ordered);
    }
    let mut errors = FieldErrors::none();
    let because = closing.because();
    let (rule, duplicates) = match closing {
        Closing::NotEligible => {
            if doubt(&case.member, &request, contract).is_none() {
                let text = "The plan's file covers the member on all days that are asked for. Decide the request.";
                errors.add("/decision", Wrong::NotAChoice.says(text));
            }
            (None, None)
        }
        Closing::NotRequired { rule } => (rule, None),
        Closing::Duplicate(duplicated) => (None, Some(duplicated)),
    };
    if because != Closed::NotEligible && !may_be_needless(&request) {
        let text = "Another look at a decision is owed: decide the request.";
        errors.add("/because", Wrong::NotAChoice.says(text));
    }
    let reason = reason.trim().to_owned();
    // The rule or the other request says all; else somebody has to say it.
    let least = usize::from(rule.is_none() && duplicates.is_none());
    if !(least..=LONGEST_REASON).contains(&reason.chars().count()) {
        let text = "Say in 1 to 4,000 characters what was found: it stands in the letters.";
        errors.add("/note", Wrong::length(&reason, LONGEST_REASON).says(text));
    }
    errors.into_result().map_err(ReviewError::Fields)?;
    let not_now = request.not_now();
    let clock = request.clock().cloned().ok_or(not_now)?;
    let words = match because {
        Closed::NotEligible => "Closed: the member is not eligible; no decision is due.",
        Closed::NotRequired => "Closed: authorization is not required; no decision is due.",
        Closed::Duplicate => "Closed: it repeats another request; no decision is due.",
    };
    let clock = clock.stop(at, &contract.calendar, words.to_owned()).map_err(|_| not_now)?;
    let days = request.lines.iter().filter(|_| because == Closed::NotEligible);
    let mut uncovered: Vec<_> = days.flat_map(|line| case.member.uncovered(line.period)).collect();
    uncovered.sort_unstable_by_key(|days| (days.from(), days.to()));
    uncovered.dedup();
    let voided = Voided { at, by: by.username.clone(), because, reason, rule, duplicates, uncovered };
    request.state = State::Void { clock, voided };
    Ok(case.with_request(request, at, vec![EventKind::RequestVoided { request: number, because }]))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        contracts::{code_rule, samples::arkansas},
        id::{CaseKey, LetterId},
        letters,
        reviews::{self, Decision, Holder, letter_facts},
        service::ReviewKind,
        status::{Audience, Status},
        tests::{at, nurse, routed},
    };

    const R01: RequestNumber = RequestNumber::FIRST;

    fn claimed() -> Case {
        reviews::claim(routed(), R01, &nurse(), (&arkansas(), Holder::Works), at()).unwrap().unwrap().case
    }

    /// The same asked for in another case.
    fn other() -> Case {
        let mut case = routed();
        case.key = CaseKey::new(Uuid::from_u128(77));
        case.submission.as_mut().unwrap().case_id = "261270002".parse().unwrap();
        case
    }

    fn named(case: &str) -> Repeated {
        Repeated { case: case.parse().unwrap(), request: R01 }
    }

    fn close(case: Case, closing: Closing, reason: &str) -> Result<Change, ReviewError> {
        reviews::decide(case, R01, &nurse(), Decision::Void { closing, reason: reason.to_owned() }, &arkansas(), at())
    }

    fn words(case: &Case, audience: Audience) -> String {
        let contract = arkansas();
        assert!(letter_facts::check_voided(case, R01, &contract).is_empty());
        let facts = letter_facts::voided(case, R01, &contract, LetterId::NOT_ISSUED).unwrap();
        serde_json::to_string(&letters::compose(&facts, &contract.letters, audience).unwrap()).unwrap()
    }

    #[test]
    fn a_duplicate_names_the_other_request_where_whoever_asked_sees_it() {
        let of = duplicate(&claimed(), R01, named("261270002"), &[other()]).unwrap();
        assert!(of.shown);
        let change = close(claimed(), Closing::Duplicate(of), "").unwrap();
        let request = &change.case.requests[0];
        assert_eq!((request.status(), request.voided().unwrap().because), (Status::Void, Closed::Duplicate));
        assert_eq!(change.events, [EventKind::RequestVoided { request: R01, because: Closed::Duplicate }]);
        assert!(words(&change.case, Audience::Provider).contains("case 261270002, request R01"));
        let member = words(&change.case, Audience::Member);
        assert!(!member.contains("261270002") && member.contains("another request for the same services"), "{member}");
        assert_eq!(request.voided().unwrap().in_words(), "It repeats request R01 of case 261270002.");

        // Of another clinic's case the provider learns no number.
        let mut theirs = other();
        let on_it = [Some(&mut theirs.requesting), theirs.servicing.as_mut(), theirs.attending.as_mut()];
        for provider in on_it.into_iter().flatten() {
            provider.id = crate::id::ProviderId::new(Uuid::from_u128(78));
            provider.group = None;
        }
        let of = duplicate(&claimed(), R01, named("261270002"), &[theirs]).unwrap();
        assert!(!of.shown);
        let hidden = close(claimed(), Closing::Duplicate(of), "The same hours are authorized.").unwrap().case;
        assert!(!words(&hidden, Audience::Provider).contains("261270002"));
        assert!(!hidden.requests[0].voided().unwrap().in_words().contains("261270002"));
    }

    #[test]
    fn only_a_request_that_asks_for_all_of_it_is_repeated() {
        let wrong = |named: Repeated, others: &[Case]| {
            let errors = duplicate(&claimed(), R01, named, others).unwrap_err();
            errors.as_slice().iter().map(|error| error.pointer.clone()).collect::<Vec<_>>()
        };
        assert_eq!(wrong(named("261270009"), &[other()]), ["/duplicateOf/caseId"]);
        assert_eq!(wrong(named("261270001"), &[claimed()]), ["/duplicateOf/caseId"], "itself");
        let none = Repeated { request: R01.next(), ..named("261270002") };
        assert_eq!(wrong(none, &[other()]), ["/duplicateOf/request"]);
        let mut elsewhere = other();
        elsewhere.requests[0].lines[0].code = "S5100".parse().unwrap();
        assert_eq!(wrong(named("261270002"), &[elsewhere]), ["/duplicateOf/request"]);
        let gone = other().withdraw(R01, "Not needed.", &arkansas(), (at(), "bea".parse().unwrap())).unwrap().unwrap();
        assert_eq!(wrong(named("261270002"), &[gone.case]), ["/duplicateOf/request"]);
    }

    #[test]
    fn what_needs_no_authorization_is_closed_by_the_rule_or_with_words() {
        let (case, contract) = (claimed(), arkansas());
        assert_eq!(not_required_by(&case, R01, &[&contract]), None);
        let mut free = contract.clone();
        for rule in &mut free.codes {
            rule.authorization = code_rule::Authorization::NotRequired;
        }
        let rule = not_required_by(&case, R01, &[&contract, &free]).unwrap();
        assert!(rule.contains("Habilitative Services") && rule.ends_with("(version 2026.1)"), "{rule}");
        let change = close(case.clone(), Closing::NotRequired { rule: Some(rule.clone()) }, "").unwrap();
        assert!(words(&change.case, Audience::Provider).contains(&rule));
        assert!(!words(&change.case, Audience::Member).contains("T1015"), "no member knows codes");
        let said = "The school gives these hours.";
        let Err(ReviewError::Fields(errors)) = close(case.clone(), Closing::NotRequired { rule: None }, " ") else {
            panic!()
        };
        assert_eq!(errors.as_slice()[0].pointer, "/note");
        let by_words = close(case, Closing::NotRequired { rule: None }, said).unwrap().case;
        assert!(words(&by_words, Audience::Member).contains(said));
    }

    #[test]
    fn another_look_is_owed_and_closed_for_neither() {
        let mut case = claimed();
        assert_eq!(
            reasons(&case.member, &case.requests[0], &nurse(), &arkansas()),
            [Closed::NotRequired, Closed::Duplicate]
        );
        case.requests[0].review = ReviewKind::Appeal;
        assert!(reasons(&case.member, &case.requests[0], &nurse(), &arkansas()).is_empty());
        let Err(ReviewError::Fields(errors)) = close(case, Closing::NotRequired { rule: None }, "Free.") else {
            panic!()
        };
        assert_eq!(errors.as_slice()[0].pointer, "/because");
    }
}
