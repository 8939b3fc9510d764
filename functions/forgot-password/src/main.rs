//! Mails a link to set a new password. Rule, handler and tests: `portico_api::accounts::forgot_password`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::forgot_password::route).await
}
