//! Lists the letters that are held for repair. Rule, handler and tests: `portico_api::letters::list_held_letters`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::letters::list_held_letters::route).await
}
