//! The fax carrier: takes a call, and reports on it by call-backs.

use portico_aws::secrets::Secret;
use serde::Serialize;

use super::{PATIENCE, Reply, order};
use crate::failure::Failure;

/// A call to a fax number.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The number, E.164.
    pub to: String,
    /// The number that the fax shows as its sender's, E.164.
    pub from: String,
    /// Where the pages are read.
    pub media_url: String,
    /// Where reports are posted.
    pub callback_url: String,
    /// Comes back in each report.
    pub client_reference: String,
}

/// Hands a call over; the same call again under the same key is one call.
///
/// # Errors
/// When the carrier does not answer, or not now.
pub async fn call(url: &str, key: &Secret, idempotency_key: String, call: &Call) -> Result<Reply, Failure> {
    order(format!("{url}/v2/faxes"), key, idempotency_key, call, PATIENCE).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carrier::tests::{block_on, carrier};

    /// REQ: LTR-05
    #[test]
    fn a_call_goes_out_with_its_key_and_reference() {
        let (url, served) = carrier(202, r#"{"id":"fax_1","status":"queued"}"#);
        let order = Call {
            to: "+15015550123".to_owned(),
            from: "+15015550100".to_owned(),
            media_url: "https://files.example/a".to_owned(),
            callback_url: "https://api.example/carriers/fax/events".to_owned(),
            client_reference: "cas_1/ltr_2/1".to_owned(),
        };
        let reply = block_on(call(&url, &Secret::new("the-key"), "ltr_2-1".to_owned(), &order)).unwrap();
        assert_eq!(reply, Reply::Taken("fax_1".to_owned()));
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("post /v2/faxes http/1.1\r\n"));
        assert!(head.contains("authorization: bearer the-key\r\n") && head.contains("idempotency-key: ltr_2-1\r\n"));
        assert_eq!(
            body,
            serde_json::json!({
                "to": "+15015550123", "from": "+15015550100", "mediaUrl": "https://files.example/a",
                "callbackUrl": "https://api.example/carriers/fax/events", "clientReference": "cas_1/ltr_2/1",
            })
        );
    }
}
