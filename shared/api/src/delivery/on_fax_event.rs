//! Takes what the fax carrier reports about a call (LTR-05, LTR-06).
//!
//! Reports come late, twice and out of order: each is kept as evidence once, and a call's status only moves forward.
//! A failed call brings the next one after the contract's back-off, the last failure brings the letter into the mail.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use portico_aws::table::delivery::Changed;
use portico_domain::{
    delivery::{CODE_REFERENCE, CallReference, CallStatus, Report},
    events::Actor,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use super::{on_fax_received, signature};
use crate::{
    Route,
    app::App,
    json::Sent,
    problem::{Problem, ProblemBody},
};

/// The route.
#[must_use]
pub fn route() -> Route {
    Route::new().routes(routes!(on_fax_event)).merge(on_fax_received::route())
}

/// A report about a call.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FaxEvent {
    /// The carrier's id of the report: the same report comes with the same id.
    event_id: String,
    /// What happened.
    #[serde(rename = "type")]
    kind: FaxEventKind,
    /// Our reference of the call.
    client_reference: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// How many pages arrived; all of them where it is left out.
    pages: Option<u32>,
    /// Why it failed, e.g. `busy`.
    failure_reason: Option<String>,
}

/// How far a call is.
#[derive(Deserialize, ToSchema)]
enum FaxEventKind {
    /// It waits at the carrier.
    #[serde(rename = "fax.queued")]
    Queued,
    /// Pages are going out.
    #[serde(rename = "fax.sending")]
    Sending,
    /// All pages arrived.
    #[serde(rename = "fax.delivered")]
    Delivered,
    /// It did not arrive.
    #[serde(rename = "fax.failed")]
    Failed,
}

impl FaxEvent {
    fn report(&self, received: Timestamp) -> Report {
        let at = self.occurred_at;
        let says = match self.kind {
            FaxEventKind::Queued => CallStatus::Queued,
            FaxEventKind::Sending => CallStatus::Sending,
            FaxEventKind::Delivered => CallStatus::Delivered { at, pages: self.pages },
            FaxEventKind::Failed => {
                let reason = self.failure_reason.as_deref().unwrap_or("no reason given");
                CallStatus::Failed { at, reason: reason.chars().take(100).collect() }
            }
        };
        Report { id: self.event_id.chars().take(100).collect(), at: received, says }
    }
}

/// Takes a report of the fax carrier.
#[utoipa::path(
    post, path = "/carriers/fax/events", tag = "carriers", request_body = FaxEvent,
    params(("Fax-Signature" = String, Header, description = "t=<unix time>,v1=<hex HMAC-SHA-256 of `<t>.<body>`>")),
    responses(
        (status = 204, description = "Taken, or known"),
        (status = 401, body = ProblemBody, description = "The signature is wrong or too old"),
        (status = 404, body = ProblemBody, description = "No such call"),
    )
)]
async fn on_fax_event(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Problem> {
    signature::check(&app, &headers, &body).await?;
    let (table, now) = (app.table(), app.now());
    let event = serde_json::from_slice(&body)
        .and_then(|sent| FaxEvent::deserialize(Sent(sent)))
        .map_err(|_| Problem::malformed("This is not a report of a fax call."))?;
    if event.client_reference == CODE_REFERENCE {
        tracing::info!(status = ?event.report(now).says, "report of a page with a code");
        return Ok(StatusCode::NO_CONTENT);
    }
    let call: CallReference = event.client_reference.parse().map_err(|_| Problem::not_found())?;
    let case = table.case(call.case).await?.ok_or_else(Problem::not_found)?;
    let contract = app.contract_for(&case).await?;
    let report = event.report(now);
    let apply =
        |delivery: portico_domain::delivery::Delivery| delivery.report(call.call, report.clone(), &contract.fax);
    let changed = table.change_delivery((call.case, call.letter), (Actor::Carrier, now), apply).await?;
    tracing::info!(letter = %call.letter, call = call.call, ?changed, "report of the fax carrier");
    match changed {
        Changed::Yes | Changed::No => Ok(StatusCode::NO_CONTENT),
        Changed::NoDelivery => Err(Problem::not_found()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_777_983_600;

    /// What the carrier posted, from a call-back as API Gateway gives it.
    fn event(text: &str) -> FaxEvent {
        let request: serde_json::Value = serde_json::from_str(text).unwrap();
        serde_json::from_str(request["body"].as_str().unwrap()).unwrap()
    }

    /// REQ: LTR-05 LTR-06
    #[test]
    fn a_report_says_how_far_the_call_is() {
        let received = Timestamp::from_second(NOW).unwrap();
        let delivered = event(include_str!("../../../../events/on-fax-event/delivered.json"));
        assert_eq!(delivered.client_reference.parse::<CallReference>().unwrap().call, 1);
        assert!(matches!(delivered.report(received).says, CallStatus::Delivered { pages: Some(2), .. }));
        let unsaid = FaxEvent { pages: None, ..delivered };
        assert!(matches!(unsaid.report(received).says, CallStatus::Delivered { pages: None, .. }));
        let busy = event(include_str!("../../../../events/on-fax-event/busy.json")).report(received);
        assert_eq!((busy.at, busy.id.as_str()), (received, "evt_4f1d1b7c0a9e4c55a1f2b3c4d5e6f708"));
        assert!(matches!(busy.says, CallStatus::Failed { reason, .. } if reason == "busy"));
    }
}
