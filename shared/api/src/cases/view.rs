//! What is seen of a case: its header, its steps and notes. Requests, files, deliveries and the timeline stand in files
//! of their own.

use jiff::{Timestamp, civil::Date};
use portico_aws::table::cases::{CaseFile, Note};
use portico_domain::{
    caller::Caller,
    cases::{Case, Service, access::CaseAction, questionnaires::Beside},
    code::DiagnosisCode,
    contracts::Contract,
    person::{Member, Provider},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    hand_over::EditingView,
    questionnaires::QuestionnaireView,
    sight::Sight,
    timeline::{Moment, timeline},
    view_delivery::DeliveryView,
    view_files::{ChecklistView, DocumentView, HeldView, LetterView, checklist, label},
    view_follow::AuthorizationView,
    view_history::EndView,
    view_progress::{StepView, steps},
    view_request::RequestView,
};
use crate::{form::word, open::Sheet, words};

/// Everything that a screen shows of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CaseView {
    /// Opaque key, for every further call.
    key: String,
    /// The number it is tracked by, once submitted.
    #[schema(example = "261270001")]
    case_id: Option<String>,
    /// For If-Match.
    version: u64,
    /// Where its latest request stands.
    #[schema(value_type = words::Status)]
    status: String,
    /// Id of the contract.
    contract: String,
    /// What people call it.
    contract_name: String,
    /// `inpatient` or `outpatient`.
    #[schema(value_type = words::Setting)]
    setting: String,
    member: MemberView,
    requesting: ProviderView,
    servicing: Option<ProviderView>,
    attending: Option<ProviderView>,
    /// Where letters are faxed, as entered on the case.
    fax: String,
    service: Option<ServiceView>,
    /// The first is primary.
    diagnoses: Vec<DiagnosisView>,
    requests: Vec<RequestView>,
    /// What is authorized, by its number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorizations: Vec<AuthorizationView>,
    documents: Vec<DocumentView>,
    /// The questionnaires that have to be answered, or had to be, with their answers.
    questionnaires: Vec<QuestionnaireView>,
    /// The documents without which the case cannot be submitted.
    checklist: Vec<ChecklistView>,
    /// Of a draft: how far each step is, in the order of the wizard.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepView>,
    letters: Vec<LetterView>,
    /// For staff: letters that lack elements and wait for repair.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<HeldView>,
    /// How each letter was brought to its reader, every attempt.
    deliveries: Vec<DeliveryView>,
    /// The last notes, oldest first.
    notes: Vec<NoteView>,
    /// Where there are notes before these: for `notesBefore`.
    earlier_notes: Option<String>,
    /// What happened last, oldest first.
    timeline: Vec<Moment>,
    /// Where something happened before: for `timelineBefore`.
    earlier_timeline: Option<String>,
    /// For staff: since when there are messages that no reviewer has read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    messages_since: Option<Timestamp>,
    /// What must be agreed to at submit.
    disclaimer: String,
    /// What the caller may do with the case now; with a request, see there.
    #[schema(value_type = Vec<words::CaseMay>)]
    may: Vec<&'static str>,
    /// When it was first saved.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Whoever saved it first.
    created_by: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// Of a draft: whoever has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Of a draft: who edits it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    editing: Option<EditingView>,
    /// Of a draft that nobody goes on with: when it ends. Any change takes that back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ends_at: Option<Timestamp>,
    submission: Option<SubmissionView>,
    /// When it was cancelled before it was submitted: it is kept to be read, and its documents are given to nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation: Option<EndView>,
}

/// The member of a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MemberView {
    id: String,
    first_name: String,
    last_name: String,
    #[schema(value_type = String, format = Date)]
    birth_date: Date,
    #[schema(value_type = words::Gender)]
    gender: String,
    /// None for a temporary member.
    member_number: Option<String>,
    /// Added by a provider; no file has brought them yet.
    temporary: bool,
    /// The days on which they are covered, where the plan's file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageView>,
    /// The language in which they want their letters, as BCP 47, where somebody said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "es")]
    language: Option<String>,
    /// The print that they need.
    #[schema(value_type = words::LetterFormat)]
    format: String,
    /// The language in which the contract writes their letters.
    #[schema(example = "es")]
    letters_in: String,
    address: Vec<String>,
}

