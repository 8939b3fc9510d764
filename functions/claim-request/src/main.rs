//! Takes a request from the worklist. Rule, handler and tests: `portico_api::claim_request`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::claim_request::route).await
}
