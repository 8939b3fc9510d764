//! Takes documents of systems for requests that were made. Rule, handler and tests: `portico_api::fhir::submit_attachment`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::submit_attachment::route).await
}
