//! Says whether authorization is required. Rule, handler and tests: `portico_api::contracts::check_requirement`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::contracts::check_requirement::route).await
}
