//! The passwords that a user had last, as salted keyed hashes: a new one must differ from them. The passwords
//! themselves are with Cognito alone.

use serde::{Deserialize, Serialize};

use crate::secrets::KeyRing;

/// How many are remembered.
pub const REMEMBERED: usize = 5;

/// The last passwords of a user, newest last. Without the key in Secrets Manager nothing can be tried against it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<Entry>);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Entry {
    /// Which key the hash is made with.
    key: String,
    salt: String,
    hash: String,
}

impl History {
    /// Whether the password is one of the last.
    #[must_use]
    pub fn has(&self, keys: &KeyRing, password: &str) -> bool {
        let is = |entry: &Entry| keys.key(&entry.key)?.verify(&text(&entry.salt, password), &entry.hash).then_some(());
        self.0.iter().any(|entry| is(entry).is_some())
    }

    /// With this password as the newest.
    #[must_use]
    pub fn with(mut self, keys: &KeyRing, salt: String, password: &str) -> Self {
        let hash = keys.current().sign(&text(&salt, password));
        self.0.push(Entry { key: keys.current_id().to_owned(), salt, hash });
        let over = self.0.len().saturating_sub(REMEMBERED);
        self.0.drain(..over);
        self
    }
}

fn text(salt: &str, password: &str) -> Vec<u8> {
    format!("password:{}:{salt}{password}", salt.len()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    /// REQ: ACC-13
    #[test]
    fn the_last_five_are_known_and_none_can_be_read() {
        let key = KeyRing::of(Secret::new("key"));
        let history =
            (1..=6).fold(History::default(), |history, n| history.with(&key, format!("s{n}"), &format!("Pw-{n}")));
        assert!(!history.has(&key, "Pw-1"));
        assert!((2..=6).all(|n| history.has(&key, &format!("Pw-{n}"))));
        assert!(!history.has(&KeyRing::of(Secret::new("another")), "Pw-6"));
        let exchanged = KeyRing::parse(&key.to_text().replace("\"key\"", &format!("\"{}\"", "x".repeat(40)))).unwrap();
        assert!(!history.has(&exchanged, "Pw-6"), "another key of the same id is another key");
        let stored = serde_json::to_string(&history).unwrap();
        assert!(!stored.contains("Pw-"));
    }
}
