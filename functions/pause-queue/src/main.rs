//! Pauses a queue, and lets it go on. Rule, handler and tests: `portico_api::events::pause_queue`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::events::pause_queue::route).await
}
