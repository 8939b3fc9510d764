//! Rules for single codes, kept apart from their pack where they are many: an item of the table has a bound, and an action reads
//! the rules of its own codes alone. What is for several codes stays with the pack.

use std::collections::BTreeMap;

use portico_domain::contracts::{
    apart::{MOST_WITHIN, shelf},
    pattern::Procedures,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The key of the rules for codes.
pub(crate) const CODES: &str = "codes";

/// The key under which a kept pack names its rules.
const APART: &str = "codes-apart";

/// A pack as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The pack without the rules that are kept apart; it names them by what they are.
    pub json: String,
    /// The rules that are kept apart, a list for each shelf.
    pub shelves: BTreeMap<String, String>,
    /// Under which name.
    pub name: Option<String>,
}

impl Kept {
    /// Of a merged pack.
    #[must_use]
    pub fn of(mut merged: Map<String, Value>) -> Self {
        let rules = match merged.get_mut(CODES) {
            Some(Value::Array(rules)) if rules.len() > MOST_WITHIN => rules,
            _ => return Self { json: Value::Object(merged).to_string(), shelves: BTreeMap::new(), name: None },
        };
        let mut shelves: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut within = Vec::new();
        for rule in rules.drain(..) {
            let pattern = rule.get("code").and_then(Value::as_str).and_then(|text| text.parse::<Procedures>().ok());
            match pattern.as_ref().and_then(Procedures::one) {
                Some(code) => shelves.entry(shelf(code).to_owned()).or_default().push(rule),
                None => within.push(rule),
            }
        }
        *rules = within;
        let shelves: BTreeMap<String, String> =
            shelves.into_iter().map(|(shelf, rules)| (shelf, Value::Array(rules).to_string())).collect();
        let mut name = Sha256::new();
        for rules in shelves.values() {
            name.update(rules);
        }
        let name: String = hex::encode(name.finalize()).chars().take(32).collect();
        merged.insert(APART.to_owned(), Value::String(name.clone()));
        Self { json: Value::Object(merged).to_string(), shelves, name: Some(name) }
    }
}

/// A stored pack with the rules that are kept apart from it, as the files said it.
///
/// # Errors
/// When they are no JSON.
pub fn whole(json: &str, shelves: impl IntoIterator<Item = String>) -> Result<String, serde_json::Error> {
    let mut merged: Map<String, Value> = serde_json::from_str(json)?;
    merged.remove(APART);
    if let Some(Value::Array(rules)) = merged.get_mut(CODES) {
        for shelf in shelves {
            rules.extend(serde_json::from_str::<Vec<Value>>(&shelf)?);
        }
    }
    Ok(Value::Object(merged).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pack(count: usize, wide: &str) -> Map<String, Value> {
        let rule = |code: String| json!({ "code": code, "unit": "1 visit", "authorization": "required" });
        let mut rules = vec![rule(wide.to_owned())];
        rules.extend((0..count).map(|number| rule(format!("T{number:04}"))));
        let Value::Object(pack) = json!({ "id": "arkansas", "codes": rules }) else { panic!() };
        pack
    }

    #[test]
    fn few_rules_stay_with_their_pack() {
        let kept = Kept::of(pack(MOST_WITHIN - 1, "*"));
        assert_eq!(
            (kept.json, kept.name, kept.shelves.len()),
            (Value::Object(pack(MOST_WITHIN - 1, "*")).to_string(), None, 0)
        );
    }

    #[test]
    fn many_rules_are_kept_by_their_codes_and_make_the_same_pack_again() {
        let kept = Kept::of(pack(MOST_WITHIN, "*"));
        assert_eq!(kept.shelves.len(), MOST_WITHIN / 10);
        assert!(kept.shelves["T000"].contains("\"T0009\"") && !kept.shelves["T000"].contains("\"T0010\""));
        let read: Value = serde_json::from_str(&kept.json).unwrap();
        assert_eq!(read["codes"].as_array().map(Vec::len), Some(1));
        assert_eq!(read["codes-apart"].as_str(), kept.name.as_deref());
        let again = whole(&kept.json, kept.shelves.clone().into_values()).unwrap();
        assert_eq!(again, Value::Object(pack(MOST_WITHIN, "*")).to_string());
        let mut other = pack(MOST_WITHIN, "*");
        other["codes"][7]["unit"] = json!("1 hour");
        assert_ne!(Kept::of(other).name, kept.name, "other rules have another name");
    }
}
