//! Ids of what a feed names: the same words give the same id, and only whoever has the key can make one of them (OPS-06).

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// The key of ids. An id goes where its number or code may not, into keys, links and logs: without a key, all numbers there
/// are could be tried until one gives the id. It is never exchanged, for the ids would be others (decision 53).
#[derive(Clone)]
pub struct IdKey(Box<[u8]>);

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey(…)")
    }
}

impl IdKey {
    /// A key by its text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.as_bytes().into())
    }

    /// The id of what these words name (UUID version 8, of their HMAC-SHA-256).
    #[must_use]
    pub(super) fn id(&self, kind: &str, words: &[&str]) -> Uuid {
        // HMAC takes a key of any length, so the error cannot occur.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0)
            .unwrap_or_else(|_| Hmac::<Sha256>::new(&hmac::digest::Key::<Hmac<Sha256>>::default()));
        for word in std::iter::once(&kind).chain(words) {
            mac.update(word.as_bytes());
            mac.update(&[0]);
        }
        let bytes = mac.finalize().into_bytes().first_chunk::<16>().copied().unwrap_or_default();
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}
