//! Lists the systems that ask by FHIR. Rule, handler and tests: `portico_api::fhir::list_clients`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::list_clients::route).await
}
