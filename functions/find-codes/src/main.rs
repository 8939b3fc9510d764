//! Finds diagnosis and procedure codes. Rule, handler and tests: `portico_api::find_codes`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), portico_api::lambda::Error> {
    portico_api::lambda::serve(portico_api::find_codes::route).await
}
