//! What has to be read again and shown to nobody: encrypted before it is stored (AES-256-GCM, NIST SP 800-38D), under a key of its
//! own of a ring, for one place, at which alone it can be opened.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::{KeyRing, Secret};

/// Something that could not be sealed or opened: its key was taken away, it is of another place, or it was altered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("what is sealed cannot be opened")]
pub struct SealError;

impl KeyRing {
    /// Encrypts a text for a use and a place, under the current key, whose id stands before it.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn seal(&self, (what, place): (&str, &str), text: &str) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError)?;
        let mut sealed = text.as_bytes().to_vec();
        let key = key_of(self.current(), what)?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .map_err(|_| SealError)?;
        Ok(format!("{}.{}", self.current_id(), STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Opens what was sealed for a use and a place.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn open(&self, (what, place): (&str, &str), sealed: &str) -> Result<String, SealError> {
        let (id, rest) = sealed.split_once('.').ok_or(SealError)?;
        let key = key_of(self.key(id).ok_or(SealError)?, what)?;
        let bytes = STANDARD_NO_PAD.decode(rest).map_err(|_| SealError)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or(SealError)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut sealed = sealed.to_vec();
        let text = key.open_in_place(nonce, Aad::from(place), &mut sealed).map_err(|_| SealError)?;
        String::from_utf8(text.to_vec()).map_err(|_| SealError)
    }
}

fn key_of(secret: &Secret, what: &str) -> Result<LessSafeKey, SealError> {
    let bytes = hex::decode(secret.for_use(what).expose()).map_err(|_| SealError)?;
    UnboundKey::new(&AES_256_GCM, &bytes).map(LessSafeKey::new).map_err(|_| SealError)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USE: &str = "headers";

    #[test]
    fn what_is_sealed_is_opened_at_its_place_alone_and_shows_nothing() {
        let ring = KeyRing::of(Secret::new(&"k".repeat(32)));
        let text = "Authorization: Bearer abc";
        let sealed = ring.seal((USE, "sub_1"), text).unwrap();
        assert!(sealed.starts_with("k1.") && !sealed.contains("Bearer"));
        assert_ne!(sealed, ring.seal((USE, "sub_1"), text).unwrap());
        assert_eq!(ring.open((USE, "sub_1"), &sealed).as_deref(), Ok(text));
        for place in [(USE, "sub_2"), ("pin", "sub_1")] {
            assert_eq!(ring.open(place, &sealed), Err(SealError), "{place:?}");
        }
        for altered in [sealed.replace("k1.", "k2."), format!("{sealed}A"), "k1.".to_owned(), String::new()] {
            assert_eq!(ring.open((USE, "sub_1"), &altered), Err(SealError), "{altered}");
        }
    }

    #[test]
    fn an_exchanged_key_opens_what_it_sealed_until_it_is_taken_away() {
        let before = KeyRing::of(Secret::new(&"k".repeat(32)));
        let sealed = before.seal((USE, "sub_1"), "a").unwrap();
        let after = before.with("k2", Secret::new(&"l".repeat(32))).unwrap().using("k2").unwrap();
        assert_eq!(after.open((USE, "sub_1"), &sealed).as_deref(), Ok("a"));
        assert!(after.seal((USE, "sub_1"), "a").unwrap().starts_with("k2."));
        assert_eq!(after.without("k1").unwrap().open((USE, "sub_1"), &sealed), Err(SealError));
    }
}
