//! Lists alerts and keeps what was read. Rule, handler and tests: `portico_api::accounts::list_alerts`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::accounts::list_alerts::route).await
}
