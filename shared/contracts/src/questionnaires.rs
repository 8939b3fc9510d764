//! The questionnaires of a pack: FHIR R4 Questionnaire, one file each, read so that every fault is found and told by file and
//! place.

use portico_domain::contracts::questionnaire::{Item, ItemType, PublicationStatus, Questionnaire, ResourceType};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The folder in the pack.
pub(crate) const FOLDER: &str = "questionnaires";
/// One file, in bytes.
const MOST_BYTES: usize = 64 * 1024;
/// All of them: a pack is stored as one item, with room for its tables.
const MOST_BYTES_IN_ALL: usize = 200 * 1024;

/// The questionnaires in these files of the folder, by their names there, in their order; every fault is added to `problems`. One
/// with faults is given too, so that a rule that names it is not told as wrong.
pub(crate) fn read<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    problems: &mut Vec<String>,
) -> Vec<Questionnaire> {
    let (mut all, mut bytes) = (Vec::new(), 0);
    for (name, text) in files {
        let file = format!("{FOLDER}/{name}");
        let Some(stem) = name.strip_suffix(".json") else {
            problems.push(format!("{file}: a questionnaire is a file that ends in .json"));
            continue;
        };
        let mut found = Vec::new();
        bytes += text.len();
        let questionnaire = one(text, stem, &mut found);
        problems.extend(found.iter().map(|problem| format!("{file}: {problem}")));
        all.push(questionnaire);
    }
    if bytes > MOST_BYTES_IN_ALL {
        problems.push(format!("{FOLDER}: {bytes} bytes in all, at most {MOST_BYTES_IN_ALL} are taken"));
    }
    all
}

/// A questionnaire that asks nothing.
fn nothing(id: &str) -> Questionnaire {
    Questionnaire {
        resource_type: ResourceType::Questionnaire,
        id: id.to_owned(),
        url: String::new(),
        version: String::new(),
        name: None,
        title: String::new(),
        status: PublicationStatus::Active,
        subject_type: Vec::new(),
        date: None,
        publisher: None,
        description: None,
        item: Vec::new(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

fn one(text: &str, stem: &str, problems: &mut Vec<String>) -> Questionnaire {
    if text.len() > MOST_BYTES {
        problems.push(format!("{} bytes, at most {MOST_BYTES} are taken", text.len()));
        return nothing(stem);
    }
    let mut sent = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(sent)) => sent,
        Ok(_) => {
            problems.push("no JSON object".to_owned());
            return nothing(stem);
        }
        Err(error) => {
            problems.push(error.to_string());
            return nothing(stem);
        }
    };
    let items = sent.remove("item");
    let template =
        json!({ "resourceType": "Questionnaire", "id": "", "url": "", "version": "", "title": "", "status": "active" });
    let head = fields::<Questionnaire>(&sent, &object(template), "", problems);
    let mut unread = Vec::new();
    let item = list(items.as_ref(), "item", problems, &mut unread);
    let Some(head) = head else { return nothing(stem) };
    let read = Questionnaire { item, ..head };
    if read.id != stem {
        problems.push(format!("id: the file has another name than {}", read.id));
    }
    problems.extend(read.problems(&unread));
    Questionnaire { id: stem.to_owned(), ..read }
}

fn list(sent: Option<&Value>, place: &str, problems: &mut Vec<String>, unread: &mut Vec<String>) -> Vec<Item> {
    let Some(sent) = sent else { return Vec::new() };
    let Some(sent) = sent.as_array() else {
        problems.push(format!("{place}: no list"));
        return Vec::new();
    };
    let mut items = Vec::new();
    for (number, sent) in sent.iter().enumerate() {
        let here = format!("{place}[{number}]");
        let mut sent = object(sent.clone());
        let inner = sent.remove("item");
        let template = object(json!({ "linkId": "", "text": "", "type": "string" }));
        let read = fields::<Item>(&sent, &template, &format!("{here}."), problems);
        let inner = list(inner.as_ref(), &format!("{here}.item"), problems, unread);
        let item = read.unwrap_or_else(|| {
            let name = sent.get("linkId").and_then(Value::as_str).unwrap_or(&here).to_owned();
            unread.push(name.clone());
            unreadable(name)
        });
        items.push(Item { item: inner, ..item });
    }
    items
}

/// In the place of an item that could not be read: those after it keep theirs.
fn unreadable(link_id: String) -> Item {
    Item {
        link_id,
        prefix: None,
        text: String::new(),
        kind: ItemType::Display,
        enable_when: Vec::new(),
        enable_behavior: None,
        required: false,
        repeats: false,
        max_length: None,
        answer_option: Vec::new(),
        extension: Vec::new(),
        item: Vec::new(),
    }
}

/// What was sent as `T`, each field and each element of a list read by itself in `template`; what the template has must be
/// there.
fn fields<T: DeserializeOwned>(
    sent: &Map<String, Value>,
    template: &Map<String, Value>,
    place: &str,
    problems: &mut Vec<String>,
) -> Option<T> {
    let before = problems.len();
    let absent = template.keys().filter(|key| !sent.contains_key(*key));
    problems.extend(absent.map(|key| format!("{place}{key}: missing")));
    for (key, value) in sent {
        let alone = |value: Value| {
            let mut one = template.clone();
            one.insert(key.clone(), value);
            serde_json::from_value::<T>(Value::Object(one)).err().map(|error| error.to_string())
        };
        match value.as_array() {
            Some(list) => {
                let found = list.iter().enumerate().filter_map(|(n, value)| Some((n, alone(json!([value]))?)));
                problems.extend(found.map(|(n, fault)| format!("{place}{key}[{n}]: {fault}")));
            }
            None => problems.extend(alone(value.clone()).map(|fault| format!("{place}{key}: {fault}"))),
        }
    }
    if problems.len() > before {
        return None;
    }
    let read = serde_json::from_value(Value::Object(sent.clone()));
    read.map_err(|fault| problems.push(format!("{}{fault}", place.trim_end_matches('.')))).ok()
}
