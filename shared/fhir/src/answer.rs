//! What we answer: written as the profiles want it. Resources that the sender gave go back as they came, behind ours.

use serde::Serialize;

mod asked;
mod bundles;
mod notification;
mod outcome;
mod package;
mod parties;

pub use asked::CommunicationRequest;
pub use bundles::{AnswerBundle, Parameters};
pub use notification::{Focus, Notification, Occasion, Searched, SubscriptionStatus};
pub use outcome::OperationOutcome;
pub use package::{Draft, DraftItem, PackageBundle, Packages};
pub use parties::{Beneficiary, OrganizationParty};

use crate::{
    types::{CodeableConcept, Extension, Identifier, Meta, Period, Reference, extension},
    url,
};

/// What was decided of an item, as X12 names it. `A2` is never written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// As asked.
    Certified,
    /// Not all of what was asked; an added item says what.
    Modified,
    /// Not certified.
    Denied,
    /// Not decided yet.
    Pended,
    /// Taken back.
    Cancelled,
    /// Closed without a decision: nothing is to be done here.
    NoAction,
}

impl Action {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Certified => "A1",
            Self::Modified => "A6",
            Self::Denied => "A3",
            Self::Pended => "A4",
            Self::Cancelled => "C",
            Self::NoAction => "NA",
        }
    }
}

/// A `ClaimResponse`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "elements are documented by FHIR")]
pub struct ClaimResponse {
    resource_type: &'static str,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
    status: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CodeableConcept>,
    #[serde(rename = "use")]
    purpose: &'static str,
    pub patient: Reference,
    pub created: String,
    pub insurer: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requestor: Option<Reference>,
    pub request: Reference,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_auth_ref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_auth_period: Option<Period>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item: Vec<ItemAnswer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    add_item: Vec<AddedItem>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    process_note: Vec<ProcessNote>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub communication_request: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error: Vec<ErrorAnswer>,
}

/// What was decided of an item.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemAnswer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension>,
    item_sequence: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    note_number: Vec<u32>,
    adjudication: [Adjudication; 1],
}

/// What is authorized in place of an item.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddedItem {
    item_sequence: [u32; 1],
    product_or_service: CodeableConcept,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    modifier: Vec<CodeableConcept>,
    serviced_period: Period,
    quantity: Units,
    adjudication: [Adjudication; 1],
}

#[derive(Clone, Debug, Serialize)]
struct Units {
    value: u32,
    unit: &'static str,
    system: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Adjudication {
    extension: [Extension; 1],
    category: CodeableConcept,
}

#[derive(Clone, Debug, Serialize)]
struct ProcessNote {
    number: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    text: String,
}

#[derive(Clone, Debug, Serialize)]
struct ErrorAnswer {
    extension: Vec<Extension>,
    code: CodeableConcept,
}

/// Where the parties of an answer stand, and what it answers.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "elements are documented by FHIR")]
pub struct About {
    pub identifier: Vec<Identifier>,
    pub kind: Option<CodeableConcept>,
    pub patient: Reference,
    pub insurer: Reference,
    pub requestor: Option<Reference>,
    pub request: Reference,
    pub created: String,
}

/// What was decided of an item, and what belongs to it.
#[derive(Clone, Debug)]
pub struct Decided<'a> {
    /// The item's number in the request.
    pub sequence: u32,
    /// What was decided.
    pub action: Action,
    /// The numbers by which its sender tracks it.
    pub traces: &'a [Extension],
    /// Of an authorization.
    pub authorization: Option<Authorized>,
    /// By which it is tracked while it is not decided.
    pub reference: Option<String>,
    /// Why, in words.
    pub reason: Option<String>,
}

/// An authorization of an item.
#[derive(Clone, Debug)]
pub struct Authorized {
    /// Its number.
    pub number: String,
    /// The day of the decision.
    pub issued: String,
    /// First and last day.
    pub days: (String, String),
    /// The code, its modifiers and the units, where not all is authorized that was asked for.
    pub instead: Option<(CodeableConcept, Vec<CodeableConcept>, u32)>,
}

/// What an inquiry looks for in an answer: an item that was decided so. Days are from the first to the last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sought {
    /// X12's code of what was decided.
    pub action: Option<String>,
    /// When it was decided.
    pub issued: Option<(String, String)>,
    /// When what is authorized begins.
    pub effective: Option<(String, String)>,
    /// When it ends.
    pub expires: Option<(String, String)>,
}

/// What keeps a request from being processed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// X12's code of it.
    pub code: &'static str,
    /// Where it is.
    pub path: String,
    /// What is wrong, in words.
    pub text: String,
}

impl ClaimResponse {
    fn new(about: About, profile: &str, outcome: &'static str) -> Self {
        let About { identifier, kind, patient, insurer, requestor, request, created } = about;
        Self {
            resource_type: "ClaimResponse",
            meta: Meta { profile: vec![profile.to_owned()] },
            extension: Vec::new(),
            identifier,
            status: "active",
            kind,
            purpose: "preauthorization",
            patient,
            created,
            insurer,
            requestor,
            request,
            outcome,
            pre_auth_ref: None,
            pre_auth_period: None,
            item: Vec::new(),
            add_item: Vec::new(),
            process_note: Vec::new(),
            communication_request: Vec::new(),
            error: Vec::new(),
        }
    }

