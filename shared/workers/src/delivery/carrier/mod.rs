//! The carriers' HTTP interfaces: concrete clients, tested over a socket.

pub mod fax;
pub mod mail;
pub mod voice;

use std::{sync::LazyLock, time::Duration};

use portico_aws::{Aws, files::FileError, secrets::Secret};
use portico_domain::{contact::Phone, contracts::Contract};
use serde::{Deserialize, Serialize};
use ureq::Agent;

use crate::failure::Failure;

/// How long a file stays readable for a carrier.
pub const FILE_LINK_VALID: Duration = Duration::from_hours(1);

/// Where a carrier fetches a file of a letter: in the version that was issued.
///
/// # Errors
/// When it cannot be signed.
pub async fn file(aws: &Aws, key: &str, version: Option<&str>) -> Result<String, FileError> {
    aws.files().link_to_version((&aws.config().letters_bucket, key, version), FILE_LINK_VALID).await
}

/// The number that a fax comes from: the letterhead's, or support's.
pub(super) fn sender(contract: &Contract) -> Phone {
    let letterhead = contract.letters.letterhead.fax.as_deref().and_then(|fax| fax.parse().ok());
    letterhead.unwrap_or_else(|| contract.support.phone.clone())
}

/// A carrier of letters has this long for its answer: a third of what the function has.
const PATIENCE: Duration = Duration::from_secs(10);
/// A file of many pages takes its time.
const PATIENCE_FOR_FILES: Duration = Duration::from_secs(40);
/// The carrier of calls has less: somebody sits in front of the portal and waits, and a second try has to be in time.
const PATIENCE_FOR_CALLS: Duration = Duration::from_secs(3);

static AGENT: LazyLock<Agent> =
    LazyLock::new(|| Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into());

/// What a carrier said to an order. That it did not say anything useful is a [`Failure`]: the same order is given again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// It has the order, under this id.
    Taken(String),
    /// It will never take it.
    Refused(u16),
}

#[derive(Deserialize)]
struct Taken {
    id: String,
}

/// Gives an order, the same one under the same `idempotency_key`.
async fn order<T: Serialize>(
    url: String,
    key: &Secret,
    idempotency_key: String,
    body: &T,
    patience: Duration,
) -> Result<Reply, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::Carrier(error.to_string());
    let body = serde_json::to_string(body).map_err(|error| failed(&error))?;
    let authorization = format!("Bearer {}", key.expose());
    let call = tokio::task::spawn_blocking(move || {
        let request = AGENT.post(url).config().timeout_global(Some(patience)).build();
        let request = request.header("Authorization", authorization).header("Idempotency-Key", idempotency_key);
        let mut answer = request.content_type("application/json").send(body)?;
        Ok::<_, ureq::Error>((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    });
    let (status, answer) = call.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    if is_refusal(status) {
        return Ok(Reply::Refused(status));
    }
    if !(200..300).contains(&status) {
        return Err(Failure::Carrier(format!("status {status}")));
    }
    let taken: Taken =
        serde_json::from_str(&answer).map_err(|_| Failure::Carrier(format!("status {status} without an id")))?;
    Ok(Reply::Taken(taken.id))
}

/// Fetches a file of at most so many bytes.
async fn fetch(url: String, key: &Secret, most: u64) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::Carrier(error.to_string());
    let authorization = format!("Bearer {}", key.expose());
    let call = tokio::task::spawn_blocking(move || {
        let request = AGENT.get(url).config().timeout_global(Some(PATIENCE_FOR_FILES)).build();
        let mut answer = request.header("Authorization", authorization).call()?;
        let status = answer.status().as_u16();
        Ok::<_, ureq::Error>((status, answer.body_mut().with_config().limit(most).read_to_vec()))
    });
    let (status, content) = call.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    match (status, content) {
        (200, Ok(content)) => Ok(content),
        (200, Err(ureq::Error::BodyExceedsLimit(_))) => Err(Failure::Refused(413)),
        (200, Err(error)) => Err(failed(&error)),
        (404 | 410, _) => Err(Failure::Missing("file at the carrier")),
        _ => Err(Failure::Carrier(format!("status {status}"))),
    }
}

/// Whether the order itself is at fault. Not so: our key (401, 403), time (408, 425, 429), and 409: the carrier has the
/// order from before, with another body.
fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 408 | 409 | 425 | 429)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::net::TcpListener;

    pub(crate) use crate::served::{block_on, carrier};

    fn ordered(status: u16, answer: &'static str) -> Result<Reply, Failure> {
        let (url, served) = carrier(status, answer);
        let reply = block_on(order(url, &Secret::new("key"), "ltr-1".to_owned(), &serde_json::json!({}), PATIENCE));
        served.join().unwrap();
        reply
    }

    /// REQ: LTR-05
    #[test]
    fn only_a_refusal_of_the_order_itself_ends_it() {
        assert_eq!(ordered(202, r#"{"id":"fax_1","status":"queued"}"#).unwrap(), Reply::Taken("fax_1".to_owned()));
        for refusal in [400, 404, 422] {
            assert_eq!(ordered(refusal, "{}").unwrap(), Reply::Refused(refusal));
        }
        for again in [401, 403, 408, 409, 429, 500, 503, 302] {
            assert!(matches!(ordered(again, "{}"), Err(Failure::Carrier(_))), "{again}");
        }
        assert_eq!(ordered(202, "{}").unwrap_err().reason(), "the carrier did not take it: status 202 without an id");
    }

    /// REQ: ACC-11, OPS-10
    #[test]
    fn a_carrier_that_hangs_is_given_up_in_time_for_another_try() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let began = std::time::Instant::now();
        let patience = Duration::from_millis(200);
        let reply = block_on(order(url, &Secret::new("key"), "call-1".to_owned(), &(), patience));
        assert!(matches!(reply, Err(Failure::Carrier(_))) && began.elapsed() < Duration::from_secs(3));
    }

    /// REQ: LTR-05
    #[test]
    fn a_carrier_that_is_away_is_asked_again() {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let reply = block_on(order(format!("http://{nobody}"), &Secret::new("key"), "ltr-1".to_owned(), &(), PATIENCE));
        assert!(matches!(reply, Err(Failure::Carrier(_))));
    }
}
