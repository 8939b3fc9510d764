//! Secrets Manager, and what is made with its keys: blind look-ups, tokens, signatures.

use std::{collections::HashMap, sync::Arc};

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

/// A key that never shows itself.
#[derive(Clone)]
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

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // HMAC takes a key of any length, so the error cannot occur; a constant key would then only fail every check.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes())
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

/// A secret that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("a secret could not be read")]
pub struct SecretError(#[source] pub(crate) Box<dyn std::error::Error + Send + Sync>);

/// Secrets Manager; each secret is read once in a function's life.
#[derive(Debug)]
pub struct Secrets {
    pub(crate) client: aws_sdk_secretsmanager::Client,
    read: Mutex<HashMap<String, Secret>>,
}

impl Secrets {
    pub(crate) fn new(client: aws_sdk_secretsmanager::Client) -> Self {
        Self { client, read: Mutex::new(HashMap::new()) }
    }

    /// The secret of this ARN.
    ///
    /// # Errors
    /// When Secrets Manager does not give it.
    pub async fn get(&self, arn: &str) -> Result<Secret, SecretError> {
        let mut read = self.read.lock().await;
        if let Some(secret) = read.get(arn) {
            return Ok(secret.clone());
        }
        let answer =
            self.client.get_secret_value().secret_id(arn).send().await.map_err(|error| SecretError(error.into()))?;
        let secret = Secret::new(answer.secret_string().unwrap_or_default());
        read.insert(arn.to_owned(), secret.clone());
        Ok(secret)
    }
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
}
