//! A Bundle as it came: its first entry says what it is, its others are read when something points to them, and each goes
//! back as it came.

use std::collections::HashMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{Fault, MAX_BODY, json, types::Identifier};

/// As many entries a Bundle may have.
pub const MOST_ENTRIES: usize = 500;

/// A Bundle that was read.
#[derive(Debug)]
pub struct Bundle<'a> {
    /// Its sender's number of it.
    pub identifier: Identifier,
    /// Entries, in their order.
    pub entries: Vec<Entry<'a>>,
    places: HashMap<&'a str, usize>,
}

/// A resource in a Bundle.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its place in the Bundle.
    pub place: usize,
    /// Under which address others point to it.
    pub full_url: &'a str,
    /// As it came.
    pub raw: &'a RawValue,
    /// What it is.
    pub kind: &'a str,
    id: Option<&'a str>,
}

#[derive(Deserialize)]
struct Sent<'a> {
    #[serde(rename = "resourceType", default, borrow)]
    resource_type: Option<&'a RawValue>,
    #[serde(rename = "type", default, borrow)]
    kind: Option<&'a RawValue>,
    #[serde(default, borrow)]
    identifier: Option<&'a RawValue>,
    #[serde(default, borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(default, borrow)]
    entry: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct SentEntry<'a> {
    #[serde(rename = "fullUrl", default, borrow)]
    full_url: Option<&'a RawValue>,
    #[serde(default, borrow)]
    resource: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "resourceType", default, borrow)]
    resource_type: Option<&'a RawValue>,
    #[serde(default, borrow)]
    id: Option<&'a RawValue>,
}

/// A text without escapes: what every type, id and address is.
fn plain(raw: Option<&RawValue>) -> Option<&str> {
    let text = raw?.get().strip_prefix('"')?.strip_suffix('"')?;
    (!text.is_empty() && !text.contains(['\\', '"'])).then_some(text)
}

impl<'a> Bundle<'a> {
    /// Reads a Bundle of type collection whose first entry is a `first`.
    ///
    /// # Errors
    /// When it cannot be worked with at all: where, and why.
    pub fn read(text: &'a str, first: &str) -> Result<Self, Fault> {
        if text.len() > MAX_BODY {
            return Err(Fault::at("Bundle", format!("A body may have at most {MAX_BODY} bytes.")));
        }
        json::check(text, "Bundle")?;
        let no_bundle = || Fault::at("Bundle", "Send a Bundle.");
        let sent: Sent<'a> = serde_json::from_str(text).map_err(|_| no_bundle())?;
        if plain(sent.resource_type) != Some("Bundle") {
            return Err(no_bundle());
        }
        if plain(sent.kind) != Some("collection") {
            return Err(Fault::at("Bundle.type", "The Bundle is of type collection."));
        }
        let identifier = sent.identifier.and_then(|raw| serde_json::from_str::<Identifier>(raw.get()).ok());
        let identifier = identifier.filter(|identifier| identifier.text().is_some());
        let identifier = identifier.ok_or_else(|| Fault::at("Bundle.identifier", "Give the Bundle an identifier."))?;
        if plain(sent.timestamp).is_none() {
            return Err(Fault::at("Bundle.timestamp", "Say when the Bundle was made."));
        }
        let entries = sent.entry.map_or("[]", RawValue::get);
        let entries: Vec<SentEntry<'a>> =
            serde_json::from_str(entries).map_err(|_| Fault::at("Bundle.entry", "This is no list of entries."))?;
        if entries.len() > MOST_ENTRIES {
            return Err(Fault::at("Bundle.entry", format!("A Bundle may have at most {MOST_ENTRIES} entries.")));
        }
        let entries: Vec<_> = entries.iter().enumerate().map(|(place, sent)| Entry::read(place, sent)).collect();
        let entries: Vec<Entry<'a>> = entries.into_iter().collect::<Result<_, _>>()?;
        if entries.first().is_none_or(|entry| entry.kind != first) {
            return Err(Fault::at("Bundle.entry[0].resource", format!("The first entry is a {first}.")));
        }
        let mut places = HashMap::new();
        for entry in &entries {
            if places.insert(entry.full_url, entry.place).is_some() {
                let path = format!("Bundle.entry[{}].fullUrl", entry.place);
                return Err(Fault::at(path, "Another entry has the same fullUrl."));
            }
        }
        Ok(Self { identifier, entries, places })
    }

