//! Checks an NPI and registration code. Rule, handler and tests: `portico_api::verify_registration`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::verify_registration::route).await
}
