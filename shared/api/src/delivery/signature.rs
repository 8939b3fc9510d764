//! The signature of the fax carrier's call-backs: `<time>.<body>` with the key we share, or for a while with the one before;
//! without that, or older than five minutes, nothing is read. It is not the key by which we are known to the carrier: each side has its
//! own to lose.

use axum::http::HeaderMap;
use jiff::Timestamp;
use portico_aws::secrets::Secret;

use crate::{
    app::App,
    json::MAX_BODY,
    problem::{Kind, Problem},
};

/// A signature older than this is a replay.
const SIGNATURE_VALID_SECONDS: u64 = 300;

/// Whether the carrier signed this body just now.
///
/// # Errors
/// When it did not, or the body is too large.
pub(super) async fn check(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    if body.len() > MAX_BODY {
        return Err(Problem::too_large(MAX_BODY));
    }
    let now = app.now();
    let signature = headers.get("fax-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (secrets, id) = (app.aws.secrets(), &app.aws.config().fax_reports_secret);
    let fits = |keys: &[Secret]| keys.iter().any(|key| is_signed(key, signature, body, now));
    // The carrier may use a new key as soon as it stands in Secrets Manager, earlier than we read it again.
    if fits(&secrets.accepted(id).await?) || fits(&secrets.accepted_now(id).await?) {
        return Ok(());
    }
    let detail = "Sign `<time>.<body>` with the shared key, and send it within five minutes.";
    Err(Problem::new(Kind::Signature, detail))
}

/// Whether `t=<unix time>,v1=<hex>` signs this body, and did so just now. Compares in constant time.
fn is_signed(secret: &Secret, signature: &str, body: &[u8], now: Timestamp) -> bool {
    let part = |name: &str| signature.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let (Some(time), Some(given)) = (part("t"), part("v1")) else { return false };
    let fresh = time.parse::<i64>().is_ok_and(|at| now.as_second().abs_diff(at) <= SIGNATURE_VALID_SECONDS);
    fresh && secret.verify(&[time.as_bytes(), b".", body].concat(), given)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_777_983_600;

    fn signed(key: &str, at: i64, body: &[u8]) -> String {
        let text = [at.to_string().as_bytes(), b".", body].concat();
        format!("t={at},v1={}", Secret::new(key).sign(&text))
    }

    fn taken(signature: &str, body: &[u8]) -> bool {
        is_signed(&Secret::new("key"), signature, body, Timestamp::from_second(NOW).unwrap())
    }

    /// REQ: LTR-06
    #[test]
    fn a_report_is_taken_only_with_the_right_and_fresh_signature_of_its_body() {
        let body = b"{}";
        assert!(taken(&signed("key", NOW, body), body));
        assert!(taken(&signed("key", NOW - 300, body), body) && taken(&signed("key", NOW + 300, body), body));
        assert!(!taken(&signed("key", NOW - 301, body), body));
        assert!(!taken(&signed("another", NOW, body), body));
        assert!(!taken(&signed("key", NOW, body), b"{ }"));
        let moved = signed("key", NOW - 900, body).replace(&(NOW - 900).to_string(), &NOW.to_string());
        assert!(!taken(&moved, body));
        for bad in ["", "t=,v1=", "v1=00", "t=1777983600", "t=1777983600,v1=zz"] {
            assert!(!taken(bad, body), "{bad}");
        }
    }
}
