//! What changes from one pack to the next, a sentence for each value, as whoever applies it reads it before.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// Sentences; what is beyond is counted.
const MOST: usize = 500;
/// Characters of a value that are shown.
const MOST_SHOWN: usize = 300;
/// Told beside the sentences.
const TOLD: [&str; 3] = ["id", "version", "effective-from"];
/// What tells rules for the same codes and modifiers from each other.
const CONDITIONS: &[&str] =
    &["code", "modifiers", "settings", "service-types", "places", "diagnoses", "age-from", "age-under"];
/// What makes an item of a list the same one: the first group of fields by which all of the list have a name of their own.
const NAMES: [&[&str]; 6] = [
    &["id"],
    &["linkId"],
    &["code", "modifiers"],
    CONDITIONS,
    &["review", "setting", "admission", "urgency"],
    &["questionnaire"],
];

/// What the merged pack `after` says otherwise than `before`; nothing when one of them cannot be read.
#[must_use]
pub fn between(before: &str, after: &str) -> Vec<String> {
    let read = |json: &str| serde_json::from_str::<Value>(json).ok();
    let mut all = Vec::new();
    if let (Some(Value::Object(mut before)), Some(Value::Object(mut after))) = (read(before), read(after)) {
        for told in TOLD {
            before.remove(told);
            after.remove(told);
        }
        objects("", &before, &after, &mut all);
    }
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if more > 0 {
        all.push(format!("{more} more values change."));
    }
    all
}

fn values(place: &str, before: &Value, after: &Value, all: &mut Vec<String>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(before), Value::Object(after)) => objects(place, before, after, all),
        (Value::Array(before), Value::Array(after)) => match named(before, after) {
            Some((before, after)) => keyed(place, &before, &after, all),
            None => lists(place, before, after, all),
        },
        _ => all.push(sentence(&format!("{place}: {} becomes {}", shown(before), shown(after)))),
    }
}

fn objects(place: &str, before: &Map<String, Value>, after: &Map<String, Value>, all: &mut Vec<String>) {
    let of = |fields: &Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
    for key in of(before).union(&of(after)) {
        let here = if place.is_empty() { key.clone() } else { format!("{place}, {key}") };
        pair(&here, before.get(key), after.get(key), all);
    }
}

fn keyed(place: &str, before: &BTreeMap<String, &Value>, after: &BTreeMap<String, &Value>, all: &mut Vec<String>) {
    let of = |items: &BTreeMap<String, &Value>| items.keys().cloned().collect::<BTreeSet<_>>();
    for key in of(before).union(&of(after)) {
        pair(&format!("{place}, {key}"), before.get(key).copied(), after.get(key).copied(), all);
    }
}

fn pair(here: &str, before: Option<&Value>, after: Option<&Value>, all: &mut Vec<String>) {
    match (before, after) {
        (Some(before), Some(after)) => values(here, before, after, all),
        (None, Some(after)) => all.push(sentence(&format!("{here}: new, {}", shown(after)))),
        (Some(before), None) => all.push(sentence(&format!("{here}: gone, it was {}", shown(before)))),
        (None, None) => {}
    }
}

/// A list without names: what is in one of both alone; else the order has changed.
fn lists(place: &str, before: &[Value], after: &[Value], all: &mut Vec<String>) {
    let known = all.len();
    let other = |item: &&Value, there: &[Value]| !there.contains(item);
    all.extend(
        before
            .iter()
            .filter(|item| other(item, after))
            .map(|item| sentence(&format!("{place}: gone, {}", shown(item)))),
    );
    all.extend(
        after.iter().filter(|item| other(item, before)).map(|item| sentence(&format!("{place}: new, {}", shown(item)))),
    );
    if all.len() == known {
        all.push(format!("{place}: the order or number changes."));
    }
}

/// The items of a list by their names before and after.
type Named<'a> = (BTreeMap<String, &'a Value>, BTreeMap<String, &'a Value>);

/// Both lists by the first group of fields that names all of either; `None` when there is none.
fn named<'a>(before: &'a [Value], after: &'a [Value]) -> Option<Named<'a>> {
    NAMES.into_iter().find_map(|group| Some((named_by(group, before)?, named_by(group, after)?)))
}

fn named_by<'a>(group: &[&str], items: &'a [Value]) -> Option<BTreeMap<String, &'a Value>> {
    let mut all = BTreeMap::new();
    for item in items {
        let fields = item.as_object()?;
        group.first().filter(|first| fields.contains_key(**first))?;
        let name: Vec<_> = group.iter().filter_map(|field| fields.get(*field)).map(shown).collect();
        if all.insert(name.join(" "), item).is_some() {
            return None;
        }
    }
    Some(all)
}

/// With its end, where the value has none.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '…', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// A value as people read it.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| format!("{key} {}", shown(value))).collect::<Vec<_>>().join(", ")
        }
    };
    let short: String = text.chars().take(MOST_SHOWN).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        between(&before.to_string(), &after.to_string())
    }

    #[test]
    fn each_value_that_changes_is_a_sentence() {
        let before = json!({
            "version": "1", "accounts": { "lock-after-failures": 3, "dormant-days": 60 }, "unlisted-codes": "call",
            "codes": [
                { "code": "T1015", "modifiers": ["U6", "UB"], "authorization": "required", "max-units": 5 },
                { "code": "E0601", "authorization": "required" },
            ],
            "turnaround": [{ "review": "initial", "limit": { "amount": 9, "unit": "calendar-days" } }],
            "holidays": ["2026-12-25", "2026-07-04"],
        });
        let after = json!({
            "version": "2", "accounts": { "lock-after-failures": 5, "dormant-days": 60 }, "disclaimer": "I agree.",
            "codes": [
                { "code": "97110", "authorization": "not-required" },
                { "code": "T1015", "modifiers": ["U6", "UB"], "authorization": "required", "max-units": 6 },
            ],
            "turnaround": [{ "review": "initial", "limit": { "amount": 7, "unit": "calendar-days" } }],
            "holidays": ["2026-12-25", "2027-01-01"],
        });
        assert_eq!(
            told(&before, &after),
            [
                "accounts, lock-after-failures: 3 becomes 5.",
                "codes, 97110: new, authorization not-required, code 97110.",
                "codes, E0601: gone, it was authorization required, code E0601.",
                "codes, T1015 U6 UB, max-units: 5 becomes 6.",
                "disclaimer: new, I agree.",
                "holidays: gone, 2026-07-04.",
                "holidays: new, 2027-01-01.",
                "turnaround, initial, limit, amount: 9 becomes 7.",
                "unlisted-codes: gone, it was call.",
            ]
        );
        assert_eq!(told(&before, &before), Vec::<String>::new());
    }

    #[test]
    fn lists_without_names_and_long_lists_are_told_too() {
        assert_eq!(told(&json!({ "a": [1, 2] }), &json!({ "a": [2, 1] })), ["a: the order or number changes."]);
        let twice = json!({ "rules": [{ "id": "a" }, { "id": "a" }] });
        assert_eq!(told(&twice, &json!({ "rules": [{ "id": "a" }] })), ["rules: the order or number changes."]);
        let many = |from: u32| json!({ "a": (from..from + 600).collect::<Vec<_>>() });
        let all = told(&many(0), &many(1000));
        assert_eq!((all.len(), all.last().map(String::as_str)), (501, Some("700 more values change.")));
    }
}
