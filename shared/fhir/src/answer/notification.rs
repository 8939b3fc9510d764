//! What a subscriber is sent, and what is answered when it asks where its subscription stands: the R4 form of the backport, in
//! which the status is Parameters.

use serde::Serialize;
use serde_json::value::RawValue;

use super::AnswerBundle;
use crate::{
    types::{Meta, Reference},
    url,
};

/// Why there is a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Occasion {
    /// To see whether somebody is there.
    Handshake,
    /// That we are still there.
    Heartbeat,
    /// The subscriber asks.
    Query,
    /// An answer changed.
    Event(Focus),
}

/// The change that is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Focus {
    /// Its number.
    pub number: u64,
    /// When it was.
    pub at: String,
    /// The address of the answer.
    pub address: String,
}

/// Where a subscription stands.
#[derive(Clone, Debug)]
pub struct SubscriptionStatus {
    /// The address of the subscription.
    pub subscription: String,
    /// Its status.
    pub status: &'static str,
    /// As many changes were told, or are to be.
    pub events: u64,
}

/// A message to a subscriber.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification<'a> {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    entry: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    full_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Resource<'a>>,
    request: Made,
    response: Done,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Resource<'a> {
    Status(Parameters),
    Answer(Box<AnswerBundle<'a>>),
}

/// The call that would give the entry.
#[derive(Debug, Serialize)]
struct Made {
    method: &'static str,
    url: String,
}

#[derive(Debug, Serialize)]
struct Done {
    status: &'static str,
}

/// The answer to a search.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searched {
    resource_type: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    total: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Found>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    full_url: String,
    resource: Box<RawValue>,
    search: Mode,
}

#[derive(Debug, Serialize)]
struct Mode {
    mode: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    resource_type: &'static str,
    meta: Meta,
    parameter: Vec<Parameter>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_reference: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_canonical: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_instant: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    part: Vec<Parameter>,
}

impl SubscriptionStatus {
    fn parameters(&self, occasion: &Occasion) -> Parameters {
        let reference = Some(Reference::to(self.subscription.as_str()));
        let text = |number: u64| Some(number.to_string());
        let mut parameter = vec![
            Parameter { name: "subscription", value_reference: reference, ..Parameter::default() },
            Parameter { name: "topic", value_canonical: Some(url::TOPIC), ..Parameter::default() },
            Parameter { name: "status", value_code: Some(self.status), ..Parameter::default() },
            Parameter { name: "type", value_code: Some(occasion.name()), ..Parameter::default() },
            Parameter {
                name: "events-since-subscription-start",
                value_string: text(self.events),
                ..Parameter::default()
            },
        ];
        if let Occasion::Event(focus) = occasion {
            let part = vec![
                Parameter { name: "event-number", value_string: text(focus.number), ..Parameter::default() },
                Parameter { name: "timestamp", value_instant: Some(focus.at.clone()), ..Parameter::default() },
                Parameter {
                    name: "focus",
                    value_reference: Some(Reference::to(focus.address.as_str())),
                    ..Parameter::default()
                },
            ];
            parameter.push(Parameter { name: "notification-event", part, ..Parameter::default() });
        }
        let meta = Meta { profile: vec![url::SUBSCRIPTION_STATUS.to_owned()] };
        Parameters { resource_type: "Parameters", meta, parameter }
    }
}

impl Occasion {
    fn name(&self) -> &'static str {
        match self {
            Self::Handshake => "handshake",
            Self::Heartbeat => "heartbeat",
            Self::Query => "query-status",
            Self::Event(_) => "event-notification",
        }
    }
}

