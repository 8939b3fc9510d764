//! A case from its first saved step to submit: one member, one contract, one setting, and its requests.

pub mod access;
pub mod determination;
pub mod document;
pub mod duplicates;
pub mod ends;
pub mod progress;
pub mod request;
pub mod submit;
pub mod talk;
pub mod temporary;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        determination::Determination,
        request::{Request, State},
    },
    code::DiagnosisCode,
    contact::Phone,
    contracts::{
        Contract,
        caps::{self, Share},
        code_rule::{CodeRuleError, rule_for},
    },
    events::EventKind,
    field::FieldErrors,
    id::{CaseId, CaseKey, ContractId, DocumentId, ProviderId, Username},
    period::Period,
    person::{Member, Provider},
    service::{Admission, Line, ReviewKind, Setting, Urgency},
    status::Status,
    wrong::Wrong,
};

/// One member's case under one contract (CASE-02).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// Opaque key.
    pub key: CaseKey,
    /// Grows by one with every change; its `ETag`.
    pub version: u64,
    /// The contract.
    pub contract: ContractId,
    /// Inpatient or outpatient.
    pub setting: Setting,
    /// The member as known when the case was created.
    pub member: Member,
    /// Who asks.
    pub requesting: Provider,
    /// When it was first saved.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Username,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Who performs the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub servicing: Option<Provider>,
    /// Who is responsible in a stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attending: Option<Provider>,
    /// Where letters are faxed; filled from the user's profile (CASE-10).
    pub fax: Phone,
    /// Kind, place and admission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The first is primary (CASE-12).
    pub diagnoses: Vec<DiagnosisCode>,
    /// R01 and what follows.
    pub requests: Vec<Request>,
    /// Set when it was submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<Submission>,
}

/// Service details (CASE-11).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Id of the contract's service type.
    pub service_type: String,
    /// Id of the contract's place of service.
    pub place_of_service: String,
    /// For a stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay: Option<Stay>,
}

/// An inpatient stay.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stay {
    /// Planned or not.
    pub admission: Admission,
    /// First day.
    pub admitted: Date,
    /// Last day, when known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discharged: Option<Date>,
}

/// A submit.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// The number it is tracked by (CASE-24).
    pub case_id: CaseId,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Username,
    /// The submitter's own fax number: letters go there (LTR-03).
    pub fax: Phone,
    /// Version of the contract whose disclaimer was agreed to.
    pub contract_version: String,
}

/// As many documents a case may have: each action that needs them reads them all.
pub const MOST_DOCUMENTS: usize = 100;
/// As many notes a case may have.
pub const MOST_NOTES: usize = 200;

/// One step of the wizard with what was entered.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "one step lives for one request")]
pub enum Step {
    /// Servicing and attending provider, fax number (CASE-09, CASE-10).
    Providers {
        /// Who performs.
        servicing: Provider,
        /// Who is responsible in a stay.
        attending: Option<Provider>,
        /// Where letters are faxed.
        fax: Phone,
    },
    /// Service details (CASE-11).
    Service(Service),
    /// Diagnoses, the first is primary (CASE-12).
    Diagnoses(Vec<DiagnosisCode>),
    /// Kind and urgency of the request (CASE-13).
    Request {
        /// Why it is made.
        review: ReviewKind,
        /// How fast an answer is needed.
        urgency: Urgency,
    },
    /// Procedure lines (CASE-14, CASE-15).
    Procedures(Vec<Line>),
}

impl Step {
    /// Its name in paths and on the timeline.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Providers { .. } => "providers",
            Self::Service(_) => "service",
            Self::Diagnoses(_) => "diagnoses",
            Self::Request { .. } => "request",
            Self::Procedures(_) => "procedures",
        }
    }
}

/// Why a step was not saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The case was submitted or cancelled.
    #[error("This case is {0}; its details cannot be changed any more.")]
    NotDraft(Status),
    /// Something is wrong at the fields.
    #[error("Please correct the marked fields.")]
    Fields(FieldErrors),
}

/// A case after a step, with what happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// The case as it is now; its version is one more than before.
    pub case: Case,
    /// What happened, never empty.
    pub events: Vec<EventKind>,
    /// What was decided with it, to be kept beside the case.
    pub determination: Option<Determination>,
}

impl Case {
    /// A new case, saved as a draft at once (CASE-08).
    #[must_use]
    pub fn create(
        key: CaseKey,
        setting: Setting,
        member: Member,
        requesting: Provider,
        fax: Phone,
        (at, by): (Timestamp, Username),
    ) -> Change {
        let case = Self {
            key,
            version: 1,
            contract: member.contract.clone(),
            setting,
            member,
            servicing: Some(requesting.clone()),
            requesting,
            created_at: at,
            created_by: by,
            changed_at: at,
            attending: None,
            fax,
            service: None,
            diagnoses: Vec::new(),
            requests: vec![Request::first()],
            submission: None,
        };
        Change { case, events: vec![EventKind::CaseCreated], determination: None }
    }

