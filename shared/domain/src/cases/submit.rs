//! Submit: everything that is needed is there, the clock starts, the case gets its number (CASE-21 to CASE-26).

use jiff::Timestamp;

use crate::{
    cases::{
        Case, Change, Submission,
        document::Document,
        duplicates,
        questionnaires::{self, Beside},
        request::{Repeats, Request, State},
    },
    clock::Clock,
    contact::Phone,
    contracts::{Choice, Contract, Turnaround},
    events::EventKind,
    field::FieldErrors,
    id::{CaseId, Username},
    status::Status,
    wrong::Wrong,
};

/// Why a case cannot be submitted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Something is missing; each with a pointer to its step.
    #[error("The case is not complete yet.")]
    Incomplete(FieldErrors),
    /// It is no draft: it was submitted before, which a repeated submit answers with the same case (CASE-25).
    #[error("This case is {0}.")]
    NotDraft(Status),
}

/// Whether a required document is there (CASE-21).
#[derive(Clone, PartialEq, Debug)]
pub struct ChecklistItem {
    /// The document type.
    pub document_type: Choice,
    /// How far it is.
    pub status: ChecklistStatus,
}

/// How far a required document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ChecklistStatus {
    /// Nothing attached, or all refused.
    Missing,
    /// Uploaded and not checked yet.
    Checking,
    /// Checked and kept.
    Attached,
}

/// The documents that the case's service type and the rules of its lines require, each with how far it is.
#[must_use]
pub fn checklist(case: &Case, documents: &[Document], contract: &Contract, now: Timestamp) -> Vec<ChecklistItem> {
    let lines = case.requests.last().map(|request| request.lines.as_slice()).unwrap_or_default();
    let rules = lines.iter().filter_map(|line| case.rule_of(line, contract));
    contract
        .documents_for(case.service.as_ref().map(|service| service.service_type.as_str()), rules)
        .into_iter()
        .map(|document_type| {
            let of_type = || documents.iter().filter(|document| document.document_type == document_type.id);
            let status = if of_type().any(Document::is_accepted) {
                ChecklistStatus::Attached
            } else if of_type().any(|document| document.is_awaited(now)) {
                ChecklistStatus::Checking
            } else {
                ChecklistStatus::Missing
            };
            ChecklistItem { document_type: document_type.clone(), status }
        })
        .collect()
}

/// What was said with a submit, and what its submitter can know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Whether the disclaimer was agreed to.
    pub agreed: bool,
    /// Why something is asked for again (CASE-05).
    pub reason: Option<&'a str>,
    /// The member's other cases that the submitter may see: of others nothing is disclosed, and only review looks at them.
    pub others: &'a [Case],
    /// Whether documents come with it: they are checked afterwards, and no rule approves before.
    pub with_documents: bool,
}

/// A case that may be submitted: only its number is missing, which is drawn last so that refusals leave no gap.
#[derive(Debug)]
pub struct Ready<'a> {
    case: Case,
    request: Request,
    repeats: Option<Repeats>,
    turnaround: &'a Turnaround,
    contract: &'a Contract,
    questionnaires: Vec<String>,
}

