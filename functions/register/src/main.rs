//! Registers a provider and its Group Admin. Rule, handler and tests: `portico_api::register`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::register::route).await
}
