//! Gives the public part of a contract. Rule, handler and tests: `portico_api::contracts::get_contract`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::contracts::get_contract::route).await
}
