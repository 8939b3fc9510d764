//! Keys under which something is stored or sent: several hold at once, so that one can be exchanged without losing what
//! was made with the one before.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::clock;

/// The id of a key that stands in its secret by itself, as the deployment generates it.
const FIRST: &str = "k1";
/// Each key of a ring is one more place to look at.
const MOST_KEYS: usize = 5;

/// The keys of one secret by their ids, one of them the current one. What is written is made with the current key and
/// carries its id; what is looked for is looked for with every key.
#[derive(Clone, Debug)]
pub struct KeyRing(Arc<Ring>);

#[derive(Debug)]
struct Ring {
    current: String,
    /// The current key once more: a ring is never without one.
    key: Secret,
    keys: BTreeMap<String, Secret>,
}

/// A ring as it stands in Secrets Manager.
#[derive(Serialize, Deserialize)]
struct Stored {
    current: String,
    keys: BTreeMap<String, String>,
}

/// A text that is no key ring, or a change that would make none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RingError {
    /// It has no form.
    #[error("a key ring is one key, or {{\"current\":\"k2\",\"keys\":{{\"k1\":\"…\",\"k2\":\"…\"}}}}")]
    Form,
    /// The current key is not among the keys.
    #[error("the current key of a ring is one of its keys")]
    Current,
    /// An id that cannot stand in a key of the table.
    #[error("the id of a key is 1 to 8 lower-case letters and digits")]
    Id,
    /// A key that anybody could guess.
    #[error("a key has at least 32 characters")]
    Short,
    /// More than are looked through.
    #[error("a ring has at most {MOST_KEYS} keys: take one away that nothing is stored under any more")]
    Many,
    /// The id is taken.
    #[error("the ring has a key of this id")]
    Known,
}

impl KeyRing {
    /// A ring of one key.
    #[must_use]
    pub fn of(key: Secret) -> Self {
        let keys = BTreeMap::from([(FIRST.to_owned(), key.clone())]);
        Self(Arc::new(Ring { current: FIRST.to_owned(), key, keys }))
    }

    /// The ring that a secret holds: a JSON object, or one key by itself.
    ///
    /// # Errors
    /// When it is neither, or breaks a rule of rings.
    pub fn parse(text: &str) -> Result<Self, RingError> {
        if !text.trim_start().starts_with('{') {
            return if text.is_empty() { Err(RingError::Form) } else { Ok(Self::of(Secret::new(text))) };
        }
        let stored: Stored = serde_json::from_str(text).map_err(|_| RingError::Form)?;
        let keys = stored.keys.iter().map(|(id, key)| (id.clone(), Secret::new(key))).collect();
        Self::checked(stored.current, keys)
    }

    fn checked(current: String, keys: BTreeMap<String, Secret>) -> Result<Self, RingError> {
        let is_id = |id: &str| {
            (1..=8).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let key = keys.get(&current).cloned().ok_or(RingError::Current)?;
        if keys.len() > MOST_KEYS {
            return Err(RingError::Many);
        }
        if keys.keys().any(|id| !is_id(id)) {
            return Err(RingError::Id);
        }
        if keys.values().any(|key| key.expose().len() < 32) {
            return Err(RingError::Short);
        }
        Ok(Self(Arc::new(Ring { current, key, keys })))
    }

    /// The first step of exchanging a key: the ring with one more, which only reads until [`Self::using`] it.
    ///
    /// # Errors
    /// When the id is taken, or a rule of rings is broken.
    pub fn with(&self, id: &str, key: Secret) -> Result<Self, RingError> {
        if self.0.keys.contains_key(id) {
            return Err(RingError::Known);
        }
        let mut keys = self.0.keys.clone();
        keys.insert(id.to_owned(), key);
        Self::checked(self.0.current.clone(), keys)
    }

    /// The second step, once every function has read the ring with the new key: it writes.
    ///
    /// # Errors
    /// When the ring has no such key.
    pub fn using(&self, id: &str) -> Result<Self, RingError> {
        Self::checked(id.to_owned(), self.0.keys.clone())
    }

    /// The last step, once nothing is stored under a key any more.
    ///
    /// # Errors
    /// When it is the current one.
    pub fn without(&self, id: &str) -> Result<Self, RingError> {
        let mut keys = self.0.keys.clone();
        keys.remove(id);
        Self::checked(self.0.current.clone(), keys)
    }

    /// As it stands in Secrets Manager.
    #[must_use]
    pub fn to_text(&self) -> String {
        let keys = self.0.keys.iter().map(|(id, key)| (id.clone(), key.expose().to_owned())).collect();
        serde_json::to_string(&Stored { current: self.0.current.clone(), keys }).unwrap_or_default()
    }

    /// The id of the current key.
    #[must_use]
    pub fn current_id(&self) -> &str {
        &self.0.current
    }

    /// The current key.
    #[must_use]
    pub fn current(&self) -> &Secret {
        &self.0.key
    }

    /// The ids of all keys, the current one first.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        let current = self.0.current.as_str();
        std::iter::once(current).chain(self.0.keys.keys().map(String::as_str).filter(|id| *id != current)).collect()
    }

