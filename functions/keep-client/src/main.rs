//! Adds, changes and ends a system that asks by FHIR. Rule, handler and tests: `portico_api::fhir::keep_client`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::keep_client::route).await
}
