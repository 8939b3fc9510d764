//! A request as PAS tells it: an answer for every line, in the codes of X12, with the number by which it is tracked.

use std::collections::BTreeMap;

use portico_domain::{
    calendar::Calendar,
    cases::{
        Case, Claim,
        determination::{DecidedBy, Determination, LineOutcome},
        request::{Request, State},
    },
    code::{CodeType, ProcedureCode},
    fhir::{attached::ControlNumber, claims::Stand},
    period::Period,
    service::{Line, Setting},
};
use portico_fhir::{
    answer::{About, Action, Authorized, ClaimResponse, CommunicationRequest, Decided},
    types::{CodeableConcept, Extension, Identifier, Reference},
    url,
};

/// A case, with what was decided on its requests.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct File<'a> {
    pub case: &'a Case,
    pub determinations: &'a [Determination],
}

/// Under which addresses the parties of an answer stand.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Addresses<'a> {
    pub patient: &'a str,
    pub insurer: &'a str,
    pub provider: &'a str,
}

/// The numbers by which a case is known: its own, and those of what was authorized.
#[must_use]
pub fn numbers(file: File<'_>) -> Vec<String> {
    let own = file.case.submission.iter().map(|submission| submission.case_id.to_string());
    own.chain(file.determinations.iter().filter_map(|made| made.authorization.as_ref().map(ToString::to_string)))
        .collect()
}

/// What an answer needs beside the request.
#[derive(Debug)]
pub struct Terms<'a> {
    /// The system of our numbers.
    pub system: &'a str,
    /// The contract's days.
    pub calendar: &'a Calendar,
    /// The profile that the answer follows.
    pub profile: &'a str,
    /// The numbers by which the sender tracks its items, by item.
    pub traces: &'a BTreeMap<u32, Vec<Extension>>,
}

/// A request of a case as an answer; none for what was never submitted.
#[must_use]
pub fn answer(file: File<'_>, request: &Request, parties: Addresses<'_>, terms: &Terms<'_>) -> Option<ClaimResponse> {
    let submission = file.case.submission.as_ref()?;
    let case_id = submission.case_id.to_string();
    let asked = request.asked_at()?;
    let made = made_of(file, request);
    let number = Identifier {
        system: Some(terms.system.to_owned()),
        value: Some(format!("{case_id}-{}", request.number)),
        ..Identifier::default()
    };
    let kind = match file.case.setting {
        Setting::Inpatient => "institutional",
        Setting::Outpatient => "professional",
    };
    let claim = file.case.claim_of(request.number);
    let about = About {
        identifier: vec![number],
        kind: Some(CodeableConcept::of(url::CLAIM_TYPE, kind)),
        patient: Reference::to(parties.patient),
        insurer: Reference::to(parties.insurer),
        requestor: Some(Reference::to(parties.provider)),
        request: claim.map_or_else(no_claim, reference),
        created: made.map_or(asked, |made| made.at).to_string(),
    };
    let mut decided: Vec<&Determination> = made.into_iter().collect();
    let items: Vec<Decided<'_>> = match file.case.items(request.number) {
        Some(items) => {
            let of = |(sequence, stand): &(u32, Stand)| match stand {
                Stand::Line { request, place } => {
                    let request = file.case.request(*request)?;
                    let made = made_of(file, request);
                    decided.extend(made);
                    Some(item(request, (*place, request.lines.get(*place)?), made, (&case_id, *sequence, terms)))
                }
                Stand::Cancelled => Some(taken_back(*sequence, terms)),
                Stand::Leaving => Some(leaves(*sequence, &case_id, terms)),
            };
            items.iter().filter_map(of).collect()
        }
        None => {
            let sequences = (1..=u32::MAX).enumerate();
            // What its sender has no number for is none of its items.
            let known = |place, counted| claim.map_or(Some(counted), |claim| claim.items.get(place).copied());
            let lines = request.lines.iter().zip(sequences);
            lines
                .filter_map(|(line, (place, counted))| {
                    Some(item(request, (place, line), made, (&case_id, known(place, counted)?, terms)))
                })
                .collect()
        }
    };
    let person = |made: &&Determination| matches!(made.by, DecidedBy::Reviewer { .. });
    let by_a_person = (!decided.is_empty()).then(|| decided.iter().any(person));
    Some(ClaimResponse::decided(about, terms.profile, &items, by_a_person))
}

/// What was decided of a request last.
fn made_of<'a>(file: File<'a>, request: &Request) -> Option<&'a Determination> {
    let decided = request.decided()?;
    file.determinations.iter().find(|made| made.request == request.number && made.number == decided.number)
}

fn blank<'a>(sequence: u32, action: Action, reason: Option<String>, terms: &'a Terms<'_>) -> Decided<'a> {
    let traces = terms.traces.get(&sequence).map(Vec::as_slice).unwrap_or_default();
    Decided { sequence, action, traces, authorization: None, reference: None, reason }
}

