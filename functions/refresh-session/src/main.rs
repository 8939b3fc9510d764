//! New access tokens for a session that goes on. Rule, handler and tests: `portico_api::accounts::refresh_session`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::refresh_session::route).await
}
