//! A request as PAS tells it: an answer for every line, in the codes of X12, with the number by which it is tracked.

use std::collections::{BTreeMap, BTreeSet};

use portico_domain::{
    calendar::Calendar,
    cases::{
        Case, Claim,
        authorization::LineOf,
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
}

/// The numbers by which the sender tracks its items, by item.
type Traces = BTreeMap<u32, Vec<Extension>>;

/// What is said with every item.
#[derive(Clone, Copy)]
struct Beside<'a> {
    case_id: &'a str,
    calendar: &'a Calendar,
    traces: &'a Traces,
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
    let claim = file.case.claim_behind(request.number);
    let of_setting = match file.case.setting {
        Setting::Inpatient => "institutional",
        Setting::Outpatient => "professional",
    };
    let kind = claim.and_then(|claim| claim.kind.as_deref()).unwrap_or(of_setting);
    let about = About {
        identifier: vec![number],
        kind: Some(CodeableConcept::of(url::CLAIM_TYPE, kind)),
        patient: Reference::to(parties.patient),
        insurer: Reference::to(parties.insurer),
        requestor: Some(Reference::to(parties.provider)),
        request: claim.map_or_else(no_claim, reference),
        created: made.map_or(asked, |made| made.at).to_string(),
    };
    let traces = traces(file.case);
    let beside = Beside { case_id: &case_id, calendar: terms.calendar, traces: &traces };
    let mut decided: Vec<&Determination> = made.into_iter().collect();
    let items: Vec<Decided<'_>> = match file.case.items(request.number) {
        Some(items) => {
            let of = |(sequence, stand): &(u32, Stand)| match stand {
                Stand::Line { request, place } => {
                    let request = file.case.request(*request)?;
                    let made = made_of(file, request);
                    decided.extend(made);
                    Some(item(request, (*place, request.lines.get(*place)?), made, (*sequence, beside)))
                }
                Stand::Cancelled => Some(taken_back(*sequence, beside)),
                Stand::Leaving => Some(leaves(*sequence, beside)),
            };
            items.iter().filter_map(of).collect()
        }
        None => {
            let sequences = (1..=u32::MAX).enumerate();
            // What its sender has no number for is none of its items.
            let known = |line, counted| match claim {
                Some(_) => file.case.item_of(LineOf { request: request.number, line }),
                None => Some(counted),
            };
            let lines = request.lines.iter().zip(sequences);
            lines
                .filter_map(|(line, (place, counted))| {
                    Some(item(request, (place, line), made, (known(place, counted)?, beside)))
                })
                .collect()
        }
    };
    let person = |made: &&Determination| matches!(made.by, DecidedBy::Reviewer { .. });
    let by_a_person = (!decided.is_empty()).then(|| decided.iter().any(person));
    Some(ClaimResponse::decided(about, terms.profile, &items, by_a_person))
}

/// The numbers by which items are tracked, as they came.
fn traces(case: &Case) -> Traces {
    let items: BTreeSet<u32> = case.claims().flat_map(|claim| &claim.traces).map(|trace| trace.item).collect();
    let read = |text: &str| {
        let value_identifier = Some(serde_json::from_str(text).ok()?);
        Some(Extension { value_identifier, ..Extension::new(url::ITEM_TRACE_NUMBER) })
    };
    items.into_iter().map(|item| (item, case.traces_of(item).into_iter().filter_map(read).collect())).collect()
}

/// What was decided of a request last.
fn made_of<'a>(file: File<'a>, request: &Request) -> Option<&'a Determination> {
    let decided = request.decided()?;
    file.determinations.iter().find(|made| made.request == request.number && made.number == decided.number)
}

fn blank(sequence: u32, action: Action, reason: Option<String>, beside: Beside<'_>) -> Decided<'_> {
    let traces = beside.traces.get(&sequence).map(Vec::as_slice).unwrap_or_default();
    Decided { sequence, action, traces, authorization: None, reference: None, reason }
}

/// An item that its sender took back.
fn taken_back(sequence: u32, beside: Beside<'_>) -> Decided<'_> {
    blank(sequence, Action::Cancelled, Some("Taken back by the provider.".to_owned()), beside)
}

/// An item that is authorized while a change waits that takes it back.
fn leaves(sequence: u32, beside: Beside<'_>) -> Decided<'_> {
    let reason = "It is authorized until the change that takes it back is decided.".to_owned();
    Decided { reference: Some(beside.case_id.to_owned()), ..blank(sequence, Action::Pended, Some(reason), beside) }
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
    (sequence, beside): (u32, Beside<'a>),
) -> Decided<'a> {
    let blank = |action, reason: Option<String>| blank(sequence, action, reason, beside);
    let reference = || Some(beside.case_id.to_owned());
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
                Decided { reference: reference(), ..blank(Action::Pended, waits_for(request)) }
            }
        };
    };
    let authorized = |days: Period, instead| {
        let issued = beside.calendar.time_zone.date_at(made.at).to_string();
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
        None => Decided { reference: reference(), ..blank(Action::Pended, None) },
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
