//! Lists the faxes that wait for intake, and shows one. Rule, handler and tests: `portico_api::delivery::list_faxes`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::delivery::list_faxes::route).await
}
