//! Takes what the fax carrier tells of a fax that it took for us (LTR-08): it is kept as announced, and fetched from there on. Told
//! twice it is one fax. It stands beside `on_fax_event`, whose function mounts it.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use portico_aws::{
    secrets::sha256,
    table::{Guard, Transaction},
};
use portico_domain::{
    contact::Phone,
    delivery::received::{FaxState, ReceivedFax},
    events::{About, Actor, EventKind},
    id::FaxId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::signature;
use crate::{
    Route,
    app::App,
    json::Sent,
    problem::{Problem, ProblemBody},
};

/// The route.
pub(super) fn route() -> Route {
    Route::new().routes(routes!(on_fax_received))
}

/// A fax that the carrier took.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FaxReceived {
    /// The carrier's id of the fax, by which it is fetched: letters, digits, `-` and `_`.
    #[schema(example = "fax_4f1d1b7c0a9e4c55a1f2b3c4d5e6f708")]
    fax_id: String,
    /// The number that was dialled.
    #[schema(example = "+18559973707")]
    to: String,
    /// The number that it came from, where the carrier knows.
    from: Option<String>,
    /// When it had arrived.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

impl FaxReceived {
    /// The fax as it is kept; `None` when it has no id or no number.
    fn announced(&self) -> Option<ReceivedFax> {
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        if !(1..=100).contains(&self.fax_id.len()) || !self.fax_id.bytes().all(plain) {
            return None;
        }
        Some(ReceivedFax {
            id: id_of(&self.fax_id)?,
            version: 1,
            carrier_id: self.fax_id.clone(),
            to: self.to.parse().ok()?,
            // Callers may hide their number, or have one of another country.
            from: self.from.as_deref().and_then(|from| from.parse::<Phone>().ok()),
            at: self.received_at,
            state: FaxState::Announced,
        })
    }
}

/// Our id of the carrier's: the same one however often it is told.
fn id_of(carrier_id: &str) -> Option<FaxId> {
    format!("fax_{}", sha256(&format!("received fax {carrier_id}")).get(..32)?).parse().ok()
}

/// Takes a fax that came in.
#[utoipa::path(
    post, path = "/carriers/fax/received", tag = "carriers", request_body = FaxReceived,
    params(("Fax-Signature" = String, Header, description = "t=<unix time>,v1=<hex HMAC-SHA-256 of `<t>.<body>`>")),
    responses(
        (status = 204, description = "Taken, or known; it is fetched from the carrier from now on"),
        (status = 401, body = ProblemBody, description = "The signature is wrong or too old"),
    )
)]
async fn on_fax_received(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    signature::check(&app, &headers, &body).await?;
    let told = serde_json::from_slice(&body).and_then(|sent| FaxReceived::deserialize(Sent(sent))).ok();
    let malformed = || Problem::malformed("This does not tell of a fax that came in.");
    let fax = told.and_then(|told| told.announced()).ok_or_else(malformed)?;
    let (table, now) = (app.table(), app.now());
    let mut transaction = Transaction::new();
    transaction.received_fax(table, &fax)?;
    transaction.event(table, About::Fax(fax.id), Actor::Carrier, EventKind::FaxArrived, now)?;
    match table.commit(transaction).await {
        Ok(()) => tracing::info!(fax = %fax.id, "a fax came in"),
        Err(error) if error.refused(Guard::Version) => tracing::info!(fax = %fax.id, "told again"),
        Err(error) => return Err(error.into()),
    }
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(id: &str, to: &str, from: Option<&str>) -> Option<ReceivedFax> {
        let (fax_id, to, from) = (id.to_owned(), to.to_owned(), from.map(ToOwned::to_owned));
        FaxReceived { fax_id, to, from, received_at: Timestamp::UNIX_EPOCH }.announced()
    }

    #[test]
    fn the_same_fax_has_one_id_and_what_has_none_is_not_taken() {
        let one = told("fax_1", "+18559973707", Some("+15015550123")).unwrap();
        assert_eq!(one.id, told("fax_1", "855-997-3707", None).unwrap().id);
        assert_ne!(one.id, told("fax_2", "+18559973707", None).unwrap().id);
        assert_eq!(one.to.to_string(), "855-997-3707");
        assert_eq!(told("fax_1", "+18559973707", Some("anonymous")).unwrap().from, None);
        for id in ["", "a/b", "../x", "a b", &"a".repeat(101)] {
            assert!(told(id, "+18559973707", None).is_none(), "{id}");
        }
        assert!(told("fax_1", "12", None).is_none());
    }
}