/// From the first day of coverage to the last; open where there is none.
#[derive(Serialize, ToSchema)]
struct CoverageView {
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// A provider on a case.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProviderView {
    id: String,
    npi: Option<String>,
    name: String,
    provider_type: String,
    address: Vec<String>,
}

/// Service details.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServiceView {
    service_type: String,
    service_type_label: String,
    place_of_service: String,
    place_of_service_label: String,
    stay: Option<StayView>,
}

/// An inpatient stay.
#[derive(Serialize, ToSchema)]
struct StayView {
    /// `elective` or `emergent`.
    #[schema(value_type = words::Admission)]
    admission: String,
    #[schema(value_type = String, format = Date)]
    admitted: Date,
    #[schema(value_type = Option<String>, format = Date)]
    discharged: Option<Date>,
}

/// A diagnosis.
#[derive(Serialize, ToSchema)]
pub(super) struct DiagnosisView {
    #[schema(example = "F84.0")]
    code: String,
    description: Option<String>,
    primary: bool,
}

/// A submit.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubmissionView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    /// The name of the provider's system that sent it by FHIR, where one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    /// The submitter's fax number, where letters go.
    fax: String,
}

/// A note.
#[derive(Serialize, ToSchema)]
pub(super) struct NoteView {
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: String,
    text: String,
    /// The request that it was added to, where it was after submit.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    /// What it goes with.
    #[schema(value_type = words::NoteType)]
    r#type: String,
}

impl CaseView {
    /// The case as this caller sees it now.
    pub(super) fn of(shown: &Sheet, sight: Sight<'_>) -> Self {
        let Sheet { file, notes, events } = shown;
        let CaseFile { case, documents, letters, deliveries, held, answers, .. } = file;
        let beside = Beside { documents, answers };
        let contract = sight.contract;
        let known = case.clone().with_authorizations(&file.determinations);
        let held = if sight.is_staff() { held.as_slice() } else { &[] };
        Self {
            key: case.key.to_string(),
            case_id: case.submission.as_ref().map(|submission| submission.case_id.to_string()),
            version: case.version,
            status: word(&case.status()),
            contract: contract.id.to_string(),
            contract_name: contract.name.clone(),
            setting: word(&case.setting),
            member: MemberView::of(&case.member, contract),
            requesting: ProviderView::of(&case.requesting),
            servicing: case.servicing.as_ref().map(ProviderView::of),
            attending: case.attending.as_ref().map(ProviderView::of),
            fax: case.fax.to_string(),
            service: case.service.as_ref().map(|service| ServiceView::of(service, contract)),
            diagnoses: DiagnosisView::all(&case.diagnoses),
            requests: case.requests.iter().map(|request| RequestView::of(request, file, &known, sight)).collect(),
            authorizations: known
                .authorizations
                .iter()
                .map(|held| AuthorizationView::of(held, (contract, case)))
                .collect(),
            documents: documents.iter().map(|document| DocumentView::of(document, case, sight)).collect(),
            questionnaires: QuestionnaireView::all(case, beside, sight),
            checklist: checklist(case, documents, contract, sight.now),
            steps: steps(case, beside, !notes.items.is_empty() || notes.more, sight),
            letters: letters.iter().map(LetterView::of).collect(),
            held: held.iter().map(HeldView::of).collect(),
            deliveries: deliveries.iter().map(DeliveryView::of).collect(),
            notes: notes.items.iter().map(|note| NoteView::of(note, case)).collect(),
            earlier_notes: notes.items.first().filter(|_| notes.more).map(|note| note.id.to_string()),
            timeline: timeline(&events.items, case, documents, sight),
            earlier_timeline: events.items.first().filter(|_| events.more).map(|event| event.id.to_string()),
            messages_since: case.unread.filter(|_| sight.is_staff()).map(|unread| unread.since),
            disclaimer: contract.disclaimer.clone(),
            may: may(case, sight.caller),
            created_at: case.created_at,
            created_by: case.created_by.to_string(),
            changed_at: case.changed_at,
            owner: case.is_draft().then(|| case.owner().to_string()),
            editing: EditingView::of(file.editing.as_ref(), case, (sight.caller.username(), sight.now)),
            ends_at: case.ending.filter(|_| case.is_draft()).map(|ending| ending.at),
            submission: case.submission.as_ref().map(|submission| SubmissionView {
                at: submission.at,
                by: case.name_of(&submission.by),
                system: submission.system.clone(),
                fax: submission.fax.to_string(),
            }),
            cancellation: case.requests.iter().find_map(EndView::cancelled),
        }
    }
}

