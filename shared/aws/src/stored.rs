//! A stored event, read by this release, an older one or a newer one.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use portico_domain::{
    events::{About, Actor, Event, EventKind},
    id::EventId,
};
use serde::Deserialize;

/// A stored event, as far as this version can read it.
#[derive(Clone, PartialEq, Debug)]
pub enum Stored {
    /// It.
    Event(Event),
    /// It is of a kind that a later version writes.
    UnknownKind,
    /// It cannot be read, or is not there.
    Unreadable,
}

/// What an item of an event holds.
pub(crate) fn read_item(item: &HashMap<String, AttributeValue>) -> Stored {
    read_event(item.get("event").and_then(|event| event.as_s().ok()).map_or("", String::as_str))
}

/// What the text of an event says.
#[must_use]
pub fn read_event(text: &str) -> Stored {
    match serde_json::from_str::<Event>(text) {
        Ok(event) => Stored::Event(event),
        Err(_) if is_of_unknown_kind(text) => Stored::UnknownKind,
        Err(_) => Stored::Unreadable,
    }
}

/// Whether the text is that of an event whose kind a later version has, and this one does not know.
fn is_of_unknown_kind(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Known {
        kind: String,
        #[serde(rename = "id")]
        _id: EventId,
        #[serde(rename = "at")]
        _at: Timestamp,
        #[serde(rename = "by")]
        _by: Actor,
        #[serde(rename = "about")]
        _about: About,
    }
    let Ok(Known { kind, .. }) = serde_json::from_str(text) else { return false };
    // A kind that is known is either read without its fields, or lacks them.
    let alone = serde_json::from_value::<EventKind>(serde_json::json!({ "kind": kind }));
    alone.is_err_and(|error| error.to_string().starts_with("unknown variant"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: OPS-10
    #[test]
    fn a_kind_of_a_later_version_is_told_from_what_cannot_be_read() {
        let about = r#""id":"evt_0197a3c2f0c07d0aa1b2c3d4e5f60718","at":"2026-05-07T15:00:00Z","by":"system","about":{"case":"cas_0197a3c2f0c07d0aa1b2c3d4e5f60718"}"#;
        let of = |rest: &str| read_event(&format!("{{{about},{rest}}}"));
        assert!(matches!(of(r#""kind":"caseCreated""#), Stored::Event(_)));
        assert_eq!(of(r#""kind":"caseArchived","why":"old""#), Stored::UnknownKind);
        assert_eq!(of(r#""kind":"requestReferred""#), Stored::Unreadable);
        assert_eq!((read_event("{"), read_event("")), (Stored::Unreadable, Stored::Unreadable));
    }
}
