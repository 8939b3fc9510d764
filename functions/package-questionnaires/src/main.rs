//! Gives systems questionnaires with what is known of their answers. Rule, handler and tests:
//! `portico_api::fhir::package_questionnaires`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::package_questionnaires::route).await
}
