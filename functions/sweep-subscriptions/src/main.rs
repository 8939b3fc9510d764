//! Wakes subscriptions under which something is to be sent. Rule, handler and tests: `portico_workers::fhir::sweep_subscriptions`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::fhir::sweep_subscriptions::handle).await
}
