//! The fax carrier: takes a call, and reports on it by call-backs.

use portico_aws::secrets::Secret;
use serde::Serialize;

use super::{PATIENCE, Reply, fetch, order};
use crate::failure::Failure;

/// The largest fax that is taken: some hundred pages.
const MOST_BYTES: u64 = 25_000_000;

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

/// Gives the pages of a fax that it took for us, as a TIFF.
///
/// # Errors
/// When it has no such fax, or does not answer now; when the fax is larger than we take.
pub async fn pages(url: &str, key: &Secret, id: &str) -> Result<Vec<u8>, Failure> {
    fetch(format!("{url}/v2/received/{id}/media"), key, MOST_BYTES).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::carrier::tests::{block_on, carrier};

    #[test]
    fn a_fax_is_fetched_with_our_key_and_what_the_carrier_has_not_is_missing() {
        let fetched = |status| {
            let (url, served) = carrier(status, "II*pages");
            let got = block_on(pages(&url, &Secret::new("the-key"), "fax_9"));
            (got, served.join().unwrap().0)
        };
        let (got, head) = fetched(200);
        assert_eq!(got.unwrap(), b"II*pages");
        assert!(head.starts_with("get /v2/received/fax_9/media http/1.1\r\n"));
        assert!(head.contains("authorization: bearer the-key\r\n"));
        assert!(matches!(fetched(404).0, Err(Failure::Missing(_))));
        for away in [401, 429, 503] {
            assert!(matches!(fetched(away).0, Err(Failure::Carrier(_))), "{away}");
        }
    }

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
