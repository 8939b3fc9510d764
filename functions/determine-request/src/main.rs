//! Refers or decides a request. Rule, handler and tests: `portico_api::determine_request`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::determine_request::route).await
}
