//! Automatic review: a submitted request is approved by the first rule of its contract that fits, else a person looks at it and is told
//! why. It is never denied (REV-02).

use jiff::Timestamp;

use super::{decided, eligibility, gold_card::Record};
use crate::{
    cases::{
        Case, Change, continued,
        determination::{DecidedBy, Determination, LineOutcome, Sources},
        duplicates::{self, Coincidence},
        request::{Request, State},
    },
    code::ProcedureCode,
    contracts::{
        Contract,
        auto_rule::{AutoRule, Looked},
    },
    events::{EventKind, Lack, Why},
    id::RequestNumber,
    status::Queue,
};

/// What is known beside the case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The member's other cases, whoever asked.
    pub others: &'a [Case],
    /// What was decided of what the provider asked for, code by code; none of what no rule rests on.
    pub records: &'a [Record],
}

impl<'a> Known<'a> {
    /// The member's other cases alone.
    #[must_use]
    pub fn of(others: &'a [Case]) -> Self {
        Self { others, records: &[] }
    }
}

/// What automatic review makes of a request.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict<'a> {
    /// A rule approves it.
    Approves {
        /// Which.
        rule: &'a AutoRule,
        /// On what record of the provider it rests, where it rests on one.
        because: Option<String>,
    },
    /// A person looks at it.
    Person(Option<Why>),
}

/// Automatic review of a submitted request. `None` when it is past automatic review: a repeated delivery changes nothing.
#[must_use]
pub fn automatic(
    case: Case,
    number: RequestNumber,
    contract: &Contract,
    known: Known<'_>,
    at: Timestamp,
) -> Option<Change> {
    let verdict = judged(&case, case.request(number)?, contract, known, at);
    carried_out(case, number, contract, (known, verdict), at)
}

/// The same where no rule may approve: what the contract needs for it is not checked yet.
#[must_use]
pub fn unchecked(
    case: Case,
    number: RequestNumber,
    contract: &Contract,
    known: Known<'_>,
    at: Timestamp,
) -> Option<Change> {
    let verdict = Verdict::Person(why_a_person(&case, case.request(number)?, contract, known.others));
    carried_out(case, number, contract, (known, verdict), at)
}

/// What the rules of a contract make of a request on a day, wherever it stands.
fn judged<'a>(case: &Case, request: &Request, contract: &'a Contract, known: Known<'_>, at: Timestamp) -> Verdict<'a> {
    if let Some(why) = why_a_person(case, request, contract, known.others) {
        return Verdict::Person(Some(why));
    }
    let about = contract.auto_review.iter().filter(|rule| rule.is_about(&request.lines));
    let looked_at: Vec<_> = about.map(|rule| (rule, lacks(rule, case, request, contract, known, at))).collect();
    let approves = |rests: bool| looked_at.iter().find(|(rule, lacks)| lacks.is_empty() && rule.gold_card == rests);
    if let Some((rule, _)) = approves(false) {
        return Verdict::Approves { rule, because: None };
    }
    if let Some((rule, _)) = approves(true) {
        let sample = contract.gold_card.map_or(0, |rules| rules.sample_percent);
        if case.key.drawn(sample) {
            return Verdict::Person(Some(Why::Sample { rule: rule.id.clone() }));
        }
        let standings = known.records.iter().filter(|record| request.lines.iter().any(|line| line.code == record.code));
        let said = standings.filter_map(|record| Some(record.standing(contract, at)?.in_words(&record.code)));
        return Verdict::Approves { rule, because: Some(said.collect::<Vec<_>>().join(" ")) };
    }
    // The first of those that lack least.
    let closest = looked_at.into_iter().min_by_key(|(_, lacks)| lacks.len());
    Verdict::Person(closest.map(|(rule, lacks)| Why::NoRule { rule: rule.id.clone(), lacks }))
}

/// What two rule sets would have made of a request when it was handed in: the one that held then, and another. Of the member's cases those
/// count that were handed in before, and a gold card that was taken away since was there. Of coverage and claims today's word counts.
#[must_use]
pub fn tried<'a>(
    case: &Case,
    request: &Request,
    (held, other): (&'a Contract, &'a Contract),
    known: Known<'_>,
    at: Timestamp,
) -> (Verdict<'a>, Verdict<'a>) {
    let before = |other: &&Case| other.submission.as_ref().is_some_and(|submission| submission.at < at);
    let others: Vec<Case> = known.others.iter().filter(before).cloned().collect();
    let records: Vec<Record> = known.records.iter().map(|record| Record { revoked: None, ..record.clone() }).collect();
    let known = Known { others: &others, records: &records };
    (judged(case, request, held, known, at), judged(case, request, other, known, at))
}

