//! Sets a new password by a mailed link. Rule, handler and tests: `portico_api::accounts::reset_password`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::reset_password::route).await
}
