//! Says where the requests of a member stand. Rule, handler and tests: `portico_api::fhir::inquire_claim`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::inquire_claim::route).await
}
