//! A case from its first saved step to submit: one member, one contract, one setting, and its requests.

pub mod access;
pub mod accesses;
pub mod answers;
#[cfg(test)]
mod answers_tests;
pub mod authorization;
mod authorize;
pub mod billing;
#[cfg(test)]
mod billing_tests;
pub(crate) mod continued;
#[cfg(test)]
mod correct_tests;
pub mod determination;
pub mod document;
pub mod drafts;
pub mod duplicates;
pub mod editing;
pub mod ends;
pub mod follow;
#[cfg(test)]
mod follow_tests;
pub mod heard;
#[cfg(test)]
mod heard_tests;
pub mod hearing;
mod like;
pub mod message;
pub mod more_time;
pub mod note;
mod noticed;
pub mod progress;
pub mod questionnaires;
pub(crate) mod reauthorize;
mod refusal;
pub mod request;
mod revision;
mod ruled;
pub mod scan;
mod steps;
pub mod submit;
pub mod talk;
pub mod temporary;
#[cfg(test)]
mod tests;
pub mod unread;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    cases::{
        authorization::Authorization,
        determination::Determination,
        editing::Ending,
        request::{Request, State},
        unread::Unread,
    },
    code::DiagnosisCode,
    contact::Phone,
    events::EventKind,
    field::FieldErrors,
    id::{CaseId, CaseKey, ContractId, DocumentId, ProviderId, RequestNumber, Username},
    period::Period,
    person::{Member, Provider},
    service::{Admission, Line, ReviewKind, Setting, Urgency},
    status::Status,
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
    /// What is authorized; of what was decided before it was kept here, the decisions tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorizations: Vec<Authorization>,
    /// The Claims by which a system changed what it had asked for, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Claim>,
    /// Whoever has the draft, when it is not who began it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Username>,
    /// That the draft will end, when its owner was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// The version of the contract of which its owner was told that the draft does not fit it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_of: Option<String>,
    /// What the provider wrote and no reviewer has read (ACT-09).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Unread>,
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
    /// The questionnaires that had to be answered, in the order of the contract's rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questionnaires: Vec<String>,
    /// What it was asked for by, where a system asked by FHIR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// The name of that system then: whoever reads the case knows it by that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// A Claim by which a system of a provider asked, as far as answers name it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Its address at its sender.
    pub address: String,
    /// Its identifiers, each with its system where it has one.
    pub identifiers: Vec<(Option<String>, String)>,
    /// The request that it asked for, or took back.
    #[serde(default = "first_request")]
    pub request: RequestNumber,
    /// The number of the item that each line of that request is.
    pub items: Vec<u32>,
    /// The items that were taken back, by this one or before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancelled: Vec<u32>,
    /// The documents that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<SentDocument>,
    /// SHA-256 of the words that came with it, in hex: the same words are one note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Under which name the Bundle is kept that it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// Its type, as HL7's codes for claims have it: answers are of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The numbers by which its sender tracks the items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
}

/// A number by which the sender of a Claim tracks one of its items.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Trace {
    /// The number of the item.
    pub item: u32,
    /// The identifier in JSON, as it came: nothing of the house reads it.
    pub identifier: String,
}

/// A document that came with a Claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SentDocument {
    /// What it became.
    pub id: DocumentId,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

fn first_request() -> RequestNumber {
    RequestNumber::FIRST
}

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
            authorizations: Vec::new(),
            changes: Vec::new(),
            owner: None,
            ending: None,
            told_of: None,
            unread: None,
            submission: None,
        };
        Change { case, events: vec![EventKind::CaseCreated], determination: None }
    }

    /// The case with the real member instead of a temporary one. Nothing else changes: not its number, its requests, its
    /// clocks or what was submitted; letters that were issued keep what they say (CASE-06).
    #[must_use]
    pub fn with_member(mut self, member: Member, at: Timestamp) -> Change {
        let merged = EventKind::MemberMerged { temporary: self.member.id, member: member.id };
        // What the clinic said of how they read holds until the plan says something.
        let reading = member.reading.clone().or(&self.member.reading);
        self.member = Member { reading, ..member };
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
    pub fn request(&self, number: RequestNumber) -> Option<&Request> {
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

    fn draft_mut(&mut self) -> Option<&mut Request> {
        self.requests.iter_mut().find(|request| matches!(request.state, State::Draft))
    }
}
