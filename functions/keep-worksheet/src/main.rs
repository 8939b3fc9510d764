//! Keeps what a reviewer types of a decision. Rule, handler and tests: `portico_api::reviews::keep_worksheet`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::reviews::keep_worksheet::route).await
}
