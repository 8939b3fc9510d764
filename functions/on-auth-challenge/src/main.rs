//! Answers the custom challenge of the user pools. Rule, handler and tests: `portico_workers::accounts::on_auth_challenge`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_workers::lambda::Error> {
    portico_workers::lambda::serve_trigger(portico_workers::accounts::on_auth_challenge::handle).await
}