    /// The case with the real member instead of a temporary one. Nothing else changes: not its number, its requests, its
    /// clocks or what was submitted; letters that were issued keep what they say (CASE-06).
    #[must_use]
    pub fn with_member(mut self, member: Member, at: Timestamp) -> Change {
        let merged = EventKind::MemberMerged { temporary: self.member.id, member: member.id };
        self.member = member;
        self.version += 1;
        self.changed_at = at;
        Change { case: self, events: vec![merged], determination: None }
    }

    /// The providers on the case that nobody had registered when they were named.
    #[must_use]
    pub fn unregistered(&self) -> Vec<ProviderId> {
        self.providers().filter(|provider| provider.group.is_none()).map(|provider| provider.id).collect()
    }

    /// The case with the groups that such providers have `now`: whoever registers them later sees it too (ACT-07).
    #[must_use]
    pub fn with_groups(mut self, now: &[Provider]) -> Self {
        let group = |id: ProviderId| now.iter().find(|known| known.id == id).and_then(|known| known.group);
        for provider in
            [Some(&mut self.requesting), self.servicing.as_mut(), self.attending.as_mut()].into_iter().flatten()
        {
            provider.group = provider.group.or_else(|| group(provider.id));
        }
        self
    }

    /// Where the case stands: as its latest request.
    #[must_use]
    pub fn status(&self) -> Status {
        self.requests.last().map_or(Status::Draft, Request::status)
    }