    /// The first entry: what the Bundle is about.
    #[must_use]
    pub fn first(&self) -> Option<Entry<'a>> {
        self.entries.first().copied()
    }

    /// What a reference in `from` points to: by the whole address, or one that counts from the address of `from`. Where that
    /// leads nowhere, the only resource of this type and id: many systems write so.
    #[must_use]
    pub fn resolve(&self, reference: &str, from: Entry<'a>) -> Option<Entry<'a>> {
        let at = |address: &str| self.places.get(address).and_then(|place| self.entries.get(*place)).copied();
        if let Some(found) = at(reference) {
            return Some(found);
        }
        let (kind, id) = reference.split_once('/').filter(|(_, id)| !id.contains('/') && !id.is_empty())?;
        let base = from.full_url.rsplitn(3, '/').nth(2);
        if let Some(found) = base.and_then(|base| at(&format!("{base}/{reference}"))) {
            return Some(found);
        }
        let mut named = self.entries.iter().filter(|entry| entry.kind == kind && entry.id == Some(id));
        named.next().copied().filter(|_| named.next().is_none())
    }
}

impl<'a> Entry<'a> {
    fn read(place: usize, sent: &SentEntry<'a>) -> Result<Self, Fault> {
        let at = |what: &str| format!("Bundle.entry[{place}]{what}");
        let raw = sent.resource.ok_or_else(|| Fault::at(at(""), "An entry has a resource."))?;
        let no_resource = || Fault::at(at(".resource"), "This is no resource: it has no resourceType.");
        let head: Head<'a> = serde_json::from_str(raw.get()).map_err(|_| no_resource())?;
        let kind = plain(head.resource_type).ok_or_else(no_resource)?;
        let full_url = plain(sent.full_url).filter(|url| is_absolute(url));
        let full_url = full_url.ok_or_else(|| {
            Fault::at(at(".fullUrl"), "An entry has a fullUrl: the address of the resource, or urn:uuid: and a UUID.")
        })?;
        Ok(Self { place, full_url, raw, kind, id: plain(head.id) })
    }