/// What the caller may do with the case as a whole; `read` goes without saying.
fn may(case: &Case, caller: &Caller) -> Vec<&'static str> {
    if caller.may(CaseAction::Write, case).is_err() {
        return Vec::new();
    }
    match case.submission {
        None if case.is_cancelled() => Vec::new(),
        None => vec!["edit", "attach", "note", "submit", "cancel"],
        Some(_) => vec!["note"],
    }
}

impl MemberView {
    fn of(member: &Member, contract: &Contract) -> Self {
        Self {
            id: member.id.to_string(),
            first_name: member.first_name.to_string(),
            last_name: member.last_name.to_string(),
            birth_date: member.birth_date,
            gender: word(&member.gender),
            member_number: member.number().map(ToString::to_string),
            temporary: member.is_temporary(),
            coverage: (!member.coverage.is_unknown())
                .then_some(CoverageView { from: member.coverage.from, to: member.coverage.to }),
            language: member.reading.language.as_ref().map(ToString::to_string),
            format: word(&member.reading.format.unwrap_or_default()),
            letters_in: contract.letters.language_for(&member.reading).code().to_owned(),
            address: member.address.lines(),
        }
    }
}

impl ProviderView {
    pub(super) fn of(provider: &Provider) -> Self {
        Self {
            id: provider.id.to_string(),
            npi: provider.npi.map(|npi| npi.to_string()),
            name: provider.name.to_string(),
            provider_type: provider.provider_type.to_string(),
            address: provider.address.lines(),
        }
    }
}

impl ServiceView {
    pub(super) fn of(service: &Service, contract: &Contract) -> Self {
        let service_type = contract.service_type(&service.service_type);
        Self {
            service_type: service.service_type.clone(),
            service_type_label: service_type.map_or_else(|| service.service_type.clone(), |known| known.label.clone()),
            place_of_service: service.place_of_service.clone(),
            place_of_service_label: label(&contract.places_of_service, &service.place_of_service),
            stay: service.stay.as_ref().map(|stay| StayView {
                admission: word(&stay.admission),
                admitted: stay.admitted,
                discharged: stay.discharged,
            }),
        }
    }
}

impl DiagnosisView {
    pub(super) fn all(codes: &[DiagnosisCode]) -> Vec<Self> {
        let icd = portico_codes::icd10cm();
        let view = |(place, code): (usize, &DiagnosisCode)| Self {
            code: code.to_string(),
            description: icd.get(code.undotted()).map(|entry| entry.description),
            primary: place == 0,
        };
        codes.iter().enumerate().map(view).collect()
    }
}

impl NoteView {
    pub(super) fn of(note: &Note, case: &Case) -> Self {
        Self {
            id: note.id.to_string(),
            at: note.at,
            by: case.name_of(&note.by),
            text: note.text.clone(),
            request: note.request.map(|request| request.to_string()),
            r#type: word(&note.of),
        }
    }
}
