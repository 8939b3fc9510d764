//! What is asked of a provider whose request waits for information (PAS `CommunicationRequest`).

use serde::Serialize;

use crate::{
    types::{Identifier, Meta, Reference},
    url,
};

/// A request for information.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationRequest {
    resource_type: &'static str,
    meta: Meta,
    identifier: [Identifier; 1],
    status: &'static str,
    subject: Reference,
    occurrence_date_time: String,
    authored_on: String,
    requester: Reference,
    sender: Reference,
    note: Vec<Note>,
}

#[derive(Clone, Debug, Serialize)]
struct Note {
    text: String,
}

impl CommunicationRequest {
    /// By the insurer, of the provider, about the patient: under a number that the answer names, asked at an instant and due on a
    /// day, with what is needed in words. The profile's payload is for codes of LOINC alone.
    #[must_use]
    pub fn new(
        identifier: Identifier,
        (insurer, provider, patient): (Reference, Reference, Reference),
        (authored_on, due): (String, String),
        needed: &[String],
    ) -> Self {
        Self {
            resource_type: "CommunicationRequest",
            meta: Meta { profile: vec![url::COMMUNICATION_REQUEST.to_owned()] },
            identifier: [identifier],
            status: "active",
            subject: patient,
            occurrence_date_time: due,
            authored_on,
            requester: insurer,
            sender: provider,
            note: needed.iter().map(|text| Note { text: text.clone() }).collect(),
        }
    }
}
