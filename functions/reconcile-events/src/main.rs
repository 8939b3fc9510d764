//! Sends what stayed in the outbox. Rule, handler and tests: `portico_workers::events::reconcile_events`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_schedule(portico_workers::events::reconcile_events::handle).await
}
