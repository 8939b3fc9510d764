//! Second step of signing in: the factor. Rule, handler and tests: `portico_api::answer_challenge`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::answer_challenge::route).await
}
