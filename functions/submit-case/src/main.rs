//! Submits a case. Rule, handler and tests: `portico_api::submit_case`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::submit_case::route).await
}
