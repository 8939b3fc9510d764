//! The passwords that a user had last, as salted hashes that are slow and keyed: a new one must differ from them. The
//! passwords themselves are with Cognito alone.
//!
//! Argon2id comes before the keyed hash: whoever had the key and the table would still have to pay for each guess. All of a
//! user's have one salt, so that a new password is stretched once and not five times.

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::secrets::KeyRing;

/// What the password storage cheat sheet of OWASP asks for at least: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// What the keys are for.
const USE: &str = "password-history";

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
        let keys = keys.for_use(USE);
        let mut known: Option<(&str, Vec<u8>)> = None;
        for entry in &self.0 {
            if known.as_ref().is_none_or(|(salt, _)| *salt != entry.salt) {
                known = stretched(&entry.salt, password).map(|stretched| (entry.salt.as_str(), stretched));
            }
            let (Some((_, stretched)), Some(key)) = (&known, keys.key(&entry.key)) else { continue };
            if key.verify(stretched, &entry.hash) {
                return true;
            }
        }
        false
    }

    /// With this password as the newest; `salt` is used for the first.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn with(mut self, keys: &KeyRing, salt: String, password: &str) -> Result<Self, Unhashed> {
        let salt = self.0.last().map_or(salt, |last| last.salt.clone());
        let stretched = stretched(&salt, password).ok_or(Unhashed)?;
        let hash = keys.for_use(USE).current().sign(&stretched);
        self.0.push(Entry { key: keys.current_id().to_owned(), salt, hash });
        let over = self.0.len().saturating_sub(REMEMBERED);
        self.0.drain(..over);
        Ok(self)
    }
}

/// A password could not be hashed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a password cannot be hashed")]
pub struct Unhashed;

/// The password, slowly; `None` for a salt that is none.
fn stretched(salt: &str, password: &str) -> Option<Vec<u8>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).ok()?;
    let mut stretched = vec![0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(password.as_bytes(), salt.as_bytes(), &mut stretched).ok()?;
    Some(stretched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    /// REQ: ACC-13
    #[test]
    fn the_last_five_are_known_and_none_can_be_read() {
        let key = KeyRing::of(Secret::new("key"));
        let history = (1..=6).fold(History::default(), |history, n| {
            history.with(&key, format!("a salt of its own {n}"), &format!("Pw-{n}")).unwrap()
        });
        assert!(!history.has(&key, "Pw-1"));
        assert!((2..=6).all(|n| history.has(&key, &format!("Pw-{n}"))));
        assert!(!history.has(&KeyRing::of(Secret::new("another")), "Pw-6"));
        let exchanged = KeyRing::parse(&key.to_text().replace("\"key\"", &format!("\"{}\"", "x".repeat(40)))).unwrap();
        assert!(!history.has(&exchanged, "Pw-6"), "another key of the same id is another key");
        let stored = serde_json::to_string(&history).unwrap();
        assert!(!stored.contains("Pw-"));
    }
}