    /// The resource, read as `T`.
    ///
    /// # Errors
    /// When something in it has another type than it must have: where.
    pub fn read_as<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let mut reader = serde_json::Deserializer::from_str(self.raw.get());
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let within = error.path().to_string();
            Fault::at(self.at(if within == "." { "" } else { &within }), "This has the wrong type.")
        })
    }

    /// The place of something in it.
    #[must_use]
    pub fn at(&self, within: &str) -> String {
        let dot = if within.is_empty() { "" } else { "." };
        format!("Bundle.entry[{}].resource{dot}{within}", self.place)
    }
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("urn:uuid:")
        || url.starts_with("urn:oid:")
        || url.starts_with("https://")
        || url.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{samples::request, types::Claim};

    fn fault(change: impl FnOnce(&mut Value)) -> Fault {
        let mut sent = request();
        change(&mut sent);
        Bundle::read(&sent.to_string(), "Claim").unwrap_err()
    }

    #[test]
    fn a_bundle_is_read_with_what_it_holds_as_it_came() {
        let text = request().to_string();
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let first = bundle.first().unwrap();
        let claim: Claim = first.read_as().unwrap();
        assert_eq!(bundle.identifier.text(), Some("B-1"));
        assert_eq!((first.kind, claim.item.len()), ("Claim", 1));
        assert_eq!(serde_json::from_str::<Value>(first.raw.get()).unwrap(), request()["entry"][0]["resource"]);
    }

    #[test]
    fn what_cannot_be_worked_with_is_refused_where_it_is() {
        let set = |pointer: &'static str, value: Value| fault(move |sent| *sent.pointer_mut(pointer).unwrap() = value);
        for (pointer, value, path) in [
            ("/resourceType", json!("Claim"), "Bundle"),
            ("/type", json!("batch"), "Bundle.type"),
            ("/identifier", json!({}), "Bundle.identifier"),
            ("/identifier/value", json!(" "), "Bundle.identifier"),
            ("/timestamp", Value::Null, "Bundle.timestamp"),
            ("/entry", json!([]), "Bundle.entry[0].resource"),
            ("/entry", json!({}), "Bundle.entry"),
            ("/entry/0/resource/resourceType", json!("Task"), "Bundle.entry[0].resource"),
            ("/entry/1/resource", Value::Null, "Bundle.entry[1]"),
            ("/entry/1/resource/resourceType", json!(7), "Bundle.entry[1].resource"),
            ("/entry/2/fullUrl", json!("Patient/1"), "Bundle.entry[2].fullUrl"),
            ("/entry/2/fullUrl", request()["entry"][1]["fullUrl"].clone(), "Bundle.entry[2].fullUrl"),
        ] {
            assert_eq!(set(pointer, value.clone()).path, path, "{pointer} {value}");
        }
        let many = vec![request()["entry"][0].clone(); MOST_ENTRIES + 1];
        assert_eq!(set("/entry", many.into()).path, "Bundle.entry");
        let large = format!("\"{}\"", "x".repeat(MAX_BODY));
        assert!(Bundle::read(&large, "Claim").unwrap_err().what.contains("bytes"));
    }

    #[test]
    fn a_wrong_type_is_told_where_it_is() {
        let mut sent = request();
        sent["entry"][0]["resource"]["item"][0]["sequence"] = json!("one");
        let text = sent.to_string();
        let fault = Bundle::read(&text, "Claim").unwrap().first().unwrap().read_as::<Claim>().unwrap_err();
        assert_eq!(fault.path, "Bundle.entry[0].resource.item[0].sequence");
    }

    #[test]
    fn references_count_from_whoever_refers() {
        let base = "https://ehr.example/fhir";
        let entry =
            |url: &str, kind: &str, id: &str| json!({ "fullUrl": url, "resource": { "resourceType": kind, "id": id } });
        let mut sent = request();
        sent["entry"] = json!([
            entry(&format!("{base}/Claim/1"), "Claim", "1"),
            entry(&format!("{base}/Patient/1"), "Patient", "1"),
            entry("https://other.example/Patient/1", "Patient", "1"),
            entry("urn:uuid:0f7e6a52-58a5-4c1e-8f9a-0d5a3c6b1a11", "Organization", "7"),
            entry("https://other.example/Coverage/5", "Coverage", "5"),
        ]);
        let text = sent.to_string();
        let bundle = Bundle::read(&text, "Claim").unwrap();
        let from =
            |place: usize, reference: &str| bundle.resolve(reference, bundle.entries[place]).map(|found| found.place);
        assert_eq!(from(0, "Patient/1"), Some(1));
        assert_eq!(from(4, "Patient/1"), Some(2));
        assert_eq!(from(0, "https://other.example/Patient/1"), Some(2));
        assert_eq!(from(0, "urn:uuid:0f7e6a52-58a5-4c1e-8f9a-0d5a3c6b1a11"), Some(3));
        // Written as it is found in the wild: the only one of its type and id. Of two neither is meant.
        assert_eq!((from(0, "Coverage/5"), from(3, "Organization/7")), (Some(4), Some(3)));
        assert_eq!(from(3, "Patient/1"), None);
        for nowhere in ["Patient/2", "Organization/1", "#contained", "", "Patient/1/_history/2", "urn:uuid:1"] {
            assert_eq!(from(0, nowhere), None, "{nowhere}");
        }
    }
}
