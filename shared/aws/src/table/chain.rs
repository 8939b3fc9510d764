//! The chains over what is on record of a case: one over who looked (`AUDIT#cas`), one over what happened (`EVENT#cas`). Each link
//! has the hashes of some records and the hash of the link before, so that none of them can be altered, removed or put between
//! without a trace (OPS-05).
//!
//! A link is put once, as the next number after the last: two who link at the same time do not both. A record that is told again is
//! not linked again as long as it stands in the last links; a second time would do no harm, for its hash is the same.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use portico_domain::id::{CaseKey, EventId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use super::over::Over;
use super::{
    Attributes, Error, Key, Table, body, item,
    key::{chains_of, recorded},
    sort_key,
};
use crate::{pause::Pause, secrets::sha256};

/// As many of the last links are looked at for what is linked already.
const LAST: i32 = 50;

/// A record in a chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Linked {
    /// Which.
    pub id: EventId,
    /// The hash of all that it is.
    pub hash: String,
    /// When it came into the table.
    pub written: Timestamp,
    /// Until when the table keeps it, in seconds since 1970, if not for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

/// A link of a chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Which: the first is 1.
    pub n: u64,
    /// The hash of the one before; of the first the chain's name.
    pub before: String,
    /// What came since, in the order of the stream.
    pub records: Vec<Linked>,
    /// The hash of all this.
    pub hash: String,
}

impl Link {
    /// The link with these records that follows the last one of a chain.
    #[must_use]
    pub fn after(last: Option<&Self>, chain: (CaseKey, Over), records: Vec<Linked>) -> Self {
        let (n, before) = last.map_or_else(|| (1, first(chain)), |last| (last.n + 1, last.hash.clone()));
        let hash = hash(&before, &records);
        Self { n, before, records, hash }
    }

    /// Whether it says what it did when it was made, and follows this one.
    #[must_use]
    pub fn follows(&self, last: Option<&Self>, chain: (CaseKey, Over)) -> bool {
        *self == Self::after(last, chain, self.records.clone())
    }
}

fn first((case, over): (CaseKey, Over)) -> String {
    format!("{over}#{case}")
}

fn hash(before: &str, records: &[Linked]) -> String {
    let lines = records.iter().map(|record| {
        let Linked { id, hash, written, until } = record;
        format!("\n{id} {hash} {written} {}", until.unwrap_or_default())
    });
    sha256(&(before.to_owned() + &lines.collect::<String>()))
}

/// The hash of an item as the stream shows it: of its attributes in the order of their names, at every depth.
#[must_use]
pub fn fingerprint(item: &Value) -> String {
    sha256(&canonical(item))
}

fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, String> =
                fields.iter().map(|(name, value)| (name, canonical(value))).collect();
            let fields = fields.into_iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// An item as the stream would show it.
fn shown(item: &Attributes) -> Value {
    item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &AttributeValue) -> Value {
    let sorted = |all: Vec<String>| all.into_iter().collect::<BTreeSet<_>>();
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(is) => json!({ "BOOL": is }),
        AttributeValue::M(fields) => json!({ "M": shown(fields) }),
        AttributeValue::L(all) => json!({ "L": all.iter().map(attribute).collect::<Vec<_>>() }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes.as_ref()) }),
        AttributeValue::Ss(all) => json!({ "SS": sorted(all.clone()) }),
        AttributeValue::Ns(all) => json!({ "NS": sorted(all.clone()) }),
        AttributeValue::Bs(all) => {
            json!({ "BS": sorted(all.iter().map(|bytes| STANDARD.encode(bytes.as_ref())).collect()) })
        }
        _ => json!({ "NULL": true }),
    }
}

impl Table {
    /// Links records of a case; those that are linked already are passed over.
    ///
    /// # Errors
    /// When the table fails, or a link cannot be read or written as an item.
    pub async fn link(&self, chain: (CaseKey, Over), records: &[Linked]) -> Result<(), Error> {
        let mut pause = Pause::short();
        loop {
            let last = self.last_links(chain).await?;
            let known: BTreeSet<_> =
                last.iter().flat_map(|link| &link.records).map(|record| (record.id, &record.hash)).collect();
            let is_new = |record: &&Linked| !known.contains(&(record.id, &record.hash));
            let new: Vec<Linked> = records.iter().filter(is_new).cloned().collect();
            if new.is_empty() {
                return Ok(());
            }
            let link = Link::after(last.first(), chain, new);
            if link.n == 1 {
                self.put_once(item(&Key::chained(chain.0), "chained", &chain.0)?).await?;
            }
            let put = self.client.put_item().table_name(&self.name);
            let put = put.set_item(Some(item(&Key::chain_link(chain.0, chain.1, link.n), "link", &link)?));
            match put.condition_expression("attribute_not_exists(pk)").send().await.map_err(Error::of) {
                Ok(_) => return Ok(()),
                // Another was first, or the answer to a try was lost.
                Err(Error::Refused(_)) if pause.again().await => {}
                Err(Error::Refused(_)) => return Err(Error::Busy),
                Err(error) => return Err(error),
            }
        }
    }