    /// The providers named on the case; their groups may see it (ACT-07).
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        [Some(&self.requesting), self.servicing.as_ref(), self.attending.as_ref()].into_iter().flatten()
    }

    /// The first day of the service, as far as it is known: codes are judged by it (CASE-12).
    #[must_use]
    pub fn service_date(&self) -> Option<Date> {
        let lines = self.requests.last().into_iter().flat_map(|request| &request.lines);
        let stay = self.service.as_ref().and_then(|service| service.stay.as_ref());
        lines.map(|line| line.period.from()).min().or(stay.map(|stay| stay.admitted))
    }

    /// The days of its latest request: those of its lines, or of the stay as far as they are known.
    #[must_use]
    pub fn service_days(&self) -> Option<Period> {
        let stay = self.service.as_ref().and_then(|service| service.stay.as_ref());
        let of_stay = |stay: &Stay| Period::new(stay.admitted, stay.discharged.unwrap_or(stay.admitted)).ok();
        self.requests.last().and_then(Request::days).or_else(|| stay.and_then(of_stay))
    }

    /// The request of this number.
    #[must_use]
    pub fn request(&self, number: crate::id::RequestNumber) -> Option<&Request> {
        self.requests.iter().find(|request| request.number == number)
    }

    /// The case with one request changed, one version on.
    #[must_use]
    pub(crate) fn with_request(mut self, changed: Request, at: Timestamp, events: Vec<EventKind>) -> Change {
        if let Some(place) = self.requests.iter_mut().find(|request| request.number == changed.number) {
            *place = changed;
        }
        self.version += 1;
        self.changed_at = at;
        Change { case: self, events, determination: None }
    }

    /// Saves a step of the wizard: checked against the contract at the field, so that nothing waits until submit.
    ///
    /// # Errors
    /// Everything wrong at the fields, or that the case is no draft any more.
    pub fn save_step(mut self, step: Step, contract: &Contract, at: Timestamp) -> Result<Change, StepError> {
        if !self.is_draft() {
            return Err(StepError::NotDraft(self.status()));
        }
        let today = contract.calendar.time_zone.date_at(at);
        let errors = self.check_step(&step, contract, today);
        errors.into_result().map_err(StepError::Fields)?;
        let event = EventKind::StepSaved { step: step.name().to_owned() };
        match step {
            Step::Providers { servicing, attending, fax } => {
                (self.servicing, self.attending, self.fax) = (Some(servicing), attending, fax);
            }
            Step::Service(service) => self.service = Some(service),
            Step::Diagnoses(diagnoses) => self.diagnoses = diagnoses,
            Step::Request { review, urgency } => {
                if let Some(request) = self.draft_mut() {
                    (request.review, request.urgency) = (review, urgency);
                }
            }
            Step::Procedures(lines) => {
                if let Some(request) = self.draft_mut() {
                    request.lines = lines;
                }
            }
        }
        self.version += 1;
        self.changed_at = at;
        Ok(Change { case: self, events: vec![event], determination: None })
    }

    /// The draft after a document was taken out of it: a version on, so that nobody submits it with what is gone.
    ///
    /// # Errors
    /// When the case is no draft any more.
    pub fn without_document(mut self, document: DocumentId, at: Timestamp) -> Result<Change, StepError> {
        if !self.is_draft() {
            return Err(StepError::NotDraft(self.status()));
        }
        self.version += 1;
        self.changed_at = at;
        Ok(Change { case: self, events: vec![EventKind::DocumentRemoved { document }], determination: None })
    }

    /// What is wrong with a step under the contract, on a day there.
    #[must_use]
    pub fn check_step(&self, step: &Step, contract: &Contract, today: Date) -> FieldErrors {
        let mut errors = FieldErrors::none();
        match step {
            Step::Providers { servicing, attending, .. } => {
                for (pointer, provider) in [("/servicing", Some(servicing)), ("/attending", attending.as_ref())] {
                    if provider.is_some_and(|provider| provider.contract != self.contract) {
                        let text = "This provider is not in the registry of the case's contract.";
                        errors.add(pointer, Wrong::OtherContract.says(text));
                    }
                }
            }
            Step::Service(service) => {
                self.check_service(service, contract, &mut errors);
                if service.stay.as_ref().is_some_and(|stay| stay.admitted > contract.windows.latest(today)) {
                    errors.add("/stay/admitted", contract.windows.too_far());
                }
            }
            Step::Diagnoses(codes) => {
                if codes.is_empty() || codes.len() > 25 {
                    let text = "Enter 1 to 25 diagnoses, the primary one first.";
                    errors.add("/diagnoses", Wrong::entries(codes, 25).says(text));
                    return errors;
                }
                for (place, code) in codes.iter().enumerate() {
                    if codes.iter().take(place).any(|earlier| earlier == code) {
                        let text = "This diagnosis is entered twice.";
                        errors.add(format!("/diagnoses/{place}"), Wrong::Repeated.says(text));
                    }
                }
            }
            Step::Request { review, .. } => {
                if !ReviewKind::OF_A_NEW_CASE.contains(review) {
                    let text = "This is asked for on a decided request, not in a new case.";
                    errors.add("/review", Wrong::NotInANewCase.says(text));
                }
            }
            Step::Procedures(lines) => self.check_lines(lines, contract, today, &mut errors),
        }
        errors
    }

    fn check_service(&self, service: &Service, contract: &Contract, errors: &mut FieldErrors) {
        match contract.service_type(&service.service_type) {
            None => {
                let text = "Choose a service type from the contract's list.";
                errors.add("/serviceType", Wrong::NotOffered.says(text));
            }
            Some(known) if !known.settings.contains(&self.setting) => {
                let text = "This service type is not offered in the setting of this case.";
                errors.add("/serviceType", Wrong::OtherSetting.says(text));
            }
            Some(_) => {}
        }
        if !contract.places_of_service.iter().any(|place| place.id == service.place_of_service) {
            let text = "Choose a place of service from the contract's list.";
            errors.add("/placeOfService", Wrong::NotOffered.says(text));
        }
        match (self.setting, &service.stay) {
            (Setting::Inpatient, None) => {
                errors.add("/stay", Wrong::Missing.says("An inpatient case needs the admission details."));
            }
            (Setting::Outpatient, Some(_)) => {
                errors.add("/stay", Wrong::OtherSetting.says("An outpatient case has no admission."));
            }
            (_, Some(Stay { admitted, discharged: Some(discharged), .. })) if discharged < admitted => {
                let text = "The discharge is before the admission.";
                errors.add("/stay/discharged", Wrong::EndsBeforeItBegins.says(text));
            }
            (Setting::Inpatient, Some(_)) | (Setting::Outpatient, None) => {}
        }
    }

    fn check_lines(&self, lines: &[Line], contract: &Contract, today: Date, errors: &mut FieldErrors) {
        if lines.is_empty() || lines.len() > 50 {
            errors.add("/lines", Wrong::entries(lines, 50).says("Enter 1 to 50 procedure lines."));
            return;
        }
        let service_type = self.service.as_ref().map(|service| service.service_type.as_str());
        let review = self.requests.last().map(|request| request.review);
        for (place, line) in lines.iter().enumerate() {
            let at = format!("/lines/{place}");
            if line.modifiers.len() > 4 {
                let text = "A line has at most four modifiers.";
                errors.add(format!("{at}/modifiers"), Wrong::TooMany { most: 4 }.says(text));
            }
            if u32::from(line.duration) != line.period.days() {
                let days = line.period.days();
                let text = format!("The dates cover {days} days; the duration says otherwise.");
                errors.add(format!("{at}/duration"), Wrong::DurationDiffers { days }.says(text));
            }
            if let Some(review) = review {
                errors.nest(&at, contract.windows.check(review, line.period, today));
            }
            match rule_for(&contract.codes, &line.code, &line.modifiers) {
                Ok(rule) => errors.nest(&at, rule.check(line, &self.member, service_type)),
                Err(CodeRuleError::Unknown(code)) => errors.nest(&at, contract.unlisted_line(&code)),
                Err(error @ CodeRuleError::Modifiers { .. }) => {
                    errors.add(format!("{at}/modifiers"), error);
                }
            }
        }
        let shares: Vec<_> = lines.iter().enumerate().map(|(place, line)| Share::asked(place, line)).collect();
        errors.nest("", caps::check(&contract.codes, &shares, "quantity", false));
    }

    fn draft_mut(&mut self) -> Option<&mut Request> {
        self.requests.iter_mut().find(|request| matches!(request.state, State::Draft))
    }
}
