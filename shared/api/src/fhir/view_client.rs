//! A client as staff see it.

use jiff::Timestamp;
use portico_domain::{
    caller::Reviewer,
    fhir::{Client, subscriptions::Subscription},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::words;

/// A system that asks by FHIR.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientView {
    /// Its client id, which the system is set up with.
    #[schema(example = "cli_0197a3c2f0c07d0aa1b2c3d4e5f60718")]
    id: String,
    /// For If-Match.
    version: u64,
    /// As cases show it.
    #[schema(example = "River EHR")]
    name: String,
    /// Whom we write to about it.
    contact: String,
    contracts: Vec<String>,
    /// The NPIs of the providers that it acts for.
    providers: Vec<String>,
    #[schema(value_type = Vec<words::ClientScope>)]
    scopes: Vec<String>,
    keys: Vec<KeyView>,
    #[schema(value_type = words::ClientState)]
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    added_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    /// What it subscribed to, where one client is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<Vec<SubscriptionView>>,
    /// Whether the caller may change and end it: who manages all of its contracts.
    may_change: bool,
}

/// One of its subscriptions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubscriptionView {
    id: String,
    #[schema(value_type = words::SubscriptionStatus)]
    status: &'static str,
    #[schema(value_type = words::SubscriptionContent)]
    content: &'static str,
    /// The server that is notified; the rest of its address may be a secret.
    #[schema(example = "ehr.example.org")]
    host: String,
    /// As many changes have a number, and as many of them are done with.
    events: u64,
    delivered: u64,
    /// When the server took something last.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_at: Option<Timestamp>,
}

/// One of its public keys.
#[derive(Serialize, ToSchema)]
struct KeyView {
    kid: String,
    #[schema(value_type = words::KeyAlgorithm)]
    algorithm: &'static str,
}

impl ClientView {
    /// As somebody with the post `by` sees it.
    pub(super) fn of(client: &Client, by: &Reviewer) -> Self {
        let key =
            |key: &portico_domain::fhir::ClientKey| KeyView { kid: key.kid.clone(), algorithm: key.public.algorithm() };
        Self {
            id: client.id.to_string(),
            version: client.version,
            name: client.name.to_string(),
            contact: client.contact.to_string(),
            contracts: client.contracts.iter().map(ToString::to_string).collect(),
            providers: client.providers.iter().map(ToString::to_string).collect(),
            scopes: client.scopes.iter().map(ToString::to_string).collect(),
            keys: client.keys.iter().map(key).collect(),
            state: if client.ended.is_none() { "active" } else { "ended" },
            added_at: client.added.at,
            added_by: client.added.by.to_string(),
            ended_at: client.ended.as_ref().map(|mark| mark.at),
            subscriptions: None,
            may_change: client.ended.is_none() && by.may_manage_client(client).is_ok(),
        }
    }

    /// With what it subscribed to.
    pub(super) fn with(self, subscriptions: &[Subscription], now: Timestamp) -> Self {
        let of = |one: &Subscription| SubscriptionView {
            id: one.id.to_string(),
            status: one.status(now).name(),
            content: one.wanted.content.name(),
            host: one.wanted.endpoint.host().to_owned(),
            events: one.events,
            delivered: one.delivered,
            last_at: one.last,
        };
        Self { subscriptions: Some(subscriptions.iter().map(of).collect()), ..self }
    }
}