impl<'a> Notification<'a> {
    /// With the status first and, of a change, the answer behind it: the whole of it, or its address alone.
    #[must_use]
    pub fn new(
        (id, timestamp): (String, String),
        status: &SubscriptionStatus,
        occasion: &Occasion,
        answer: Option<AnswerBundle<'a>>,
    ) -> Self {
        let got = |url: String| (Made { method: "GET", url }, Done { status: "200" });
        let (request, response) = got(format!("{}/$status", status.subscription));
        let first = Resource::Status(status.parameters(occasion));
        let full_url = format!("urn:uuid:{id}");
        let mut entry = vec![Entry { full_url, resource: Some(first), request, response }];
        if let Occasion::Event(focus) = occasion {
            let (request, response) = got(focus.address.clone());
            let resource = answer.map(|answer| Resource::Answer(Box::new(answer)));
            entry.push(Entry { full_url: focus.address.clone(), resource, request, response });
        }
        let meta = Meta { profile: vec![url::NOTIFICATION.to_owned()] };
        Self { resource_type: "Bundle", id, meta, kind: "history", timestamp, entry }
    }
}

impl Searched {
    /// What was found, each under its address.
    #[must_use]
    pub fn of(found: Vec<(String, Box<RawValue>)>) -> Self {
        let total = found.len();
        let of = |(full_url, resource)| Found { full_url, resource, search: Mode { mode: "match" } };
        Self { resource_type: "Bundle", kind: "searchset", total, entry: found.into_iter().map(of).collect() }
    }

    /// Where subscriptions stand.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn statuses(all: &[(String, SubscriptionStatus)]) -> Result<Self, serde_json::Error> {
        let each = all.iter().map(|(address, status)| {
            let parameters = serde_json::value::to_raw_value(&status.parameters(&Occasion::Query))?;
            Ok((address.clone(), parameters))
        });
        Ok(Self::of(each.collect::<Result<_, serde_json::Error>>()?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn status() -> SubscriptionStatus {
        SubscriptionStatus { subscription: "https://a/Subscription/s".to_owned(), status: "active", events: 2 }
    }

    fn told(occasion: &Occasion) -> Value {
        let head = ("0f7e".to_owned(), "2026-05-07T15:00:00Z".to_owned());
        serde_json::to_value(Notification::new(head, &status(), occasion, None)).unwrap()
    }

    #[test]
    fn a_message_begins_with_the_status_as_parameters() {
        let shaken = told(&Occasion::Handshake);
        assert_eq!((&shaken["type"], shaken["entry"].as_array().unwrap().len()), (&json!("history"), 1));
        let first = &shaken["entry"][0];
        assert_eq!(first["request"], json!({ "method": "GET", "url": "https://a/Subscription/s/$status" }));
        assert_eq!(first["response"], json!({ "status": "200" }));
        let values: Vec<_> = first["resource"]["parameter"].as_array().unwrap().iter().collect();
        assert_eq!(values[0]["valueReference"], json!({ "reference": "https://a/Subscription/s" }));
        assert_eq!((&values[1]["valueCanonical"], &values[2]["valueCode"]), (&json!(url::TOPIC), &json!("active")));
        assert_eq!((&values[3]["valueCode"], &values[4]["valueString"]), (&json!("handshake"), &json!("2")));
    }

    #[test]
    fn a_change_has_its_number_and_points_to_the_entry_behind() {
        let focus =
            Focus { number: 2, at: "2026-05-07T14:00:00Z".to_owned(), address: "https://a/Bundle/7".to_owned() };
        let told = told(&Occasion::Event(focus));
        let event = &told["entry"][0]["resource"]["parameter"][5];
        assert_eq!(event["name"], "notification-event");
        assert_eq!(event["part"][0], json!({ "name": "event-number", "valueString": "2" }));
        assert_eq!(event["part"][2]["valueReference"]["reference"], told["entry"][1]["fullUrl"]);
        assert_eq!(told["entry"][1].get("resource"), None, "its address alone");
    }

    #[test]
    fn whoever_asks_finds_each_status_under_an_address() {
        let found = Searched::statuses(&[("urn:uuid:1".to_owned(), status())]).unwrap();
        let found = serde_json::to_value(found).unwrap();
        assert_eq!((&found["type"], &found["total"]), (&json!("searchset"), &json!(1)));
        assert_eq!(found["entry"][0]["resource"]["parameter"][3]["valueCode"], "query-status");
        assert!(serde_json::to_value(Searched::of(Vec::new())).unwrap().get("entry").is_none());
    }
}
