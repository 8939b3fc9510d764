//! A Subscription as it is sent, in our words, and as it is given back: what is supported, and what else is refused where it is.
//! Headers are for its receiver and come back to nobody.

use jiff::Timestamp;
use portico_domain::{
    contact::Line,
    fhir::{
        Client,
        subscriptions::{Content, Endpoint, HEARTBEATS, Subscription, Wanted},
    },
    npi::Npi,
};
use portico_fhir::{
    Fault, json,
    types::{self, Channel, Extended, Extension, Meta, extension},
    url,
};

/// As many headers go with a message, and as long they are together.
const MOST_HEADERS: usize = 10;
const LONGEST_HEADERS: usize = 8_000;
/// As many providers one subscription names.
const MOST_NAMED: usize = 200;
/// What a message says by itself, and what only a connection says.
const OWN_HEADERS: [&str; 12] = [
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "via",
];

/// A Subscription that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) wanted: Wanted,
    /// Names and values.
    pub(super) headers: Vec<(String, String)>,
    /// Whether it is to be turned off.
    pub(super) off: bool,
    /// Its id, where it has one.
    pub(super) id: Option<String>,
}

/// Why it is none of ours.
#[derive(Debug)]
pub(super) enum Objection {
    /// It cannot be read.
    Unreadable(Fault),
    /// It asks for what is not supported.
    Unsupported(Fault),
    /// It asks for the requests of somebody else.
    Foreign(Fault),
}

fn unsupported<T>(path: impl Into<String>, what: &str) -> Result<T, Objection> {
    Err(Objection::Unsupported(Fault::at(path, what)))
}

impl Sent {
    /// Reads it, for a client.
    pub(super) fn read(text: &str, client: &Client, local: Option<&str>, now: Timestamp) -> Result<Self, Objection> {
        json::check(text, "Subscription").map_err(Objection::Unreadable)?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let sent: types::Subscription = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let within = error.path().to_string();
            let path = if within == "." { "Subscription".to_owned() } else { format!("Subscription.{within}") };
            Objection::Unreadable(Fault::at(path, "This has the wrong type."))
        })?;
        if sent.resource_type.as_deref() != Some("Subscription") {
            return Err(Objection::Unreadable(Fault::at("Subscription", "Send a Subscription.")));
        }
        if !sent.modifier_extension.is_empty() {
            return unsupported("Subscription.modifierExtension[0]", "This modifier extension is not known here.");
        }
        let off = match sent.status.as_deref() {
            Some("off") => true,
            None | Some("requested" | "active") => false,
            Some(_) => return unsupported("Subscription.status", "Send requested, or off to end it."),
        };
        if sent.criteria.as_deref().map(without_version) != Some(url::TOPIC) {
            return unsupported("Subscription.criteria", &format!("The one topic is {}.", url::TOPIC));
        }
        let providers = providers(sent.criteria_extended.as_ref(), client)?;
        let channel = sent.channel.unwrap_or_default();
        let (endpoint, content) = (endpoint(&channel, local)?, content(&channel)?);
        let heartbeat = heartbeat(&channel)?;
        let headers = headers(&channel.header)?;
        let reason = sent.reason.as_deref().map_or("Answers to our requests", str::trim).parse::<Line>();
        let Ok(reason) = reason else {
            return unsupported("Subscription.reason", "Say why in at most 100 characters.");
        };
        let end = match sent.end.as_deref().map(str::parse::<Timestamp>) {
            None => None,
            Some(Ok(end)) if end > now => Some(end),
            Some(_) => return unsupported("Subscription.end", "Give an instant to come."),
        };
        let wanted = Wanted { reason, endpoint, content, providers, heartbeat, end };
        Ok(Self { wanted, headers, off, id: sent.id })
    }
}

fn without_version(canonical: &str) -> &str {
    canonical.split_once('|').map_or(canonical, |(address, _)| address)
}

