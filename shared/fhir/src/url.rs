//! Every address that is read or written, once.

macro_rules! addresses {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {$(
        $(#[$doc])*
        pub const $name: &str = $text;
    )*};
}

macro_rules! pas {
    ($last:literal) => {
        concat!("http://hl7.org/fhir/us/davinci-pas/StructureDefinition/", $last)
    };
}

macro_rules! dtr {
    ($last:literal) => {
        concat!("http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/", $last)
    };
}

// Code systems and identifiers.
addresses! {
    /// National Provider Identifiers.
    NPI = "http://hl7.org/fhir/sid/us-npi";
    /// ICD-10-CM.
    ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm";
    /// CPT.
    CPT = "http://www.ama-assn.org/go/cpt";
    /// HCPCS level II.
    HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
    /// Revenue codes.
    NUBC_REVENUE = "https://www.nubc.org/CodeSystem/RevenueCodes";
    /// Places of service.
    PLACE_OF_SERVICE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set";
    /// Kinds of identifiers; `MB` is a member's number.
    IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203";
    /// What is said on the decision of an item.
    ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication";
    /// Kinds of claims.
    CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type";
    /// Kinds of diagnoses on a claim.
    DIAGNOSIS_TYPE = "http://terminology.hl7.org/CodeSystem/ex-diagnosistype";
    /// How fast an answer is needed.
    PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority";
    /// That nothing is said, and why.
    DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    /// X12: what was decided.
    X12_DECISION = "https://codesystem.x12.org/005010/306";
    /// X12: why a request was refused.
    X12_ERROR = "https://codesystem.x12.org/005010/901";
    /// X12: what to do after a refusal.
    X12_FOLLOW_UP = "https://codesystem.x12.org/005010/889";
    /// X12: kind of the certification: initial, renewal, cancel.
    X12_CERTIFICATION = "https://codesystem.x12.org/005010/1322";
    /// X12: kind of the request: admission, services.
    X12_REQUEST_TYPE = "https://codesystem.x12.org/005010/1525";
    /// X12: kind of service.
    X12_SERVICE_TYPE = "https://codesystem.x12.org/005010/1365";
    /// X12: level of service; `U` and `03` are urgent.
    X12_LEVEL_OF_SERVICE = "https://codesystem.x12.org/005010/1338";
    /// X12: an entity's role; `71` attends.
    X12_ROLE = "https://codesystem.x12.org/005010/98";
}

// Profiles of answers.
addresses! {
    /// An answer to a request.
    RESPONSE_BUNDLE = pas!("profile-pas-response-bundle");
    /// An answer to an inquiry.
    INQUIRY_RESPONSE_BUNDLE = pas!("profile-pas-inquiry-response-bundle");
    /// What was decided of a request.
    CLAIM_RESPONSE = pas!("profile-claimresponse");
    /// The same in an answer to an inquiry.
    CLAIM_INQUIRY_RESPONSE = pas!("profile-claiminquiryresponse");
}

// Packages of questionnaires (Da Vinci DTR).
addresses! {
    /// The Bundle of a package.
    QUESTIONNAIRE_PACKAGE = dtr!("DTR-QPackageBundle");
    /// What an answer to a questionnaire belongs to: the coverage, the orders.
    ANSWERS_CONTEXT = dtr!("qr-context");
    /// What answers are for.
    INTENDED_USE = dtr!("intendedUse");
    /// Where the information in an answer comes from.
    INFORMATION_ORIGIN = dtr!("information-origin");
    /// What documentation is for; `withpa` goes with a request for prior authorization.
    DOCUMENTATION_REASON = "http://hl7.org/fhir/us/davinci-crd/CodeSystem/temp";
}

macro_rules! backport {
    ($last:literal) => {
        concat!("http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/", $last)
    };
}

// Subscriptions (R5 Backport 1.1, for R4).
addresses! {
    /// What may be subscribed to: answers to requests.
    TOPIC = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic";
    /// A subscription to it.
    SUBSCRIPTION = pas!("profile-subscription");
    /// A message to a subscriber.
    NOTIFICATION = backport!("backport-subscription-notification-r4");
    /// Where a subscription stands.
    SUBSCRIPTION_STATUS = backport!("backport-subscription-status-r4");
    /// Of which changes it tells.
    FILTER_CRITERIA = backport!("backport-filter-criteria");
    /// What of a change it tells.
    PAYLOAD_CONTENT = backport!("backport-payload-content");
    /// How long there may be silence.
    HEARTBEAT_PERIOD = backport!("backport-heartbeat-period");
    /// What a server may be subscribed to.
    CAPABLE_TOPIC = backport!("capabilitystatement-subscriptiontopic-canonical");
}

// Profiles of the parties, where we write them ourselves.
addresses! {
    /// The patient.
    BENEFICIARY = pas!("profile-beneficiary");
    /// The insurer.
    INSURER = pas!("profile-insurer");
    /// Who asks.
    REQUESTOR = pas!("profile-requestor");
}

// Profiles of what a payer asks for.
addresses! {
    /// A request for information.
    COMMUNICATION_REQUEST = pas!("profile-communicationrequest");
}

// Extensions.
addresses! {
    /// X12's level of service.
    LEVEL_OF_SERVICE = pas!("extension-levelOfServiceCode");
    /// Kind of a request, of an item.
    REQUEST_TYPE = pas!("extension-serviceItemRequestType");
    /// Kind of the certification, of an item.
    CERTIFICATION_TYPE = pas!("extension-certificationType");
    /// That something was added or changed, in a change of an earlier claim.
    INFO_CHANGED = pas!("extension-infoChanged");
    /// That something is taken back, in a change of an earlier claim.
    INFO_CANCELLED = pas!("modifierextension-infoCancelled");
    /// The end of a range of codes.
    CODE_END = pas!("extension-productOrServiceCodeEnd");
    /// In an inquiry: when it was decided.
    CERTIFICATION_ISSUED = pas!("extension-itemCertificationIssueDate");
    /// In an inquiry: the last day of what is authorized.
    CERTIFICATION_EXPIRES = pas!("extension-itemCertificationExpirationDate");
    /// In an inquiry: the first day of what is authorized.
    CERTIFICATION_EFFECTIVE = pas!("extension-itemCertificationEffectiveDate");
    /// Whether somebody of the care team is there for the whole claim.
    CARE_TEAM_SCOPE = pas!("extension-careTeamClaimScope");
    /// The number of an item that its sender tracks it by.
    ITEM_TRACE_NUMBER = pas!("extension-itemTraceNumber");
    /// The number by which we track what is not decided.
    ADMINISTRATION_REFERENCE = pas!("extension-administrationReferenceNumber");
    /// The number of an authorization in a request.
    AUTHORIZATION_NUMBER = pas!("extension-authorizationNumber");
    /// What was decided of an item.
    REVIEW_ACTION = pas!("extension-reviewAction");
    /// Its code.
    REVIEW_ACTION_CODE = pas!("extension-reviewActionCode");
    /// Since when an item is authorized.
    ITEM_ISSUED = pas!("extension-itemPreAuthIssueDate");
    /// The days for which it is.
    ITEM_AUTHORIZED_PERIOD = pas!("extension-itemPreAuthPeriod");
    /// Days that were asked for.
    ITEM_REQUESTED_DATE = pas!("extension-itemRequestedServiceDate");
    /// Whether a person decided.
    REVIEWER = pas!("extension-claimResponseReviewer");
    /// What to do after an error.
    ERROR_FOLLOW_UP = pas!("extension-errorFollowupAction");
    /// Where an error is.
    ERROR_PATH = pas!("extension-errorPath");
    /// Which document is meant.
    DOCUMENT_INFORMATION = pas!("extension-documentInformation");
}
