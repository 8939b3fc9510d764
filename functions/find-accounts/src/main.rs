//! Support finds an account without its username. Rule, handler and tests: `portico_api::groups::find_accounts`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::groups::find_accounts::route).await
}