    /// The last links of a chain, the last one first.
    async fn last_links(&self, (case, over): (CaseKey, Over)) -> Result<Vec<Link>, Error> {
        let pk = Key::chain_link(case, over, 1).pk;
        let items = self.page_before_now(&pk, &format!("{over}#"), None, LAST).await?;
        items.into_iter().map(|item| body(item, "link")).collect()
    }

    /// A chain from its first link on.
    ///
    /// # Errors
    /// When the table fails or a link cannot be read.
    pub async fn chain(&self, (case, over): (CaseKey, Over)) -> Result<Vec<Link>, Error> {
        let pk = Key::chain_link(case, over, 1).pk;
        self.partition(&pk, &format!("{over}#")).await?.into_iter().map(|item| body(item, "link")).collect()
    }

    /// What a chain is over, as it is now: each record with its hash.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn fingerprints(&self, (case, over): (CaseKey, Over)) -> Result<BTreeMap<String, String>, Error> {
        let items = self.partition(&recorded(case, over), "evt_").await?;
        Ok(items.iter().map(|item| (sort_key(item).to_owned(), fingerprint(&shown(item)))).collect())
    }

    /// The cases with chains that were begun in a month, as `2026-05`.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn chained_in(&self, month: &str) -> Result<Vec<CaseKey>, Error> {
        let items = self.partition(&chains_of(month), "cas_").await?;
        Ok(items.iter().filter_map(|item| sort_key(item).parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::item;

    fn chain() -> (CaseKey, Over) {
        ("cas_0197a3c2f0c07d0aa1b2c3d4e5f60001".parse().unwrap(), Over::Audit)
    }

    fn linked(n: u8) -> Linked {
        let id = format!("evt_0197a3c2f0c07d0aa1b2c3d4e5f600{n:02x}").parse().unwrap();
        Linked { id, hash: sha256(&n.to_string()), written: "2026-05-07T15:00:00Z".parse().unwrap(), until: None }
    }

    #[test]
    fn a_link_holds_its_records_its_place_and_all_before_it() {
        let one = Link::after(None, chain(), vec![linked(1), linked(2)]);
        let two = Link::after(Some(&one), chain(), vec![linked(3)]);
        assert!(one.follows(None, chain()) && two.follows(Some(&one), chain()));
        assert_eq!((one.n, two.n, &two.before), (1, 2, &one.hash));
        assert!(!two.follows(None, chain()), "the first was taken away");
        assert!(!one.follows(None, (chain().0, Over::Event)), "of another chain");
        let mut other = one.clone();
        other.records.swap(0, 1);
        assert!(!other.follows(None, chain()));
        let forged = Link::after(None, chain(), other.records);
        assert!(forged.follows(None, chain()) && !two.follows(Some(&forged), chain()));
        let later = Linked { written: "2026-05-08T15:00:00Z".parse().unwrap(), ..linked(1) };
        assert_ne!(Link::after(None, chain(), vec![later, linked(2)]).hash, one.hash);
    }

    #[test]
    fn a_record_has_one_hash_in_the_stream_and_in_the_table() {
        let written = json!({ "b": [1, true, null, "é\n\"", 2.5], "a": { "z": "", "y": { "x": "1" } } });
        let key = Key::audit(chain().0, linked(1).id);
        let item = item(&key, "audit", &written).unwrap();
        let stream = json!({
            "v": { "N": "1" }, "entity": { "S": "audit" },
            "sk": { "S": key.sk }, "pk": { "S": key.pk },
            "body": { "M": {
                "a": { "M": { "z": { "S": "" }, "y": { "M": { "x": { "S": "1" } } } } },
                "b": { "L": [{ "N": "1" }, { "BOOL": true }, { "NULL": true }, { "S": "é\n\"" }, { "N": "2.5" }] },
            } },
        });
        assert_eq!(fingerprint(&shown(&item)), fingerprint(&stream));
        let mut other = stream.clone();
        other["body"]["M"]["b"]["L"][1]["BOOL"] = json!(false);
        assert_ne!(fingerprint(&other), fingerprint(&stream));
    }

    #[test]
    fn only_what_is_on_record_of_a_case_is_chained() {
        let (case, over) = chain();
        assert_eq!(Over::of(&format!("AUDIT#{case}")), Some((case, over)));
        assert_eq!(Over::of(&format!("EVENT#{case}")), Some((case, Over::Event)));
        for other in ["AUDIT#jo.smith", "AUDIT#OPERATIONS", "EVENT#UNKNOWN", "CHAIN#2026-05", ""] {
            assert_eq!(Over::of(other), None, "{other}");
        }
        assert_eq!(Over::of(&format!("CHAIN#{case}")), None);
        assert_eq!(Key::chained(case).pk, "CHAIN#2025-06");
    }
}
