//! Puts each event's tasks on their queues. Rule, handler and tests: `portico_workers::events::route_events`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_stream(portico_workers::events::route_events::handle).await
}
