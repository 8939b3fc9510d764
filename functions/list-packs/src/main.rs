//! Lists the packs of a contract. Rule, handler and tests: `portico_api::contracts::list_packs`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::contracts::list_packs::route).await
}
