//! Notifies a system under its subscription. Rule, handler and tests: `portico_workers::fhir::notify_client`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_queue_at_once(portico_workers::fhir::notify_client::handle).await
}
