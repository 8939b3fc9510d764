//! Gives a link to a letter. Rule, handler and tests: `portico_api::letters::get_letter`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::letters::get_letter::route).await
}
