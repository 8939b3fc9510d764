//! Data types and resources, as far as they are read. Nothing is required here: what is missing is told by who needs it.
//! What nobody reads is passed over, and goes back to its sender as it came.

use serde::{Deserialize, Serialize};

/// Defines a type of FHIR, read leniently and written without what is empty.
macro_rules! elements {
    ($($(#[$about:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        #[expect(missing_docs, reason = "elements are documented by FHIR")]
        pub struct $name {
            $($(#[$attribute])* #[serde(skip_serializing_if = "is_nothing")] pub $field: $type,)*
        }
    )*};
}

/// Whether a value is not written.
fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

elements! {
    /// A code of a system.
    Coding { system: Option<String>, code: Option<String>, display: Option<String>, }
    /// A concept by its codes.
    CodeableConcept { coding: Vec<Coding>, text: Option<String>, }
    /// A number that something is known by.
    Identifier {
        extension: Vec<Extension>,
        #[serde(rename = "type")] kind: Option<CodeableConcept>,
        system: Option<String>,
        value: Option<String>,
        assigner: Option<Box<Reference>>,
    }
    /// Another resource.
    Reference { extension: Vec<Extension>, reference: Option<String>, identifier: Option<Box<Identifier>>, display: Option<String>, }
    /// From a day or an instant to another.
    Period { start: Option<String>, end: Option<String>, }
    /// So much of something.
    Quantity { value: Option<serde_json::Number>, unit: Option<String>, system: Option<String>, code: Option<String>, }
    /// What a profile adds.
    Extension {
        url: String,
        extension: Vec<Extension>,
        value_string: Option<String>,
        value_boolean: Option<bool>,
        value_code: Option<String>,
        value_date: Option<String>,
        value_unsigned_int: Option<u32>,
        value_period: Option<Period>,
        value_identifier: Option<Identifier>,
        value_codeable_concept: Option<CodeableConcept>,
        value_reference: Option<Reference>,
    }
    /// A number or an address by which somebody is reached.
    ContactPoint { system: Option<String>, value: Option<String>, }
    /// Where somebody is found.
    Address { postal_code: Option<String>, }
    /// The name of a person.
    HumanName { family: Option<String>, given: Vec<String>, }
    /// The profile that a resource follows.
    Meta { profile: Vec<String>, }
}

elements! {
    /// A request for prior authorization.
    Claim {
        extension: Vec<Extension>,
        modifier_extension: Vec<Extension>,
        identifier: Vec<Identifier>,
        #[serde(rename = "use")] purpose: Option<String>,
        #[serde(rename = "type")] kind: Option<CodeableConcept>,
        patient: Option<Reference>,
        created: Option<String>,
        billable_period: Option<Period>,
        insurer: Option<Reference>,
        provider: Option<Reference>,
        enterer: Option<Reference>,
        priority: Option<CodeableConcept>,
        related: Vec<Related>,
        care_team: Vec<CareTeam>,
        supporting_info: Vec<SupportingInfo>,
        diagnosis: Vec<Diagnosis>,
        insurance: Vec<Insurance>,
        item: Vec<Item>,
    }
    /// An earlier claim.
    Related { claim: Option<Reference>, relationship: Option<CodeableConcept>, }
    /// Somebody who takes part.
    CareTeam {
        extension: Vec<Extension>,
        sequence: Option<u32>,
        provider: Option<Reference>,
        role: Option<CodeableConcept>,
    }
    /// What supports a request.
    SupportingInfo {
        extension: Vec<Extension>,
        modifier_extension: Vec<Extension>,
        sequence: Option<u32>,
        category: Option<CodeableConcept>,
        timing_date: Option<String>,
        timing_period: Option<Period>,
        value_string: Option<String>,
        value_attachment: Option<Attachment>,
        value_reference: Option<Reference>,
    }
    /// A diagnosis of a claim.
    Diagnosis {
        sequence: Option<u32>,
        diagnosis_codeable_concept: Option<CodeableConcept>,
        #[serde(rename = "type")] kind: Vec<CodeableConcept>,
    }
    /// By which coverage it is to be paid.
    Insurance { focal: Option<bool>, coverage: Option<Reference>, }
    /// What is asked for.
    Item {
        extension: Vec<Extension>,
        modifier_extension: Vec<Extension>,
        sequence: Option<u32>,
        care_team_sequence: Vec<u32>,
        category: Option<CodeableConcept>,
        revenue: Option<CodeableConcept>,
        product_or_service: Option<CodeableConcept>,
        modifier: Vec<CodeableConcept>,
        serviced_date: Option<String>,
        serviced_period: Option<Period>,
        location_codeable_concept: Option<CodeableConcept>,
        quantity: Option<Quantity>,
    }
    /// A patient.
    Patient { identifier: Vec<Identifier>, name: Vec<HumanName>, birth_date: Option<String>, }
    /// A member's coverage.
    Coverage {
        id: Option<String>,
        identifier: Vec<Identifier>,
        subscriber_id: Option<String>,
        beneficiary: Option<Reference>,
        payor: Vec<Reference>,
    }
    /// An organization or a person who treats: what both are known by.
    Party { identifier: Vec<Identifier>, }
    /// How the same are reached.
    Reached { telecom: Vec<ContactPoint>, address: Vec<Address>, }
    /// Somebody in a role at an organization.
    PractitionerRole { practitioner: Option<Reference>, organization: Option<Reference>, }
    /// An order of services (`ServiceRequest`) or of a device (`DeviceRequest`).
    Order {
        id: Option<String>,
        code: Option<CodeableConcept>,
        code_codeable_concept: Option<CodeableConcept>,
        category: Vec<CodeableConcept>,
        occurrence_date_time: Option<String>,
        occurrence_period: Option<Period>,
    }
    /// A document.
    DocumentReference {
        #[serde(rename = "type")] kind: Option<CodeableConcept>,
        description: Option<String>,
        content: Vec<DocumentContent>,
    }
    /// What is in it.
    DocumentContent { attachment: Option<Attachment>, }
    /// What a document points to.
    Binary { content_type: Option<String>, data: Option<String>, }
    /// Answers to a questionnaire.
    QuestionnaireResponse { questionnaire: Option<String>, status: Option<String>, item: Vec<Answered>, }
    /// An item of it.
    Answered { link_id: Option<String>, answer: Vec<AnswerValue>, item: Vec<Answered>, }
    /// An answer: one value.
    AnswerValue {
        value_boolean: Option<bool>,
        value_decimal: Option<serde_json::Number>,
        value_integer: Option<i32>,
        value_date: Option<String>,
        value_date_time: Option<String>,
        value_time: Option<String>,
        value_string: Option<String>,
        value_uri: Option<String>,
        value_attachment: Option<Attachment>,
        value_coding: Option<Coding>,
        value_quantity: Option<Quantity>,
        value_reference: Option<Reference>,
        item: Vec<Answered>,
    }
    /// What a system wants to be told of.
    Subscription {
        resource_type: Option<String>,
        id: Option<String>,
        meta: Option<Meta>,
        modifier_extension: Vec<Extension>,
        status: Option<String>,
        end: Option<String>,
        reason: Option<String>,
        criteria: Option<String>,
        #[serde(rename = "_criteria")] criteria_extended: Option<Extended>,
        channel: Option<Channel>,
    }
    /// What a profile adds to a text.
    Extended { extension: Vec<Extension>, }
    /// How it is told.
    Channel {
        extension: Vec<Extension>,
        modifier_extension: Vec<Extension>,
        #[serde(rename = "type")] kind: Option<String>,
        endpoint: Option<String>,
        payload: Option<String>,
        #[serde(rename = "_payload")] payload_extended: Option<Extended>,
        header: Vec<String>,
    }
    /// A file.
    Attachment { content_type: Option<String>, data: Option<String>, url: Option<String>, title: Option<String>, }
}

impl CodeableConcept {
    /// One code of a system.
    #[must_use]
    pub fn of(system: &str, code: &str) -> Self {
        let coding = Coding { system: Some(system.to_owned()), code: Some(code.to_owned()), display: None };
        Self { coding: vec![coding], text: None }
    }

    /// The code of this system.
    #[must_use]
    pub fn code(&self, system: &str) -> Option<&str> {
        let mut codings = self.coding.iter().filter(|coding| coding.system.as_deref() == Some(system));
        codings.find_map(|coding| coding.code.as_deref())
    }

    /// The first code, whatever its system is.
    #[must_use]
    pub fn any_code(&self) -> Option<&str> {
        self.coding.iter().find_map(|coding| coding.code.as_deref())
    }
}

impl Identifier {
    /// Whether it is of this kind.
    #[must_use]
    pub fn is_a(&self, kind: &str) -> bool {
        let codings = self.kind.iter().flat_map(|concept| &concept.coding);
        codings.filter_map(|coding| coding.code.as_deref()).any(|code| code == kind)
    }

    /// Its value, where there is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }
}

impl Reference {
    /// To what stands under this address.
    #[must_use]
    pub fn to(address: impl Into<String>) -> Self {
        Self { reference: Some(address.into()), ..Self::default() }
    }
}

impl Extension {
    /// With this address, and nothing in it.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// The address as a profile has it, without a version behind it.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.split_once('|').map_or(self.url.as_str(), |(address, _)| address)
    }
}

/// The extension of this address.
#[must_use]
pub fn extension<'a>(all: &'a [Extension], url: &str) -> Option<&'a Extension> {
    all.iter().find(|extension| extension.address() == url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_read_with_what_it_lacks_and_what_nobody_reads() {
        let claim: Claim = serde_json::from_str(
            r#"{"resourceType":"Claim","use":"preauthorization","total":{"value":1.0},"item":[{"quantity":{"value":2}}]}"#,
        )
        .unwrap();
        assert_eq!(claim.purpose.as_deref(), Some("preauthorization"));
        assert_eq!(claim.item[0].quantity.as_ref().unwrap().value, Some(2.into()));
        assert!(claim.patient.is_none() && claim.identifier.is_empty());
    }

    #[test]
    fn codes_are_told_by_their_system_and_extensions_by_their_address() {
        let both = r#"{"coding":[{"system":"a","code":"1"},{"system":"b","code":"2"},{"system":"c"}]}"#;
        let both: CodeableConcept = serde_json::from_str(both).unwrap();
        assert_eq!((both.code("b"), both.code("c"), both.any_code()), (Some("2"), None, Some("1")));
        let all = [Extension::new("http://x/y|2.2.1")];
        assert!(extension(&all, "http://x/y").is_some() && extension(&all, "http://x/").is_none());
    }

    #[test]
    fn nothing_empty_is_written() {
        let reference = serde_json::to_value(Reference::to("urn:uuid:1")).unwrap();
        assert_eq!(reference, serde_json::json!({ "reference": "urn:uuid:1" }));
        let flag = Extension { value_boolean: Some(false), ..Extension::new("wasHumanReviewedFlag") };
        let flag = serde_json::to_value(flag).unwrap();
        assert_eq!(flag, serde_json::json!({ "url": "wasHumanReviewedFlag", "valueBoolean": false }));
    }
}
