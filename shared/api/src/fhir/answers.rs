//! A request as PAS tells it: an answer for every line, in the codes of X12, with the number by which it is tracked.

use portico_aws::table::cases::CaseFile;
use portico_domain::{
    calendar::Calendar,
    cases::{
        determination::{DecidedBy, Determination, LineOutcome},
        request::{Request, State},
    },
    code::{CodeType, ProcedureCode},
    period::Period,
    service::{Line, Setting},
};
use portico_fhir::{
    answer::{About, Action, Authorized, ClaimResponse, Decided},
    types::{CodeableConcept, Extension, Identifier, Reference},
    url,
};

use super::inquiry::Inquiry;

/// The numbers by which a case is known: its own, and those of what was authorized.
pub(super) fn numbers(file: &CaseFile) -> Vec<String> {
    let own = file.case.submission.iter().map(|submission| submission.case_id.to_string());
    own.chain(file.determinations.iter().filter_map(|made| made.authorization.as_ref().map(ToString::to_string)))
        .collect()
}

/// A request of a case as an answer to an inquiry; none for what was never submitted. `system` is that of our numbers.
pub(super) fn answer(
    file: &CaseFile,
    request: &Request,
    inquiry: &Inquiry<'_>,
    (system, calendar): (&str, &Calendar),
) -> Option<ClaimResponse> {
    let submission = file.case.submission.as_ref()?;
    let case_id = submission.case_id.to_string();
    let asked = request.asked_at()?;
    let made = request.decided().and_then(|decided| file.determination(request.number, decided.number));
    let number = Identifier {
        system: Some(system.to_owned()),
        value: Some(format!("{case_id}-{}", request.number)),
        ..Identifier::default()
    };
    let kind = match file.case.setting {
        Setting::Inpatient => "institutional",
        Setting::Outpatient => "professional",
    };
    // It was not asked for by a Claim.
    let absent = Extension { value_code: Some("unsupported".to_owned()), ..Extension::new(url::DATA_ABSENT) };
    let about = About {
        identifier: vec![number],
        kind: Some(CodeableConcept::of(url::CLAIM_TYPE, kind)),
        patient: Reference::to(inquiry.patient.full_url),
        insurer: Reference::to(inquiry.insurer.full_url),
        requestor: Some(Reference::to(inquiry.provider.full_url)),
        request: Reference { extension: vec![absent], ..Reference::default() },
        created: made.map_or(asked, |made| made.at).to_string(),
    };
    let lines = request.lines.iter().enumerate();
    let items: Vec<Decided<'_>> =
        lines.map(|(place, line)| item(request, (place, line), made, (&case_id, calendar))).collect();
    let by_a_person = made.map(|made| matches!(made.by, DecidedBy::Reviewer { .. }));
    Some(ClaimResponse::decided(about, url::CLAIM_INQUIRY_RESPONSE, &items, by_a_person))
}

/// Where a line stands.
fn item(
    request: &Request,
    (place, line): (usize, &Line),
    made: Option<&Determination>,
    (case_id, calendar): (&str, &Calendar),
) -> Decided<'static> {
    let sequence = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
    let blank = |action, reason: Option<String>| Decided {
        sequence,
        action,
        traces: &[],
        authorization: None,
        reference: None,
        reason,
    };
    let Some(made) = made else {
        return match &request.state {
            State::Withdrawn { reason, .. } => blank(Action::Cancelled, Some(reason.clone())),
            State::Void { voided, .. } => blank(Action::NoAction, Some(voided.reason.clone())),
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
        let issued = calendar.time_zone.date_at(made.at).to_string();
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
