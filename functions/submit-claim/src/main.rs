//! Takes requests of systems by FHIR. Rule, handler and tests: `portico_api::fhir::submit_claim`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::submit_claim::route).await
}
