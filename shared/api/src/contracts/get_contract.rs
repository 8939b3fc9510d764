//! Gives the public part of a contract (OPS-01): how to register, whom to ask, and what the wizard offers. Rules by code are
//! not in it: those are told where they matter, line by line.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use portico_domain::{
    accounts::MIN_PASSWORD,
    cases::document::FileType,
    contracts::{Choice, Contract, ServiceType, questionnaire::Questionnaire},
    id::ContractId,
    service::{ReviewKind, Setting},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::shared;
use crate::{Route, app::App, form::word, problem::Problem, words};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(get_contract))
}

/// What anybody may know of a contract.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct PublicContract {
    #[schema(example = "arkansas")]
    id: String,
    /// What people call it.
    name: String,
    /// Of its pack.
    version: String,
    /// IANA name; every date of the contract is a date there.
    #[schema(example = "America/Chicago")]
    time_zone: String,
    registration: RegistrationView,
    accounts: AccountsView,
    support: SupportView,
    /// Whether a provider may add a member whom eligibility does not know yet; else support is called.
    temporary_members: bool,
    service_types: Vec<ServiceTypeView>,
    places_of_service: Vec<ChoiceView>,
    document_types: Vec<ChoiceView>,
    /// Of one document.
    document_max_bytes: u64,
    /// The endings of names of files that may be attached.
    #[schema(example = json!(["pdf"]))]
    file_types: Vec<&'static str>,
    /// What a new case may ask for.
    reviews: Vec<ReviewView>,
    windows: WindowsView,
    /// What a request may have to answer, each a FHIR R4 Questionnaire; the case says which.
    #[schema(value_type = Vec<Object>)]
    questionnaires: Vec<Questionnaire>,
    /// What must be agreed to at submit.
    disclaimer: String,
}

/// How providers register.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RegistrationView {
    /// What the registration code is here.
    #[schema(example = "Medicaid ID")]
    code_label: String,
    /// Where to find it.
    code_help: String,
    /// Who may register.
    #[schema(value_type = Vec<words::ProviderKind>)]
    kinds: Vec<String>,
    /// To send back with the registration.
    terms_version: String,
    /// The terms of use.
    terms: String,
}

/// Accounts and sessions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AccountsView {
    /// The second factors that users may choose from.
    #[schema(value_type = Vec<words::Factor>)]
    factors: Vec<&'static str>,
    /// Characters of a password, at least.
    password_min: usize,
    /// How long the mailed link works.
    enrolment_days: u32,
    /// Failures in a row after which the account locks.
    lock_after_failures: u32,
    /// Days without sign-in after which the account is deactivated.
    dormant_days: u32,
    /// Minutes without a call after which the session ends.
    idle_minutes: u32,
    /// Hours after which the session ends in any case.
    absolute_hours: u32,
}

/// How support is reached.
#[derive(Serialize, ToSchema)]
struct SupportView {
    phone: String,
    email: String,
}

/// A choice of the wizard.
#[derive(Serialize, ToSchema)]
struct ChoiceView {
    /// As it is sent.
    id: String,
    /// As people read it.
    label: String,
}

/// A service type.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceTypeView {
    /// As it is sent.
    #[schema(example = "day-habilitative")]
    id: String,
    /// As people read it.
    label: String,
    /// In which settings it is offered.
    #[schema(value_type = Vec<words::Setting>)]
    settings: Vec<String>,
    /// Document types without which a request for it cannot be submitted.
    required_documents: Vec<String>,
}

/// A kind of request.
#[derive(Serialize, ToSchema)]
struct ReviewView {
    /// As it is sent.
    #[schema(value_type = words::ReviewKind)]
    review: String,
    /// As people read it.
    label: String,
    /// In which settings it is taken.
    #[schema(value_type = Vec<words::Setting>)]
    settings: Vec<String>,
}

/// In which time what may be asked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WindowsView {
    /// Days before today at which a request that is not retrospective may begin.
    past_days: u32,
    /// Months that a request may look ahead.
    look_ahead_months: u32,
    /// Months that a retrospective request may look back.
    look_back_months: u32,
    /// Days after an adverse determination in which reconsideration may be asked.
    reconsideration_days: u32,
    /// Days after an adverse determination in which a peer-to-peer conversation may be asked for; 0 where none is offered.
    peer_to_peer_days: u32,
    /// Days after an adverse determination in which an appeal may be asked.
    appeal_days: u32,
    /// Days after an adverse determination in which a State fair hearing may be asked for without an appeal; 0 where an appeal comes
    /// first, or there are none.
    hearing_days: u32,
    /// Days after an adverse decision on an appeal in which one may be asked for; 0 where there are none.
    hearing_after_appeal_days: u32,
    /// Days between a letter and the day on which a service that goes on is reduced or ended.
    advance_notice_days: u32,
}

