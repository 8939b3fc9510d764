//! Says whether a username is free. Rule, handler and tests: `portico_api::check_username`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::check_username::route).await
}
