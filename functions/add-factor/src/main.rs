//! Sets up a further second factor. Rule, handler and tests: `portico_api::accounts::add_factor`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::add_factor::route).await
}
