//! The one place where time and new ids come from.

use jiff::Timestamp;
use uuid::Uuid;

/// Now.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the clock itself")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A fresh UUID of version 7: sorts by time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the source of ids itself")]
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}

/// 256 fresh random bits in hex, for links and handles.
///
/// # Errors
/// When the machine has no randomness.
pub fn new_nonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}