/// What a request lacks for a rule.
fn lacks(
    rule: &AutoRule,
    case: &Case,
    request: &Request,
    contract: &Contract,
    known: Known<'_>,
    at: Timestamp,
) -> Vec<Lack> {
    let elsewhere = known.others.iter().filter(|other| other.key != case.key).flat_map(|other| &other.authorizations);
    let authorized: Vec<_> = elsewhere
        .flat_map(|authorization| &authorization.lines)
        .map(|held| (held.line.code.clone(), held.line.period))
        .collect();
    let holds = |record: &&Record| record.standing(contract, at).is_some_and(|standing| standing.holds());
    let gold: Vec<ProcedureCode> = known.records.iter().filter(holds).map(|record| record.code.clone()).collect();
    rule.lacks(&Looked {
        lines: &request.lines,
        diagnoses: &case.diagnoses,
        member: &case.member,
        setting: case.setting,
        service_type: case.service.as_ref().map_or("", |service| &service.service_type),
        place: case.service.as_ref().map_or("", |service| &service.place_of_service),
        provider: case.requesting.npi,
        authorized: &authorized,
        gold: &gold,
    })
}

fn carried_out(
    case: Case,
    number: RequestNumber,
    contract: &Contract,
    (known, verdict): (Known<'_>, Verdict<'_>),
    at: Timestamp,
) -> Option<Change> {
    let mut request = case.request(number)?.clone();
    let State::Submitted { clock } = request.state.clone() else { return None };
    request.continues = continued::continues(&case, &request, known.others);
    let (event, determination) = match verdict {
        Verdict::Approves { rule, because } => {
            let determination = Determination {
                request: number,
                number: request.next_decision(),
                at,
                by: DecidedBy::Rule { rule: rule.id.clone(), reason: rule.reason.clone() },
                lines: vec![LineOutcome::Approved; request.lines.len()],
                criteria: Vec::new(),
                authorization: case.number_of(&request),
                contract_version: contract.version.clone(),
                correction: None,
                sources: Sources::default(),
            };
            let because = because.map(|because| format!(" {because}")).unwrap_or_default();
            let reason = format!("Approved by rule {} of version {}.{because}", rule.id, contract.version);
            let clock = clock.end(at, &contract.calendar, reason).ok()?;
            let outcome = determination.outcome();
            request.state = State::Determined { clock, decided: determination.in_short() };
            let number_of = determination.number;
            let event = EventKind::RequestDetermined { request: number, outcome, number: number_of, corrects: false };
            (event, Some(determination))
        }
        Verdict::Person(why) => {
            match why.as_ref().and_then(|why| eligibility::waits_until(why, &clock, contract, at)) {
                Some(until) => {
                    request.state = State::AwaitsCoverage { clock, until };
                    (EventKind::CoverageAwaited { request: number }, None)
                }
                None => {
                    request.state = State::NurseReview { clock, claimed: None };
                    (EventKind::RequestRouted { request: number, queue: Queue::Nurse, why }, None)
                }
            }
        }
    };
    Some(decided(case, request, determination, vec![event], at))
}

/// What keeps a request from being approved by a rule, whatever it asks for. What else does belongs here.
fn why_a_person(case: &Case, request: &Request, contract: &Contract, others: &[Case]) -> Option<Why> {
    if request.review.is_another_look() {
        return Some(Why::AnotherLook);
    }
    if !case.billed_since(request, &vec![LineOutcome::Approved; request.lines.len()]).is_empty() {
        return Some(Why::Billed);
    }
    if let Some(why) = eligibility::doubt(&case.member, request, contract) {
        return Some(why);
    }
    // Whoever performs it: what two providers do on one day is looked at too.
    let found = duplicates::coincidences(case, request, others);
    found.first().and_then(Coincidence::case_id).map(|of| Why::Duplicate { of: of.clone() })
}
