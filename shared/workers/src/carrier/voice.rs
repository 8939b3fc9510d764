//! The voice carrier: calls a number and speaks a text.

use portico_aws::secrets::Secret;
use serde::Serialize;

use super::{PATIENCE_FOR_CALLS, Reply, order};
use crate::failure::Failure;

/// A call that speaks.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The number, E.164.
    pub to: String,
    /// What is spoken once somebody answers.
    pub say: String,
    /// Our own id of it.
    pub reference: String,
}

/// Hands a call over; the same call again under the same key is one call.
///
/// # Errors
/// When the carrier does not answer, or not now.
pub async fn call(url: &str, key: &Secret, idempotency_key: String, call: &Call) -> Result<Reply, Failure> {
    order(format!("{url}/v1/calls"), key, idempotency_key, call, PATIENCE_FOR_CALLS).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carrier::tests::{block_on, carrier};

    /// REQ: ACC-11
    #[test]
    fn a_call_goes_out_once_under_its_key() {
        let (url, served) = carrier(201, r#"{"id":"call_1","status":"queued"}"#);
        let order = Call {
            to: "+15015550123".to_owned(),
            say: "Your PIN is 1, 2, 3.".to_owned(),
            reference: "evt_1".to_owned(),
        };
        let reply = block_on(call(&url, &Secret::new("the-key"), "evt_1".to_owned(), &order)).unwrap();
        assert_eq!(reply, Reply::Taken("call_1".to_owned()));
        let (head, body) = served.join().unwrap();
        assert!(head.starts_with("post /v1/calls http/1.1\r\n"));
        assert!(head.contains("authorization: bearer the-key\r\n") && head.contains("idempotency-key: evt_1\r\n"));
        let expected = serde_json::json!({"to": "+15015550123", "say": "Your PIN is 1, 2, 3.", "reference": "evt_1"});
        assert_eq!(body, expected);
    }
}
