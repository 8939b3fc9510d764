//! The passwords that a user had last, as salted keyed hashes: a new one must differ from them. The passwords
//! themselves are with Cognito alone.

use serde::{Deserialize, Serialize};

use crate::secrets::Secret;

/// How many are remembered.
pub const REMEMBERED: usize = 5;

/// The last passwords of a user, newest last. Without the key in Secrets Manager nothing can be tried against it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History(Vec<Entry>);

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Entry {
    salt: String,
    hash: String,
}

impl History {
    /// Whether the password is one of the last.
    #[must_use]
    pub fn has(&self, key: &Secret, password: &str) -> bool {
        self.0.iter().any(|entry| key.verify(&text(&entry.salt, password), &entry.hash))
    }

    /// With this password as the newest.
    #[must_use]
    pub fn with(mut self, key: &Secret, salt: String, password: &str) -> Self {
        let hash = key.sign(&text(&salt, password));
        self.0.push(Entry { salt, hash });
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

    /// REQ: ACC-13
    #[test]
    fn the_last_five_are_known_and_none_can_be_read() {
        let key = Secret::new("key");
        let history =
            (1..=6).fold(History::default(), |history, n| history.with(&key, format!("s{n}"), &format!("Pw-{n}")));
        assert!(!history.has(&key, "Pw-1"));
        assert!((2..=6).all(|n| history.has(&key, &format!("Pw-{n}"))));
        assert!(!history.has(&Secret::new("another"), "Pw-6"));
        let stored = serde_json::to_string(&history).unwrap();
        assert!(!stored.contains("Pw-"));
    }
}