/// The NPIs of whose requests it tells: each one that the client acts for.
fn providers(extended: Option<&Extended>, client: &Client) -> Result<Vec<Npi>, Objection> {
    const PATH: &str = "Subscription.criteria.extension";
    let all = extended.map_or(&[][..], |extended| &extended.extension);
    let mut filters = all.iter().filter(|one| one.address() == url::FILTER_CRITERIA);
    let what = "Send one filter org-identifier= with the NPIs of the providers whose requests are meant, a comma between them.";
    let (Some(filter), None) = (filters.next(), filters.next()) else { return unsupported(PATH, what) };
    let text = filter.value_string.as_deref().unwrap_or_default();
    let text = text.strip_prefix("Bundle?").unwrap_or(text);
    let named = text.strip_prefix("org-identifier=").or_else(|| text.strip_prefix("orgIdentifier="));
    let Some(named) = named.filter(|named| !named.contains('&')) else { return unsupported(PATH, what) };
    let mut providers: Vec<Npi> = Vec::new();
    for one in named.split(',').map(str::trim) {
        let value = one.split_once('|').map_or(Some(one), |(system, value)| (system == url::NPI).then_some(value));
        let Some(Ok(npi)) = value.map(str::parse::<Npi>) else { return unsupported(PATH, what) };
        if !client.providers.contains(&npi) {
            let fault = Fault::at(PATH, "This system does not act for one of these providers.");
            return Err(Objection::Foreign(fault));
        }
        if !providers.contains(&npi) {
            providers.push(npi);
        }
    }
    if providers.len() > MOST_NAMED { unsupported(PATH, "Name at most 200 providers.") } else { Ok(providers) }
}

fn endpoint(channel: &Channel, local: Option<&str>) -> Result<Endpoint, Objection> {
    if !channel.modifier_extension.is_empty() {
        return unsupported("Subscription.channel.modifierExtension[0]", "This modifier extension is not known here.");
    }
    if channel.kind.as_deref() != Some("rest-hook") {
        return unsupported("Subscription.channel.type", "The one kind of channel is rest-hook.");
    }
    let read = Endpoint::read(channel.endpoint.as_deref().unwrap_or_default(), local);
    read.or_else(|error| unsupported("Subscription.channel.endpoint", &error.to_string()))
}

fn content(channel: &Channel) -> Result<Content, Objection> {
    if channel.payload.as_deref() != Some("application/fhir+json") {
        return unsupported("Subscription.channel.payload", "Messages are application/fhir+json.");
    }
    let all = channel.payload_extended.as_ref().map_or(&[][..], |extended| &extended.extension);
    let wanted = extension(all, url::PAYLOAD_CONTENT).map(|one| one.value_code.as_deref().unwrap_or_default());
    match wanted {
        None | Some("id-only") => Ok(Content::IdOnly),
        Some("full-resource") => Ok(Content::FullResource),
        Some(_) => unsupported("Subscription.channel.payload.extension", "The content is full-resource or id-only."),
    }
}

fn heartbeat(channel: &Channel) -> Result<Option<u32>, Objection> {
    let Some(wanted) = extension(&channel.extension, url::HEARTBEAT_PERIOD) else { return Ok(None) };
    match wanted.value_unsigned_int.filter(|seconds| HEARTBEATS.contains(seconds)) {
        Some(seconds) => Ok(Some(seconds)),
        None => {
            let (least, most) = (HEARTBEATS.start(), HEARTBEATS.end());
            unsupported(
                "Subscription.channel.extension",
                &format!("A heartbeat comes every {least} to {most} seconds."),
            )
        }
    }
}

/// Lines `Name: value`, of which none changes the message itself.
fn headers(lines: &[String]) -> Result<Vec<(String, String)>, Objection> {
    if lines.len() > MOST_HEADERS || lines.iter().map(String::len).sum::<usize>() > LONGEST_HEADERS {
        let what = format!("There may be {MOST_HEADERS} headers, of {LONGEST_HEADERS} characters together.");
        return unsupported("Subscription.channel.header", &what);
    }
    let read = |(place, line): (usize, &String)| {
        let path = format!("Subscription.channel.header[{place}]");
        let (name, value) = line.split_once(':').map_or((line.as_str(), ""), |(name, value)| (name, value.trim()));
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let form = !name.is_empty() && name.bytes().all(token) && !value.is_empty();
        if !form || !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return unsupported(path, "A header is a name, a colon and a value of ASCII.");
        }
        let lower = name.to_ascii_lowercase();
        if OWN_HEADERS.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            return unsupported(path, "This header is set by the message itself.");
        }
        Ok((name.to_owned(), value.to_owned()))
    };
    lines.iter().enumerate().map(read).collect()
}

