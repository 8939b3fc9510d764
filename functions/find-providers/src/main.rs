//! Finds providers in a contract's registry. Rule, handler and tests: `portico_api::find_providers`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::find_providers::route).await
}