/// Gives the public part of a contract.
#[utoipa::path(
    get, path = "/contracts/{id}", tag = "contracts",
    params(("id" = String, Path, description = "Short name of the contract")),
    responses(
        (status = 200, body = PublicContract, description = "As it is in force", headers(("ETag" = String, description = "For If-None-Match"))),
        (status = 304, description = "As the caller has it"),
    ),
    security(())
)]
async fn get_contract(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id: ContractId = id.parse().map_err(|_| Problem::not_found())?;
    let contract = app.contract(&id).await?;
    shared(&headers, &PublicContract::of(&contract))
}

impl PublicContract {
    fn of(contract: &Contract) -> Self {
        let (registration, rules, windows) = (&contract.registration, &contract.accounts, contract.windows);
        Self {
            id: contract.id.to_string(),
            name: contract.name.clone(),
            version: contract.version.clone(),
            time_zone: contract.calendar.time_zone.to_string(),
            registration: RegistrationView {
                code_label: registration.code_label.clone(),
                code_help: registration.code_help.clone(),
                kinds: registration.kinds.iter().map(word).collect(),
                terms_version: registration.terms_version.clone(),
                terms: registration.terms.clone(),
            },
            accounts: AccountsView {
                factors: rules.factors.iter().map(portico_domain::factor::Factor::name).collect(),
                password_min: MIN_PASSWORD,
                enrolment_days: rules.enrolment_days,
                lock_after_failures: rules.lock_after_failures,
                dormant_days: rules.dormant_days,
                idle_minutes: rules.idle_minutes,
                absolute_hours: rules.absolute_hours,
            },
            support: SupportView {
                phone: contract.support.phone.to_string(),
                email: contract.support.email.to_string(),
            },
            temporary_members: contract.members.temporary,
            service_types: contract.service_types.iter().map(ServiceTypeView::of).collect(),
            places_of_service: contract.places_of_service.iter().map(ChoiceView::of).collect(),
            document_types: contract.document_types.iter().map(ChoiceView::of).collect(),
            document_max_bytes: contract.document_max_bytes,
            file_types: FileType::ENDINGS.iter().map(|(ending, _)| *ending).collect(),
            reviews: ReviewKind::OF_A_NEW_CASE.iter().filter_map(|kind| ReviewView::of(*kind, contract)).collect(),
            windows: WindowsView {
                past_days: windows.past_days,
                look_ahead_months: windows.look_ahead_months,
                look_back_months: windows.look_back_months,
                reconsideration_days: windows.reconsideration_days,
                peer_to_peer_days: windows.peer_to_peer_days,
                appeal_days: windows.appeal_days,
                hearing_days: windows.hearing_days,
                hearing_after_appeal_days: windows.hearing_after_appeal_days,
                advance_notice_days: windows.advance_notice_days,
            },
            questionnaires: contract.questionnaires.clone(),
            disclaimer: contract.disclaimer.clone(),
        }
    }
}

impl ServiceTypeView {
    fn of(service: &ServiceType) -> Self {
        Self {
            id: service.id.clone(),
            label: service.label.clone(),
            settings: service.settings.iter().map(word).collect(),
            required_documents: service.required_documents.clone(),
        }
    }
}

impl ChoiceView {
    fn of(choice: &Choice) -> Self {
        Self { id: choice.id.clone(), label: choice.label.clone() }
    }
}

impl ReviewView {
    /// None for a kind that the contract has no time limit for, and does not take.
    fn of(kind: ReviewKind, contract: &Contract) -> Option<Self> {
        let takes = |setting: Setting| {
            let mut lines = contract.turnaround.iter().filter(|line| line.review == kind);
            lines.any(|line| line.setting.is_none_or(|of| of == setting))
        };
        let settings = [Setting::Inpatient, Setting::Outpatient].into_iter().filter(|setting| takes(*setting));
        let settings: Vec<String> = settings.map(|setting| word(&setting)).collect();
        (!settings.is_empty()).then(|| Self { review: word(&kind), label: kind.to_string(), settings })
    }
}
