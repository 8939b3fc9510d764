//! Shows the letters of a decision before it is issued. Rule, handler and tests: `portico_api::reviews::preview_letters`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::reviews::preview_letters::route).await
}
