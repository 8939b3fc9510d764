//! Says what the FHIR interface can do. Rule, handler and tests: `portico_api::fhir::describe_fhir`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::describe_fhir::route).await
}
