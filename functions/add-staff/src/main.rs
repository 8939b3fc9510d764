//! Adds a member of payer staff. Rule, handler and tests: `portico_api::staff::add_staff`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::staff::add_staff::route).await
}
