//! Puts a further provider into a group. Rule, handler and tests: `portico_api::groups::add_provider`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::add_provider::route).await
}
