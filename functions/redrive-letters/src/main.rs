//! Sends dead letters back, and the tasks of an event again. Rule, handler and tests: `portico_api::events::redrive_letters`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::events::redrive_letters::route).await
}
