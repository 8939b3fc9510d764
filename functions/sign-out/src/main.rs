//! Ends every session of the user. Rule, handler and tests: `portico_api::accounts::sign_out`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::sign_out::route).await
}
