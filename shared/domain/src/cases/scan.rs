//! What the scan for harmful content found in an upload that keeps it out (CASE-20).

use serde::{Deserialize, Serialize};

/// Why the scan keeps a file out. Each text says what whoever attached it can do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum ScanRefusal {
    /// It carries something harmful.
    #[error(
        "A virus or other harmful content was found in this file. It was not kept, and nobody can open it. Do not send it \
         again: have the computer that it comes from checked, and attach a copy from a clean one."
    )]
    Harmful,
    /// It cannot be looked into: it has a password, or is packed too often.
    #[error(
        "This file could not be checked for viruses, so it was not kept. Save it as a PDF without a password, and attach that."
    )]
    Unscannable,
    /// The scan itself failed.
    #[error(
        "This file could not be checked for viruses because of a fault on our side, so it was not kept. Please attach it again."
    )]
    Unscanned,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_of_a_scan_is_a_word() {
        let words = [ScanRefusal::Harmful, ScanRefusal::Unscannable, ScanRefusal::Unscanned];
        assert_eq!(serde_json::to_string(&words).unwrap(), r#"["harmful","unscannable","unscanned"]"#);
        assert!(serde_json::from_str::<ScanRefusal>(r#""clean""#).is_err(), "what is clean is no refusal");
    }
}
