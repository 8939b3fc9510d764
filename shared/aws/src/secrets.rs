//! What is made with the keys of Secrets Manager: blind look-ups, tokens, signatures. Reading them is [`Secrets`], keys
//! that may be exchanged while what was made with them is still in use are a [`KeyRing`].

mod manager;
mod ring;
mod seal;

use std::sync::Arc;

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

pub use manager::{SecretError, Secrets};
pub use ring::{KeyRing, RingError};
pub use seal::SealError;

/// A key that never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A key by its text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text, for an Authorization header.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// HMAC-SHA-256 of the parts in hex. Parts are length-prefixed, so that no two lists of parts give the same value.
    #[must_use]
    pub fn hash(&self, parts: &[&str]) -> String {
        let mut text = String::new();
        for part in parts {
            text.extend([part.len().to_string().as_str(), ":", part]);
        }
        self.sign(text.as_bytes())
    }

    /// HMAC-SHA-256 of bytes in hex.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> String {
        hex::encode(self.sign_raw(bytes))
    }

    /// HMAC-SHA-256 of bytes.
    #[must_use]
    pub(crate) fn sign_raw(&self, bytes: &[u8]) -> Vec<u8> {
        self.mac(bytes).finalize().into_bytes().to_vec()
    }

    /// Whether `signature` (hex) is that of `bytes`, in constant time.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], signature: &str) -> bool {
        hex::decode(signature).is_ok_and(|given| self.mac(bytes).verify_slice(&given).is_ok())
    }

    /// A key of its own for one use (HKDF with SHA-256, RFC 5869): what one use lets somebody compute or guess says nothing
    /// of another.
    #[must_use]
    pub(crate) fn for_use(&self, what: &str) -> Self {
        let extracted = Self::mac_with(b"portico", self.0.as_bytes()).finalize().into_bytes();
        let expanded = Self::mac_with(&extracted, &[what.as_bytes(), &[1]].concat()).finalize().into_bytes();
        Self(hex::encode(expanded).into())
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        Self::mac_with(self.0.as_bytes(), bytes)
    }

    fn mac_with(key: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
        // HMAC takes a key of any length, so the error cannot occur; a constant key would then only fail every check.
        let mut mac = Hmac::<Sha256>::new_from_slice(key)
            .unwrap_or_else(|_| Hmac::<Sha256>::new(&hmac::digest::Key::<Hmac<Sha256>>::default()));
        mac.update(bytes);
        mac
    }
}

/// SHA-256 in hex, for values that are random themselves.
#[must_use]
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_run_together() {
        let key = Secret::new("key");
        assert_ne!(key.hash(&["ab", "c"]), key.hash(&["a", "bc"]));
        assert_eq!(key.hash(&["ab", "c"]), key.hash(&["ab", "c"]));
        assert!(key.verify(b"body", &key.sign(b"body")));
        assert!(!key.verify(b"body", &key.sign(b"other")) && !key.verify(b"body", "zz"));
        assert_eq!(format!("{key:?}"), "Secret(…)");
    }

    /// REQ: OPS-06
    #[test]
    fn each_use_has_a_key_of_its_own() {
        let key = Secret::new("key");
        assert_eq!(key.for_use("pin"), key.for_use("pin"));
        assert!(key.for_use("pin") != key.for_use("enrol") && key.for_use("pin") != key);
        assert_ne!(key.for_use("pin"), Secret::new("another").for_use("pin"));
        // The steps by hand: extract with the house's salt, expand with the use and the number of the block.
        let extracted = Secret::mac_with(b"portico", b"key").finalize().into_bytes();
        let expanded = Secret::mac_with(&extracted, b"pin\x01").finalize().into_bytes();
        assert_eq!(key.for_use("pin").expose(), hex::encode(expanded));
    }
}