/// Checks a case for submit on the day of `at`.
///
/// # Errors
/// All that is missing at once, by name.
pub fn check<'a>(
    case: Case,
    beside: Beside<'_>,
    contract: &'a Contract,
    said: Said<'_>,
    at: Timestamp,
) -> Result<Ready<'a>, SubmitError> {
    let Some(request) = case.requests.iter().find(|request| matches!(request.state, State::Draft)).cloned() else {
        return Err(SubmitError::NotDraft(case.status()));
    };
    let mut errors = missing(&case, &request, beside, contract, at);
    if said.with_documents {
        errors.leave(|wrong| matches!(wrong, Wrong::DocumentBeingChecked { .. }));
    }
    let repeats = match duplicates::repeats(&duplicates::of_one_provider(&case, &request, said.others), said.reason) {
        Ok(repeats) => repeats,
        Err(missing) => {
            errors.nest("", missing);
            None
        }
    };
    if !said.agreed {
        let text = "Please read the disclaimer and agree to it.";
        errors.add("/disclaimerAgreed", Wrong::NotAgreed.says(text));
    }
    match turnaround(&case, &request, contract) {
        Some(turnaround) if errors.is_empty() => {
            let required = questionnaires::required(&case, beside, contract, at);
            let questionnaires = required.iter().map(|one| one.questionnaire.id.clone()).collect();
            Ok(Ready { case, request, repeats, turnaround, contract, questionnaires })
        }
        Some(_) | None => Err(SubmitError::Incomplete(errors)),
    }
}

/// All that a submit of this draft would be refused for, the disclaimer aside; each with a pointer to its step.
#[must_use]
pub fn missing(case: &Case, request: &Request, beside: Beside<'_>, contract: &Contract, at: Timestamp) -> FieldErrors {
    let mut errors = FieldErrors::none();
    if case.servicing.is_none() {
        errors.add("/providers/servicing", Wrong::Missing.says("Choose the servicing provider."));
    }
    if case.service.is_none() {
        errors.add("/service", Wrong::Missing.says("Enter the service details."));
    }
    if case.diagnoses.is_empty() {
        errors.add("/diagnoses", Wrong::Missing.says("Enter at least one diagnosis."));
    }
    if request.lines.is_empty() {
        errors.add("/procedures", Wrong::Missing.says("Enter at least one procedure line."));
    } else {
        let today = contract.calendar.time_zone.date_at(at);
        let step = crate::cases::Step::Procedures(request.lines.clone());
        errors.nest("/procedures", case.check_step(&step, contract, today));
    }
    errors.nest("", questionnaires::missing(&questionnaires::required(case, beside, contract, at)));
    for item in checklist(case, beside.documents, contract, at) {
        let label = &item.document_type.label;
        match item.status {
            ChecklistStatus::Attached => {}
            ChecklistStatus::Missing => {
                let text = format!("This document is required: {label}.");
                errors.add("/documents", Wrong::DocumentMissing { document: label.clone() }.says(text));
            }
            ChecklistStatus::Checking => {
                let text = format!("This document is still being checked: {label}. Try again in a moment.");
                errors.add("/documents", Wrong::DocumentBeingChecked { document: label.clone() }.says(text));
            }
        }
    }
    if turnaround(case, request, contract).is_none() {
        let text = "This contract does not take requests of this kind.";
        errors.add("/request/review", Wrong::ReviewNotTaken.says(text));
    }
    errors
}

fn turnaround<'a>(case: &Case, request: &Request, contract: &'a Contract) -> Option<&'a Turnaround> {
    let admission = case.service.as_ref().and_then(|service| service.stay.as_ref()).map(|stay| stay.admission);
    contract.turnaround_for(request.review, case.setting, admission, request.urgency)
}

impl Ready<'_> {
    /// Submits under `case_id`: the clock starts as the contract says (CASE-26).
    #[must_use]
    pub fn submit(self, case_id: CaseId, fax: Phone, at: Timestamp, by: Username) -> Change {
        let Self { mut case, mut request, repeats, turnaround, contract, questionnaires } = self;
        let reason = format!("Received; {} for {}.", turnaround.limit, request.review);
        let clock = Clock::start(turnaround.limit, at, reason, contract.version.clone()).frozen(&contract.calendar);
        let event = EventKind::CaseSubmitted { case_id: case_id.clone(), request: request.number };
        request.state = State::Submitted { clock };
        request.repeats = repeats;
        let contract_version = contract.version.clone();
        case.submission =
            Some(Submission { case_id, at, by, fax, contract_version, questionnaires, claim: None, system: None });
        case.with_request(request, at, vec![event])
    }
}
