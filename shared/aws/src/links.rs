//! Links in mail: the token is made from a nonce that is stored, and only the token's hash finds what it stands for.
//! So queue bodies and the table can be read without opening anything, and the mail can be written again. The nonce names
//! its key, so that an exchange of keys ends no link and no PIN.

use crate::secrets::{KeyRing, sha256};

/// The token of a mailed link.
#[must_use]
pub fn link_token(keys: &KeyRing, nonce: &str) -> String {
    keys.hash_of_nonce("enrol", nonce)
}

/// The PIN that proves an e-mail address or a phone: six digits that come from key and nonce.
#[must_use]
pub fn pin(keys: &KeyRing, nonce: &str) -> String {
    let hash = keys.hash_of_nonce("pin", nonce);
    let number = hash.get(..12).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default();
    format!("{:06}", number % 1_000_000)
}

/// The seal of a refresh token, which is another one with each use.
#[must_use]
pub fn refresh_seal(keys: &KeyRing, nonce: &str) -> String {
    keys.hash_of_nonce("refresh", nonce)
}

/// The hash under which the table keeps the address that a link puts back: another one than that of a link to enrol with the same
/// token.
#[must_use]
pub fn undo_hash(token: &str) -> String {
    sha256(&format!("email:{token}"))
}

/// The hash under which the table keeps what a token stands for.
#[must_use]
pub fn link_hash(token: &str) -> String {
    sha256(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    fn keys(key: &str) -> KeyRing {
        KeyRing::of(Secret::new(key))
    }

    /// REQ: ACC-10
    #[test]
    fn a_token_comes_from_key_and_nonce_and_neither_is_in_its_hash() {
        let token = link_token(&keys("key"), "nonce");
        assert_eq!(token, link_token(&keys("key"), "nonce"));
        assert_ne!(token, link_token(&keys("another"), "nonce"));
        assert_ne!(link_hash(&token), token);
    }

    /// REQ: ACC-11, ACC-17
    #[test]
    fn a_pin_is_six_digits_that_only_the_key_gives() {
        let pins: Vec<String> = ["key", "key", "another"].iter().map(|key| pin(&keys(key), "nonce")).collect();
        assert!(pins.iter().all(|pin| pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit())));
        assert!(pins[0] == pins[1] && pins[1] != pins[2]);
    }
}
