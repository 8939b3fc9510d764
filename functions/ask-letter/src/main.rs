//! Has a held letter written again. Rule, handler and tests: `portico_api::letters::ask_letter`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::letters::ask_letter::route).await
}