    /// The key of this id.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&Secret> {
        self.0.keys.get(id)
    }

    /// All keys, the current one first.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.ids().into_iter().filter_map(|id| Some((id, self.key(id)?)))
    }

    /// A fresh nonce that says with which key its token or PIN is made: `k1.<random>`.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn nonce(&self) -> Result<String, getrandom::Error> {
        Ok(format!("{}.{}", self.0.current, clock::new_nonce()?))
    }

    /// The keys that this use has by itself, under the ids of those that they are made of.
    #[must_use]
    pub(crate) fn for_use(&self, what: &str) -> Self {
        let keys = self.0.keys.iter().map(|(id, key)| (id.clone(), key.for_use(what))).collect();
        Self(Arc::new(Ring { current: self.0.current.clone(), key: self.0.key.for_use(what), keys }))
    }

    /// A hash with the key that a nonce names. A nonce that names none of the ring's keys gives that of the current
    /// key: nothing is stored under it.
    #[must_use]
    pub(crate) fn hash_of_nonce(&self, what: &str, nonce: &str) -> String {
        let named = nonce.split_once('.').and_then(|(id, _)| self.key(id));
        named.unwrap_or_else(|| self.current()).for_use(what).hash(&[what, nonce])
    }

    /// A hash with the current key for the use that the first part names, behind its id: `k1.<hash>`.
    #[must_use]
    pub fn hash(&self, parts: &[&str]) -> String {
        let keys = self.for_use(parts.first().copied().unwrap_or_default());
        format!("{}.{}", self.0.current, keys.current().hash(parts))
    }

    /// The hash with every key, that of the current one first.
    #[must_use]
    pub(crate) fn hashes(&self, parts: &[&str]) -> Vec<String> {
        let keys = self.for_use(parts.first().copied().unwrap_or_default());
        keys.all().map(|(id, key)| format!("{id}.{}", key.hash(parts))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    fn exchanged() -> (KeyRing, KeyRing) {
        let before = KeyRing::parse(OLD).unwrap();
        (before.clone(), before.with("k2", Secret::new(NEW)).unwrap().using("k2").unwrap())
    }

    /// REQ: OPS-06
    #[test]
    fn a_key_is_exchanged_in_steps_and_each_ring_reads_what_the_one_before_wrote() {
        let (before, after) = exchanged();
        let added = before.with("k2", Secret::new(NEW)).unwrap();
        assert_eq!((added.current_id(), after.current_id()), ("k1", "k2"));
        assert_eq!(after.ids(), ["k2", "k1"]);
        assert_eq!(KeyRing::parse(&after.to_text()).unwrap().to_text(), after.to_text());
        let (old, new) = (before.hash(&["a"]), after.hash(&["a"]));
        assert!(old.starts_with("k1.") && new.starts_with("k2."));
        assert_eq!(after.hashes(&["a"]), [new.clone(), old]);
        assert!(added.hashes(&["a"]).contains(&new), "who has read the first step reads what the second writes");
        assert_eq!(after.without("k1").unwrap().ids(), ["k2"]);
    }

    /// REQ: OPS-06, ACC-10
    #[test]
    fn what_is_made_from_a_nonce_is_the_same_whichever_key_is_current() {
        let (before, after) = exchanged();
        let (early, late) = (before.nonce().unwrap(), after.nonce().unwrap());
        assert!(early.starts_with("k1.") && late.starts_with("k2."));
        assert_eq!(before.hash_of_nonce("pin", &early), after.hash_of_nonce("pin", &early));
        assert_ne!(before.hash_of_nonce("pin", &early), before.hash_of_nonce("pin", &late));
        assert_ne!(after.hash_of_nonce("pin", &late), before.hash_of_nonce("pin", &late), "an unknown key is no key");
    }

    #[test]
    fn a_ring_that_would_lose_something_is_refused() {
        let (before, after) = exchanged();
        let refused = |text: &str| KeyRing::parse(text).unwrap_err();
        assert_eq!(refused(""), RingError::Form);
        assert_eq!(refused(r#"{"current":"k1"}"#), RingError::Form);
        assert_eq!(refused(&format!(r#"{{"current":"k2","keys":{{"k1":"{OLD}"}}}}"#)), RingError::Current);
        assert_eq!(refused(&format!(r#"{{"current":"K#","keys":{{"K#":"{OLD}"}}}}"#)), RingError::Id);
        assert_eq!(refused(r#"{"current":"k1","keys":{"k1":"short"}}"#), RingError::Short);
        assert_eq!(after.with("k1", Secret::new(NEW)).unwrap_err(), RingError::Known);
        assert_eq!(after.without("k2").unwrap_err(), RingError::Current);
        assert_eq!(before.using("k9").unwrap_err(), RingError::Current);
        let many = (2..=6).try_fold(before, |ring, n| ring.with(&format!("k{n}"), Secret::new(NEW)));
        assert_eq!(many.unwrap_err(), RingError::Many);
        assert!(!format!("{after:?}").contains("0123"));
    }
}