/// An item that its sender took back.
fn taken_back<'a>(sequence: u32, terms: &'a Terms<'_>) -> Decided<'a> {
    blank(sequence, Action::Cancelled, Some("Taken back by the provider.".to_owned()), terms)
}

/// An item that is authorized while a change waits that takes it back.
fn leaves<'a>(sequence: u32, case_id: &str, terms: &'a Terms<'_>) -> Decided<'a> {
    let reason = "It is authorized until the change that takes it back is decided.".to_owned();
    Decided { reference: Some(case_id.to_owned()), ..blank(sequence, Action::Pended, Some(reason), terms) }
}

/// What a request waits for from its provider, under the number by which an attachment answers it.
#[must_use]
pub fn asked(file: File<'_>, request: &Request, parties: Addresses<'_>, system: &str) -> Option<CommunicationRequest> {
    let number = ControlNumber::of(&file.case.submission.as_ref()?.case_id, request)?;
    let pend = request.pended()?;
    let value = Some(number.to_string());
    let number = Identifier { system: Some(system.to_owned()), value, ..Identifier::default() };
    let to = |address: &str| Reference::to(address);
    let parties = (to(parties.insurer), to(parties.provider), to(parties.patient));
    Some(CommunicationRequest::new(number, parties, (pend.at.to_string(), pend.due.to_string()), &pend.items))
}

/// The Claim that asked, as its sender knows it.
fn reference(claim: &Claim) -> Reference {
    let identifier = claim.identifiers.first().map(|(system, value)| {
        Box::new(Identifier { system: system.clone(), value: Some(value.clone()), ..Identifier::default() })
    });
    Reference { identifier, ..Reference::to(claim.address.as_str()) }
}

/// It was not asked for by a Claim.
fn no_claim() -> Reference {
    let absent = Extension { value_code: Some("unsupported".to_owned()), ..Extension::new(url::DATA_ABSENT) };
    Reference { extension: vec![absent], ..Reference::default() }
}

/// Where a line stands.
fn item<'a>(
    request: &Request,
    (place, line): (usize, &Line),
    made: Option<&Determination>,
    (case_id, sequence, terms): (&str, u32, &'a Terms<'_>),
) -> Decided<'a> {
    let blank = |action, reason: Option<String>| blank(sequence, action, reason, terms);
    let Some(made) = made else {
        return match &request.state {
            State::Withdrawn { reason, .. } => blank(Action::Cancelled, Some(reason.clone())),
            // A request that repeats another is known by that one's number, where whoever asked sees it.
            State::Void { voided, .. } => {
                let reference = voided.shown_duplicate().map(|of| of.case.to_string());
                Decided { reference, ..blank(Action::NoAction, Some(voided.in_words())) }
            }
            State::Draft
            | State::Submitted { .. }
            | State::NurseReview { .. }
            | State::PhysicianReview { .. }
            | State::Pended { .. }
            | State::AwaitsCoverage { .. }
            | State::Determined { .. }
            | State::Cancelled { .. } => {
                Decided { reference: Some(case_id.to_owned()), ..blank(Action::Pended, waits_for(request)) }
            }
        };
    };
    let authorized = |days: Period, instead| {
        let issued = terms.calendar.time_zone.date_at(made.at).to_string();
        let days = (days.from().to_string(), days.to().to_string());
        made.authorization.as_ref().map(|number| Authorized { number: number.to_string(), issued, days, instead })
    };
    match made.lines.get(place) {
        Some(LineOutcome::Approved) => {
            Decided { authorization: authorized(line.period, None), ..blank(Action::Certified, None) }
        }
        Some(LineOutcome::Modified { units, period, reason }) => {
            let modifiers =
                line.modifiers.iter().map(|modifier| CodeableConcept::of(url::HCPCS, &modifier.to_string()));
            let instead = (code(&line.code), modifiers.collect(), u32::from(*units));
            Decided {
                authorization: authorized(*period, Some(instead)),
                ..blank(Action::Modified, Some(reason.clone()))
            }
        }
        Some(LineOutcome::Denied { reason }) => blank(Action::Denied, Some(reason.clone())),
        None => Decided { reference: Some(case_id.to_owned()), ..blank(Action::Pended, None) },
    }
}

/// What the provider was asked for, while the request waits for it.
fn waits_for(request: &Request) -> Option<String> {
    let pend = request.pended()?;
    Some(format!("Needed by {}: {}", pend.due, pend.items.join("; ")))
}

fn code(code: &ProcedureCode) -> CodeableConcept {
    let system = match code.code_type() {
        CodeType::Cpt => url::CPT,
        CodeType::Hcpcs => url::HCPCS,
        CodeType::Revenue => url::NUBC_REVENUE,
    };
    CodeableConcept::of(system, code.as_str())
}
