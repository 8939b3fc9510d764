//! Links in mail: the token is made from a nonce that is stored, and only the token's hash finds what it stands for.
//! So queue bodies and the table can be read without opening anything, and the mail can be written again.

use crate::secrets::{Secret, sha256};

/// The token of a mailed link.
#[must_use]
pub fn link_token(secret: &Secret, nonce: &str) -> String {
    secret.hash(&["enrol", nonce])
}

/// The hash under which the table keeps what a token stands for.
#[must_use]
pub fn link_hash(token: &str) -> String {
    sha256(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-10
    #[test]
    fn a_token_comes_from_key_and_nonce_and_neither_is_in_its_hash() {
        let token = link_token(&Secret::new("key"), "nonce");
        assert_eq!(token, link_token(&Secret::new("key"), "nonce"));
        assert_ne!(token, link_token(&Secret::new("another"), "nonce"));
        assert_ne!(link_hash(&token), token);
    }
}
