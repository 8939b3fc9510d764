//! The print-and-mail carrier: takes a letter as PDF and brings it to an address.

use portico_aws::secrets::Secret;
use serde::Serialize;

use super::{PATIENCE, Reply, order};
use crate::failure::Failure;

/// A letter to print and mail.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mailpiece {
    /// Who gets it.
    pub to: Addressee,
    /// Where the PDF is read.
    pub file_url: String,
    /// Our own id of it.
    pub reference: String,
}

/// Who gets a letter, as it stands on the envelope.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Addressee {
    /// First line.
    pub name: String,
    /// One to five further lines.
    pub lines: Vec<String>,
}

/// Hands a letter over; the same letter again under the same key is one letter.
///
/// # Errors
/// When the carrier does not answer, or not now.
pub async fn send(url: &str, key: &Secret, idempotency_key: String, piece: &Mailpiece) -> Result<Reply, Failure> {
    order(format!("{url}/v1/letters"), key, idempotency_key, piece, PATIENCE).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carrier::tests::{block_on, carrier};

    /// REQ: LTR-05
    #[test]
    fn a_letter_goes_out_once_under_its_key() {
        let (url, served) = carrier(201, r#"{"id":"ltr_9","status":"accepted","expectedDelivery":"2026-05-11"}"#);
        let to = Addressee { name: "River Day Clinic".to_owned(), lines: vec!["12 Elm Street".to_owned()] };
        let piece = Mailpiece { to, file_url: "https://files.example/a".to_owned(), reference: "ltr_2".to_owned() };
        let reply = block_on(send(&url, &Secret::new("the-key"), "ltr_2".to_owned(), &piece)).unwrap();
        assert_eq!(reply, Reply::Taken("ltr_9".to_owned()));
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("post /v1/letters http/1.1\r\n") && head.contains("idempotency-key: ltr_2\r\n"));
        assert_eq!(
            body,
            serde_json::json!({
                "to": {"name": "River Day Clinic", "lines": ["12 Elm Street"]},
                "fileUrl": "https://files.example/a", "reference": "ltr_2",
            })
        );
    }
}
