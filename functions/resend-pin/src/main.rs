//! A further PIN for a step under way. Rule, handler and tests: `portico_api::accounts::resend_pin`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::resend_pin::route).await
}