    /// An answer that says of every item where it stands.
    #[must_use]
    pub fn decided(about: About, profile: &str, items: &[Decided<'_>], by_a_person: Option<bool>) -> Self {
        let mut answer = Self::new(about, profile, "complete");
        if let Some(flag) = by_a_person {
            let flag = Extension { value_boolean: Some(flag), ..Extension::new("wasHumanReviewedFlag") };
            answer.extension.push(Extension { extension: vec![flag], ..Extension::new(url::REVIEWER) });
        }
        for item in items {
            answer.add(item);
        }
        let first = items.iter().find_map(|item| item.authorization.as_ref());
        answer.pre_auth_ref = first.map(|authorized| authorized.number.clone());
        let days = || items.iter().filter_map(|item| item.authorization.as_ref()).map(|authorized| &authorized.days);
        let (start, end) = (days().map(|(from, _)| from.clone()).min(), days().map(|(_, to)| to.clone()).max());
        answer.pre_auth_period = start.is_some().then_some(Period { start, end });
        answer
    }

    /// An answer that says why nothing was done.
    #[must_use]
    pub fn refused(about: About, profile: &str, refusals: &[Refusal]) -> Self {
        let mut answer = Self::new(about, profile, "error");
        answer.error = refusals.iter().map(ErrorAnswer::of).collect();
        for refusal in refusals {
            answer.note(&refusal.text);
        }
        answer
    }

    /// Whether one of its items was decided so.
    #[must_use]
    pub fn has(&self, sought: &Sought) -> bool {
        *sought == Sought::default() || self.item.iter().any(|item| item.is(sought))
    }

    fn add(&mut self, item: &Decided<'_>) {
        let date = |url: &str, day: &str| Extension { value_date: Some(day.to_owned()), ..Extension::new(url) };
        let mut extension = item.traces.to_vec();
        if let Some(number) = &item.reference {
            let number = Some(number.clone());
            extension.push(Extension { value_string: number, ..Extension::new(url::ADMINISTRATION_REFERENCE) });
        }
        if let Some(authorized) = &item.authorization {
            extension.push(date(url::ITEM_ISSUED, &authorized.issued));
            let days = Some(authorized.period());
            extension.push(Extension { value_period: days, ..Extension::new(url::ITEM_AUTHORIZED_PERIOD) });
        }
        let number = item.authorization.as_ref().map(|authorized| authorized.number.as_str());
        let note_number = item.reason.iter().map(|reason| self.note(reason)).collect();
        let adjudication = [Adjudication::of(item.action, number)];
        self.item.push(ItemAnswer { extension, item_sequence: item.sequence, note_number, adjudication });
        let Some(authorized) = &item.authorization else { return };
        let Some((product_or_service, modifier, units)) = authorized.instead.clone() else { return };
        self.add_item.push(AddedItem {
            item_sequence: [item.sequence],
            product_or_service,
            modifier,
            serviced_period: authorized.period(),
            quantity: Units { value: units, unit: "unit", system: "https://codesystem.x12.org/005010/673", code: "UN" },
            adjudication: [Adjudication::of(Action::Certified, number)],
        });
    }

    fn note(&mut self, text: &str) -> u32 {
        let number = u32::try_from(self.process_note.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.process_note.push(ProcessNote { number, kind: "display", text: text.to_owned() });
        number
    }
}

impl ItemAnswer {
    fn is(&self, sought: &Sought) -> bool {
        let of = |url: &str| extension(&self.extension, url);
        let days = of(url::ITEM_AUTHORIZED_PERIOD).and_then(|days| days.value_period.as_ref());
        let [Adjudication { extension: [action], .. }] = &self.adjudication;
        let action =
            extension(&action.extension, url::REVIEW_ACTION_CODE).and_then(|code| code.value_codeable_concept.as_ref());
        let within = |sought: &Option<(String, String)>, day: Option<&String>| match sought {
            Some((from, to)) => day.is_some_and(|day| (from..=to).contains(&day)),
            None => true,
        };
        sought.action.as_deref().is_none_or(|code| action.and_then(CodeableConcept::any_code) == Some(code))
            && within(&sought.issued, of(url::ITEM_ISSUED).and_then(|issued| issued.value_date.as_ref()))
            && within(&sought.effective, days.and_then(|days| days.start.as_ref()))
            && within(&sought.expires, days.and_then(|days| days.end.as_ref()))
    }
}

impl Authorized {
    fn period(&self) -> Period {
        let (start, end) = self.days.clone();
        Period { start: Some(start), end: Some(end) }
    }
}

impl Adjudication {
    fn of(action: Action, number: Option<&str>) -> Self {
        let mut parts = Vec::new();
        if let Some(number) = number {
            parts.push(Extension { value_string: Some(number.to_owned()), ..Extension::new("number") });
        }
        let code = Some(CodeableConcept::of(url::X12_DECISION, action.code()));
        // The one part with a whole address; its neighbours have short names.
        parts.push(Extension { value_codeable_concept: code, ..Extension::new(url::REVIEW_ACTION_CODE) });
        Self {
            extension: [Extension { extension: parts, ..Extension::new(url::REVIEW_ACTION) }],
            category: CodeableConcept::of(url::ADJUDICATION, "submitted"),
        }
    }
}

impl ErrorAnswer {
    fn of(refusal: &Refusal) -> Self {
        let follow_up = Some(CodeableConcept::of(url::X12_FOLLOW_UP, "C"));
        let path = Some(refusal.path.clone());
        Self {
            extension: vec![
                Extension { value_string: path, ..Extension::new(url::ERROR_PATH) },
                Extension { value_codeable_concept: follow_up, ..Extension::new(url::ERROR_FOLLOW_UP) },
            ],
            code: CodeableConcept::of(url::X12_ERROR, refusal.code),
        }
    }
}

#[cfg(test)]
mod tests;
