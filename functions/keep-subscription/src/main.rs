//! Keeps what systems subscribed to. Rule, handler and tests: `portico_api::fhir::keep_subscription`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::keep_subscription::route).await
}
