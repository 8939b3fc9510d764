//! Gives a client a token. Rule, handler and tests: `portico_api::fhir::issue_token`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::fhir::issue_token::route).await
}
