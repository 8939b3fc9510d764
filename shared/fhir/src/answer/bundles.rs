//! The Bundles in which answers go: ours first, then what the sender gave.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{ClaimResponse, CommunicationRequest, OperationOutcome};
use crate::types::{Identifier, Meta};

/// A Bundle that answers: ours first, then what is given back as it came.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerBundle<'a> {
    resource_type: &'static str,
    meta: Meta,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Identifier>,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    entry: Vec<AnswerEntry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerEntry<'a> {
    full_url: String,
    resource: Resource<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Resource<'a> {
    Ours(Box<ClaimResponse>),
    Kept(Box<RawValue>),
    Warning(OperationOutcome),
    Asked(Box<CommunicationRequest>),
    Theirs(&'a RawValue),
}

impl<'a> AnswerBundle<'a> {
    /// With our answer under `full_url`, and the sender's resources behind it, each once.
    #[must_use]
    pub fn new(
        profile: &str,
        identifier: Option<Identifier>,
        timestamp: String,
        (full_url, answer): (String, ClaimResponse),
        echoed: &[(&'a str, &'a RawValue)],
    ) -> Self {
        let first = AnswerEntry { full_url, resource: Resource::Ours(Box::new(answer)) };
        Self::with(profile, identifier, timestamp, first, echoed)
    }

    /// The same with an answer that was written before.
    #[must_use]
    pub fn kept(
        profile: &str,
        identifier: Option<Identifier>,
        timestamp: String,
        (full_url, answer): (String, Box<RawValue>),
        echoed: &[(&'a str, &'a RawValue)],
    ) -> Self {
        let first = AnswerEntry { full_url, resource: Resource::Kept(answer) };
        Self::with(profile, identifier, timestamp, first, echoed)
    }

    fn with(
        profile: &str,
        identifier: Option<Identifier>,
        timestamp: String,
        first: AnswerEntry<'a>,
        echoed: &[(&'a str, &'a RawValue)],
    ) -> Self {
        let mut entry = vec![first];
        for (full_url, raw) in echoed {
            if entry.iter().all(|one| one.full_url != *full_url) {
                entry.push(AnswerEntry { full_url: (*full_url).to_owned(), resource: Resource::Theirs(raw) });
            }
        }
        let meta = Meta { profile: vec![profile.to_owned()] };
        Self { resource_type: "Bundle", meta, identifier, kind: "collection", timestamp, entry }
    }

    /// With what is asked of the provider behind our answer, which points to it.
    pub fn asks(&mut self, full_url: String, asked: CommunicationRequest) {
        let resource = Resource::Asked(Box::new(asked));
        self.entry.insert(1.min(self.entry.len()), AnswerEntry { full_url, resource });
    }

    /// With a warning behind our answer: that there is more than is shown, and whom to ask.
    pub fn warn(&mut self, full_url: String, text: impl Into<String>) {
        let warning = Resource::Warning(OperationOutcome::warning(text));
        self.entry.insert(1.min(self.entry.len()), AnswerEntry { full_url, resource: warning });
    }
}

/// The answers to an inquiry: any number of Bundles.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters<'a> {
    resource_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameter: Vec<Parameter<'a>>,
}

#[derive(Debug, Serialize)]
struct Parameter<'a> {
    name: &'static str,
    resource: AnswerBundle<'a>,
}

impl<'a> Parameters<'a> {
    /// Each Bundle as a `return`.
    #[must_use]
    pub fn of(bundles: Vec<AnswerBundle<'a>>) -> Self {
        let parameter = bundles.into_iter().map(|resource| Parameter { name: "return", resource }).collect();
        Self { resource_type: "Parameters", parameter }
    }
}