/// As it is given back, with where it stands; without its headers.
pub(super) fn view(subscription: &Subscription, now: Timestamp) -> types::Subscription {
    let Subscription { wanted, .. } = subscription;
    let named: Vec<String> = wanted.providers.iter().map(|npi| format!("{}|{npi}", url::NPI)).collect();
    let filter = Extension {
        value_string: Some(format!("org-identifier={}", named.join(","))),
        ..Extension::new(url::FILTER_CRITERIA)
    };
    let content =
        Extension { value_code: Some(wanted.content.name().to_owned()), ..Extension::new(url::PAYLOAD_CONTENT) };
    let heartbeat = wanted
        .heartbeat
        .map(|seconds| Extension { value_unsigned_int: Some(seconds), ..Extension::new(url::HEARTBEAT_PERIOD) });
    types::Subscription {
        resource_type: Some("Subscription".to_owned()),
        id: Some(subscription.id.on_the_wire()),
        meta: Some(Meta { profile: vec![url::SUBSCRIPTION.to_owned()] }),
        status: Some(subscription.status(now).name().to_owned()),
        end: wanted.end.map(|end| end.to_string()),
        reason: Some(wanted.reason.to_string()),
        criteria: Some(url::TOPIC.to_owned()),
        criteria_extended: Some(Extended { extension: vec![filter] }),
        channel: Some(Channel {
            extension: heartbeat.into_iter().collect(),
            kind: Some("rest-hook".to_owned()),
            endpoint: Some(wanted.endpoint.as_str().to_owned()),
            payload: Some("application/fhir+json".to_owned()),
            payload_extended: Some(Extended { extension: vec![content] }),
            ..Channel::default()
        }),
        ..types::Subscription::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: &str = "2026-05-07T15:00:00Z";

    fn client() -> Client {
        serde_json::from_value(json!({
            "id": "cli_00000000000000000000000000000001", "version": 1, "name": "River EHR", "contact": "ehr@example.org",
            "contracts": ["arkansas"], "providers": ["1234567893"], "scopes": ["system/Subscription.cruds"], "keys": [],
            "added": { "at": "2026-05-01T00:00:00Z", "by": "grace" },
        }))
        .unwrap()
    }

    fn body() -> Value {
        json!({
            "resourceType": "Subscription", "status": "requested", "reason": "Our requests", "criteria": url::TOPIC,
            "_criteria": { "extension": [{
                "url": url::FILTER_CRITERIA, "valueString": "org-identifier=http://hl7.org/fhir/sid/us-npi|1234567893",
            }] },
            "end": "2027-01-01T00:00:00Z",
            "channel": {
                "extension": [{ "url": url::HEARTBEAT_PERIOD, "valueUnsignedInt": 3600 }],
                "type": "rest-hook", "endpoint": "https://ehr.example.org/hooks", "payload": "application/fhir+json",
                "_payload": { "extension": [{ "url": url::PAYLOAD_CONTENT, "valueCode": "full-resource" }] },
                "header": ["Authorization: Bearer abc"],
            },
        })
    }

    fn read(sent: &Value) -> Result<Sent, Objection> {
        Sent::read(&sent.to_string(), &client(), None, NOW.parse().unwrap())
    }

    fn changed(pointer: &str, value: Value) -> Result<Sent, Objection> {
        let mut sent = body();
        *sent.pointer_mut(pointer).unwrap() = value;
        read(&sent)
    }

    #[test]
    fn a_subscription_is_read_and_given_back_without_its_headers() {
        let sent = read(&body()).unwrap();
        assert_eq!(sent.headers, [("Authorization".to_owned(), "Bearer abc".to_owned())]);
        let wanted = sent.wanted;
        assert_eq!((wanted.content, wanted.heartbeat, wanted.providers.len()), (Content::FullResource, Some(3600), 1));
        let id = "sub_00000000000000000000000000000001".parse().unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        let moment = portico_domain::fhir::subscriptions::Moment { now, minute_seconds: 60 };
        let given = view(&Subscription::new(id, client().id, wanted, Some("k1.x".to_owned()), moment), now);
        let mut expected = body();
        expected["id"] = json!("sub-00000000000000000000000000000001");
        expected["meta"] = json!({ "profile": [url::SUBSCRIPTION] });
        expected["channel"].as_object_mut().unwrap().remove("header");
        assert_eq!(serde_json::to_value(given).unwrap(), expected);
        // What it is by default.
        let mut less = body();
        for part in ["header", "extension", "_payload"] {
            less["channel"].as_object_mut().unwrap().remove(part);
        }
        let less = read(&less).unwrap();
        assert_eq!((less.wanted.content, less.wanted.heartbeat, less.headers.len()), (Content::IdOnly, None, 0));
        for filter in ["orgIdentifier=1234567893", "Bundle?orgIdentifier=1234567893,1234567893"] {
            assert!(changed("/_criteria/extension/0/valueString", json!(filter)).is_ok(), "{filter}");
        }
    }

    #[test]
    fn what_is_not_supported_is_refused_where_it_is() {
        for (pointer, value, path) in [
            ("/status", json!("error"), "Subscription.status"),
            ("/criteria", json!("https://a/other"), "Subscription.criteria"),
            ("/_criteria/extension", json!([]), "Subscription.criteria.extension"),
            ("/_criteria/extension/0/valueString", json!("patient=1"), "Subscription.criteria.extension"),
            ("/_criteria/extension/0/valueString", json!("org-identifier="), "Subscription.criteria.extension"),
            (
                "/_criteria/extension/0/valueString",
                json!("org-identifier=1234567893&a=b"),
                "Subscription.criteria.extension",
            ),
            (
                "/_criteria/extension/0/valueString",
                json!("org-identifier=http://a|1234567893"),
                "Subscription.criteria.extension",
            ),
            ("/reason", json!("a".repeat(101)), "Subscription.reason"),
            ("/end", json!(NOW), "Subscription.end"),
            ("/end", json!("tomorrow"), "Subscription.end"),
            ("/channel/type", json!("websocket"), "Subscription.channel.type"),
            ("/channel/endpoint", json!("http://ehr.example.org/"), "Subscription.channel.endpoint"),
            ("/channel/endpoint", Value::Null, "Subscription.channel.endpoint"),
            ("/channel/payload", json!("application/fhir+xml"), "Subscription.channel.payload"),
            ("/channel/_payload/extension/0/valueCode", json!("empty"), "Subscription.channel.payload.extension"),
            ("/channel/extension/0/valueUnsignedInt", json!(599), "Subscription.channel.extension"),
            ("/channel/header/0", json!("Host: a"), "Subscription.channel.header[0]"),
            ("/channel/header/0", json!("Proxy-Authorization: a"), "Subscription.channel.header[0]"),
            ("/channel/header/0", json!("A: b\r\nHost: c"), "Subscription.channel.header[0]"),
            ("/channel/header/0", json!("A b: c"), "Subscription.channel.header[0]"),
            ("/channel/header/0", json!("Authorization"), "Subscription.channel.header[0]"),
            ("/channel/header", json!(vec!["A: b"; 11]), "Subscription.channel.header"),
            ("/channel/header", json!([format!("A: {}", "b".repeat(8_000))]), "Subscription.channel.header"),
        ] {
            let objection = changed(pointer, value.clone()).unwrap_err();
            let Objection::Unsupported(fault) = objection else { panic!("{pointer}: {objection:?}") };
            assert_eq!(fault.path, path, "{value}");
        }
        assert!(matches!(changed("/channel/type", json!(7)), Err(Objection::Unreadable(_))));
        assert!(matches!(changed("/resourceType", json!("Claim")), Err(Objection::Unreadable(_))));
        let foreign = changed("/_criteria/extension/0/valueString", json!("org-identifier=1234567893,1245319599"));
        assert!(matches!(foreign, Err(Objection::Foreign(_))));
        let mut modified = body();
        modified["modifierExtension"] = json!([{ "url": "https://a/b" }]);
        assert!(matches!(read(&modified), Err(Objection::Unsupported(_))));
    }
}
