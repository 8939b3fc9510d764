//! Lists the providers of a group. Rule, handler and tests: `portico_api::groups::list_providers`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::list_providers::route).await
}
