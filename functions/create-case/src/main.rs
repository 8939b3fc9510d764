//! Creates a case as a draft. Rule, handler and tests: `portico_api::create_case`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::create_case::route).await
}
